"""Who is acting: a person with what they are at this instant, read once for a request."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

from django.db.models import Q, QuerySet
from django.http import HttpRequest

from accounts.models import Membership, Role, User
from common import clock
from common.rows import Prepared, ask

# For so long after leaving a unit its results are still one's own: an assessment is about a year.
STAKE = timedelta(days=366)
NOTED = "_actor"


@dataclass(frozen=True)
class Actor:
    """A signed-in person and their memberships of now; `left` are units that they filed for within the last year."""

    user: User
    memberships: tuple[Membership, ...] = ()
    left: frozenset[int] = frozenset()

    @property
    def roles(self) -> frozenset[Role]:
        """Everything that this person is."""
        return frozenset(Role(membership.role) for membership in self.memberships)

    def is_any(self, roles: Iterable[Role]) -> bool:
        """Whether the person is at least one of `roles`."""
        return not self.roles.isdisjoint(roles)

    @property
    def unit_ids(self) -> frozenset[int]:
        """The units that this person files for."""
        return frozenset(m.unit_id for m in self.memberships if m.unit_id is not None)

    @property
    def stakes(self) -> frozenset[int]:
        """The units in whose results the person has a stake: nobody gets rid of one by ending a membership today."""
        return self.unit_ids | self.left

    def no_stake(self, unit: str = "unit") -> Q:
        """The condition on rows that they are about no unit of `stakes`; `unit` is the path to a row's unit."""
        return ~Q(**{f"{unit}__in": self.stakes})

    def department_ids(self, *roles: Role) -> frozenset[int]:
        """The departments where this person is one of `roles` (any role when none is named)."""
        return frozenset(
            m.department_id for m in self.memberships if m.department_id is not None and (not roles or m.role in roles)
        )


def current_memberships(at: datetime | None = None) -> QuerySet[Membership]:
    """Memberships that hold at the instant `at` (now by default)."""
    instant = at or clock.now()
    return Membership.objects.filter(Q(until=None) | Q(until__gt=instant), since__lte=instant)


def lasting_memberships() -> QuerySet[Membership]:
    """Memberships that still tell of a person: those of now, and of filers within the last year.

    Whoever has such a one in a unit has a stake in its results, as `Actor.stakes` says of one person.
    """
    now = clock.now()
    return _lasting(now, now - STAKE)


def _lasting(now: datetime, ago: datetime) -> QuerySet[Membership]:
    lasting = Q(until=None) | Q(until__gt=now) | Q(role=Role.FILER, until__gt=ago)
    return Membership.objects.filter(lasting, since__lte=now)


@Prepared
def _memberships(user: int, now: datetime, ago: datetime) -> QuerySet[Membership]:
    return _lasting(now, ago).filter(user=user, user__is_active=True).select_related("unit", "department")


def actor_of(by: User | Actor) -> Actor:
    """The person with what they are now, and where they filed within the last year.

    One query; none for whoever makes a request, of whom its gate has read it, or who has been read already.
    """
    if isinstance(by, Actor):
        return by
    noted: Actor | None = getattr(by, NOTED, None)
    return noted if noted is not None else _read(by)


def actor_at_gate(user: User) -> Actor:
    """The person who makes a request, read once for all that is asked of them until it is answered."""
    actor = _read(user)
    setattr(user, NOTED, actor)
    return actor


def _read(user: User) -> Actor:
    now = clock.now()
    (held,) = ask(_memberships(user.pk, now, now - STAKE))
    present = tuple(membership for membership in held if membership.until is None or membership.until > now)
    left = (membership.unit_id for membership in held if membership not in present)
    return Actor(user=user, memberships=present, left=frozenset(unit for unit in left if unit is not None))


def requester(request: HttpRequest) -> Actor:
    """Who makes `request`; the access gate has made sure that they are signed in."""
    actor: Actor | None = getattr(request, "actor", None)
    return actor if actor is not None else actor_of(cast(User, request.user))


def members_with(*, role: Role, unit_id: int | None = None, department_id: int | None = None) -> QuerySet[User]:
    """Active people who hold `role` now, in the unit or department if one is named."""
    held = current_memberships().filter(role=role)
    if unit_id is not None:
        held = held.filter(unit_id=unit_id)
    if department_id is not None:
        held = held.filter(department_id=department_id)
    return User.objects.filter(is_active=True, pk__in=held.values("user_id"))
