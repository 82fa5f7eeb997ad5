"""Decisions on incidents: grades barred, or not assessed, with the document that says so (R10)."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import PureWindowsPath
from typing import Any

from django.core.files import File
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.rules import is_office, not_own_unit, require
from audit.services import log
from audit.verbs import Verb
from common import clock
from common.errors import DomainError, require_reason
from common.storage import kept_file
from scoring.models import Incident, IncidentKind, ScoreSheet


class Consequence(StrEnum):
    """How heavy an incident weighs, by the scheme's grades in their order."""

    FIRST = "first"
    FIRST_TWO = "first_two"
    NOT_ASSESSED = "not_assessed"


def bars_of(sheet: ScoreSheet, consequence: Consequence) -> list[str]:
    """The grades that a severity bars: the highest, the two highest, or none when the unit is not assessed."""
    grades = list(sheet.cycle.scheme.rules.grades)
    return {Consequence.FIRST: grades[:1], Consequence.FIRST_TWO: grades[:2], Consequence.NOT_ASSESSED: []}[consequence]


@dataclass(frozen=True, kw_only=True)
class Decision:
    """What the office decides on an incident, why, and the document that says so.

    Where it falls under a `veto` of the scheme (by its code), that says what follows, and no consequence is chosen.
    """

    kind: IncidentKind
    consequence: Consequence | None = None
    veto: str = ""
    reason: str
    document: "File[bytes]"


@contextmanager
def stored_decision(decision: Decision) -> Iterator[Incident]:
    """Store the document of a decision before any lock is taken, for the row that the block notes.

    Raises DomainError (field `document`) when it can't be stored.
    """
    name = PureWindowsPath(decision.document.name or "").name or "document"
    incident = Incident(document_name=name[-200:])
    with kept_file(incident.document, name, decision.document, field="document"):
        yield incident


@transaction.atomic
def note_incident(*, incident: Incident, sheet: ScoreSheet, decision: Decision, by: User) -> Incident:
    """Write the row of a decision whose document is stored; the caller holds the process lock.

    Raises DomainError where the scheme has no such veto or the rule switched off, and without a reason.
    """
    require(by, is_office & not_own_unit, sheet)
    _put_consequence(incident, sheet, decision)
    require_reason(decision.reason, field="reason")
    incident.sheet, incident.kind, incident.reason = sheet, decision.kind, decision.reason
    incident.decided_by, incident.decided_at = by, clock.now()
    incident.save()
    log(Verb.INCIDENT_DECIDED, sheet, by=by, why=decision.reason, data=_bars(incident))
    return incident


def _put_consequence(incident: Incident, sheet: ScoreSheet, decision: Decision) -> None:
    """Put what follows on the row: a veto's effect, else the consequence chosen where the incident rule applies."""
    veto = sheet.rules.veto(decision.veto)
    if veto is not None:
        incident.veto, incident.bars, incident.not_assessed = veto.code, list(veto.grades), veto.not_assessed
    elif decision.consequence is not None and sheet.rules.incident_rule:
        incident.bars = bars_of(sheet, decision.consequence)
        incident.not_assessed = decision.consequence is Consequence.NOT_ASSESSED
    else:
        raise DomainError(_("The incident rule does not apply to this track."))


@transaction.atomic
def take_back_incident(*, incident: Incident, why: str, by: User) -> None:
    """Take a decision back with the reason; it stays readable, but bars nothing any more.

    The caller holds the process lock.
    """
    require_reason(why)
    incident.refresh_from_db(from_queryset=Incident.objects.select_for_update(no_key=True))
    require(by, is_office & not_own_unit, incident.sheet)
    if incident.withdrawn_at is not None:
        return
    incident.withdrawn_at, incident.withdrawn_why = clock.now(), why
    incident.save(update_fields=["withdrawn_at", "withdrawn_why"])
    log(Verb.INCIDENT_WITHDRAWN, incident.sheet, by=by, why=why, data=_bars(incident))


def _bars(incident: Incident) -> dict[str, Any]:
    decided: dict[str, Any] = {"bars": incident.bars, "not_assessed": incident.not_assessed}
    return decided | {"veto": incident.veto} if incident.veto else decided
