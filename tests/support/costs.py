"""Tells at the end of a run where it went, folder by folder: seconds on the clock and on the processor."""

import os
from collections import defaultdict
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import PurePosixPath

import pytest


@dataclass
class Cost:
    """What the tests of a folder took, their fixtures included."""

    tests: int = 0
    wall: float = 0.0
    processor: float = 0.0


def processor() -> float:
    """Seconds that this process, and what it started and waited for, spent on the processor."""
    return sum(os.times()[:4])


class Meter:
    """In each worker: how much of the processor a test took since the one before."""

    def __init__(self) -> None:
        self.seen = processor()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Adds it to the report, which travels to the process that sums up."""
        report = yield
        now = processor()
        report.processor, self.seen = now - self.seen, now
        return report


class Bill:
    """In the process that the person started: the sums, told at the end."""

    def __init__(self) -> None:
        self.costs: dict[str, Cost] = defaultdict(Cost)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Counts one part of a test: its set-up, itself, its clearing up."""
        cost = self.costs[str(PurePosixPath(report.location[0]).parent)]
        cost.tests += report.when == "call"
        cost.wall += report.duration
        cost.processor += getattr(report, "processor", 0.0)

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Prints a line for each folder, the dearest first."""
        if not self.costs:
            return
        terminalreporter.section("where it went: tests, seconds, of them on the processor")
        for folder, cost in sorted(self.costs.items(), key=lambda entry: -entry[1].wall):
            terminalreporter.line(f"{folder:<28}{cost.tests:>6}{cost.wall:>8.1f}{cost.processor:>8.1f}")


def pytest_configure(config: pytest.Config) -> None:
    """Measures where tests run, sums up where a person looks."""
    config.pluginmanager.register(Meter())
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(Bill())
