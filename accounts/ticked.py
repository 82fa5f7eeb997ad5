"""The keys of what was ticked on a page: whatever else a request carries in their place is passed over."""

import re

from django.http import QueryDict

# No more digits than the database's keys can have: a longer number is nobody's key.
KEY = re.compile(r"[0-9]{1,18}")


def ticked(data: QueryDict, name: str = "ids") -> list[int]:
    """The keys in `data` under `name`, in the order sent."""
    return [int(value) for value in data.getlist(name) if KEY.fullmatch(value)]
