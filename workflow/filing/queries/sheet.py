"""A sheet as its pages show it: indicators in the notice's words, their parts, what was claimed, what hangs on them."""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property

from django.utils.translation import gettext as _

from common.saving import Saved, Theirs
from documents.contents import Contents
from documents.models import Material, MaterialKind
from scoring.engine.basis import Basis
from scoring.engine.numbers import points
from scoring.engine.track import BONUS, Adjustment, Indicator, Level, Part, Rule, Times
from scoring.models import LineKind, ScoreSheet, SheetLine
from scoring.wording import say_basis, say_kinds, say_loss, say_points, say_rule
from workflow.filing.queries.claims import CLAIMED, LEVEL, LOSS, TEXT, Place, basis_places, covers, shown, shown_of

ZERO = Decimal(0)
PRINTED_NUMBER = re.compile(r"^\s*[\d\s.．、]+")


@dataclass(frozen=True, kw_only=True)
class BasisInput:
    """An input of what the points of a part come from: a level to choose, whether a factor applies, or a number."""

    name: str
    label: str
    value: str
    error: str
    theirs: Theirs | None
    levels: Sequence[Level]
    is_factor: bool  # neither levels nor a factor: a number is typed


@dataclass(frozen=True, kw_only=True)
class LineShown:
    """A line of the sheet with its inputs: what stands in them, what is wrong, what a colleague saved meanwhile.

    Of a part `basis` has those of what its points come from.
    """

    line: SheetLine
    text: str
    hints: Sequence[str]
    limit: Decimal | None  # None for a count, and for points without one
    files: Sequence[Material]
    editable: bool
    points_value: str
    points_error: str
    points_theirs: Theirs | None
    text_value: str
    text_error: str
    text_theirs: Theirs | None
    basis: Sequence[BasisInput] = ()
    # What follows for the points from what stands in `basis`; empty where nothing stands there.
    follows: str = ""
    in_points: bool = True  # else it counts how many times a rule applies

    @property
    def points_name(self) -> str:
        """The name of the input of points or times."""
        return f"{CLAIMED}-{self.line.code}"

    @property
    def id(self) -> str:
        """Its code as a part of an id that a style may name."""
        return self.line.code.replace(".", "-")

    @property
    def text_name(self) -> str:
        """The name of the input of what was done."""
        return f"{TEXT}-{self.line.code}"


@dataclass(frozen=True, kw_only=True)
class IndicatorShown:
    """An indicator in the notice's words; `claimed` (points) is None as long as no part of it is filled."""

    indicator: Indicator
    parts: Sequence[LineShown]
    claimed: Decimal | None
    complete: bool

    @property
    def title(self) -> str:
        """Its words without the number printed before them."""
        return PRINTED_NUMBER.sub("", self.indicator.text)


@dataclass(frozen=True, kw_only=True)
class AdjustmentShown:
    """A bonus or deduction item, and what the counts claimed for it are worth in points."""

    adjustment: Adjustment
    rules: Sequence[LineShown]
    worth: Decimal


@dataclass(frozen=True, kw_only=True)
class MaterialShown:
    """A kind of file that belongs to the whole sheet, and the file there is."""

    kind: MaterialKind
    files: Sequence[Material]
    editable: bool

    @property
    def required(self) -> bool:
        """Whether nothing is handed in without it (R7)."""
        return self.kind == MaterialKind.SUMMARY


