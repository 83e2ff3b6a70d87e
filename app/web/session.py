"""The only home of Flask-Login: a cookie holds a token, the database the session, so it can be ended from afar."""

from __future__ import annotations

from flask import Flask, Response, g
from flask import session as flask_session
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user

from app.people import entry
from app.people.entry import SignedIn

manager = LoginManager()
KEY = "_user_id"


class Colleague(UserMixin):
    """The signed-in colleague as Flask-Login wants to see one; its id is the session's token."""

    def __init__(self, token: str, who: SignedIn) -> None:
        self.token = token
        self.who = who

    def get_id(self) -> str:
        """The token of the session, never the person's id."""
        return self.token


@manager.user_loader  # type: ignore[untyped-decorator]
def _load(token: str) -> Colleague | None:
    who = entry.signed_in(token)
    if who is None:
        return None
    if who.stale:
        entry.touch_session(token)
    return Colleague(token, who)


def current_colleague() -> SignedIn | None:
    """Who is signed in, looked up once a request; public pages without a session cookie ask nobody."""
    if not hasattr(g, "colleague"):
        g.colleague = _current()
    found: SignedIn | None = g.colleague
    return found


def _current() -> SignedIn | None:
    if KEY not in flask_session:
        return None
    user = current_user._get_current_object()
    return user.who if isinstance(user, Colleague) else None


def open_session(token: str) -> None:
    """Put the token of a fresh session into the cookie; whatever the cookie held before is dropped."""
    who = entry.signed_in(token)
    flask_session.clear()
    if who is not None:
        login_user(Colleague(token, who))
        g.colleague = who


def close_session() -> None:
    """End the session and empty the cookie."""
    token = flask_session.get(KEY)
    if token:
        entry.sign_out(token)
    logout_user()
    flask_session.clear()
    g.colleague = None


def no_store(response: Response) -> Response:
    """Keep personal pages out of every cache."""
    response.headers["Cache-Control"] = "no-store"
    return response


def init(app: Flask) -> None:
    """Join Flask-Login to the application."""
    manager.init_app(app)
