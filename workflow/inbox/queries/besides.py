"""What a person owes besides the tasks of the flow: each source is one function of a fixed number of queries."""

from collections.abc import Iterable

from django.db.models import Count, Max
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.actors import Actor
from accounts.guarded import CONFIRMED_BY, say_change, to_confirm
from accounts.models import Role
from common import clock
from documents.models import NoticeReceipt
from scoring.models import Abstention, Rating, RatingKind
from scoring.queries.versions import open_proposals
from workflow.board.models import Board
from workflow.flow.models import Node
from workflow.flow.queries.process import open_tasks
from workflow.inbox.queries.decisions import Decision
from workflow.inbox.queries.owed import Owed


def notices_to_confirm(actor: Actor) -> list[Owed]:
    """Notices of results whose receipt the person's units have not confirmed (R14)."""
    if not actor.unit_ids:
        return []
    open_receipts = NoticeReceipt.objects.filter(sheet__unit_id__in=actor.unit_ids, confirmed_at=None)
    return [
        Owed(
            what=_("Confirm receipt of the notice of results"),
            about=receipt.notice.number,
            url=reverse("results"),
            detail=receipt.sheet.unit_name,
            cycle=receipt.sheet.cycle.short_title,
        )
        for receipt in open_receipts.select_related("notice", "sheet__cycle")
    ]


def ratings_to_give(actor: Actor) -> list[Owed]:
    """Units that a leader has not rated while the window is open (R2)."""
    if not actor.is_any((Role.LEADER, Role.CHIEF)):
        return []
    now = clock.now()
    given = Rating.objects.filter(component=RatingKind.LEADERS, rater=actor.user)
    abstained = Abstention.objects.filter(rater=actor.user)
    unrated = (
        open_tasks(Node.LEADERSHIP_RATING)
        .filter(process__sheet__cycle__ratings_open_at__lte=now, process__sheet__cycle__ratings_close_at__gt=now)
        .filter(actor.no_stake("process__sheet__unit"))
        .exclude(process__sheet_id__in=given.values("sheet_id"))
        .exclude(process__sheet_id__in=abstained.values("sheet_id"))
    )
    counted = (
        unrated.order_by()
        .values_list("process__sheet__cycle", "process__sheet__cycle__title")
        .annotate(many=Count("pk"), closes=Max("process__sheet__cycle__ratings_close_at"))
    )
    return [
        Owed(
            what=_("Rate the districts"),
            about=title,
            url=f"{reverse('leaders-grid')}?cycle={cycle}",
            due_at=closes,
            detail=_("%(count)d not rated yet") % {"count": many},
        )
        for cycle, title, many, closes in counted
    ]


def boards_to_sign(actor: Actor) -> list[Owed]:
    """Boards that wait for the head of the leading group."""
    if Role.CHIEF not in actor.roles:
        return []
    unsigned = Board.objects.filter(signed_at=None, superseded_at=None).select_related("track__cycle")
    waiting = unsigned.exclude(submitted_by=actor.user)  # somebody else signs what one submitted
    return [
        Owed(
            what=_("Review and sign the board"),
            about=board.track.name,
            url=reverse("board", args=[board.pk]),
            detail=board.track.cycle.title,
        )
        for board in waiting
    ]


def versions_to_sign(actor: Actor) -> list[Owed]:
    """Corrections of a scheme that wait for the head of the leading group."""
    if Role.CHIEF not in actor.roles:
        return []
    waiting = open_proposals().exclude(submitted_at=None).select_related("cycle")
    others = waiting.exclude(proposed_by=actor.user).exclude(submitted_by=actor.user)
    return [
        Owed(
            what=_("Review and sign a new version of the scheme"),
            about=proposal.cycle.title,
            url=reverse("version", args=[proposal.pk]),
            detail=proposal.why,
        )
        for proposal in others
    ]


def decisions_to_take(decisions: Iterable[Decision]) -> list[Owed]:
    """What the office decides next in the cycles that run."""
    return [
        Owed(
            what=str(decision.what),
            about=decision.cycle.title,
            url=decision.url,
            due_at=decision.due_at,
            detail=_how_many(decision.count),
        )
        for decision in decisions
    ]


def _how_many(count: int) -> str:
    return ngettext("%(count)d waits", "%(count)d wait", count) % {"count": count} if count else ""


def changes_to_confirm(actor: Actor) -> list[Owed]:
    """Changes of accounts that wait for this person as the second: a supervisor, or the office."""
    if not actor.is_any(CONFIRMED_BY):
        return []
    return [
        Owed(
            what=_("Confirm or refuse a change of an account"),
            about=change.user.name,
            url=reverse("guarded-change", args=[change.pk]),
            due_at=change.expires_at,
            detail=_("%(by)s asks: %(what)s") % {"by": change.asked_by.name, "what": say_change(change)},
        )
        for change in to_confirm(actor)
    ]


SOURCES = (notices_to_confirm, ratings_to_give, boards_to_sign, versions_to_sign, changes_to_confirm)


def owed_besides(actor: Actor, decisions: Iterable[Decision]) -> list[Owed]:
    """Everything that `actor` owes besides tasks; `decisions` are those that the office takes next."""
    return [*(owed for source in SOURCES for owed in source(actor)), *decisions_to_take(decisions)]
