"""What a person needs of pip's words when it fails: which package, why, and what to do."""

import platform
import re
import sys
from pathlib import Path

COMMAND = "$ "  # begins the line of the log after which a command's own words stand
NETWORK = (
    "Is the network there, and pip's index or proxy set (pip.conf, PIP_INDEX_URL, HTTPS_PROXY)? Then run this again."
)
HERE = f"Python {sys.version_info[0]}.{sys.version_info[1]} on {platform.system()} {platform.machine()}"
# What pip says, what that means, what helps; the first that is there counts.
CAUSES = (
    ("No space left on device", "the disk is full", "Make room, then run this again."),
    (
        "DO NOT MATCH THE HASHES",
        "the file that came is not the one that the lock holds by its hash (broken off, or changed on a mirror)",
        "Run this again; if it stays so, use another package index (pip.conf, PIP_INDEX_URL).",
    ),
    ("(from versions: none)", "no package index answered with it", NETWORK),
    (
        "No matching distribution found",
        f"the package index has no such file for {HERE}",
        "Is the index complete (pip.conf, PIP_INDEX_URL)? Else name another Python with PYTHON=/path/to/python3.",
    ),
    ("incomplete-download", "the download broke off", NETWORK),
    ("onnection", "the download broke off", NETWORK),
    ("timed out", "the package index did not answer in time", NETWORK),
)
# Where pip names the package that it was at; the last of the first kind that is there.
PACKAGE = (r"No matching distribution found for (\S+)", r"^    (\S+==\S+) from ", r"^ *(?:Collecting|Processing) (\S+)")


def failure(log: Path, lock: Path) -> str:
    """Two lines on why the last command of the log could not install what the lock asks for."""
    output = log.read_text(encoding="utf-8", errors="replace").rpartition(f"\n{COMMAND}")[2]
    named = next(
        (names[-1] for pattern in PACKAGE if (names := re.findall(pattern, output, re.MULTILINE))), "a package"
    )
    errors = re.findall(r"^error: (.+)", output, re.MULTILINE | re.IGNORECASE)
    unknown = errors[-1].rstrip(".") if errors else "pip stopped without giving a reason"
    why, advice = next(((why, advice) for words, why, advice in CAUSES if words in output), (unknown, NETWORK))
    return f"{named} of {lock.name} could not be installed: {why}.\n{advice} All that pip said: {log}"
