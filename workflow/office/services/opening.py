"""Opening a cycle: the scheme is frozen, every unit gets its sheet, and its assessment begins."""

from collections import defaultdict
from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.rules import is_office, require
from audit.services import log
from audit.verbs import Verb
from common import clock
from common.errors import DomainError
from common.rows import Batch, instances
from scoring.engine.track import TrackRules
from scoring.models import Cycle, FindingSeverity, LineKind, Responsibility, Scheme, ScoreSheet, SheetLine, Track
from scoring.services.cycles import keep_defaults
from scoring.services.schemes import codes_of
from workflow.bulk.models import BulkKind, BulkRun
from workflow.bulk.services import Asked, Refused, acts_for, note, work_off_few
from workflow.flow.endings import begin
from workflow.flows import AssessmentFlow
from workflow.office.queries.attention import not_begun, opening_of


def what_keeps_from_opening(cycle: Cycle) -> list[str]:
    """What the office must still settle before the cycle can open, in words; empty when it can."""
    scheme = Scheme.objects.filter(in_force=cycle).first()
    if scheme is None:
        return [_("There is no scheme: import the notice first.")]
    problems = []
    open_findings = scheme.findings.filter(settled_at=None)
    errors = open_findings.filter(severity=FindingSeverity.ERROR).count()
    if errors:
        problems.append(_("%(count)d errors of the scheme are not corrected.") % {"count": errors})
    unconfirmed = open_findings.count() - errors
    if unconfirmed:
        problems.append(_("%(count)d findings are not confirmed.") % {"count": unconfirmed})
    if unreasoned := scheme.steps.filter(why="", is_undone=False).count():
        text = _("%(count)d changes of the scheme have no reason yet: give it in the editor.")
        problems.append(text % {"count": unreasoned})
    if cycle.deadline_at is None:
        problems.append(_("The deadline is not set."))
    if cycle.tracks.filter(desk=None).exists():
        problems.append(_("A track has no receiving desk."))
    if codes := _unanswered(cycle, scheme):
        problems.append(_("No department answers for some parts: %(codes)s.") % {"codes": codes})
    if not cycle.sheets.exists():
        problems.append(_("No unit takes part."))
    return problems


def _unanswered(cycle: Cycle, scheme: Scheme) -> str:
    """The parts for which no department answers, by track, as the page of the settings names them; empty for none."""
    held = set(Responsibility.objects.filter(track__cycle=cycle).values_list("track__code", "code"))
    missing = {
        track.name: [code for code in codes_of(track) if (track.code, code) not in held]
        for track in scheme.rules.tracks
    }
    return "；".join(f"{track}：{'、'.join(codes)}" for track, codes in missing.items() if codes)


def open_cycle(*, cycle: Cycle, by: User) -> BulkRun:
    """Freeze the scheme and begin the assessment of every unit that has a sheet: few at once, many by the workers.

    Raises DomainError naming what is still to be settled. A second call goes on with the units that have not begun.
    """
    with transaction.atomic():
        cycle = Cycle.objects.select_for_update(no_key=True).get(pk=cycle.pk)
        require(by, is_office)
        if cycle.opened_at is None:
            _freeze(cycle, by)
        run = opening_of(cycle) or note(
            BulkKind.OPEN, not_begun(cycle).values_list("pk", "unit_name"), cycle=cycle, by=by
        )
    work_off_few(run)
    return run


def _freeze(cycle: Cycle, by: User) -> None:
    problems = what_keeps_from_opening(cycle)
    if problems:
        raise DomainError(" ".join(problems))
    keep_defaults(cycle=cycle, by=by)
    cycle.opened_at = cycle.scheme.frozen_at = clock.now()
    cycle.scheme.save(update_fields=["frozen_at"])
    cycle.save(update_fields=["opened_at"])
    log(Verb.CYCLE_OPENED, cycle, by=by, went_to=cycle.scheme.sha256)


@acts_for(BulkKind.OPEN)
def _admit_units(keys: Sequence[int], asked: Asked) -> Refused:
    sheets = instances(ScoreSheet.objects.filter(pk__in=keys, assessment=None).order_by("pk"))
    tracks = asked.cycle.tracks.in_bulk()
    for sheet in sheets:  # one cycle for all, so that its scheme is read once
        sheet.cycle, sheet.track = asked.cycle, tracks[sheet.track_id]
    admit(sheets, by=asked.by)
    return {}


def admit(sheets: Sequence[ScoreSheet], *, by: User) -> None:
    """Give each sheet its empty lines, those of a track at once, and begin its assessment."""
    require(by, is_office)
    lines, tracks = Batch(), defaultdict[Track, list[ScoreSheet]](list)
    for sheet in sheets:
        tracks[sheet.track].append(sheet)
    for of_track in tracks.values():
        lines.insert_for_each([sheet.pk for sheet in of_track], "sheet", _lines(of_track[0].rules))
    begin(AssessmentFlow.start, sheets, by=by, besides=lines)


def _lines(rules: TrackRules) -> list[SheetLine]:
    codes = [(part.code, LineKind.PART) for part in rules.parts()]
    codes += [(rule.code, LineKind.RULE) for rule in rules.rules()]
    return [SheetLine(code=code, kind=kind, position=position) for position, (code, kind) in enumerate(codes, start=1)]
