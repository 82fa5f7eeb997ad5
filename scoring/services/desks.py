"""Departments by the names that schemes give them, kept apart between bodies whose desks are called alike."""

from django.db.models import Q

from accounts.identity import without_unseen
from accounts.models import Department
from scoring.models import Cycle

LONGEST = 120


def known_desk(name: str | None, cycle: Cycle) -> Department | None:
    """The department that a name means in a cycle, if the house knows it; never one that is another body's alone.

    What a department's people see is decided by the department. Where it has answered in assessments of other issuers
    only, the name alone does not show them this issuer's units: the office may choose it in the cycle's settings.
    """
    name = without_unseen(name or "")
    own = Department.objects.filter(name=_of_the_issuer(name, cycle)).first()
    known = own or Department.objects.filter(name=name).first()
    return known if own or known is None or not _is_of_others(known, cycle) else None


def desk_named(name: str | None, cycle: Cycle) -> Department | None:
    """The department of that name in a cycle; made if there is none, with the issuer behind a name that is taken."""
    name = without_unseen(name or "")
    if not name:
        return None
    known = known_desk(name, cycle)
    if known is not None:
        return known
    taken = set(Department.objects.values_list("code", flat=True))
    number = next(number for number in range(1, len(taken) + 2) if f"d{number}" not in taken)
    if Department.objects.filter(name=name).exists():
        name = _of_the_issuer(name, cycle)
    return Department.objects.create(name=name, code=f"d{number}")


def _of_the_issuer(name: str, cycle: Cycle) -> str:
    return f"{name}（{cycle.issuer}）"[:LONGEST]


def _is_of_others(department: Department, cycle: Cycle) -> bool:
    """Whether it has answered for other issuers, and never for this one; an issuer that is not known is nobody's."""
    answered = Q(tracks__desk=department) | Q(tracks__responsibilities__department=department)
    issuers = set(Cycle.objects.filter(answered).exclude(issuer="").values_list("issuer", flat=True))
    return bool(cycle.issuer and issuers) and cycle.issuer not in issuers
