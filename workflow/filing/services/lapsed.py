"""A supplement that was not handed in by its date: the sheet goes back, what was typed is kept, both sides are told."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.actors import members_with
from accounts.models import Role
from documents.models import Submission, UnsubmittedDraft
from documents.services.submissions import keep_draft, restore_submission
from outbox.models import Message
from outbox.services import mail, queue
from workflow.flow.models import Task


def let_lapse(*, task: Task, submission: Submission) -> None:
    """Put the sheet back as it was handed in, keep the draft beside it, and tell the unit and its receiving desk.

    The caller holds the process lock and ends the task.
    """
    draft = keep_draft(submission)
    restore_submission(submission)
    queue(_letters(task, submission, draft))


def _letters(task: Task, submission: Submission, draft: UnsubmittedDraft | None) -> Iterator[Message]:
    """One mail to each filer and each reviewer of the desk, in the language that `queue` asks for."""
    sheet = task.process.sheet
    subject = _("Supplement not handed in: %(unit)s") % {"unit": sheet.unit_name}
    stands = _(
        "The supplement of %(unit)s was not handed in by its date. The assessment goes on with what was handed in "
        "before (receipt %(receipt)s)."
    ) % {"unit": sheet.unit_name, "receipt": submission.receipt}
    filers = members_with(role=Role.FILER, unit_id=sheet.unit_id)
    reviewers = members_with(role=Role.REVIEWER, department_id=sheet.track.desk_id)
    for people, fate in ((filers, _fate_for_the_unit(draft)), (reviewers, _fate_for_the_desk(draft))):
        for person in people:
            yield mail(
                cause=f"lapsed:{task.pk}:{person.pk}",
                to=person,
                subject=subject,
                body=f"{stands}\n\n{fate}",
                path=reverse("assessment", args=[task.process.pk]),
            )


def _fate_for_the_unit(draft: UnsubmittedDraft | None) -> str:
    if draft is None:
        return _("Nothing had been changed since.")
    return _(
        "What you changed after the return was not handed in and does not count; it stands on the page of the "
        "assessment. People of a new roster are not kept."
    )


def _fate_for_the_desk(draft: UnsubmittedDraft | None) -> str:
    if draft is None:
        return _("Nothing had been changed since.")
    return _("The unit had changed something without handing it in: please ask whether it needs another date.")
