"""The vectors of docs/draw.md, for whoever redoes them: in Python, and in a browser."""

import json
import re
from pathlib import Path
from typing import Any

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "draw.md").read_text(encoding="utf-8")


def vectors() -> dict[str, Any]:
    """The values of the worked example."""
    block = re.search(r"```json\n(.*?)```", PAGE, re.DOTALL)
    assert block is not None
    read: dict[str, Any] = json.loads(block[1])
    return read
