"""The front of the house: takes a request off the socket, notes when, and hands it to a lane of threads.

An ASGI application around a WSGI one. The instant decides whether a request was in time (R6), and a thread is free
only when it is free: so it is noted here, where nothing waits. Whatever comes or goes as slowly as a line carries it
is waited for here too: a thread is asked for once a body is whole, and is free again before the answer is sent. Each
lane has threads of its own: passwords, whose hash takes half a second, keep nobody waiting but their own kind.
"""

import asyncio
import io
import logging
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from tempfile import SpooledTemporaryFile
from typing import IO, Any, TypeVar, cast
from urllib.parse import unquote_to_bytes

from django.core.exceptions import RequestDataTooBig

from common.numbers import key_in

log = logging.getLogger(__name__)
T = TypeVar("T")
Message = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Environ = dict[str, Any]
Headers = list[tuple[str, str]]

# What the environ says beside WSGI's own: when (time.monotonic) the head of the request was taken off the socket,
# and the name of the lane in which more requests wait than may.
ARRIVED, CROWDED = "kaohe.arrived", "kaohe.crowded"
# Lanes: for most, for what checks a password, for pieces of files on their way out, for saying that a lane is full.
PAGES, PASSWORDS, DOWNLOADS, BUSY = "pages", "passwords", "downloads", "busy"
AHEAD = 1024 * 1024  # bytes of a body that are taken from anybody and kept in memory: nearly every form is shorter
PIECE = 64 * 1024  # bytes of a file that are sent at once
# Seconds that a body may take, and bytes a second beyond: what is taken from anybody is whole, or given up, within
# 36 seconds, which is less than the sweep waits after a deadline.
PATIENCE, LEAST_RATE = 20.0, 64 * 1024
THROWN_AWAY = 64 * 1024 * 1024  # bytes of a body that nobody wants, read so that the answer is seen


class Gone(Exception):
    """Whoever asked has gone, or sends or takes nothing any more."""


App = Callable[[Environ, Callable[..., Any]], Any]


@dataclass
class Lane:
    """Threads for one kind of request; `most_waiting` more may wait for one of them, or as many as come."""

    name: str
    threads: int
    most_waiting: int | None = None
    _taken: int = 0
    _pool: ThreadPoolExecutor = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._pool = ThreadPoolExecutor(self.threads, thread_name_prefix=self.name)

    @property
    def crowded(self) -> bool:
        """Whether no more may wait."""
        return self.most_waiting is not None and self._taken >= self.threads + self.most_waiting

    async def run(self, work: Callable[[], T]) -> T:
        """Do `work` once a thread of this lane is free."""
        self._taken += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._pool, work)
        finally:
            self._taken -= 1


@dataclass(frozen=True)
class Front:
    """Stamps a request, takes its body, chooses a lane, and lets the WSGI application answer there.

    `lane_of` names the lane for a method and an address, `longest_of` the bytes of a body that an address takes. Beyond
    AHEAD they are taken only from whom `signed_in` knows, and kept in an unnamed file in `folder`. What is not taken
    ends, for an application that reads it, with RequestDataTooBig. A body that finds no room on the disk, or a lane
    that is full, is answered by the application in the lane BUSY, which finds CROWDED in the environ.
    """

    app: App
    lanes: Mapping[str, Lane]
    lane_of: Callable[[str, str], str]
    longest_of: Callable[[str], int]
    signed_in: Callable[[Environ], bool]
    folder: str | None = None

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer one request."""
        environ = _environ(scope) | {ARRIVED: time.monotonic()}
        lane = self.lanes[self.lane_of(environ["REQUEST_METHOD"], environ["PATH_INFO"])]
        with SpooledTemporaryFile(AHEAD, dir=self.folder) as kept:
            exchange = _Exchange(receive, send, kept)
            try:
                room = await self._take_body(exchange, environ, lane)
                if lane.crowded or not room:
                    environ[CROWDED], lane = lane.name, self.lanes[BUSY]
                rest = await lane.run(partial(exchange.ask, self.app, environ, self.folder))
                await exchange.give(rest, self.lanes[DOWNLOADS])
            except Gone:
                log.info("whoever asked for %s has gone", environ["PATH_INFO"])

    async def _take_body(self, exchange: "_Exchange", environ: Environ, lane: Lane) -> bool:
        """Let the environ have the body as a file, or one that can't be read; returns whether there was room for it."""
        most = self.longest_of(environ["PATH_INFO"])
        declared = environ.get("CONTENT_LENGTH")
        environ |= {"wsgi.input": io.BufferedReader(_Refused()), "CONTENT_LENGTH": declared or str(most + 1)}
        length = key_in(declared or "0")
        if length is None or length > most:
            return True
        try:
            await exchange.take(min(AHEAD, most))
            if not exchange.ended and not lane.crowded and await lane.run(partial(self.signed_in, environ)):
                await exchange.take(most)
        except OSError:
            log.exception("there is no room for a body")
            return False
        if exchange.ended and exchange.length <= most:
            exchange.kept.seek(0)
            environ |= {"wsgi.input": exchange.kept, "CONTENT_LENGTH": str(exchange.length)}
        return True


