"""The tabs of a page."""

from dataclasses import dataclass

from django.utils.functional import Promise


@dataclass(frozen=True)
class Tab:
    """A tab: where it leads, what it is called, how much is there (None: not said; `1000+` of what is not counted on),
    and whether it is open."""

    url: str
    label: str | Promise
    count: int | str | None = None
    current: bool = False
