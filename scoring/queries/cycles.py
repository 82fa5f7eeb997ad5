"""Questions about cycles: which there are, which is current, who takes part."""

from collections.abc import Mapping, Sequence

from django.db.models import Count, Q, QuerySet

from scoring.models import Cycle, FindingSeverity, ScoreSheet, Step

# The steps that the office plans, in their order; the others say how an assessment ended.
PLANNED = tuple(step for step in Step if step not in (Step.CIRCULATED, Step.EXCLUDED, Step.NOT_ASSESSED))


def cycles_with_counts() -> QuerySet[Cycle]:
    """All cycles, newest first, with their units, open findings and open errors counted."""
    still_open = Q(scheme__findings__settled_at=None, scheme__findings__pk__isnull=False)
    errors = still_open & Q(scheme__findings__severity=FindingSeverity.ERROR)
    return (
        Cycle.objects.select_related("scheme")
        .defer("scheme__body")
        .order_by("-year", "-pk")
        .annotate(
            units=Count("sheets", distinct=True),
            open_findings=Count("scheme__findings", filter=still_open, distinct=True),
            open_errors=Count("scheme__findings", filter=errors, distinct=True),
        )
    )


def opened_cycles() -> QuerySet[Cycle]:
    """The cycles that have been opened, the newest first."""
    return Cycle.objects.exclude(opened_at=None).select_related("scheme").defer("scheme__body").order_by("-year", "-pk")


def first_to_show(cycles: Sequence[Cycle], work: Mapping[int, int]) -> Cycle | None:
    """The cycle that a page shows when none is asked for, of `cycles` from the newest to the oldest.

    The oldest one in which something waits (`work`: key of a cycle → how much), so that nothing of an old year is
    forgotten when the next one opens; else the newest that runs, else the newest that ran, else the newest.
    """
    for cycle in reversed(cycles):
        if work.get(cycle.pk):
            return cycle
    running = [cycle for cycle in cycles if cycle.is_open]
    opened = [cycle for cycle in cycles if cycle.opened_at is not None]
    return next(iter(running or opened or cycles), None)


def participants(cycle: Cycle) -> QuerySet[ScoreSheet]:
    """The units of a cycle by track."""
    return ScoreSheet.objects.filter(cycle=cycle).select_related("unit", "track")
