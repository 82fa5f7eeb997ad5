"""The keys of what was ticked on a page: whatever else a request carries in their place is passed over."""

from django.http import QueryDict

from common.numbers import key_in


def ticked(data: QueryDict, name: str = "ids") -> list[int]:
    """The keys in `data` under `name`, in the order sent."""
    return [key for value in data.getlist(name) if (key := key_in(value)) is not None]
