"""A supplement that was not handed in by its date: the sheet goes back, what was typed is kept, both sides are told."""

from collections.abc import Iterator

from django.urls import reverse

from accounts.actors import members_with
from accounts.models import Role
from documents.models import Submission, UnsubmittedDraft
from documents.services.submissions import keep_draft, restore_submission
from outbox.letters import letter
from outbox.models import Message
from outbox.services import queue
from scoring.models import ScoreSheet
from workflow.flow.models import Task


def let_lapse(*, task: Task, submission: Submission) -> None:
    """Put the sheet back as it was handed in, keep the draft beside it, and tell the unit and its receiving desk.

    The caller holds the process lock and ends the task.
    """
    draft = keep_draft(submission)
    restore_submission(submission)
    queue(_letters(task, submission, draft))


def _letters(task: Task, submission: Submission, draft: UnsubmittedDraft | None) -> Iterator[Message]:
    """One letter to each filer of the unit and each reviewer of the desk."""
    sheet: ScoreSheet = task.process.sheet
    filers = members_with(role=Role.FILER, unit_id=sheet.unit_id)
    reviewers = members_with(role=Role.REVIEWER, department_id=sheet.track.desk_id)
    for people, to_the_unit in ((filers, True), (reviewers, False)):
        for person in people:
            yield letter(
                "supplement_lapsed",
                cause=f"lapsed:{task.pk}:{person.pk}",
                to=person,
                path=reverse("assessment", args=[task.process_id]),
                sheet=sheet,
                submission=submission,
                draft=draft,
                to_the_unit=to_the_unit,
            )
