"""What every rating is: a number from 0 to 100 (R9)."""

from typing import Any

from django.utils.translation import gettext_lazy as _

RATING: dict[str, Any] = {
    "max_digits": 5,
    "decimal_places": 2,
    "min_value": 0,
    "max_value": 100,
    "error_messages": {
        "invalid": _("Give a number from 0 to 100."),
        "min_value": _("Give a number from 0 to 100."),
        "max_value": _("Give a number from 0 to 100."),
        "max_decimal_places": _("At most two digits after the point."),
    },
}
