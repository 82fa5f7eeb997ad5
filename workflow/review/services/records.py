"""Facts that departments record through the whole year (R15)."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Department, Unit, User
from accounts.rules import require
from audit.services import log
from audit.verbs import Verb
from common import clock
from common.errors import DomainError, require_reason
from common.narrow import known
from scoring.models import Cycle, Record, RecordKind, ScoreSheet
from scoring.rules import keeps_record

RULED = (RecordKind.BONUS, RecordKind.DEDUCTION)


@transaction.atomic
def log_record(
    *,
    cycle: Cycle,
    unit: Unit,
    department: Department | None,
    kind: RecordKind,
    text: str,
    happened_on: date,
    by: User,
    code: str = "",
    times: int = 1,
) -> Record:
    """Record a fact about a unit; a bonus or deduction names its rule and how many times it applies (R15).

    A deduction may also name a loss within a part.

    Raises DomainError for a rule that the unit's track has not, and for a day that lies ahead.
    """
    if happened_on > clock.today():
        raise DomainError(_("This day lies ahead."), field="happened_on")
    if kind in RULED:  # under the cycle's lock, so that no version of its scheme takes the rule away meanwhile
        _require_rule(Cycle.objects.select_for_update(no_key=True).get(pk=cycle.pk), unit, kind, code)
    record = Record(
        cycle=cycle,
        unit=unit,
        department=department,
        kind=kind,
        code=code if kind in RULED else "",
        times=times,
        text=text,
        happened_on=happened_on,
        logged_by=by,
    )
    require(by, keeps_record, record)
    record.save()
    data = {"kind": kind, "code": record.code, "times": times}
    log(Verb.RECORD_LOGGED, unit, by=by, cycle=cycle.slug, why=text, data=data)
    return record


def _require_rule(cycle: Cycle, unit: Unit, kind: RecordKind, code: str) -> None:
    sheet = ScoreSheet.objects.filter(cycle=cycle, unit=unit).select_related("track").first()
    if sheet is None:
        raise DomainError(_("This unit does not take part in the cycle."), field="unit")
    track = known(cycle.scheme.rules.track(sheet.track.code))
    adjustment = track.adjustment(code.split(".", maxsplit=1)[0])
    adjusts = adjustment is not None and adjustment.kind == kind and track.rule(code) is not None
    if not adjusts and (kind != RecordKind.DEDUCTION or track.loss(code) is None):
        raise DomainError(_("The unit's track has no such rule."), field="code")


@transaction.atomic
def withdraw_record(*, record: Record, why: str, by: User) -> None:
    """Take a record back with the reason; it stays readable, but counts no more."""
    require_reason(why)
    locked = Record.objects.select_for_update(of=("self",)).select_related("unit", "cycle")
    record.refresh_from_db(from_queryset=locked)
    require(by, keeps_record, record)
    if record.withdrawn_at is not None:
        return
    record.withdrawn_at, record.withdrawn_why = clock.now(), why
    record.save(update_fields=["withdrawn_at", "withdrawn_why"])
    log(Verb.RECORD_WITHDRAWN, record.unit, by=by, cycle=record.cycle.slug, why=why)
