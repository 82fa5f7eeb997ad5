"""How far a request about many is, and who may look at it."""

from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from accounts.actors import Actor
from accounts.permissions import Action, may
from common.errors import DomainError
from scoring.models import Cycle
from workflow.bulk.models import BulkItem, BulkKind, BulkRun, BulkState


@dataclass(frozen=True)
class Progress:
    """How many of a request's units are done, refused, and still to do."""

    done: int
    refused: int
    left: int

    @property
    def total(self) -> int:
        """How many units were asked for."""
        return self.done + self.refused + self.left

    @property
    def dealt_with(self) -> int:
        """How many are not left any more."""
        return self.done + self.refused


def progress_of(run: BulkRun) -> Progress:
    """How far a request is (one query)."""
    counts = {state: Count("pk", filter=Q(state=state)) for state in BulkState.values}
    return Progress(**run.items.order_by().aggregate(**counts))


def refused_of(run: BulkRun) -> QuerySet[BulkItem]:
    """The units that were refused, with why, in the order asked."""
    return run.items.filter(state=BulkState.REFUSED)


def runs_visible_to(actor: Actor) -> QuerySet[BulkRun]:
    """Requests about many: one's own, and all of them for whoever reads what was done."""
    runs = BulkRun.objects.select_related("cycle", "by")
    return runs if may(actor, Action.READ_EVENTS) else runs.filter(by=actor.user)


def unfinished_runs() -> QuerySet[BulkRun]:
    """What is still to be worked off, the oldest first."""
    return BulkRun.objects.filter(finished_at=None).order_by("asked_at", "pk")


def being_worked_off(cycle: Cycle, *kinds: BulkKind) -> BulkRun | None:
    """The oldest request of these kinds in a cycle of which something is left."""
    return unfinished_runs().filter(cycle=cycle, kind__in=kinds).first()


def require_worked_off(cycle: Cycle, *kinds: BulkKind) -> None:
    """Raise DomainError while a request of these kinds is being worked off in a cycle: what follows waits for it."""
    if run := being_worked_off(cycle, *kinds):
        raise DomainError(
            _("%(what)s is still being worked off. Please try again when it is finished.") % {"what": run}
        )
