"""What the figures were measured on, and how fast this machine commits at all."""

import os
import platform
import time
from pathlib import Path

import django
from django.db import connection


def describe() -> dict[str, str]:
    """The machine and the versions, in words."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        (server,) = cursor.fetchone()
    return {
        "processor": _processor(),
        "cores": str(os.cpu_count()),
        "memory": f"{os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 2**30:.0f} GB",
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "django": django.get_version(),
        "postgresql": str(server).split()[0],
    }


def _processor() -> str:
    names = Path("/proc/cpuinfo")
    if names.exists():
        for line in names.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def commits_a_second(seconds: float = 2.0) -> float:
    """How many transactions of one small row this machine's PostgreSQL commits in a second, durably, one client."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE bench_commit (at double precision)")
        count, end = 0, time.perf_counter() + seconds
        while time.perf_counter() < end:
            cursor.execute("INSERT INTO bench_commit VALUES (0)")
            count += 1
        cursor.execute("DROP TABLE bench_commit")
    return count / seconds
