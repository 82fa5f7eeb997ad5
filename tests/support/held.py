"""A house behind the front that holds its threads until a file is there: what tests/bin/test_web.py starts."""

import json
import os
import time
from pathlib import Path
from typing import Any

from django.core.exceptions import RequestDataTooBig

from common.front import ARRIVED, PAGES, PASSWORDS, UPLOADS, Environ, Front, Lane

DOOR = Path(os.environ.get("HELD_DOOR", "door"))
SHORT, MOST = 2 * 1024 * 1024, 6 * 1024 * 1024


class Told(list[bytes]):
    """An answer that is closed, as Django's are."""

    def close(self) -> None:
        """Nothing is open."""


def house(environ: Environ, start_response: Any) -> Told:
    """Wait for the door, read the body, tell when the request arrived and how long its body was."""
    while environ["PATH_INFO"] != "/open/" and not DOOR.exists():
        time.sleep(0.01)
    length = 0
    try:
        while environ["PATH_INFO"] == "/read/" and (piece := environ["wsgi.input"].read(65536)):
            length += len(piece)
    except RequestDataTooBig:
        length = -1
    start_response("200 OK", [("Content-Type", "application/json")])
    return Told([json.dumps({"arrived": environ[ARRIVED], "length": length}).encode()])


LANES = [Lane(name, threads=1, most_waiting=9) for name in (PAGES, PASSWORDS, UPLOADS)]
BY_PATH = {"/open/": PASSWORDS}
application = Front(house, lanes=LANES, lane_of=lambda _method, path: BY_PATH.get(path, PAGES), short=SHORT, most=MOST)
