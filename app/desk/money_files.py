"""Files of a campaign's money leave the house: by who may, as the bytes that were kept, each time noted."""

from __future__ import annotations

from io import BytesIO

from flask import Blueprint, send_file
from flask.typing import ResponseReturnValue

from app.desk.frame import CAMPAIGNS
from app.desk.money_frame import ONE
from app.kernel.access import Permission
from app.kernel.errors import NotFound
from app.settlements import exporting
from app.web.doors import me, needs
from app.web.downloads import only_download
from app.web.session import no_store

money_files = Blueprint("desk_money_files", __name__, url_prefix=CAMPAIGNS)


@money_files.get(f"{ONE}/fichiers/<int(max=9007199254740991):file_id>")
@needs(Permission.MONEY_EXPORT)
@only_download
def download(campaign_id: int, file_id: int) -> ResponseReturnValue:
    """One file of this campaign, or of the entries of all."""
    if not exporting.belongs(file_id, campaign_id, by=me()):
        raise NotFound("file")
    card, data = exporting.read(file_id, by=me())
    answer = send_file(
        BytesIO(data), mimetype="application/octet-stream", as_attachment=True, download_name=card.name, etag=False
    )
    return no_store(answer)
