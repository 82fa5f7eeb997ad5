"""Findings confirmed and values corrected in a draft: each with a reason, each with old and new in the record."""

from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.rules import is_office, require
from audit.services import log
from audit.verbs import Verb
from common import clock
from common.errors import DomainError, require_reason
from scoring.engine.errors import EngineErrors
from scoring.engine.notice import check, read_findings
from scoring.engine.scheme import SchemeRules, scheme_sha256
from scoring.engine.track import Body
from scoring.models import Cycle, Finding, FindingSeverity, Scheme
from scoring.services.schemes import finding_rows, follow_scheme
from scoring.services.steps import note_step

Path = tuple[str | int, ...]
Place = tuple[str, str]
Key = tuple[str, str, str, str]


@dataclass(frozen=True, kw_only=True)
class Correction:
    """One value of a draft: where it stands in the body, what it is called, and what it shall be."""

    path: Path
    label: str
    value: Any
    # An option that is left out of the body where it is not taken.
    optional: bool = False


@transaction.atomic
def change_scheme(
    *, scheme: Scheme, corrections: Sequence[Correction], by: User, why: str, seen: str, places: Sequence[Place] = ()
) -> Scheme:
    """Correct values of a draft; the checks run anew, settled findings stay settled where they still hold.

    `seen` is the SHA-256 of the draft that the person looked at. `places` (track, code) are what was corrected there:
    what only the reader of the notice had doubted at them is answered by it. Raises DomainError when the scheme is
    frozen, was changed meanwhile, no reason is given, nothing changes, or the values make no scheme.
    """
    draft = locked_draft(scheme)
    require(by, is_office)
    require_seen(draft, seen)
    require_reason(why)
    before, came_from, former, body = draft.rules, draft.sha256, draft.body, deepcopy(draft.body)
    changes = [_put(body, correction) for correction in corrections]
    if not changes:
        raise DomainError(_("Nothing was changed."))
    body["findings"] = findings_of(former, body, places)
    keep_body(draft, body)
    follow_scheme(draft, before)
    note_step(draft, before=former, what="、".join(str(change["what"]) for change in changes), by=by, why=why)
    told = {"changes": changes, "answered": keep_findings(draft)}
    log(Verb.SCHEME_CHANGED, draft.cycle, by=by, came_from=came_from, went_to=draft.sha256, why=why, data=told)
    return draft


def locked_draft(scheme: Scheme) -> Scheme:
    """The draft, or proposed version, and its cycle, locked in this order; DomainError where it is frozen or gone."""
    cycle = Cycle.objects.select_for_update().filter(pk=scheme.cycle_id).first()
    draft = Scheme.objects.select_for_update().filter(pk=scheme.pk).first()
    if cycle is None or draft is None:
        raise DomainError(_("This draft was deleted or replaced meanwhile."))
    draft.cycle = cycle
    if draft.frozen_at is not None or (cycle.opened_at is not None and not draft.is_proposed):
        raise DomainError(_("The cycle is open: its scheme is frozen and can't be changed."))
    return draft


def require_seen(draft: Scheme, seen: str) -> None:
    """Raise DomainError where a locked draft is not the one that the person looked at (its SHA-256)."""
    if draft.sha256 != seen:
        raise DomainError(
            _("Somebody has changed this draft meanwhile. Look at it again; what you typed is still here.")
        )


def keep_body(draft: Scheme, body: Body) -> None:
    """Write a new body with its fingerprint."""
    draft.body, draft.sha256 = body, scheme_sha256(body)
    draft.save(update_fields=["body", "sha256"])


def _put(body: Body, correction: Correction) -> Body:
    holder: Any = body
    for key in correction.path[:-1]:
        holder = holder[key]
    key = correction.path[-1]
    old = holder.get(key) if isinstance(holder, dict) else holder[key]
    if correction.value is None and correction.optional:
        holder.pop(key, None)
    else:
        holder[key] = correction.value
    return {"what": correction.label, "from": old, "to": correction.value}


