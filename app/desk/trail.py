"""From which list somebody came to a request, carried in its address, so that next and back lead through that list."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from flask import url_for

from app.tickets.filters import VIEWS, Filter, read


@dataclass(frozen=True, slots=True)
class Trail:
    """A list of the desk: its filter, and the saved view it is, if any."""

    filters: Filter
    saved: int | None = None
    #: The incident whose exceptions are read one after another, if that is the list.
    incident: int | None = None

    def query(self) -> dict[str, Any]:
        """What an address of a request carries of its list."""
        if self.incident is not None:
            return {"incident": self.incident}
        given = {("vue" if name == "view" else name): value for name, value in self.filters.plain().items()}
        return given if self.saved is None else {**given, "v": self.saved}

    def url(self, **more: Any) -> str:  # noqa: ANN401 - words of an address
        """The address of the list itself."""
        if self.incident is not None:
            return url_for("desk_incidents.one", incident_id=self.incident, **more)
        if self.saved is not None:
            return url_for("desk_queue.saved", view_id=self.saved, **more)
        given = self.filters.plain()
        return url_for("desk_queue.listed", view=given.pop("view"), **given, **more)

    def wider(self) -> Trail:
        """The same view without anything that narrows it."""
        return Trail(Filter(view=self.filters.view))

    def seen_as(self, view: str) -> Trail:
        """The same narrowing in another view."""
        return Trail(replace(self.filters, view=view))


def trail_of(given: Mapping[str, str]) -> Trail:
    """The list that the address of a request names; everything that waits for us when it names none."""
    view = given.get("vue", "todo")
    filters = read(given, view if view in VIEWS else "todo")
    return Trail(filters, _id(given.get("v", "")), _id(given.get("incident", "")))


def _id(word: str) -> int | None:
    return int(word) if word.isdecimal() and len(word) < 16 else None
