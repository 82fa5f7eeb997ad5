"""Rows that only deduct, under a full mark that is stated: it is the points of one row, and they are its losses.

A section (`组织建设（40分）`) over such rows is a row of its own, whose losses end at 0; so is a whole track that
states its full mark (`满分100分，每次扣2分`) and no points of any row. Each loss counts by itself: what none can say,
a limit over several or a ladder of which one step counts, is told.
"""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from scoring.engine.messages import _, msg
from scoring.engine.notice.fold import joined
from scoring.engine.notice.limits import MINUS
from scoring.engine.notice.marks import BAD, LIMIT, find_marks
from scoring.engine.notice.numbering import read_number
from scoring.engine.scheme import CONFIRM, ERROR, Finding
from scoring.engine.track import Adjustment, Indicator, Part, Rule

UNPRICED = _("“%(words)s” states no deduction. Enter it, or confirm that it rules nothing.")
MULTIPLIED = _(
    "“%(words)s” multiplies what is lost: nothing computes it here. Whoever gives the points reckons with it."
)
TOGETHER = _("“%(words)s”: each deduction counts by itself; their limit, or that one counts, is not computed.")


def only_deducts(folded: str) -> bool:
    """Say whether a row's words state deductions and their limits, and nothing else."""
    marks = find_marks(folded)
    return any(mark.sign == "-" for mark in marks) and all(
        mark.kind != BAD and (mark.sign == "-" or (mark.kind == LIMIT and MINUS.search(folded[mark.start : mark.end])))
        for mark in marks
    )


Item = Adjustment | Indicator


def lessened(code: str, points: Decimal, items: Sequence[Item], *, implied: bool = False) -> Indicator:
    """Return one row of these points, from which the deductions of the items are taken; it has all their words."""
    text = joined(*(item.text for item in items))
    rules = [rule for item in items if isinstance(item, Adjustment) for rule in _rules(item)]
    losses = tuple(replace(rule, code=f"{code}.1.{place}") for place, rule in enumerate(rules, start=1))
    part = Part(f"{code}.1", text[read_number(text).begin :].strip(), points, losses=losses)
    return Indicator(code, text, points, implied, (part,))


def _rules(item: Adjustment) -> tuple[Rule, ...]:
    """The rules of a deduction; the limit of an item with a single rule is the rule's.

    A factor is none of them: it multiplies what is lost, and among losses would multiply what is left.
    """
    rules = tuple(rule for rule in item.rules if rule.factor is None)
    if item.cap is None or len(rules) > 1:
        return rules
    return tuple(replace(rule, cap=item.cap if rule.cap is None else min(rule.cap, item.cap)) for rule in rules)


def doubts(code: str, track: str, items: Sequence[Item], found: Sequence[Finding]) -> list[Finding]:
    """Return what is to be told of such a row: what was found at its items, and what no loss can say of them."""
    codes = {item.code for item in items}
    told = [replace(finding, at=code) if finding.at in codes else finding for finding in found if not _adjusts(finding)]
    unread = {finding.at for finding in found if finding.code == "unread"}
    for item in items:
        rules = item.rules if isinstance(item, Adjustment) else ()
        if not rules and item.code not in unread:
            told.append(Finding("unread", ERROR, track, code, msg(UNPRICED, words=item.text)))
        for rule in (rule for rule in rules if rule.factor is not None):
            told.append(Finding("judgement", CONFIRM, track, code, msg(MULTIPLIED, words=rule.text)))
        several = len([rule for rule in rules if rule.factor is None]) > 1
        if several and isinstance(item, Adjustment) and (item.highest or item.cap is not None):
            told.append(Finding("judgement", CONFIRM, track, code, msg(TOGETHER, words=item.text)))
    return [finding for place, finding in enumerate(told) if finding not in told[:place]]


def _adjusts(finding: Finding) -> bool:
    """Say whether a finding is about the levels of an adjustment, or its factor: losses have neither."""
    return finding.code in ("alternatives", "unclear-scope")
