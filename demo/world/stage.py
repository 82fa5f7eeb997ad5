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
    def step(self, name: str, at: datetime) -> Iterator[None]:
        """Play a step of the cycle with the clock standing at `at`; one transaction, timed and told."""
        began = perf_counter()
        with clock.travel(at), transaction.atomic():
            yield
        took = perf_counter() - began
        self.seconds[name] = round(self.seconds.get(name, 0) + took, 2)
        self.say(f"{self.cycle.year} {name} {took:.1f}s")


def remember(stages: dict[int, dict[str, float]]) -> None:
    """Keep how long the steps took, for the report."""
    write_whole(_file(), json.dumps(stages).encode())


def remembered() -> dict[int, dict[str, float]]:
    """How long the steps of each year took when the demo was loaded; empty if it was not loaded here."""
    if not _file().exists():
        return {}
    found: dict[str, dict[str, float]] = json.loads(_file().read_text(encoding="utf-8"))
    return {int(year): steps for year, steps in found.items()}


def _file() -> Path:
    return Path(settings.DATA_DIR) / "demo-stages.json"


def mark_mail_sent() -> None:
    """The mails of the past were read long ago: they are kept as sent, and their secrets are gone."""
    waiting = Message.objects.filter(sent_at=None)
    waiting.filter(secret=True).update(address="", body="")
    waiting.update(sent_at=clock.now(), read_at=clock.now())
