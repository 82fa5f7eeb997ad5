"""Questions about people and where they belong."""

from collections.abc import Iterable
from typing import TypeVar

from django.db.models import Count, Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from accounts.actors import current_memberships
from accounts.models import Department, Membership, Role, Unit, User
from accounts.spelling import spelled_name
from common.errors import DomainError

P = TypeVar("P", Unit, Department)


def people(words: str = "", role: str = "") -> QuerySet[User]:
    """Accounts whose name, user name, mail or place contains `words`, with what they are now (two queries)."""
    accounts = User.objects.all()
    held = current_memberships()
    if role in Role.values:
        accounts = accounts.filter(pk__in=held.filter(role=role).values("user_id"))
    if words:
        there = held.filter(Q(unit__name__icontains=words) | Q(unit__code=words) | Q(department__name__icontains=words))
        accounts = accounts.filter(
            Q(username__icontains=words)
            | Q(name__icontains=words)
            | Q(name__icontains=spelled_name(words) or words)
            | Q(email__icontains=words)
            | Q(pk__in=there.values("user_id"))
        )
    shown = held.select_related("unit", "department").order_by("role", "pk")
    return accounts.prefetch_related(Prefetch("memberships", queryset=shown, to_attr="held"))


def units(words: str = "") -> QuerySet[Unit]:
    """Units whose code or name contains `words`, with how many people file for each now."""
    return _counted(Unit.objects.filter(Q(code__icontains=words) | Q(name__icontains=words)))


def departments(words: str = "") -> QuerySet[Department]:
    """Departments whose code or name contains `words`, with how many people belong to each now."""
    return _counted(Department.objects.filter(Q(code__icontains=words) | Q(name__icontains=words)))


def _counted(places: QuerySet[P]) -> QuerySet[P]:
    now = Q(memberships__in=current_memberships(), memberships__user__is_active=True)
    return places.annotate(members=Count("memberships", filter=now)).order_by("code")


def place_named(role: Role, text: str) -> Unit | Department | None:
    """The unit or department, as `role` demands, whose code or whole name is `text`.

    Raises DomainError for a name that several units have: a code says which.
    """
    return _named(Unit.objects.all(), text) if role == Role.FILER else _named(Department.objects.all(), text)


def _named(places: QuerySet[P], text: str) -> P | None:
    by_code = places.filter(code=text).first()
    if by_code is not None:
        return by_code
    named = list(places.filter(name=text)[:2])
    if len(named) > 1:
        raise DomainError(_("Several units are called “%(word)s”: give the code.") % {"word": text}, field="place")
    return named[0] if named else None


def working(role: Role) -> QuerySet[Membership]:
    """Memberships of `role` that hold now, with or without an end, of people who can sign in."""
    return current_memberships().filter(role=role, user__is_active=True)


# What an operator types for the first account: without a role it belongs to the office.
HOW_TO_BEGIN = "bin/manage add_account office1"


def nobody_can_sign_in() -> bool:
    """Whether there is no account yet: an operator has to make the first one (one query)."""
    return not User.objects.exists()


def filers_of(unit_ids: Iterable[int]) -> QuerySet[User]:
    """The people who file for these units, each once."""
    held = working(Role.FILER).filter(unit_id__in=list(unit_ids))
    return User.objects.filter(pk__in=held.values("user_id"))
