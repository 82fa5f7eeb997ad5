"""The editor of a draft: steps taken, taken back and taken again; the checks run anew after each."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.rules import is_office, require
from audit.services import log
from audit.verbs import Verb
from common.errors import DomainError, require_reason
from scoring.engine.difference import turned
from scoring.engine.edit import NO_TRACK, Codes, Edit, backwards, edited
from scoring.engine.track import Body
from scoring.models import Finding, FindingSeverity, Scheme, SchemeStep
from scoring.services.corrections import (
    findings_of,
    keep_body,
    keep_findings,
    locked_draft,
    require_scheme,
    require_seen,
)
from scoring.services.schemes import follow_scheme
from scoring.services.steps import departments_of_gone, give_back, move_codes, note_step


@transaction.atomic
def edit_scheme(*, scheme: Scheme, edit: Edit, what: str, by: User, seen: str, why: str = "") -> Scheme:
    """Take one step in a draft; `what` says it in words, `why` is the reason of the sitting if it is given yet.

    Responsibilities and findings follow rows that move; in a proposed version rows keep the codes of the one that it
    corrects.

    `seen` is the SHA-256 of the draft that the person looked at. Raises DomainError when the scheme is frozen, was
    changed meanwhile, has no such place, or the step makes no scheme of it.
    """
    draft = locked_draft(scheme)
    require(by, is_office)
    require_seen(draft, seen)
    take_steps(draft, (edit,), what=what, by=by, why=why)
    return draft


def take_steps(draft: Scheme, edits: Sequence[Edit], *, what: str, by: User, why: str = "") -> Codes:
    """Take steps in a locked draft as one that `what` says; returns how codes moved, nothing where nothing changed.

    A piece of services that have asked. Raises DomainError for a place that is none, and where it makes no scheme.
    """
    try:
        body, codes = edited(draft.body, *edits, sealed=draft.cycle.scheme.body if draft.is_proposed else None)
    except LookupError as error:
        raise DomainError(_("This place is not in the scheme any more. Look at it again.")) from error
    if body == draft.body:
        return {}
    require_scheme(body)
    body["findings"] = [moved for finding in body["findings"] if (moved := _moved(finding, codes)) is not None]
    body["findings"] = findings_of(draft.body, body, ())
    came_from, before, departments = draft.sha256, draft.body, departments_of_gone(draft, codes)
    _replace(draft, body, codes)
    note_step(draft, before=before, what=what, by=by, why=why, codes=codes, departments=departments)
    _tell(draft, came_from, by, what, why)
    return codes


def _moved(finding: Body, codes: Codes) -> Body | None:
    """A finding at the code that its row has now; None where the row is gone."""
    moves = codes.get(finding["track"] or NO_TRACK, {})
    if finding["code"] == "quota":  # at its quota's code and what of it is left open
        return finding if moves.get(finding["at"].partition(".")[0]) else None
    at = moves.get(finding["at"], finding["at"])
    return None if at is None and finding["at"] is not None else finding | {"at": at}


def _replace(draft: Scheme, body: Body, codes: Codes) -> None:
    """Put another body in place of a locked draft's, with all that hangs on it."""
    before = draft.rules
    keep_body(draft, body)
    if not draft.is_proposed:  # who answers for what follows the version in force
        move_codes(draft, codes)
    follow_scheme(draft, before)
    keep_findings(draft)


def _tell(draft: Scheme, came_from: str, by: User, what: str, why: str) -> None:
    told = {"changes": [_change(what)]}
    log(Verb.SCHEME_CHANGED, draft.cycle, by=by, came_from=came_from, went_to=draft.sha256, why=why, data=told)


def _change(what: str) -> dict[str, Any]:
    return {"what": what, "from": None, "to": None}


@transaction.atomic
def give_reason(*, scheme: Scheme, why: str, by: User) -> int:
    """Say why a draft was changed, for all steps that have no reason yet; returns how many. DomainError without one."""
    draft = locked_draft(scheme)
    require(by, is_office)
    require_reason(why)
    steps = draft.steps.filter(why="", is_undone=False)
    told = {"changes": [_change(what) for what in steps.values_list("what", flat=True)]}
    count = steps.update(why=why)
    if count:
        log(Verb.SCHEME_REASONED, draft.cycle, by=by, why=why, data=told)
    return count


def _turn(draft: Scheme, step: SchemeStep, body: Body, codes: Codes, by: User, words: str) -> str:
    came_from, gone = draft.sha256, departments_of_gone(draft, codes)
    _replace(draft, body, codes)
    give_back(draft, step.departments)
    step.departments = gone  # they come back with the rows when the step is turned again
    step.save(update_fields=["is_undone", "departments"])
    _tell(draft, came_from, by, words % {"what": step.what}, step.why)
    return step.what


@transaction.atomic
def undo_step(*, scheme: Scheme, by: User, seen: str) -> str:
    """Take back the last step of a draft; returns what it was. DomainError where there is none, or as for a step."""
    draft = locked_draft(scheme)
    require(by, is_office)
    require_seen(draft, seen)
    step = draft.steps.filter(is_undone=False).last()
    if step is None:
        raise DomainError(_("There is nothing to take back."))
    step.is_undone = True
    body = turned(draft.body, step.change, back=True)
    _reopen(draft, body)
    return _turn(draft, step, body, backwards(step.codes), by, _("Taken back: %(what)s"))


def _reopen(draft: Scheme, body: Body) -> None:
    """An error that the body has again is open again, whoever confirmed it."""
    errors = {(finding["code"], finding["track"] or "", finding["at"] or "") for finding in body["findings"]}
    settled = draft.findings.filter(severity=FindingSeverity.ERROR, settled_at__isnull=False)
    again = [row.pk for row in settled if (row.code, row.track, row.at) in errors]
    Finding.objects.filter(pk__in=again).update(settled_at=None, settled_by=None, reason="")


@transaction.atomic
def redo_step(*, scheme: Scheme, by: User, seen: str) -> str:
    """Take the first step again that was taken back; returns what it was. DomainError as for taking one back."""
    draft = locked_draft(scheme)
    require(by, is_office)
    require_seen(draft, seen)
    step = draft.steps.filter(is_undone=True).first()
    if step is None:
        raise DomainError(_("There is nothing to take again."))
    step.is_undone = False
    return _turn(draft, step, turned(draft.body, step.change), step.codes, by, _("Taken again: %(what)s"))
