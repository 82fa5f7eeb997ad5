"""Facts that departments record through the whole year (R15)."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Department, Unit, User
from accounts.rules import require
from audit.services import Entry, record
from audit.verbs import Verb
from common import clock
from common.errors import DomainError
from scoring.models import Cycle, Record, RecordKind, ScoreSheet
from scoring.rules import keeps_record

RULED = (RecordKind.BONUS, RecordKind.DEDUCTION)


@transaction.atomic
def log_record(
    *, cycle: Cycle, unit: Unit, department: Department | None, kind: RecordKind, text: str, happened_on: date,
    by: User, code: str = "", times: int = 1,
) -> Record:  # fmt: skip
    """Record a fact about a unit; a bonus or deduction names its rule and how many times it applies (R15).

    Raises DomainError for a rule that the unit's track has not, and for a day that lies ahead.
    """
    if happened_on > clock.today():
        raise DomainError(_("This day lies ahead."), field="happened_on")
    if kind in RULED:
        _require_rule(cycle, unit, kind, code)
    row = Record(
        cycle=cycle, unit=unit, department=department, kind=kind, code=code if kind in RULED else "", times=times,
        text=text, happened_on=happened_on, logged_by=by,
    )  # fmt: skip
    require(by, keeps_record, row)
    row.save()
    record(
        Entry(
            verb=Verb.RECORD_LOGGED, subject=f"unit:{unit.pk}", by=by, cycle_year=cycle.year, why=text,
            data={"kind": kind, "code": row.code, "times": times},
        )
    )  # fmt: skip
    return row


def _require_rule(cycle: Cycle, unit: Unit, kind: RecordKind, code: str) -> None:
    sheet = ScoreSheet.objects.filter(cycle=cycle, unit=unit).select_related("track").first()
    if sheet is None:
        raise DomainError(_("This unit does not take part in the cycle."), field="unit")
    track = cycle.scheme.rules.track(sheet.track.code)
    adjustment = track.adjustment(code.split(".", maxsplit=1)[0]) if track else None
    if track is None or track.rule(code) is None or adjustment is None or adjustment.kind != kind:
        raise DomainError(_("The unit's track has no such rule."), field="code")


@transaction.atomic
def withdraw_record(*, row: Record, why: str, by: User) -> None:
    """Take a record back with the reason; it stays readable, but counts no more."""
    if not why.strip():
        raise DomainError(_("Please give the reason."), field="why")
    row.refresh_from_db(from_queryset=Record.objects.select_for_update())
    require(by, keeps_record, row)
    if row.withdrawn_at is not None:
        return
    row.withdrawn_at, row.withdrawn_why = clock.now(), why
    row.save(update_fields=["withdrawn_at", "withdrawn_why"])
    record(Entry(verb=Verb.RECORD_WITHDRAWN, subject=f"unit:{row.unit_id}", by=by, cycle_year=row.cycle.year, why=why))
