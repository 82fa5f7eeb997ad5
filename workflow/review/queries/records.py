"""Which records of the year a person sees, and which are theirs to take back."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.actors import Actor
from accounts.models import Role
from scoring.models import Record, ScoreSheet


def records_visible_to(actor: Actor) -> QuerySet[Record]:
    """A department's own records and those about units that it reviews; all of them for the office (R15)."""
    rows = Record.objects.select_related("unit", "department", "logged_by", "cycle")
    if Role.OFFICE in actor.roles:
        return rows
    reviewed = ScoreSheet.objects.filter(
        cycle=OuterRef("cycle"),
        unit=OuterRef("unit"),
        track__responsibilities__department_id__in=actor.department_ids(),
    )
    seen = Q(department_id__in=actor.department_ids()) | Exists(reviewed)
    return rows.filter(seen, actor.no_stake())


def own_record(actor: Actor) -> Q:
    """The condition under which a record is the actor's to take back: their department's, or all for the office.

    What is about a unit that they file for never is.
    """
    others = actor.no_stake()
    if Role.OFFICE in actor.roles:
        return others
    return others & Q(department_id__in=actor.department_ids())
