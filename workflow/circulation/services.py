"""Circulation: the notice of results is issued to every unit, and each confirms its receipt (R14)."""

import re
from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from accounts.queries import filers_of
from accounts.rules import is_office, of_the_unit, require
from audit.services import log
from audit.verbs import Verb
from common import clock
from common.errors import DomainError
from documents.models import NoticeReceipt, ResultNotice
from documents.official.results import NoticeContent, TrackResults
from documents.services.notices import seal_notice, written_notice
from outbox.letters import letters
from outbox.services import queue
from scoring.engine.scheme import scheme_sha256
from scoring.models import Cycle, ScoreSheet
from workflow.bulk.models import BulkKind, BulkRun
from workflow.bulk.queries import require_worked_off
from workflow.bulk.services import Asked, Refused, acts_for, note, work_off_few
from workflow.circulation.queries import results_among, waiting_for_circulation
from workflow.flow.endings import Ending, hold, is_open
from workflow.flow.models import OutcomeKind, Task

NUMBER = re.compile(r"[\u4e00-\u9fff]{2,16}〔(20\d{2})〕[1-9]\d{0,4}号")
BRACKETS = str.maketrans("[［（(【", "〔" * 5) | str.maketrans("]］）)】", "〕" * 5)

SENDING = (BulkKind.CIRCULATE, BulkKind.SEND_NOTICE)
CHANGED = gettext_lazy("The results have changed since you saw them. Please look at them again.")


def official_number(text: str, *, year: int) -> str:
    """The document number in its official form (GB/T 9704: hexagonal brackets, full year, no leading zero, no 第).

    Raises DomainError at `number` when it can't be one, or when its year is not the year of issue.
    """
    number = "".join(text.split()).translate(BRACKETS)
    match = NUMBER.fullmatch(number)
    if match is None:
        raise DomainError(_("Give a document number such as 渝科协发〔2021〕8号."), field="number")
    if int(match[1]) != year:
        raise DomainError(_("The year of the number is not the year of issue."), field="number")
    return number


def free_number(text: str, *, year: int) -> str:
    """The official form of a document number that no notice bears yet; raises DomainError as `official_number` does."""
    number = official_number(text, year=year)
    _require_free(number)
    return number


def _require_free(number: str) -> None:
    if ResultNotice.objects.filter(number=number).exists():
        raise DomainError(_("A notice of this number has been issued."), field="number")


def digest_of_results(tracks: Sequence[TrackResults]) -> str:
    """The fingerprint of the results as they were shown before the notice is issued."""
    return scheme_sha256({"tracks": list(tracks)})


def issue_notice(
    *,
    cycle: Cycle,
    number: str,
    title: str,
    addressees: str,
    paragraphs: Sequence[str],
    issued_on: date,
    by: User,
    seen: str | None = None,
) -> ResultNotice:
    """Issue the notice of results of every unit that waits for circulation, and send it to every unit of the cycle: few
    at once, many by the workers.

    Raises DomainError when nobody waits, while the notice before is being sent, when the results are no longer those
    `seen`, or when the number is malformed or was given before.
    """
    require(by, is_office)
    require_worked_off(cycle, *SENDING)
    number = free_number(number, year=issued_on.year)
    tracks = results_among(cycle, waiting_for_circulation(cycle))
    if not tracks:
        raise DomainError(_("No unit waits for circulation."))
    if seen is not None and seen != digest_of_results(tracks):
        raise DomainError(CHANGED)
    content = NoticeContent(
        number=number,
        title=title,
        issued_on=issued_on.isoformat(),
        issuer=cycle.issuer,
        addressees=addressees,
        paragraphs=list(paragraphs),
        tracks=tracks,
    )
    with written_notice(cycle=cycle, content=content) as notice:
        runs = _issue(notice, cycle, by)
    for run in runs:
        work_off_few(run)
    return notice


