"""A house behind the front that holds its threads until a file is there: what tests/bin/test_web.py starts."""

import io
import json
import os
import time
from pathlib import Path
from typing import Any

from django.core.exceptions import RequestDataTooBig

from common.front import ARRIVED, BUSY, DOWNLOADS, PAGES, PASSWORDS, Environ, Front, Lane

DOOR = Path(os.environ.get("HELD_DOOR", "door"))
MOST = 6 * 1024 * 1024
FILE = 32 * 1024 * 1024  # more than a server takes from us before its client does


class Told(list[bytes]):
    """An answer that is closed, as Django's are."""

    def close(self) -> None:
        """Nothing is open."""


def house(environ: Environ, start_response: Any) -> Any:
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
    if environ["PATH_INFO"] == "/file/":
        return environ["wsgi.file_wrapper"](io.BytesIO(b"x" * FILE))
    return Told([json.dumps({"arrived": environ[ARRIVED], "length": length}).encode()])


LANES = {name: Lane(name, threads=1, most_waiting=9) for name in (PAGES, PASSWORDS, DOWNLOADS, BUSY)}
BY_PATH = {"/open/": PASSWORDS}
application = Front(
    app=house,
    lanes=LANES,
    lane_of=lambda _method, path: BY_PATH.get(path, PAGES),
    longest_of=lambda _path: MOST,
    signed_in=lambda environ: "HTTP_COOKIE" in environ,
)
