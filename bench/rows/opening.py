"""Opening a cycle: sheets, lines, processes, tasks, mails, in one go."""

from collections.abc import Iterator

from bench import world
from bench.peer import drive
from bench.row import Goal, Named, Row
from bench.timing import Turn, take_turns
from workflow.bulk.services import work_off
from workflow.office.services.opening import open_cycle


def opening(quick: bool) -> Iterator[Row]:
    """The office opens; the peer starts bare processes one by one."""
    units, rounds = (500, 1) if quick else (10_000, 1)

    def ours() -> Turn:
        ground = world.draft(units)

        def work() -> int:
            work_off(open_cycle(cycle=ground.cycle, by=ground.cast.office))
            return units

        return work

    def peer() -> Turn:
        return lambda: len(drive.begin(min(units, 500)))

    seen = take_turns({"ours": ours, "peer": peer}, rounds=rounds)
    yield Row(
        work="open_cycle",
        n=units,
        ours=seen["ours"].rate,
        unit="units/s",
        statements=seen["ours"].statements,
        peer=Named(drive.NAME, seen["peer"].rate),
        goal=Goal(least=1100),
    )


WORKS = {"open_cycle": opening}
