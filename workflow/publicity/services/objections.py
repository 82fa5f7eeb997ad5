"""Objections: signed, received while the publicity runs, decided by the office; an open one holds its unit (R13)."""

import secrets
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.actors import members_with
from accounts.identity import require_seen
from accounts.models import Role, User
from accounts.rules import is_office, not_own_unit, require
from audit.services import log
from audit.verbs import Verb
from common import clock
from common.errors import DomainError
from outbox.letters import letters
from outbox.services import queue
from scoring.models import ScoreSheet, Step
from workflow.flow.endings import Ending, hold, is_open
from workflow.flow.models import Assessment, Node, OutcomeKind
from workflow.flow.queries.process import open_task
from workflow.publicity.models import Objection, ObjectionDecision, Publicity


@dataclass(frozen=True, kw_only=True)
class Signed:
    """Who objects, and how they are reached: kept encrypted, shown to the office only (R17)."""

    kind: str
    name: str
    contact: str
    workplace: str = ""


def file_objection(
    *, publicity: Publicity, sheet: ScoreSheet, signed: Signed, text: str, arrived_at: datetime
) -> Objection:
    """Receive an objection to a unit's result; `arrived_at` (aware) must lie inside the publicity (R13).

    Takes the process lock: an objection and the end of the publicity are never both first. Raises DomainError when
    it is too late, and for a name or contact that holds what can't be seen.
    """
    require_seen(name=signed.name, workplace=signed.workplace, contact=signed.contact)
    task = open_task(sheet.assessment, Node.PUBLICITY)
    over = DomainError(_("The publicity of this unit is over: objections are no longer received here."))
    if task is None:
        raise over
    with hold([task]) as held:
        if not is_open(held.task) or arrived_at >= publicity.ends_at:
            raise over
        if not publicity.sheets.filter(pk=sheet.pk).exists():
            raise DomainError(_("This unit is not part of the publicity."), field="sheet")
        objection = Objection.objects.create(
            publicity=publicity,
            sheet=sheet,
            kind=signed.kind,
            name=signed.name,
            contact=signed.contact,
            workplace=signed.workplace,
            text=text,
            filed_at=arrived_at,
            receipt=f"{arrived_at.astimezone(clock.BEIJING):%Y%m%d}-{secrets.token_hex(4).upper()}",
        )
        log(Verb.OBJECTION_FILED, sheet, data={"receipt": objection.receipt})
        office, path = members_with(role=Role.OFFICE), reverse("objection", args=[objection.pk])
        queue(letters("objection_filed", office, cause=f"objection:{objection.pk}", path=path, sheet=sheet))
        return objection


@transaction.atomic
def decide_objection(*, objection: Objection, decision: ObjectionDecision, answer: str, by: User) -> None:
    """Decide an objection once: not admitted, not upheld, or upheld, which brings the unit back to consolidation."""
    if not answer.strip():
        raise DomainError(_("Please give the answer."), field="answer")
    sheet = objection.sheet
    require(by, is_office & not_own_unit, sheet)
    task = open_task(sheet.assessment, Node.PUBLICITY)
    if task is None:
        _require_review_anew(sheet, decision)
        _decided(objection, decision, answer, by)
        return
    with hold([task]) as held:
        _decided(objection, decision, answer, by)
        if decision == ObjectionDecision.UPHELD and is_open(held.task):
            held.end({held.task: Ending(kind=OutcomeKind.UPHELD, by=by, why=answer)})


def _require_review_anew(sheet: ScoreSheet, decision: ObjectionDecision) -> None:
    """Another objection brought the unit back before: upholding one more needs it to be still under way."""
    under_way = Assessment.objects.filter(sheet=sheet, step__in=(Step.CONSOLIDATION, Step.DEPARTMENT_REVIEW))
    if decision == ObjectionDecision.UPHELD and not under_way.exists():
        raise DomainError(_("The unit waits for approval again: return it from the board, then decide."))


def _decided(objection: Objection, decision: ObjectionDecision, answer: str, by: User) -> None:
    row = (
        Objection.objects.select_for_update(of=("self",), no_key=True)
        .select_related("sheet__cycle")
        .get(pk=objection.pk)
    )
    if row.decision:
        raise DomainError(_("This objection has been decided."))
    row.decision, row.answer, row.decided_by, row.decided_at = decision, answer, by, clock.now()
    row.save(update_fields=["decision", "answer", "decided_by", "decided_at"])
    log(Verb.OBJECTION_DECIDED, row.sheet, by=by, why=answer, went_to=decision, data={"receipt": row.receipt})
