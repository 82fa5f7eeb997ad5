"""Drawings: opened before a lottery over the rosters that are fixed, and given up with a reason (R8, docs/draw.md)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.actors import current_memberships
from accounts.models import Role, User
from accounts.rules import is_office, require
from audit.services import log
from audit.verbs import Verb
from common import clock
from common.errors import DomainError
from common.language import in_house_language
from common.many import Dealt
from documents.models import RosterWaiver
from documents.services.public_roster import fix_rosters
from documents.services.roster import same_people
from outbox.letters import letter
from outbox.models import Message
from outbox.services import queue, withdraw
from scoring.engine.categories import check_categories
from scoring.engine.draw import check_request
from scoring.engine.lottery import check_issue
from scoring.models import Ballot, CoveredRoster, Cycle, Draw, Drawing, PublicRoster, ScoreSheet
from scoring.refusals import engine_refusals
from workflow.flow.endings import hold, is_open
from workflow.flow.models import Node
from workflow.flow.queries.process import open_tasks
from workflow.rating.queries.drawings import categories_of, free_rosters, waiting_sheets
from workflow.rating.rules import gives_up

INVITED = (Role.OFFICE, Role.SUPERVISOR, Role.CHIEF)


@dataclass(frozen=True)
class Opened:
    """A drawing that was opened: the rosters that it covers, and those that it can't, each with why."""

    drawing: Drawing
    rosters: Dealt[PublicRoster]


def open_drawing(*, cycle: Cycle, issue: str, day: date, by: User) -> Opened:
    """Open the next drawing of a cycle: it names a lottery of a coming day and covers every roster that is free.

    From now on these rosters, and how many are drawn of each, are bound to it; what comes later goes to a later one.
    Raises DomainError at `issue` or `day` where the lottery has no such, at `day` once its last tickets are sold, and
    where no roster can be covered.
    """
    require(by, is_office)
    with engine_refusals():
        check_issue(issue, day)
    doubles = {sheet.pk: same_people(sheet) for sheet in waiting_sheets(cycle)}
    with transaction.atomic():
        held = Cycle.objects.select_for_update(of=("self",), no_key=True).get(pk=cycle.pk)
        last = held.drawings.order_by("-number").first()
        drawing = Drawing(
            cycle=held,
            number=last.number + 1 if last else 1,
            lottery_issue=issue,
            lottery_on=day,
            each_category=held.draw_each_category,
            opened_by=by,
            opened_at=clock.now(),
        )
        if clock.now() >= drawing.closes_at:
            raise DomainError(_("The lottery of that day is closed: choose a day to come."), field="day")
        _fix_what_is_not(held, {key: rows for key, rows in doubles.items() if rows})
        dealt, covered = _covered(drawing)
        if not covered:
            raise DomainError(_no_roster(dealt))
        drawing.save(force_insert=True)
        CoveredRoster.objects.bulk_create(covered)
        kept = {"issue": issue, "day": day.isoformat(), "rosters": len(covered)}
        log(Verb.DRAWING_OPENED, drawing, by=by, data=kept)
        queue(_invitations(drawing, by))
    return Opened(drawing, dealt)


def _invitations(drawing: Drawing, by: User) -> Iterator[Message]:
    """A mail to whoever else may well take part: the office, the supervisor, the head of the leading group."""
    inviting = current_memberships().filter(role__in=INVITED).exclude(user=by)
    for person in User.objects.filter(is_active=True, pk__in=inviting.values("user")).order_by("pk"):
        yield letter(
            "drawing_opened",
            cause=f"drawing:{drawing.pk}:{person.pk}",
            to=person,
            path=reverse("drawing", args=[drawing.pk]),
            about=drawing.recorded_as,
            due_at=drawing.closes_at,
            true_until=drawing.closes_at,
            drawing=drawing,
        )


