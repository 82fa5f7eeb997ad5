"""Who is told of a new task, and in what words: each announcement is an audience and a letter, both pure."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse

from accounts.actors import current_memberships
from accounts.models import Membership, Role, User
from common import clock
from common.rows import Prepared, ask, new
from outbox.letters import letter
from outbox.models import DUE, Message
from outbox.services import Draft
from scoring.models import Cycle, ScoreSheet, Step
from workflow.flow.cases import Case, Facts
from workflow.flow.models import Outcome, OutcomeKind, Task
from workflow.flow.queries.process import about, about_ratings, about_step

NOWHERE = 0  # the key of no unit and no department
# What sends a piece back to a department or the office.
COMES_BACK = (OutcomeKind.REOPENED, OutcomeKind.RETURNED, OutcomeKind.UPHELD, OutcomeKind.RECOUNTED)


@dataclass(frozen=True)
class News:
    """A new task as it is told of: step and outcome are those of its creation, since its case goes on."""

    task: Task
    sheet: ScoreSheet
    step: Step
    outcome: Outcome | None
    facts: Facts

    @classmethod
    def of(cls, case: Case, task: Task) -> "News":
        """What there is to tell of a task that was created just now."""
        return cls(task, case.sheet, Step(case.process.step), case.outcome, case.facts)

    @property
    def cycle(self) -> Cycle:
        """The cycle."""
        return self.sheet.cycle

    @property
    def comes_back(self) -> bool:
        """Whether somebody sent the piece back."""
        return self.outcome is not None and self.outcome.kind in COMES_BACK

    @property
    def contact(self) -> str:
        """Whom the unit may ask."""
        return self.cycle.contact or self.facts.office

    @property
    def page(self) -> str:
        """Where it is done."""
        return reverse("task", args=[self.task.pk])


@dataclass(frozen=True)
class Audience:
    """Everybody who holds one of the roles now, in the unit or department if one is named; or one person."""

    roles: tuple[Role, ...] = ()
    place_id: int | None = None
    person_id: int | None = None


@dataclass(frozen=True)
class Announcement:
    """Whom to tell of a new task, and what each of them reads."""

    audience: Callable[[News], Audience]
    draft: Callable[[News, User], Draft]


def drafts(told: Iterable[tuple[Announcement, News]]) -> Iterator[Draft]:
    """The letters about new tasks, for whoever must act (one query for all of them, none without any)."""
    wanted = [(announcement, news, announcement.audience(news)) for announcement, news in told]
    people = _people_of([audience for _announcement, _news, audience in wanted])
    for announcement, news, audience in wanted:
        for person in people(audience):
            yield announcement.draft(news, person)


@Prepared
def _memberships(now: datetime, roles: tuple[str, ...], places: tuple[int, ...]) -> QuerySet[Membership, Any]:
    here = Q(unit__in=places) | Q(department__in=places) | Q(unit=None, department=None)
    rows = current_memberships(now).filter(here, user__is_active=True, role__in=roles).order_by("user_id")
    return rows.values_list("role", "unit", "department", "user")


def _people_of(audiences: list[Audience]) -> Callable[[Audience], Iterable[User]]:
    roles = {role for audience in audiences for role in audience.roles}
    places = {audience.place_id for audience in audiences if audience.place_id is not None}
    held: dict[tuple[str, int | None], list[int]] = {}
    if roles:
        (rows,) = ask(_memberships(clock.now(), tuple(roles), tuple(places or {NOWHERE})))
        for role, unit, department, user in rows:
            held.setdefault((role, unit or department), []).append(user)

    def people(audience: Audience) -> Iterable[User]:
        keys = [key for role in audience.roles for key in held.get((role, audience.place_id), ())]
        return [new(User, id=key) for key in dict.fromkeys([audience.person_id] if audience.person_id else keys)]

    return people


# ---- the unit ----


def _filers(news: News) -> Audience:
    return Audience((Role.FILER,), news.sheet.unit_id)


def _to_filer(news: News, person: User) -> Draft:
    """A self-evaluation is theirs; after a return the mail says who, why, which parts and until when."""
    cause, depends_on = f"task:{news.task.pk}:{person.pk}", about(news.task)
    outcome = news.outcome
    if outcome is None or outcome.kind != OutcomeKind.RETURNED:
        return _new_task(news, person, cause=cause, depends_on=depends_on)
    return Draft(
        cause,
        lambda: _letter(
            "task_returned",
            news,
            person,
            cause=cause,
            path=news.page,
            about=depends_on,
            due_at=outcome.until,
            until=DUE,
        ),
    )


def _excluded(news: News, person: User) -> Draft:
    """The unit takes no part in this year's assessment, and what can be done (R6)."""
    cause = f"excluded:{news.task.pk}:{person.pk}"
    page = reverse("assessment", args=[news.task.process_id])
    return Draft(cause, lambda: _letter("unit_excluded", news, person, cause=cause, path=page, about=about(news.task)))


