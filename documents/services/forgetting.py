"""Forgetting the people of rosters: what names them goes, what the draw is redone from stays (R8, R17)."""

from django.db.models import F, QuerySet

from common import clock
from documents.models import RosterEntry
from scoring.models import Cycle


def remembered_people() -> QuerySet[RosterEntry]:
    """The people of all rosters, replaced ones too, whose names are still kept."""
    return RosterEntry.every.filter(forgotten_at=None)


def forget_people(cycle: Cycle, *, most: int) -> int:
    """Empty what names at most so many people of a cycle: name, phone, mail, salt, fingerprint; returns of how many.

    Ids and categories stay, and so do the public roster and the draw that were made of them: with the salt gone nobody
    can tell any more whom a commitment was about. The caller holds the cycle's row.
    """
    keys = list(remembered_people().filter(sheet__cycle=cycle).order_by("pk").values_list("pk", flat=True)[:most])
    return RosterEntry.every.filter(pk__in=keys).update(
        name="", phone="", mail="", salt="", fingerprint=F("opaque_id"), forgotten_at=clock.now()
    )