@transaction.atomic
def _issue(notice: ResultNotice, cycle: Cycle, by: User) -> list[BulkRun]:
    """Seal and send a notice whose paper is written, if the results are still those that stand in it."""
    # What comes to circulation meanwhile waits for the next notice: nothing is circulated that does not stand in one.
    with hold(waiting_for_circulation(cycle)) as held:
        Cycle.objects.select_for_update(no_key=True).get(pk=cycle.pk)  # after the processes, as closing and windows do
        require(by, is_office)
        require_worked_off(cycle, *SENDING)
        waiting = [task for task in held.tasks if is_open(task)]
        if digest_of_results(results_among(cycle, waiting)) != digest_of_results(notice.body["tracks"]):
            raise DomainError(CHANGED)
        _require_free(notice.number)
        seal_notice(notice=notice, cycle=cycle, by=by)
        log(Verb.NOTICE_ISSUED, notice, by=by, went_to=notice.number, data={"sha256": notice.sha256})
        asked = {
            BulkKind.CIRCULATE: [(task.pk, task.process.sheet.unit_name) for task in waiting],
            # Also to those that took no part (R14).
            BulkKind.SEND_NOTICE: list(cycle.sheets.values_list("pk", "unit_name")),
        }
        words = {"notice": notice.pk}
        return [note(kind, units, cycle=cycle, by=by, words=words) for kind, units in asked.items()]


@acts_for(BulkKind.CIRCULATE)
def _circulate(keys: Sequence[int], asked: Asked) -> Refused:
    notice = ResultNotice.objects.get(pk=asked.words["notice"])
    ending = Ending(kind=OutcomeKind.CIRCULATED, by=asked.by, data={"notice": notice.number})
    with hold(Task.objects.filter(pk__in=keys)) as held:
        held.end(dict.fromkeys((task for task in held.tasks if is_open(task)), ending))
    return {}


@acts_for(BulkKind.SEND_NOTICE)
def _send(keys: Sequence[int], asked: Asked) -> Refused:
    notice = ResultNotice.objects.select_related("cycle").get(pk=asked.words["notice"])
    units = dict(ScoreSheet.objects.filter(pk__in=keys).values_list("pk", "unit_id"))
    NoticeReceipt.objects.bulk_create(NoticeReceipt(notice=notice, sheet_id=sheet) for sheet in units)
    filers, path = filers_of(units.values()), reverse("notice", args=[notice.pk])
    queue(letters("notice_issued", filers, cause=f"notice:{notice.pk}", path=path, notice=notice))
    return {}


@transaction.atomic
def confirm_receipt(*, receipt: NoticeReceipt, by: User) -> None:
    """A unit confirms that it has received a notice; confirming again changes nothing (R14)."""
    row = (
        NoticeReceipt.objects.select_for_update(of=("self",), no_key=True)
        .select_related("sheet__cycle", "notice")
        .get(pk=receipt.pk)
    )
    require(by, of_the_unit, row.sheet)
    if row.confirmed_at is not None:
        return
    row.confirmed_by, row.confirmed_at = by, clock.now()
    row.save(update_fields=["confirmed_by", "confirmed_at"])
    log(Verb.RECEIPT_CONFIRMED, row.sheet, by=by, data={"notice": row.notice.number})


def nudge_receipts(*, notice: ResultNotice, by: User) -> int:
    """Remind every unit that has not confirmed a notice, each person once a day; returns how many units that are."""
    require(by, is_office)
    missing = list(notice.receipts.filter(confirmed_at=None).select_related("sheet"))
    filers = filers_of(receipt.sheet.unit_id for receipt in missing)
    cause = f"nudge:receipt:{notice.pk}:{clock.today().isoformat()}"
    with transaction.atomic():
        queue(letters("receipt_missing", filers, cause=cause, path=reverse("results"), notice=notice))
        log(Verb.NUDGED, notice, by=by, data={"units": len(missing)})
    return len(missing)
