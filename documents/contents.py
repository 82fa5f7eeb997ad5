"""What a unit has put into its sheet, read once for whoever asks several things of it."""

from functools import cached_property

from documents.models import Material, MaterialKind, RosterEntry
from scoring.engine.track import TrackRules
from scoring.models import ScoreSheet, SheetLine


class Contents:
    """The lines, files and people of a sheet as they stand, each read with one query when first asked for."""

    def __init__(self, sheet: ScoreSheet) -> None:
        self.sheet = sheet

    @cached_property
    def rules(self) -> TrackRules:
        """The rules of the sheet's track."""
        return self.sheet.rules

    @cached_property
    def lines(self) -> list[SheetLine]:
        """Its lines in their order."""
        return list(self.sheet.lines.all())

    @cached_property
    def materials(self) -> list[Material]:
        """The files that were not taken out."""
        return list(self.sheet.materials.filter(removed_at=None))

    def files(self, kind: MaterialKind) -> list[Material]:
        """The files of one kind."""
        return [material for material in self.materials if material.kind == kind]

    @cached_property
    def people(self) -> list[str]:
        """The opaque ids of the people of its roster, in their order."""
        return [opaque_id for opaque_id, replaced in self._listed if not replaced]

    @property
    def replaced(self) -> list[str]:
        """The opaque ids of people whose roster was replaced since the last submission."""
        return [opaque_id for opaque_id, replaced in self._listed if replaced]

    @cached_property
    def _listed(self) -> list[tuple[str, bool]]:
        listed = RosterEntry.every.filter(sheet=self.sheet).order_by("position")
        return [(opaque_id, at is not None) for opaque_id, at in listed.values_list("opaque_id", "replaced_at")]
