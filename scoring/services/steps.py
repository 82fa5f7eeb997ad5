"""Steps of a draft noted as they are taken, and what hangs on codes moved along with them."""

from collections.abc import Mapping

from accounts.models import User
from common import clock
from scoring.engine.edit import Codes
from scoring.engine.track import Body
from scoring.models import Finding, Responsibility, Scheme, SchemeStep

MOST_KEPT = 200  # steps of one draft that can be taken back


def note_step(draft: Scheme, *, before: Body, what: str, by: User, codes: Codes | None = None) -> None:
    """Note a step of a locked draft, which has its new body; what was taken back before it is forgotten."""
    draft.steps.filter(is_undone=True).delete()
    last = draft.steps.last()
    number = last.number + 1 if last else 1
    SchemeStep.objects.create(
        scheme=draft,
        number=number,
        what=what[:200],
        before=before,
        after=draft.body,
        codes=codes or {},
        by=by,
        at=clock.now(),
    )
    draft.steps.filter(number__lte=number - MOST_KEPT).delete()


def move_codes(draft: Scheme, codes: Codes) -> None:
    """Let responsibilities and findings of a locked draft follow the rows that they are about."""
    tracks = {track.code: track for track in draft.cycle.tracks.all()}
    for code, moves in codes.items():
        moved = {was: now for was, now in moves.items() if was != now}
        if not moved or code not in tracks:
            continue
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