# ---- departments and the office ----


def _reviewers(news: News) -> Audience:
    return _whoever_holds_it(news) or Audience((Role.REVIEWER,), news.task.department_id)


def _office(news: News) -> Audience:
    return _whoever_holds_it(news) or Audience((Role.OFFICE,))


def _whoever_holds_it(news: News) -> Audience | None:
    return Audience(person_id=news.task.owner_id) if news.comes_back and news.task.owner_id else None


def _to_reviewer(news: News, person: User) -> Draft:
    return _of_the_day(news, person, whose=f"department:{news.task.department_id}")


def _to_office(news: News, person: User) -> Draft:
    return _of_the_day(news, person, whose="office")


def _of_the_day(news: News, person: User, *, whose: str) -> Draft:
    """One mail a day and step, naming the first, since tasks come by the hundred; what comes back is told at once.

    The mail of the day stands for whatever follows, and so does not end with its first task.
    """
    if news.comes_back:  # who sent it, why, which parts
        cause = f"task:{news.task.pk}:{person.pk}"
        return Draft(
            cause, lambda: _letter("task_back", news, person, cause=cause, path=news.page, about=about(news.task))
        )
    node = news.task.node
    cause = f"tasks:{news.cycle.pk}:{node}:{whose}:{clock.today().isoformat()}:{person.pk}"
    return _new_task(news, person, cause=cause, depends_on=about_step(news.cycle, node))


# ---- leaders ----


def _to_leader(news: News, person: User) -> Draft:
    """Units wait for their rating: one mail for each person and cycle (R9)."""
    cause, closes = f"leaders:{news.cycle.pk}:{person.pk}", news.cycle.ratings_close_at
    return Draft(
        cause,
        lambda: _letter(
            "ratings_wait",
            news,
            person,
            cause=cause,
            path=f"{reverse('leaders-grid')}?cycle={news.cycle.pk}",
            about=about_ratings(news.cycle),
            due_at=closes,
            true_until=closes,
        ),
    )


def _new_task(news: News, person: User, *, cause: str, depends_on: str) -> Draft:
    due = news.task.due_at
    return Draft(
        cause,
        lambda: _letter("task_new", news, person, cause=cause, path=news.page, about=depends_on, due_at=due),
    )


def _letter(name: str, news: News, person: User, **what: Any) -> Message:
    return letter(name, to=person, news=news, cycle=news.cycle, sheet=news.sheet, outcome=news.outcome, **what)


TO_UNIT = Announcement(_filers, _to_filer)
OF_EXCLUSION = Announcement(_filers, _excluded)
TO_DEPARTMENT = Announcement(_reviewers, _to_reviewer)
TO_OFFICE = Announcement(_office, _to_office)
TO_LEADERS = Announcement(lambda _news: Audience((Role.LEADER, Role.CHIEF)), _to_leader)
