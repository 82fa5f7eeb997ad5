"""What one person never decides alone: who is the office, the head of the leading group, the supervisor, and how they
sign in. Either the office asks and the supervisor confirms, or the other way round (a fresh house has operators)."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.actors import Actor, members_with
from accounts.models import ChangeKind, GuardedChange, Membership, Role, User
from accounts.rules import Rule, rule
from common import clock

GUARDED = frozenset({Role.OFFICE, Role.CHIEF, Role.SUPERVISOR})
CONFIRMED_BY = {Role.OFFICE: Role.SUPERVISOR, Role.SUPERVISOR: Role.OFFICE}
# Whoever oversees the others is none of them.
NOT_TOGETHER = {
    Role.SUPERVISOR: frozenset({Role.OFFICE, Role.CHIEF}),
    Role.OFFICE: frozenset({Role.SUPERVISOR}),
    Role.CHIEF: frozenset({Role.SUPERVISOR}),
}
STANDS_FOR = timedelta(days=7)


@dataclass(frozen=True)
class ListedChange:
    """A change as lists show it; `mine` where it waits for the reader's decision."""

    change: GuardedChange
    mine: bool = False

    @property
    def what(self) -> str:
        """What changes, in words."""
        return say_change(self.change)

    @property
    def second(self) -> str:
        """Who confirms it."""
        return str(CONFIRMED_BY[Role(self.change.asked_as)].label)


# ---- whom it is about ----


def guarded_memberships() -> QuerySet[Membership]:
    """Memberships of these roles that hold now or will, whether or not their people can sign in."""
    return Membership.objects.filter(Q(until=None) | Q(until__gt=clock.now()), role__in=GUARDED)


def waiting() -> QuerySet[GuardedChange]:
    """Changes that nobody has decided and that can still be confirmed."""
    return GuardedChange.objects.filter(decision="", expires_at__gt=clock.now()).select_related("user", "asked_by")


def is_guarded(user: User) -> bool:
    """Whether the person is one of these, or is to become one: what somebody confirms must not change meanwhile."""
    asked = waiting().filter(user=user, kind=ChangeKind.ROLE)
    return guarded_memberships().filter(user=user).exists() or asked.exists()


def signs_in_anew(change: GuardedChange) -> bool:
    """Whether the change, once confirmed, ends the person's password: whoever gets their first role of this kind does.

    Until then somebody of the office may have read that password, or set it.
    """
    if change.kind == ChangeKind.ROLE:
        return not guarded_memberships().filter(user=change.user).exists()
    return change.kind != ChangeKind.CONTACT


# ---- who decides ----


def asks_as(actor: Actor) -> Role | None:
    """In which of their roles a person asks for such changes; None for whoever can't."""
    return next((role for role in CONFIRMED_BY if role in actor.roles), None)


of_the_other_kind: Rule[GuardedChange] = rule(
    lambda actor, change: CONFIRMED_BY[Role(change.asked_as)] in actor.roles,
    lambda change: _("%(role)s decides this.") % {"role": CONFIRMED_BY[Role(change.asked_as)].label},
)
somebody_else: Rule[GuardedChange] = rule(
    lambda actor, change: actor.user.pk not in (change.asked_by_id, change.user_id),
    gettext_lazy("Another person has to confirm this: neither who asked for it nor whom it is about."),
)
confirms = of_the_other_kind & somebody_else
refuses = of_the_other_kind
withdraws: Rule[GuardedChange] = rule(
    lambda actor, change: actor.user.pk == change.asked_by_id, gettext_lazy("Only who asked for it withdraws it.")
)


def could_confirm(change: GuardedChange) -> QuerySet[User]:
    """Who could confirm the change now: where it is nobody, operators have to help."""
    others = members_with(role=CONFIRMED_BY[Role(change.asked_as)])
    return others.exclude(pk__in=(change.asked_by_id, change.user_id))


def to_confirm(actor: Actor) -> QuerySet[GuardedChange]:
    """What waits for this person's decision, what expires first at the top."""
    asked_as = [role for role, second in CONFIRMED_BY.items() if second in actor.roles]
    mine = waiting().filter(asked_as__in=asked_as).exclude(asked_by=actor.user).exclude(user=actor.user)
    return mine.order_by("expires_at", "pk")


# ---- how it is said ----


def say_change(change: GuardedChange) -> str:
    """The change in one sentence without its full stop: `张三担任领导小组组长`."""
    words = {"person": change.user.name, "role": change.get_role_display(), "name": change.name}
    words["mail"] = change.email or _("none")
    match change.kind:
        case ChangeKind.ROLE:
            return _("%(person)s becomes: %(role)s") % words
        case ChangeKind.CONTACT:
            return _("%(person)s is written as %(name)s, mail address %(mail)s") % words
        case ChangeKind.REOPEN:
            return _("the account of %(person)s is opened again") % words
        case _password:
            return _("%(person)s gets a new password") % words
