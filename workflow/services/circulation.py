"""Circulation: the notice of results is issued to every unit, and each confirms its receipt (R14)."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.actors import current_memberships
from audit import clock
from audit.errors import DomainError
from audit.services import Entry, record
from audit.verbs import Verb
from documents.models import Notice, NoticeReceipt
from documents.services.notices import seal_notice
from outbox.services import mail, queue
from scoring.models import Cycle, ScoreSheet
from workflow.models import OutcomeKind
from workflow.queries.notices import results_to_issue
from workflow.queries.process import open_tasks
from workflow.services.publicity import filers_of
from workflow.services.transitions import Ending, end, is_open, locked, subject_of


@transaction.atomic
def issue_notice(
    *, cycle: Cycle, number: str, title: str, addressees: str, paragraphs: Sequence[str], issued_on: date, by: User
) -> Notice:
    """Issue the notice of results of every unit that waits for circulation, and send it to every unit of the cycle.

    Raises DomainError when nobody waits, or when the number was given before.
    """
    Cycle.objects.select_for_update().get(pk=cycle.pk)
    tracks = results_to_issue(cycle)
    if not tracks:
        raise DomainError(_("No unit waits for circulation."))
    if Notice.objects.filter(number=number).exists():
        raise DomainError(_("A notice of this number has been issued."), field="number")
    body: dict[str, Any] = {
        "issuer": cycle.issuer, "addressees": addressees, "paragraphs": list(paragraphs), "tracks": tracks,
    }  # fmt: skip
    notice = seal_notice(cycle=cycle, number=number, title=title, issued_on=issued_on, body=body, by=by)
    _circulate(notice, by)
    sheets = list(ScoreSheet.objects.filter(cycle=cycle))
    NoticeReceipt.objects.bulk_create(NoticeReceipt(notice=notice, sheet=sheet) for sheet in sheets)
    record(
        Entry(
            verb=Verb.NOTICE_ISSUED, subject=f"notice:{notice.pk}", by=by, cycle_year=cycle.year, went_to=number,
            data={"sha256": notice.sha256},
        )
    )  # fmt: skip
    queue(
        mail(
            cause=f"notice:{notice.pk}:{filer.user_id}", to=filer.user, subject=title,
            body=_("The notice of results %(number)s has been issued. Please read it and confirm its receipt.")
            % {"number": number}, path=f"/notices/{notice.pk}/",
        )
        for filer in filers_of([sheet.unit_id for sheet in sheets])
    )  # fmt: skip
    return notice


def _circulate(notice: Notice, by: User) -> None:
    """End the circulation tasks of the cycle, in the order of the processes' keys."""
    for task in open_tasks("circulation").filter(process__sheet__cycle=notice.cycle).order_by("process_id"):
        with locked(task) as activation:
            if is_open(activation):
                end(activation, Ending(kind=OutcomeKind.CIRCULATED, by=by, data={"notice": notice.number}))


@transaction.atomic
def confirm_receipt(*, receipt: NoticeReceipt, by: User) -> None:
    """A unit confirms that it has received a notice; confirming again changes nothing (R14)."""
    row = NoticeReceipt.objects.select_for_update(of=("self",)).select_related("sheet__cycle", "notice").get(pk=receipt.pk)
    if row.confirmed_at is not None:
        return
    if not current_memberships().filter(user=by, unit_id=row.sheet.unit_id).exists():
        raise DomainError(_("Only the unit itself confirms."))
    row.confirmed_by, row.confirmed_at = by, clock.now()
    row.save(update_fields=["confirmed_by", "confirmed_at"])
    record(
        Entry(
            verb=Verb.RECEIPT_CONFIRMED, subject=subject_of(row.sheet), by=by, cycle_year=row.sheet.cycle.year,
            data={"notice": row.notice.number},
        )
    )  # fmt: skip
