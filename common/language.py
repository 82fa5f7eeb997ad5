"""The house's own language, in which it speaks to others."""

from django.conf import settings
from django.utils import translation


def in_house_language() -> translation.override:
    """What is said to others is said in the house's language, not in that of the page that caused it."""
    return translation.override(settings.LANGUAGE_CODE)