class _Exchange:
    """One request and its answer."""

    def __init__(self, receive: Receive, send: Send, kept: IO[bytes]) -> None:
        self._receive, self._send, self.kept = receive, send, kept
        self.ended = False
        self.length = 0
        self._head: Message = {}

    async def take(self, most: int) -> None:
        """Keep what comes of the body until it is longer than `most`. Raises Gone, or OSError if the disk is full."""
        if self.ended or self.length > most:
            return
        async for piece in self._pieces():
            self.length += len(piece)
            self.kept.write(piece)
            if self.length > most:
                return

    async def _pieces(self) -> AsyncIterator[bytes]:
        """What comes of the body. Raises Gone when it comes too slowly, or ends before its end."""
        began, read = time.monotonic(), 0
        while not self.ended:
            end = began + PATIENCE + read / LEAST_RATE
            message = await _within(end - time.monotonic(), self._receive())
            if message["type"] != "http.request":
                raise Gone
            self.ended = not message.get("more_body")
            piece = cast(bytes, message.get("body", b""))
            read += len(piece)
            yield piece

    def ask(self, app: App, environ: Environ, folder: str | None) -> bytes | IO[bytes]:
        """On a thread: let the application answer. What comes piece by piece is returned as a file, to be closed."""
        answer = app(environ | {"wsgi.file_wrapper": _File}, self._start_response)
        if isinstance(answer, _File):
            return answer.file
        try:
            if not getattr(answer, "streaming", False):
                return b"".join(answer)
            whole = SpooledTemporaryFile(AHEAD, dir=folder)  # noqa: SIM115  # closed when it is sent
            whole.writelines(answer)
            whole.seek(0)
            return cast(IO[bytes], whole)
        finally:
            answer.close()

    def _start_response(self, status: str, headers: Headers, _error: object = None) -> None:
        lines = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers]
        self._head = {"type": "http.response.start", "status": int(status[:3]), "headers": lines}

    async def give(self, answer: bytes | IO[bytes], lane: Lane) -> None:
        """Send the answer; a thread of `lane` is needed only while it reads a piece of a file."""
        if isinstance(answer, bytes):
            await self._begin()
            await self._put(answer, more=False)
            return
        try:
            await self._begin()
            while piece := await lane.run(partial(answer.read, PIECE)):
                await self._put(piece, more=True)
            await self._put(b"", more=False)
        finally:
            await lane.run(answer.close)

    async def _begin(self) -> None:
        """Send the head, once the rest of the body is read: a browser that still sends would not see the answer."""
        end, thrown = time.monotonic() + PATIENCE, 0
        async for piece in self._pieces():
            thrown += len(piece)
            if thrown > THROWN_AWAY or time.monotonic() > end:
                break
        await _within(PATIENCE, self._send(self._head))

    async def _put(self, piece: bytes, *, more: bool) -> None:
        await _within(PATIENCE, self._send({"type": "http.response.body", "body": piece, "more_body": more}))


async def _within(seconds: float, waited_for: Awaitable[T]) -> T:
    """What is waited for; raises Gone if it takes longer."""
    try:
        return await asyncio.wait_for(waited_for, seconds)
    except TimeoutError as silence:
        raise Gone from silence


class _File:
    """How the application says that an answer is a file; closing that closes the answer."""

    def __init__(self, file: IO[bytes], _size: int = 0) -> None:
        self.file = file


class _Refused(io.RawIOBase):
    """A body that was not taken."""

    def readable(self) -> bool:
        """It is read only, and not even that."""
        return True

    def readinto(self, _buffer: Any) -> int:
        """Raise what our page for bodies that are too long answers."""
        raise RequestDataTooBig


def _environ(scope: Mapping[str, Any]) -> Environ:
    """What WSGI wants to know of a request.

    A header with `_` in its name is left out: it would read as another one, such as the one that our proxy writes.
    """
    host, port = scope.get("server") or ("", "")
    environ: Environ = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(scope["raw_path"]).decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_NAME": host,
        "SERVER_PORT": str(port),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "REMOTE_ADDR": (scope.get("client") or ("",))[0],
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope["scheme"],
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    for raw, value in scope["headers"]:
        name = raw.decode("latin-1").upper()
        if "_" in name:
            continue
        key = name.replace("-", "_")
        key = key if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{key}"
        text = value.decode("latin-1")
        environ[key] = f"{environ[key]}{'; ' if key == 'HTTP_COOKIE' else ','}{text}" if key in environ else text
    return environ
