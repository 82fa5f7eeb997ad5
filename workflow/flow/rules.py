"""Who may act on a task or a line of a board: asked by services under the process lock (docs/architecture.md).

What the office decides about one unit is `is_office & not_own_unit`, asked of the sheet; what is about a whole track
or cycle is `is_office`: both stand in `accounts/rules.py`.
"""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.permissions import TABLE, Action
from accounts.rules import Rule, Words, is_leader, is_office, not_own_unit, rule
from scoring.models import ScoreSheet
from workflow.flow.models import Task
from workflow.flow.queries.visibility import tasks_for


def sheet_of(task: Task) -> ScoreSheet:
    """The sheet that a task is about."""
    sheet: ScoreSheet = task.process.sheet
    return sheet


def in_its_department(action: Action, words: Words[Task]) -> Rule[Task]:
    """People of the department that a task belongs to, in a role that the permission table lets do `action`."""
    return rule(lambda actor, task: task.department_id in actor.department_ids(*TABLE[action]), words)


# ---- any task ----

acts_on: Rule[Task] = rule(
    lambda actor, task: tasks_for(actor).filter(pk=task.pk).exists(), gettext_lazy("This task is not yours.")
)
holds: Rule[Task] = rule(
    lambda actor, task: task.owner_id == actor.user.pk, gettext_lazy("Only who holds this can release it.")
)


# ---- the receiving desk ----

of_the_desk = in_its_department(
    Action.ACCEPT_MATERIALS,
    lambda task: _("%(unit)s reports to another department.") % {"unit": sheet_of(task).unit_name},
)
accepts = (
    not_own_unit.saying(gettext_lazy("Nobody accepts the materials of their own unit.")).on(sheet_of) & of_the_desk
)


# ---- departments ----

of_the_department = in_its_department(Action.REVIEW, gettext_lazy("This review belongs to another department."))
heads_the_department = in_its_department(
    Action.APPROVE_REVIEW, gettext_lazy("Only the department head approves a review.")
)
reviews = of_the_department & not_own_unit.saying(gettext_lazy("Nobody reviews their own unit.")).on(sheet_of)
approves = reviews & heads_the_department


# ---- the office ----

consolidates: Rule[Task] = (is_office & not_own_unit).on(sheet_of)


# ---- the leading group ----

rates = is_leader & not_own_unit.saying(gettext_lazy("Nobody rates their own unit."))
