"""The stage on which the demo's cycles are played: time, chance, progress, and how long each step took."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from random import Random
from time import perf_counter

from django.conf import settings
from django.db import transaction

from accounts.models import User
from common import clock
from common.files import write_whole
from demo.world.cast import Cast
from outbox.models import Message
from scoring.models import Cycle

Say = Callable[[str], None]


@dataclass
class Stage:
    """One cycle being played."""

    cycle: Cycle
    cast: Cast
    filers: dict[int, User]
    random: Random
    say: Say
    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Play a step of the cycle: it is timed, and told in one line when it is over."""
        began = perf_counter()
        yield
        took = perf_counter() - began
        self.seconds[name] = round(took, 2)
        self.say(f"{self.cycle.year} {name} {took:.1f}s")

    @contextmanager
    def moment(self, instant: datetime) -> Iterator[None]:
        """What happens while the clock stands at `instant` (aware), in one transaction."""
        with clock.travel(instant), transaction.atomic():
            yield


def remember(stages: dict[int, dict[str, float]]) -> None:
    """Keep how long the steps took, for the report."""
    write_whole(_file(), json.dumps(stages).encode())


def remembered() -> dict[int, dict[str, float]]:
    """How long the steps of each year took when the demo was loaded; empty if it was not loaded here."""
    if not _file().exists():
        return {}
    kept: dict[str, dict[str, float]] = json.loads(_file().read_text(encoding="utf-8"))
    return {int(year): steps for year, steps in kept.items()}


def _file() -> Path:
    return Path(settings.DATA_DIR) / "demo-stages.json"


def mark_mail_sent() -> None:
    """The mails of the past were read long ago: they are kept as sent."""
    Message.objects.filter(sent_at=None).update(sent_at=clock.now(), read_at=clock.now())
