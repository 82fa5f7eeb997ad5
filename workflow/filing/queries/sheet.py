"""A sheet as its pages show it: indicators in the notice's words, their parts, what was claimed, what hangs on them."""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from documents.models import Material, MaterialKind
from scoring.engine.numbers import points
from scoring.engine.scheme import BONUS, Adjustment, Indicator, Part, Rule
from scoring.models import LineKind, ScoreSheet, SheetLine
from scoring.queries.sheets import rules_of
from scoring.wording import say_points
from workflow.filing.queries.claims import CLAIMED, TEXT, covers, shown

ZERO = Decimal(0)
PRINTED_NUMBER = re.compile(r"^\s*[\d\s.．、]+")


class SheetPage:
    """All that a page needs of one sheet, read with two queries; `scope` says what may be changed (empty: all)."""

    def __init__(
        self,
        sheet: ScoreSheet,
        *,
        scope: Sequence[str] = (),
        typed: Mapping[str, str] | None = None,
        errors: Mapping[str, str] | None = None,
        conflicts: Mapping[str, Any] | None = None,
    ) -> None:
        self.sheet, self.scope = sheet, scope
        self.typed, self.errors, self.conflicts = typed or {}, errors or {}, conflicts or {}
        self.rules = rules_of(sheet)
        self.lines: list[SheetLine] = list(sheet.lines.all())
        self._by_code = {line.code: line for line in self.lines}
        self._times = {line.code: int(line.claimed or 0) for line in self.lines if line.kind == LineKind.RULE}
        self.materials: list[Material] = list(sheet.materials.filter(removed_at=None))
        self._evidence: dict[str, list[Material]] = defaultdict(list)
        for material in self.materials:
            if material.kind == MaterialKind.EVIDENCE:
                self._evidence[material.code].append(material)

    @property
    def indicators(self) -> list[dict[str, Any]]:
        """Each indicator with its parts, its points and what is claimed of them."""
        return [self._indicator(indicator) for indicator in self.rules.indicators]

    @property
    def adjustments(self) -> list[dict[str, Any]]:
        """Each bonus and deduction item with its rules."""
        return [self._adjustment(adjustment) for adjustment in self.rules.adjustments]

    @property
    def whole(self) -> list[dict[str, Any]]:
        """The materials of the whole sheet: the kinds wanted, the file there is, whether it is required (R7)."""
        kinds = (MaterialKind.SUMMARY, MaterialKind.SCORE_SHEET)
        return [
            {
                "kind": kind,
                "label": kind.label,
                "required": kind == MaterialKind.SUMMARY,
                "files": [one for one in self.materials if one.kind == kind],
                "editable": covers(self.scope, kind),
            }
            for kind in kinds
            if kind in self.rules.materials
        ]

    @property
    def removable(self) -> set[int]:
        """The keys of the files that may be taken out within the scope."""
        return {one.pk for one in self.materials if covers(self.scope, one.code or one.kind)}

    @property
    def claimed(self) -> Decimal:
        """The sum of the points claimed for parts."""
        return sum((line.claimed or ZERO for line in self.lines if line.kind == LineKind.PART), ZERO)

    @property
    def bonus(self) -> Decimal:
        """The bonus claimed: each item and all together within their caps (R3)."""
        return points(self.rules.adjusted(BONUS, self._times))

    @property
    def filled(self) -> int:
        """How many parts have a number."""
        return sum(line.claimed is not None for line in self.lines if line.kind == LineKind.PART)

    @property
    def parts(self) -> int:
        """How many parts there are."""
        return sum(line.kind == LineKind.PART for line in self.lines)

    def _indicator(self, indicator: Indicator) -> dict[str, Any]:
        claims = [self._by_code[part.code].claimed for part in indicator.parts]
        numbers = [claim for claim in claims if claim is not None]
        return {
            "code": indicator.code,
            "text": indicator.text,
            "title": PRINTED_NUMBER.sub("", indicator.text),
            "points": indicator.points,
            "claimed": sum(numbers, ZERO) if numbers else None,
            "complete": len(numbers) == len(claims),
            "parts": [self._part(part) for part in indicator.parts],
        }

    def _part(self, part: Part) -> dict[str, Any]:
        row = self._row(part.code) | {"limit": part.points, "text": part.text, "hints": part_hints(part)}
        row["files"] = self._evidence[part.code]
        return row

    def _adjustment(self, adjustment: Adjustment) -> dict[str, Any]:
        return {
            "code": adjustment.code,
            "kind": adjustment.kind,
            "text": adjustment.text,
            "worth": points(adjustment.worth(self._times)),
            "rules": [self._rule(rule) for rule in adjustment.rules],
        }

    def _rule(self, rule: Rule) -> dict[str, Any]:
        per = rule.per or _("once")
        hint = _("%(rate)s points each %(per)s") % {"rate": say_points(rule.rate), "per": per}
        row = self._row(rule.code) | {"limit": None, "text": rule.text, "hints": [hint], "per": rule.per or ""}
        row["files"] = self._evidence[rule.code]
        return row

    def _row(self, code: str) -> dict[str, Any]:
        line = self._by_code[code]
        points_name, text_name = f"{CLAIMED}-{code}", f"{TEXT}-{code}"
        return {
            "code": code,
            "line": line,
            "points_name": points_name,
            "text_name": text_name,
            "points_value": self.typed.get(points_name, shown(line, CLAIMED)),
            "text_value": self.typed.get(text_name, line.text),
            "error": self.errors.get(points_name, ""),
            "text_error": self.errors.get(text_name, ""),
            "conflict": self.conflicts.get(points_name),
            "text_conflict": self.conflicts.get(text_name),
            "editable": covers(self.scope, code),
        }


def part_hints(part: Part) -> list[str]:
    """What the notice demands or suggests of a part (R5): a count to reach, a rate up to the part's points."""
    hints = []
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