class SheetPage:
    """All that a page needs of one sheet, read with two queries; `scope` says what may be changed (empty: all).

    `typed` stands in the inputs in place of what is kept; what was wrong with it is known from how the save went.
    """

    def __init__(
        self,
        sheet: ScoreSheet,
        *,
        scope: Sequence[str] = (),
        typed: Mapping[str, str] | None = None,
        saved: Saved[str] | None = None,
    ) -> None:
        self.sheet, self.scope = sheet, scope
        self.typed, self.saved = typed or {}, saved or Saved[str]()
        self.contents = Contents(sheet)
        self.rules, self.lines, self.materials = self.contents.rules, self.contents.lines, self.contents.materials
        # What a version of the scheme asks for that was signed a moment ago has no line yet: it is shown, not filled.
        asked = dict.fromkeys((part.code for part in self.rules.parts()), LineKind.PART)
        asked |= dict.fromkeys((rule.code for rule in self.rules.rules()), LineKind.RULE)
        self._fresh = asked.keys() - {line.code for line in self.lines}
        self._by_code = {line.code: line for line in self.lines}
        self._by_code |= {code: SheetLine(sheet=sheet, code=code, kind=asked[code]) for code in self._fresh}
        self._times = {line.code: self._claimed(line) for line in self.lines if line.kind == LineKind.RULE}
        self._evidence: defaultdict[str, list[Material]] = defaultdict(list)
        for material in self.contents.files(MaterialKind.EVIDENCE):
            self._evidence[material.code].append(material)

    @cached_property
    def indicators(self) -> list[IndicatorShown]:
        """Each indicator with its parts, its points and what is claimed of them."""
        return [self._indicator(indicator) for indicator in self.rules.indicators]

    @cached_property
    def adjustments(self) -> list[AdjustmentShown]:
        """Each bonus and deduction item with its rules."""
        return [
            AdjustmentShown(
                adjustment=adjustment,
                rules=[self._rule(rule) for rule in adjustment.rules],
                worth=points(adjustment.worth(self._times)),
            )
            for adjustment in self.rules.adjustments
        ]

    @property
    def whole(self) -> list[MaterialShown]:
        """The materials of the whole sheet that the track wants (R7)."""
        return [
            MaterialShown(
                kind=kind,
                files=self.contents.files(kind),
                editable=covers(self.scope, kind),
            )
            for kind in (MaterialKind.SUMMARY, MaterialKind.SCORE_SHEET)
            if kind in self.rules.materials
        ]

    @property
    def removable(self) -> set[int]:
        """The keys of the files that may be taken out within the scope."""
        return {material.pk for material in self.materials if covers(self.scope, material.code or material.kind)}

    @property
    def claimed(self) -> Decimal:
        """The sum of the points claimed for parts."""
        return sum((line.claimed or ZERO for line in self.lines if line.kind == LineKind.PART), ZERO)

    @property
    def bonus(self) -> Decimal:
        """The bonus claimed: each item and all together within their caps (R3)."""
        return points(self.rules.adjusted(BONUS, self._times))

    @property
    def with_basis(self) -> list[LineShown]:
        """The parts that have more to fill in than points: a level, a number measured, losses."""
        return [row for indicator in self.indicators for row in indicator.parts if row.basis]

    @property
    def following(self) -> dict[str, str]:
        """The points of those parts by the name of their input, as they stand after a save."""
        return {row.points_name: shown(row.line, (row.line.code, CLAIMED)) for row in self.with_basis}

    @property
    def filled(self) -> int:
        """How many parts have a number."""
        return sum(line.claimed is not None for line in self.lines if line.kind == LineKind.PART)

    @property
    def parts(self) -> int:
        """How many parts there are."""
        return sum(line.kind == LineKind.PART for line in self.lines)

    def _indicator(self, indicator: Indicator) -> IndicatorShown:
        claims = [self._by_code[part.code].claimed for part in indicator.parts]
        numbers = [claim for claim in claims if claim is not None]
        return IndicatorShown(
            indicator=indicator,
            parts=[self._part(part) for part in indicator.parts],
            claimed=sum(numbers, ZERO) if numbers else None,
            complete=len(numbers) == len(claims),
        )

    def _claimed(self, line: SheetLine) -> Times:
        claimed = line.claimed or ZERO
        return claimed if line.code in self.rules.at_discretion else int(claimed)

    def _rule(self, rule: Rule) -> LineShown:
        granted = rule.code in self.rules.at_discretion
        shown = self._line(rule.code, rule.text, [say_rule(rule)], rule.most if granted else None)
        return replace(shown, in_points=granted)

    def _part(self, part: Part) -> LineShown:
        shown = self._line(part.code, part.text, part_hints(part), part.points)
        said = Basis.from_json(shown.line.basis)
        return replace(shown, basis=basis_inputs(part, said, self.typed, self.saved), follows=say_basis(part, said))

    def _line(self, code: str, text: str, hints: Sequence[str], limit: Decimal | None) -> LineShown:
        line, number, words = self._by_code[code], f"{CLAIMED}-{code}", f"{TEXT}-{code}"
        return LineShown(
            line=line,
            text=text,
            hints=hints,
            limit=limit,
            files=self._evidence[code],
            editable=code not in self._fresh and covers(self.scope, code),
            points_value=self.typed.get(number, shown(line, (code, CLAIMED))),
            points_error=self.saved.refused.get(number, ""),
            points_theirs=self.saved.collided.get(number),
            text_value=self.typed.get(words, line.text),
            text_error=self.saved.refused.get(words, ""),
            text_theirs=self.saved.collided.get(words),
        )


def basis_inputs(part: Part, basis: Basis, typed: Mapping[str, str], saved: Saved[str]) -> list[BasisInput]:
    """The inputs of what the points of a part come from, what was `typed` in place of what is kept."""
    return [
        BasisInput(
            name=(name := f"{field}-{code}"),
            label=_label(part, (code, field)),
            value=typed.get(name, shown_of(basis, (code, field))),
            error=saved.refused.get(name, ""),
            theirs=saved.collided.get(name),
            levels=part.levels if field == LEVEL else (),
            is_factor=any(loss.code == code and loss.factor is not None for loss in part.losses),
        )
        for code, field in basis_places(part)
    ]


def _label(part: Part, place: Place) -> str:
    code, field = place
    if field == LOSS:
        loss = next(loss for loss in part.losses if loss.code == code)
        return say_loss(loss)
    if field == LEVEL:
        return _("Level reached")
    return _("Measured (%(measure)s)") % {"measure": part.measure} if part.measure else _("Measured")


def part_hints(part: Part) -> list[str]:
    """What the notice demands or suggests of a part (R5): a count to reach, a rate up to the part's points."""
    hints = say_kinds(part)
    if part.at_least is not None:
        hints.append(_("At least %(count)d times are wanted (the number itself counts).") % {"count": part.at_least})
    if part.rate is not None:
        times, rest = divmod(part.points, part.rate)
        hints.append(
            _("%(rate)s points each %(per)s, up to %(limit)s: %(needed)d reach the full points.")
            % {
                "rate": say_points(part.rate),
                "per": part.per or "",
                "limit": say_points(part.points),
                "needed": int(times) + bool(rest),
            }
        )
    return hints
