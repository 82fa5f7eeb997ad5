"""Units counted anew under a version that was signed: their lines follow it, and results that change go back."""

from collections.abc import Sequence

from django.urls import reverse

from accounts.queries import filers_of
from common.rows import Batch
from outbox.letters import letters
from outbox.services import queue
from scoring.engine.revision import revisions
from scoring.models import SchemeProposal, ScoreSheet
from scoring.queries.counted import counted_of
from scoring.services.lines import revise_lines
from scoring.services.results import keep_results_in, put_result, score_of
from workflow.bulk.models import BulkKind
from workflow.bulk.services import Asked, Refused, acts_for
from workflow.flow.endings import Ending, hold
from workflow.flow.models import Node, OutcomeKind
from workflow.flow.queries.process import open_tasks
from workflow.versions.queries.effect import recounted

STANDS = (Node.APPROVAL, Node.PUBLICITY)


@acts_for(BulkKind.NEW_VERSION)
def _count_anew(keys: Sequence[int], asked: Asked) -> Refused:
    proposals = SchemeProposal.objects.select_related("scheme", "instead_of", "cycle").defer("effect")
    proposal = proposals.get(pk=asked.words["proposal"])
    revised = revisions(proposal.instead_of.rules, proposal.scheme.rules)
    with hold(open_tasks().filter(process__sheet__in=keys)) as held:
        confirmed = {task.process.sheet: task for task in held.tasks if task.flow_task.name in STANDS}
        running = {task.process.sheet_id: task.process.sheet for task in held.tasks}
        over = ScoreSheet.objects.filter(pk__in=keys).exclude(pk__in=running).select_related("unit", "track")
        sheets = [*running.values(), *over.select_related("cycle__scheme")]
        counted = counted_of(sheets)
        back = [
            sheet
            for sheet in confirmed
            if not recounted(proposal, revised[sheet.track.code], sheet, counted[sheet.pk]).is_same
        ]
        lost = revise_lines(sheets, proposal, revised)
        same = [sheet for sheet in confirmed if sheet not in back] + [sheet for sheet in over if sheet.computed_at]
        results, counted = Batch(), counted_of(same)
        for sheet in same:
            put_result(sheet, score_of(sheet, counted[sheet.pk]))
        if same:
            keep_results_in(results, same)
            results.send()
        ending = Ending(kind=OutcomeKind.RECOUNTED, by=asked.by, why=proposal.why)
        held.end({confirmed[sheet]: ending for sheet in back})
        asks = {sheet.pk for sheet in sheets if revised[sheet.track.code].fresh}
        _tell(proposal, [sheet for sheet in sheets if sheet in back or sheet.pk in lost | asks])
    return {}


def _tell(proposal: SchemeProposal, sheets: Sequence[ScoreSheet]) -> None:
    people = filers_of([sheet.unit_id for sheet in sheets])
    cause, path = f"version-touches:{proposal.pk}", reverse("self-evaluation")
    queue(letters("version_touches", people, cause=cause, path=path, proposal=proposal))
