"""What events are about: a model that bears this says under which name, and in which cycle, it is recorded."""

from typing import Any, ClassVar


class Subject:
    """A model whose history is kept: `recorded_as` is `kind:key`, such as `sheet:12`."""

    recorded_kind: ClassVar[str]
    recorded_by: ClassVar[str] = "pk"
    pk: Any

    @property
    def recorded_as(self) -> str:
        """The name under which events about it are found."""
        return f"{self.recorded_kind}:{getattr(self, self.recorded_by)}"

    @property
    def recorded_cycle(self) -> str:
        """The name of the cycle that it belongs to; empty where it belongs to none."""
        slug: str = getattr(getattr(self, "cycle", self), "slug", "")
        return slug