def _fix_what_is_not(cycle: Cycle, doubles: dict[int, dict[str, int]]) -> None:
    """Fix what was accepted before rosters were, and anew those in which somebody stands twice (R8)."""
    fixed = PublicRoster.objects.filter(superseded_at=None, sheet__cycle=cycle)
    fix_rosters(waiting_sheets(cycle).exclude(pk__in=fixed.values("sheet")))
    with in_house_language():
        for sheet in waiting_sheets(cycle).filter(pk__in=doubles):
            rows = "、".join(map(str, sorted(doubles[sheet.pk].values())))
            why = _("Somebody stood in it twice; left out: row %(rows)s.") % {"rows": rows}
            fix_rosters([sheet], left_out=doubles, why=why)


def _covered(drawing: Drawing) -> tuple[Dealt[PublicRoster], list[CoveredRoster]]:
    """The free rosters that a drawing, not yet written, covers, and what keeps the others back."""
    dealt, covered = Dealt[PublicRoster](), []
    rosters = list(free_rosters(drawing.cycle))
    waived = set(RosterWaiver.objects.filter(sheet__cycle=drawing.cycle).values_list("sheet", flat=True))
    for roster in rosters:
        with dealt.refusing(roster):
            size = _size(roster, waived=roster.sheet_id in waived)
            with engine_refusals():
                check_request(roster.sheet.unit.code, size)
                if drawing.each_category:
                    categories = categories_of(roster)
                    check_categories(categories, categories, size)
            covered.append(CoveredRoster(drawing=drawing, roster=roster, size=size))
            dealt.done.append(roster)
    return dealt, covered


def _size(roster: PublicRoster, *, waived: bool) -> int:
    """How many are drawn: the scheme's sample, or everybody where the office let a smaller roster pass (R8)."""
    recipients, have = roster.sheet.rules.recipients, roster.people
    size = recipients.sample if recipients else have
    if have >= size or (have and waived):
        return min(size, have)
    raise DomainError(
        _("The roster of %(unit)s has %(have)d people, %(size)d are to be drawn.")
        % {"unit": roster.sheet.unit_name, "have": have, "size": size}
    )


def _no_roster(dealt: Dealt[PublicRoster]) -> str:
    """Why no drawing can be opened, in words: each roster that can't be covered, or that there is none."""
    kept_back = [str(error.message) for _roster, error in dealt.refused]
    return "\n".join([_("No fixed roster waits for a drawing."), *kept_back])


def supersede_drawing(*, drawing: Drawing, why: str, by: User) -> None:
    """Give a drawing up, with a reason; it stays listed, and its rosters are free for a later one.

    While nobody can know what would be drawn the office may, afterwards only the supervisor or the head of the leading
    group. What was drawn in it is superseded too and its ballots are revoked; raises DomainError once one was used.
    """
    if not why.strip():
        raise DomainError(_("Please give the reason."), field="why")
    drawn_for = Draw.objects.filter(drawing=drawing, superseded_at=None).values("sheet")
    tasks = open_tasks(Node.RECIPIENT_RATING).filter(process__sheet__in=drawn_for)
    with hold(tasks) as tasks_held:
        held = Drawing.objects.select_for_update(of=("self",), no_key=True).get(pk=drawing.pk)
        require(by, gives_up, held)
        if held.superseded_at is not None:
            raise DomainError(_("This drawing was given up before."))
        now = clock.now()
        open_sheets = [task.process.sheet for task in tasks_held.tasks if is_open(task)]
        _undo_draws(held, open_sheets, why.strip())
        held.superseded_at, held.superseded_by, held.superseded_why = now, by, why.strip()
        held.save(update_fields=["superseded_at", "superseded_by", "superseded_why"])
        withdraw([held.recorded_as])
        log(Verb.DRAWING_SUPERSEDED, held, by=by, why=why.strip())


def _undo_draws(drawing: Drawing, sheets: Sequence[ScoreSheet], why: str) -> None:
    """Supersede what was drawn and revoke its ballots, unless one has been used."""
    draws = drawing.draws.filter(superseded_at=None)
    ballots = Ballot.objects.filter(draw__in=draws)
    rated = draws.exclude(sheet__in=sheets).exists() or ballots.filter(spent=True).exists()
    if rated:
        raise DomainError(_("Ballots of this drawing have been used: it can't be given up any more."))
    ballots.filter(revoked_at=None).update(revoked_at=clock.now())
    draws.update(superseded_at=clock.now(), superseded_why=why)
