"""What a unit has put into its sheet, read once for whoever asks several things of it."""

from functools import cached_property
from typing import Any

from django.db.models import QuerySet

from common.rows import Prepared, ask
from documents.models import Material, MaterialKind, RosterEntry, Submission
from scoring.engine.track import TrackRules
from scoring.models import ScoreSheet, SheetLine


class Contents:
    """The lines, files and people of a sheet as they stand, read in one trip when first asked for."""

    def __init__(self, sheet: ScoreSheet) -> None:
        self.sheet = sheet

    @cached_property
    def rules(self) -> TrackRules:
        """The rules of the sheet's track."""
        return self.sheet.rules

    @property
    def lines(self) -> list[SheetLine]:
        """Its lines in their order."""
        return self._read[0]

    @property
    def materials(self) -> list[Material]:
        """The files that were not taken out."""
        return self._read[1]

    def files(self, kind: MaterialKind) -> list[Material]:
        """The files of one kind."""
        return [material for material in self.materials if material.kind == kind]

    @cached_property
    def roster(self) -> list[tuple[str, str]]:
        """The people of its roster in their order, by opaque id and commitment: nobody is named (R17)."""
        return [(opaque_id, commitment) for opaque_id, commitment, replaced_at in self._read[2] if replaced_at is None]

    @property
    def was_replaced(self) -> bool:
        """Whether people of a roster that was replaced since the last submission are still kept."""
        return any(replaced_at is not None for _id, _commitment, replaced_at in self._read[2])

    @property
    def last_number(self) -> int:
        """The number of its last submission; 0 without one."""
        return max((number for (number,) in self._read[3]), default=0)

    @cached_property
    def _read(self) -> list[list[Any]]:
        return ask(*(question(self.sheet.pk) for question in (_lines, _materials, _people, _numbers)))


@Prepared
def _lines(sheet: int) -> QuerySet[SheetLine]:
    return SheetLine.objects.filter(sheet=sheet)


@Prepared
def _materials(sheet: int) -> QuerySet[Material]:
    return Material.objects.filter(sheet=sheet, removed_at=None)


@Prepared
def _people(sheet: int) -> QuerySet[RosterEntry, Any]:
    people = RosterEntry.every.filter(sheet=sheet).order_by("position")
    return people.values_list("opaque_id", "commitment", "replaced_at")


@Prepared
def _numbers(sheet: int) -> QuerySet[Submission, Any]:
    return Submission.objects.filter(sheet=sheet).order_by().values_list("number")
