"""Who may, about sheets and about records of the year."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.permissions import Action
from accounts.rules import Rule, is_office, not_own_unit, permitted, rule
from scoring.models import Record, ScoreSheet

# Where many units are decided on at once, the one that is refused is named.
none_of_own: Rule[ScoreSheet] = rule(
    not_own_unit.allows, lambda sheet: _("Nobody decides on their own unit: %(unit)s.") % {"unit": sheet.unit_name}
)
of_its_department: Rule[Record] = rule(
    lambda actor, record: record.department_id in actor.department_ids(),
    gettext_lazy("This record belongs to another department."),
)
# R15: departments record what they know and take back their own, the office everything; nobody about their own unit.
keeps_record: Rule[Record] = permitted(Action.LOG_RECORD) & (of_its_department | is_office) & not_own_unit
