"""The assessments that a filer fills in, and why one can't be changed."""

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.actors import Actor
from scoring.models import Step
from workflow.flow.models import Assessment, Node, Task
from workflow.flow.queries.process import flow_ref


def last_filing(actor: Actor, pk: int) -> Task | None:
    """The self-evaluation's task of an assessment that is open, else the one that ended last; None where the assessment
    is of no unit that `actor` files for (one query, however much a page would want to know)."""
    filings: QuerySet[Task] = Task.objects.filter(flow_task=flow_ref(Node.SELF_EVALUATION), process=pk)
    return filings.filter(process__sheet__unit__in=actor.unit_ids).order_by("-pk").first()


def why_closed(assessment: Assessment) -> str:
    """Why a self-evaluation that is not open can't be changed: it is handed in, or nothing was in time (R6)."""
    if assessment.step == Step.EXCLUDED:
        return _("The deadline has passed. What you filled in is kept. Please contact the office about an extension.")
    return _("The self-evaluation is handed in; it can't be changed now.")


def awaits_draw(assessment: Assessment) -> bool:
    """Whether recipients may still be drawn for the unit, so that the size of its roster matters (R8)."""
    before = (Step.SELF_EVALUATION, Step.ACCEPTANCE, Step.DEPARTMENT_REVIEW)
    return assessment.step in before and not assessment.sheet.draws.filter(superseded_at=None).exists()
