"""Opening a cycle: the scheme is frozen, every unit gets its sheet, and its assessment begins."""

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audit import clock
from audit.errors import DomainError
from audit.services import Entry, record
from audit.verbs import Verb
from scoring.engine.scheme import Track as RulesTrack
from scoring.models import Cycle, LineKind, Scheme, ScoreSheet, Severity, SheetLine
from scoring.queries import rules_of
from workflow.services.transitions import begin_assessment


def what_keeps_from_opening(cycle: Cycle) -> list[str]:
    """What the office must still settle before the cycle can open, in words; empty when it can."""
    scheme: Scheme = cycle.scheme
    problems = []
    open_findings = scheme.findings.filter(settled_at=None)
    errors = open_findings.filter(severity=Severity.ERROR).count()
    if errors:
        problems.append(_("%(count)d errors of the scheme are not corrected.") % {"count": errors})
    unconfirmed = open_findings.count() - errors
    if unconfirmed:
        problems.append(_("%(count)d findings are not confirmed.") % {"count": unconfirmed})
    if cycle.deadline_at is None:
        problems.append(_("The deadline is not set."))
    if cycle.tracks.filter(desk=None).exists():
        problems.append(_("A track has no receiving desk."))
    if not cycle.sheets.exists():
        problems.append(_("No unit takes part."))
    return problems


@transaction.atomic
def open_cycle(*, cycle: Cycle, by: User) -> None:
    """Freeze the scheme and begin the assessment of every unit that has a sheet, all or nothing.

    Raises DomainError naming what is still to be settled. A second call changes nothing.
    """
    cycle = Cycle.objects.select_for_update().get(pk=cycle.pk)
    if cycle.opened_at is not None:
        return
    problems = what_keeps_from_opening(cycle)
    if problems:
        raise DomainError(" ".join(problems))
    cycle.opened_at = cycle.scheme.frozen_at = clock.now()
    cycle.scheme.save(update_fields=["frozen_at"])
    cycle.save(update_fields=["opened_at"])
    record(
        Entry(verb=Verb.CYCLE_OPENED, subject=f"cycle:{cycle.year}", by=by, cycle_year=cycle.year,
              went_to=cycle.scheme.sha256)
    )  # fmt: skip
    admit(cycle.sheets.select_related("cycle__scheme", "track", "unit"), by=by)


def admit(sheets: Iterable[ScoreSheet], *, by: User) -> None:
    """Give each sheet its empty lines and begin its assessment."""
    for sheet in sheets:
        SheetLine.objects.bulk_create(_lines(sheet, rules_of(sheet)))
        begin_assessment(sheet=sheet, by=by)


def _lines(sheet: ScoreSheet, rules: RulesTrack) -> list[SheetLine]:
    codes = [(part.code, LineKind.PART) for part in rules.parts()]
    codes += [(rule.code, LineKind.RULE) for rule in rules.rules()]
    return [
        SheetLine(sheet=sheet, code=code, kind=kind, position=position)
        for position, (code, kind) in enumerate(codes, start=1)
    ]
