"""What a demo adds to the navigation of every page."""

from django.utils.translation import gettext_lazy as _

from accounts.permissions import Action
from workflow.navigation import Place

DEMO = _("Demo")
PLACES = (
    Place("clock", _("Demo clock"), Action.MOVE_CLOCK, DEMO),
    Place("demo-mail", _("Demo mails and texts"), Action.MOVE_CLOCK, DEMO),
)
