"""What events are about: a model that bears this says under which name, and in which cycle's year, it is recorded."""

from typing import Any, ClassVar


class Subject:
    """A model whose history is kept: `recorded_as` is `kind:key`, such as `sheet:12`."""

    recorded_kind: ClassVar[str]
    pk: Any

    @property
    def recorded_as(self) -> str:
        """The name under which events about it are found."""
        return f"{self.recorded_kind}:{self.pk}"

    @property
    def recorded_year(self) -> int | None:
        """The year of the cycle that it belongs to; None where it belongs to none."""
        cycle = getattr(self, "cycle", None)
        return cycle.year if cycle else None
