"""How the demo's cycles stand, by track and state, and how long each step took (contract 6)."""

from typing import TypedDict

from django.db.models import Count

from demo.world.stage import remembered
from scoring.models import Cycle
from workflow.flow.models import Assessment


class TrackReport(TypedDict):
    """How many units a track has, and how many of them are in which state."""

    units: int
    states: dict[str, int]


class StageReport(TypedDict):
    """How long a step took to play."""

    name: str
    seconds: float


class CycleReport(TypedDict):
    """A cycle: its tracks by their code, and the steps in the order in which they were played."""

    year: int
    tracks: dict[str, TrackReport]
    stages: list[StageReport]


class Report(TypedDict):
    """The cycles by year, as they stand in the JSON."""

    cycles: list[CycleReport]


def report() -> Report:
    """How the cycles stand now (two queries a cycle); where the demo was not loaded here no step has a time."""
    took = remembered()
    return {
        "cycles": [
            {
                "year": cycle.year,
                "tracks": _tracks(cycle),
                "stages": [{"name": name, "seconds": seconds} for name, seconds in took.get(cycle.year, {}).items()],
            }
            for cycle in Cycle.objects.order_by("year")
        ]
    }


def _tracks(cycle: Cycle) -> dict[str, TrackReport]:
    counted = (
        Assessment.objects.filter(sheet__cycle=cycle)
        .values_list("sheet__track__code", "step")
        .annotate(units=Count("pk"))
        .order_by("sheet__track__position", "step")
    )
    tracks: dict[str, TrackReport] = {}
    for code, step, units in counted:
        track = tracks.setdefault(code, {"units": 0, "states": {}})
        track["units"] += units
        track["states"][step] = units
    return tracks
