"""What another version of a scheme would do to each unit: its numbers, total, rank and grade before and after."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from scoring.engine.basis import Basis
from scoring.engine.revision import Revision, revisions
from scoring.engine.scheme import SchemeRules
from scoring.engine.score import UnitScore, rank, score_unit
from scoring.engine.track import Part, Rule, TrackRules
from scoring.engine.units import Unit
from scoring.models import LineKind, SchemeProposal, ScoreSheet, Step
from scoring.queries.counted import Counted, CountedLine, counted_of
from scoring.services.results import unit_of
from workflow.board.models import BoardLine

# From here on everything is in that a result is made of.
WHOLE = (
    Step.CONSOLIDATION,
    Step.APPROVAL,
    Step.PUBLICITY,
    Step.CIRCULATION,
    Step.CIRCULATED,
    Step.NOT_ASSESSED,
)
# What the leading group and the public have seen goes back if it changes.
GOES_BACK = (Step.APPROVAL, Step.PUBLICITY)


@dataclass(frozen=True)
class Touched:
    """A number that a unit or a department gave, and what is left of it: None where it is taken out."""

    code: str
    given: Decimal
    left: Decimal | None


@dataclass(frozen=True)
class UnitEffect:
    """What becomes of a unit. Scores are None until all is in; `after` also where parts are `asked` anew."""

    sheet: ScoreSheet
    before: UnitScore | None
    after: UnitScore | None
    grade: str
    touched: tuple[Touched, ...]
    asked: tuple[str, ...]

    @property
    def change(self) -> Decimal | None:
        """By how many points the total changes; None where either is missing."""
        if self.before is None or self.after is None or self.before.total is None or self.after.total is None:
            return None
        return self.after.total - self.before.total

    @property
    def is_changed(self) -> bool:
        """Whether the result is another one, or not whole any more."""
        return self.before is not None and (self.after is None or _numbers(self.before) != _numbers(self.after))

    @property
    def goes_back(self) -> bool:
        """Whether it goes back to consolidation, to be signed and publicised anew (R13)."""
        return self.is_changed and self.sheet.assessment.step in GOES_BACK

    @property
    def is_barred(self) -> bool:
        """Whether the grade that it was given can't be given any more."""
        return bool(self.grade) and self.after is not None and self.grade in self.after.barred

    @property
    def differs(self) -> bool:
        """Whether anything of it is otherwise afterwards, its rank included."""
        moved = self.before is not None and self.after is not None and self.before.rank != self.after.rank
        return self.is_changed or moved or bool(self.touched or self.asked)


@dataclass(frozen=True)
class TrackEffect:
    """A track that counts otherwise: its pieces that are new or gone, and its units by their rank now."""

    name: str
    gone: tuple[Part | Rule, ...]
    fresh: tuple[Part | Rule, ...]
    units: tuple[UnitEffect, ...]


def effect_of(proposal: SchemeProposal) -> list[TrackEffect]:
    """What a version would do to every unit, track by track (a fixed number of queries, however many units)."""
    before, after = proposal.instead_of.rules, proposal.scheme.rules
    revised = revisions(before, after)
    sheets = ScoreSheet.objects.filter(cycle=proposal.cycle, track__code__in=revised, assessment__isnull=False)
    known = list(sheets.select_related("unit", "track", "assessment").defer("explain"))
    for sheet in known:  # one cycle for all, so that its scheme is read once
        sheet.cycle = proposal.cycle
    counted, grades = counted_of(known), _grades(known)
    return [
        TrackEffect(
            name=revision.before.name,
            gone=revision.gone,
            fresh=revision.fresh,
            units=_units([sheet for sheet in known if sheet.track.code == code], counted, grades, revision, proposal),
        )
        for code, revision in revised.items()
    ]


def _grades(sheets: Sequence[ScoreSheet]) -> dict[int, str]:
    """Sheet's key → the grade that it was given on its newest board."""
    lines = BoardLine.objects.filter(sheet__in=sheets).order_by("board__version")
    return dict(lines.values_list("sheet_id", "grade"))


@dataclass(frozen=True)
class Recounted:
    """A unit's result before and after, without ranks; `after` is None where parts are `asked` anew."""

    before: UnitScore
    after: UnitScore | None
    asked: tuple[str, ...]

    @property
    def is_same(self) -> bool:
        """Whether it is one result."""
        return self.after is not None and _numbers(self.before) == _numbers(self.after)


def recounted(proposal: SchemeProposal, revision: Revision, sheet: ScoreSheet, counted: Counted) -> Recounted:
    """The result of a unit of which everything is in, as the version that is corrected counts it and as this one."""
    unit, asked = unit_of(sheet, counted, revision.before), _asked(revision, counted.lines)
    before = _scored(proposal.instead_of.rules, revision.before, unit)
    after = None if asked else _scored(proposal.scheme.rules, revision.after, revision.unit(unit))
    return Recounted(before, after, asked)


def _scored(scheme: SchemeRules, track: TrackRules, unit: Unit) -> UnitScore:
    return score_unit(track, unit, grades=scheme.grades, bands=scheme.grade_bands, explained=False)


def _units(
    sheets: Sequence[ScoreSheet],
    counted: Mapping[int, Counted],
    grades: Mapping[int, str],
    revision: Revision,
    proposal: SchemeProposal,
) -> tuple[UnitEffect, ...]:
    results = {
        sheet.pk: recounted(proposal, revision, sheet, counted[sheet.pk])
        for sheet in sheets
        if sheet.assessment.step in WHOLE
    }
    before = _ranked({pk: result.before for pk, result in results.items()})
    after = _ranked({pk: result.after for pk, result in results.items() if result.after is not None})
    effects = [
        UnitEffect(
            sheet=sheet,
            before=before.get(sheet.pk),
            after=after.get(sheet.pk),
            grade=grades.get(sheet.pk, ""),
            touched=tuple(_touched(revision, counted[sheet.pk].lines)),
            asked=results[sheet.pk].asked if sheet.pk in results else (),
        )
        for sheet in sheets
    ]
    return tuple(sorted(effects, key=_by_rank))


def _ranked(scores: Mapping[int, UnitScore]) -> dict[int, UnitScore]:
    return dict(zip(scores, rank(scores.values()), strict=True))


def _by_rank(effect: UnitEffect) -> tuple[bool, int, str]:
    place = effect.before.rank if effect.before else None
    return place is None, place or 0, effect.sheet.unit.code


def _asked(revision: Revision, lines: Iterable[CountedLine]) -> tuple[str, ...]:
    """The parts for which a department has to give points anew before there is a result."""
    given = {line.code: revision.carried(line.code, line.reviewed) for line in lines if line.kind == LineKind.PART}
    return tuple(part.code for part in revision.after.parts() if given.get(part.code) is None)


def _touched(revision: Revision, lines: Iterable[CountedLine]) -> Iterable[Touched]:
    for line in lines:
        given = line.claimed if line.reviewed is None else line.reviewed
        left = _carried(revision, line)
        if given is not None and left != given:
            yield Touched(line.code, given, left)


def _carried(revision: Revision, line: CountedLine) -> Decimal | None:
    """What was given for a line afterwards: what was reviewed, else what is claimed."""
    if line.reviewed is None:
        return revision.carried(line.code, line.claimed, Basis.from_json(line.basis))
    return revision.carried(line.code, line.reviewed, Basis.from_json(line.counted_basis))


def _numbers(score: UnitScore) -> tuple[object, ...]:
    return (
        score.base,
        score.bonus,
        score.deduction,
        score.components,
        score.total,
        score.barred,
        score.not_assessed,
        score.grade,
    )
