"""Who may: rules asked by services under their locks and by pages beforehand, composed with `&`, `|` and `~`.

A rule knows the words it refuses with. Rules about roles are built from the permission table, so that the gate of an
address and the service behind it never differ; rules about units and tasks stand in the rooms that know those.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar, overload

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.actors import Actor, actor_of
from accounts.models import User
from accounts.permissions import Action, may
from common.errors import NotAllowed

T_contra = TypeVar("T_contra", contravariant=True)
T = TypeVar("T")
U = TypeVar("U")
Words = Promise | Callable[[T], str]
NOT_YOURS = _("This is not yours to open or do")


@dataclass(frozen=True)
class Rule(Generic[T_contra]):
    """Whether an actor may do something with a thing; `refusal` gives the words against it, empty where they may."""

    refusal: Callable[[Actor, T_contra], str]

    def allows(self, actor: Actor, thing: T_contra) -> bool:
        """Whether the actor may."""
        return not self.refusal(actor, thing)

    @overload
    def __and__(self: "Rule[object]", other: "Rule[T]") -> "Rule[T]": ...
    @overload
    def __and__(self: "Rule[T]", other: "Rule[T]") -> "Rule[T]": ...
    def __and__(self: "Rule[T]", other: "Rule[T]") -> "Rule[T]":
        """Both; the words are those of the first that refuses."""
        return Rule(lambda actor, thing: self.refusal(actor, thing) or other.refusal(actor, thing))

    @overload
    def __or__(self: "Rule[object]", other: "Rule[T]") -> "Rule[T]": ...
    @overload
    def __or__(self: "Rule[T]", other: "Rule[T]") -> "Rule[T]": ...
    def __or__(self: "Rule[T]", other: "Rule[T]") -> "Rule[T]":
        """Either; where none allows, the words are the first's."""

        def refusal(actor: Actor, thing: T) -> str:
            words = self.refusal(actor, thing)
            return words if words and not other.allows(actor, thing) else ""

        return Rule(refusal)

    def __invert__(self: "Rule[T]") -> "Rule[T]":
        """The contrary; it wants words of its own (`saying`)."""
        return Rule(lambda actor, thing: str(NOT_YOURS) if self.allows(actor, thing) else "")

    def saying(self: "Rule[T]", words: Words[T]) -> "Rule[T]":
        """The same, refusing with these words; a function makes them from the thing."""
        return rule(self.allows, words)

    def on(self, reach: Callable[[U], T_contra]) -> "Rule[U]":
        """The same, asked of what `reach` finds: a task's rule that is really about its sheet."""
        return Rule(lambda actor, thing: self.refusal(actor, reach(thing)))


def rule(asks: Callable[[Actor, T], bool], words: Words[T]) -> Rule[T]:
    """A rule from a question and the words it refuses with."""

    def refusal(actor: Actor, thing: T) -> str:
        if asks(actor, thing):
            return ""
        return str(words) if isinstance(words, Promise) else words(thing)

    return Rule(refusal)


def permitted(action: Action, words: Promise | None = None) -> Rule[object]:
    """The roles that the permission table lets do `action`: what opens an address opens the service behind it."""
    return rule(lambda actor, _thing: may(actor, action), words or NOT_YOURS)


@overload
def require(by: User | Actor | None, asked: Rule[None], *, field: str | None = None) -> None: ...
@overload
def require(by: User | Actor | None, asked: Rule[T], thing: T, *, field: str | None = None) -> None: ...
def require(by: User | Actor | None, asked: Rule[T], thing: T | None = None, *, field: str | None = None) -> None:
    """Raise NotAllowed (at `field`, if named) unless the rule lets `by` act on `thing`; ask under the lock.

    A user's memberships are those that the gate of the request has read, else read now (one query); whoever asks about
    many things makes the actor once. None is the system itself, in a service whose `by` says so: a sweep, an
    operator's command.
    """
    if by is None:
        return
    words = asked.refusal(actor_of(by), thing)  # type: ignore[arg-type]  # overloads
    if words:
        raise NotAllowed(words, field=field)


# ---- what people are ----

is_office = permitted(Action.RUN_CYCLE, _("Only the office of the leading group does this."))
is_chief = permitted(Action.SIGN_BOARD, _("Only the head of the leading group signs."))
is_leader = permitted(Action.RATE, _("Only leaders rate."))
grades_boards = permitted(Action.EDIT_BOARD, _("Only the leading group and its office decide on grades."))
guards_accounts = permitted(
    Action.GUARD_ACCOUNTS, _("Only the office of the leading group and the supervisor do this.")
)
manages_accounts = permitted(Action.MANAGE_ACCOUNTS, _("Only the office of the leading group does this."))


# ---- whose unit ----


class OfUnit(Protocol):
    """Something that belongs to one unit: a sheet, a record."""

    @property
    def unit_id(self) -> int:
        """The unit's key."""
        ...


of_the_unit: Rule[OfUnit] = rule(
    lambda actor, thing: thing.unit_id in actor.unit_ids, _("Only the unit itself does this.")
)
# Design 6.4, for every decision about a single unit: whoever files for it, or did until lately, has a stake in it.
not_own_unit: Rule[OfUnit] = rule(
    lambda actor, thing: thing.unit_id not in actor.stakes, _("Nobody decides on their own unit.")
)
