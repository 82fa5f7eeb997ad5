"""Who may grade and sign a board: the leading group, about no unit of their own, nobody what they submitted."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.rules import Rule, is_chief, not_own_unit, rule
from workflow.board.models import Board, BoardLine

grades_line: Rule[BoardLine] = rule(
    lambda actor, line: not_own_unit.allows(actor, line.sheet),
    lambda line: _("Nobody grades their own unit: %(unit)s.") % {"unit": line.sheet.unit_name},
)
has_not_submitted: Rule[Board] = rule(
    lambda actor, board: board.submitted_by_id != actor.user.pk,
    gettext_lazy("You submitted this version yourself: somebody else has to submit it or to sign it."),
)
signs = is_chief & has_not_submitted
