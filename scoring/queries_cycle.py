"""Questions about cycles: which there are, which is current, who takes part."""

from django.db.models import Count, Q, QuerySet

from accounts.models import Unit
from scoring.models import Cycle, ScoreSheet, Severity, Step

# The steps that the office plans, in their order.
PLANNED = (
    Step.SELF_EVALUATION, Step.ACCEPTANCE, Step.DEPARTMENT_REVIEW, Step.CONSOLIDATION, Step.APPROVAL, Step.PUBLICITY,
    Step.CIRCULATION,
)  # fmt: skip


def cycles_with_counts() -> QuerySet[Cycle]:
    """All cycles, newest first, with their units, open findings and open errors counted."""
    still_open = Q(scheme__findings__settled_at=None, scheme__findings__pk__isnull=False)
    return (
        Cycle.objects.select_related("scheme")
        .order_by("-year")
        .annotate(
            units=Count("sheets", distinct=True),
            open_findings=Count("scheme__findings", filter=still_open, distinct=True),
            open_errors=Count(
                "scheme__findings", filter=still_open & Q(scheme__findings__severity=Severity.ERROR), distinct=True
            ),
        )
    )


def current_cycle() -> Cycle | None:
    """The cycle that is open now, else the latest that was, else the newest draft."""
    cycles = list(Cycle.objects.all())
    for wanted in (lambda c: c.is_open, lambda c: c.opened_at is not None, lambda c: True):
        for cycle in cycles:
            if wanted(cycle):
                return cycle
    return None


def participants(cycle: Cycle) -> QuerySet[ScoreSheet]:
    """The units of a cycle by track."""
    return ScoreSheet.objects.filter(cycle=cycle).select_related("unit", "track")


def earlier_participants(cycle: Cycle, source: Cycle) -> QuerySet[ScoreSheet]:
    """The units of `source` that do not take part in `cycle` yet, and whose track it has."""
    held = Unit.objects.filter(sheets__cycle=cycle)
    codes = cycle.tracks.values("code")
    return participants(source).exclude(unit__in=held).filter(track__code__in=codes)