def findings_of(before: Body, body: Body, places: Sequence[Place]) -> list[Body]:
    """The findings of the changed body: those that its values give, and what only the reader saw elsewhere.

    Whoever gives another hour of the deadline has answered what was told about it.
    """
    try:
        rules = SchemeRules.from_json(body)
    except EngineErrors as errors:
        raise DomainError("\n".join(error.text(_) for error in errors)) from errors
    with translation.override(settings.LANGUAGE_CODE):  # the language that findings are kept in
        by_values = [finding.to_json(_) for finding in check(rules)]
        by_reader = [finding.to_json(_) for finding in read_findings(rules, _) if finding.code not in VALUES]
    if before.get(HOUR) != body.get(HOUR):
        by_reader = [finding for finding in by_reader if finding["code"] != HOUR_TOLD]
    return by_values + [finding for finding in by_reader if (finding["track"] or "", finding["at"] or "") not in places]


def require_scheme(body: Body) -> None:
    """Raise DomainError where a body makes no scheme: at the value that is wrong, saying what would be right."""
    try:
        SchemeRules.from_json(body)
    except EngineErrors as errors:
        first, *more = errors
        if first.remedy and first.field and not more:
            raise DomainError(first.remedy.text(_), field=first.field) from errors
        raise DomainError("\n".join(error.text(_) for error in errors)) from errors


# The hour of the deadline, and the finding about it.
HOUR, HOUR_TOLD = "deadline_time", "deadline-hour"
# What the checks alone decide: once the values no longer give it, it is gone.
VALUES = frozenset({"implied-points", "points-mismatch", "rate-exceeds-cap", "missing"})


def keep_findings(draft: Scheme) -> list[str]:
    """Match what is stored to the body's findings: unchanged ones stay as they are; returns what is gone, in words."""
    stored = {_key(row.code, row.track, row.at, row.message): row for row in draft.findings.all()}
    wanted = {_key_of(finding): finding for finding in draft.body["findings"]}
    stay_settled = {key for key, row in stored.items() if row.settled_at and row.severity == FindingSeverity.ERROR}
    gone = [row for key, row in stored.items() if key not in wanted and key not in stay_settled]
    Finding.objects.filter(pk__in=[row.pk for row in gone]).delete()
    Finding.objects.bulk_create(finding_rows(draft, [finding for key, finding in wanted.items() if key not in stored]))
    return [_in_words(row) for row in gone]


def _key(code: str, track: str | None, at: str | None, message: str) -> Key:
    return code, track or "", at or "", message


def _key_of(finding: Body) -> Key:
    return _key(finding["code"], finding["track"], finding["at"], finding["message"])


def _in_words(finding: Finding) -> str:
    return f"{finding} {finding.message}"


@transaction.atomic
def confirm_findings(*, scheme: Scheme, ids: Sequence[int], by: User, reason: str = "") -> int:
    """Confirm open readings of a draft as they stand; returns how many. An error needs a reason, and can be confirmed
    only where no check of the values gives it: the numbers must be right.

    Raises DomainError when the scheme is frozen or an error can't be confirmed.
    """
    draft = locked_draft(scheme)
    require(by, is_office)
    chosen = list(draft.findings.filter(pk__in=ids, settled_at=None))
    errors = [finding for finding in chosen if finding.severity == FindingSeverity.ERROR]
    if any(not confirmable(draft, finding) for finding in errors):
        raise DomainError(_("An error of the numbers can't be confirmed: correct the values."))
    if errors and not reason.strip():
        raise DomainError(_("Please say why this reading is right."), field="reason")
    for finding in chosen:
        finding.settled_at, finding.settled_by, finding.reason = clock.now(), by, reason
    Finding.objects.bulk_update(chosen, ["settled_at", "settled_by", "reason"])
    came_from = draft.sha256
    if errors:
        right = {_key(finding.code, finding.track, finding.at, finding.message) for finding in errors}
        kept = [finding for finding in draft.body["findings"] if _key_of(finding) not in right]
        former = draft.body
        keep_body(draft, former | {"findings": kept})
        note_step(draft, before=former, what=_("Errors confirmed"), by=by, why=reason)
    if chosen:
        told = {"findings": [_in_words(finding) for finding in chosen]}
        log(Verb.FINDING_SETTLED, draft.cycle, by=by, came_from=came_from, went_to=draft.sha256, why=reason, data=told)
    return len(chosen)


def confirmable(scheme: Scheme, finding: Finding) -> bool:
    """Whether the office may let the reading stand: a doubt always, an error only where the values are in order."""
    if finding.severity != FindingSeverity.ERROR:
        return True
    by_values = {(doubt.code, doubt.track or "", doubt.at or "") for doubt in check(scheme.rules)}
    return (finding.code, finding.track, finding.at) not in by_values
