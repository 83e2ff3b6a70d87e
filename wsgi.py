"""The application as web servers and the `flask` command find it."""

from app.factory import create_app

application = app = create_app()
