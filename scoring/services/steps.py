"""Steps of a draft noted as they are taken, and what hangs on codes moved along with them."""

from collections.abc import Mapping

from accounts.models import Department, User
from common import clock
from scoring.engine.difference import difference
from scoring.engine.edit import Codes
from scoring.engine.track import Body
from scoring.models import Finding, Responsibility, Scheme, SchemeStep

MOST_KEPT = 200  # steps of one draft that can be taken back


# By track and code: the key of the department that answered for a row.
Departments = dict[str, dict[str, int]]


def note_step(
    draft: Scheme,
    *,
    before: Body,
    what: str,
    by: User,
    why: str = "",
    codes: Codes | None = None,
    departments: Departments | None = None,
) -> None:
    """Note a step of a locked draft, which has its new body; what was taken back before it is forgotten."""
    draft.steps.filter(is_undone=True).delete()
    last = draft.steps.last()
    number = last.number + 1 if last else 1
    SchemeStep.objects.create(
        scheme=draft,
        number=number,
        what=what[:200],
        change=difference(before, draft.body),
        codes=codes or {},
        departments=departments or {},
        why=why,
        by=by,
        at=clock.now(),
    )
    draft.steps.filter(number__lte=number - MOST_KEPT).delete()


def departments_of_gone(draft: Scheme, codes: Codes) -> Departments:
    """Who answers for the rows of a locked draft that a step takes out, the whole tracks among them."""
    gone: Departments = {}
    for row in Responsibility.objects.filter(track__cycle=draft.cycle).select_related("track"):
        if codes.get(row.track.code, {}).get(row.code) is None:
            gone.setdefault(row.track.code, {})[row.code] = row.department_id
    return gone


def give_back(draft: Scheme, departments: Departments) -> None:
    """Let departments, as far as there are such still, answer again for rows that a locked draft has again."""
    if draft.is_proposed:  # who answers for what follows the version in force
        return
    tracks = {track.code: track for track in draft.cycle.tracks.filter(code__in=departments)}
    wanted = {pk for held in departments.values() for pk in held.values()}
    there = set(Department.objects.filter(pk__in=wanted).values_list("pk", flat=True))
    rows = [
        Responsibility(track=tracks[track], code=code, department_id=pk)
        for track, held in departments.items()
        for code, pk in held.items()
        if pk in there
    ]
    Responsibility.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["track", "code"], update_fields=["department"]
    )


def move_codes(draft: Scheme, codes: Codes) -> None:
    """Let responsibilities and findings of a locked draft follow the rows that they are about."""
    tracks = {track.code: track for track in draft.cycle.tracks.all()}
    for code, moves in codes.items():
        moved = {was: now for was, now in moves.items() if was != now}
        if not moved or code not in tracks:
            continue
        # What stands where a row comes to, and does not move itself, is of a row that is gone: one that is taken back.
        tracks[code].responsibilities.filter(code__in=set(moved.values()) - set(moves)).delete()
        _move_responsibilities(list(tracks[code].responsibilities.filter(code__in=moved)), moved)
        findings = list(draft.findings.filter(track=code, at__in=moved))
        for finding in findings:
            finding.at = moved[finding.at] or finding.at
        Finding.objects.bulk_update(findings, ["at"])


def _move_responsibilities(rows: list[Responsibility], moved: Mapping[str, str | None]) -> None:
    Responsibility.objects.filter(pk__in=[row.pk for row in rows]).delete()
    Responsibility.objects.bulk_create(
        Responsibility(track_id=row.track_id, code=now, department_id=row.department_id)
        for row in rows
        if (now := moved[row.code]) is not None
    )
