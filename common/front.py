"""The front of the house: takes a request off the socket, notes when, and hands it to a lane of threads.

An ASGI application around a WSGI one. The instant decides whether a request was in time (R6), and a thread is free
only when it is free: so it is noted here, where nothing waits. Each lane has threads of its own: what is slow
(passwords, whose hash takes half a second; uploads, which come as slowly as a line carries them) keeps nobody waiting
but its own kind.
"""

import asyncio
import io
import logging
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Protocol, TypeVar, cast
from urllib.parse import unquote_to_bytes

from django.core.exceptions import RequestDataTooBig

log = logging.getLogger(__name__)
T = TypeVar("T")
Message = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Environ = dict[str, Any]
Headers = list[tuple[str, str]]

# What the environ says beside WSGI's own: when (time.monotonic) the head of the request was taken off the socket,
# and that more requests wait in its lane than may.
ARRIVED, CROWDED = "kaohe.arrived", "kaohe.crowded"
PAGES, PASSWORDS, UPLOADS = "pages", "passwords", "uploads"
AHEAD = 1024 * 1024  # bytes of a body that are read before a thread is asked for: most forms are whole by then
PIECE = 64 * 1024  # bytes of a file that are sent at once
PATIENCE = 30.0  # seconds without a byte after which whoever sends a body is given up
THROWN_AWAY = 64 * 1024 * 1024  # bytes of a body that nobody wants, read so that the answer is seen


class Gone(OSError):
    """Whoever asked has gone, or sends nothing any more."""


class Answer(Iterable[bytes], Protocol):
    """What a WSGI application gives back; Django's says whether it comes piece by piece."""

    streaming: bool

    def close(self) -> None:
        """Nothing more is asked of it."""
        ...


App = Callable[[Environ, Callable[..., Any]], Any]


@dataclass
class Lane:
    """Threads for one kind of request; `most_waiting` more may wait for one of them."""

    name: str
    threads: int
    most_waiting: int
    _taken: int = 0
    _pool: ThreadPoolExecutor = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._pool = ThreadPoolExecutor(self.threads, thread_name_prefix=self.name)

    @property
    def crowded(self) -> bool:
        """Whether no more may wait."""
        return self._taken >= self.threads + self.most_waiting

    async def run(self, work: Callable[[], T]) -> T:
        """Do `work` once a thread of this lane is free."""
        self._taken += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._pool, work)
        finally:
            self._taken -= 1


class Front:
    """Stamps a request, reads its body ahead, chooses a lane, and lets the WSGI application answer there.

    `lane_of` names the lane for a method and an address; a body that is longer than what is read ahead goes to the lane
    of uploads. One whose length nobody says is read ahead up to `short` bytes, as long as a form without files may be.
    A body ends with RequestDataTooBig when it is longer than `most`.
    """

    def __init__(
        self, app: App, *, lanes: Iterable[Lane], lane_of: Callable[[str, str], str], short: int, most: int
    ) -> None:
        self._app, self._lane_of, self._short, self._most = app, lane_of, short, most
        self._lanes = {lane.name: lane for lane in lanes}

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer one request."""
        arrived = time.monotonic()
        environ = _environ(scope)
        exchange = _Exchange(receive, send, self._most)
        try:
            environ["CONTENT_LENGTH"] = await exchange.read_ahead(environ.get("CONTENT_LENGTH"), self._short)
            environ |= {ARRIVED: arrived, "wsgi.input": exchange.body()}
            name = self._lane_of(environ["REQUEST_METHOD"], environ["PATH_INFO"]) if exchange.ended else UPLOADS
            lane = self._lanes[name]
            if lane.crowded:
                environ[CROWDED], lane = True, self._lanes[PAGES]
            await exchange.give(await lane.run(partial(exchange.ask, self._app, environ)))
        except Gone:
            log.info("whoever asked for %s has gone", environ["PATH_INFO"])


class _Exchange:
    """One request and its answer: coroutines for the loop, and calls that wait for the loop for the thread."""

    def __init__(self, receive: Receive, send: Send, most: int) -> None:
        self._receive, self._send, self._most = receive, send, most
        self._loop = asyncio.get_running_loop()
        self._kept = bytearray()
        self._taken = 0
        self.ended = False
        self._head: Message = {}

    async def read_ahead(self, declared: str | None, short: int) -> str:
        """Read what is short; returns the length of the body, `most` where nobody knows it yet."""
        while not self.ended and len(self._kept) < (AHEAD if declared else short):
            self._kept += await self._more()
        return declared or str(len(self._kept) if self.ended else self._most)

    async def _more(self) -> bytes:
        """The next bytes of the body."""
        try:
            message = await asyncio.wait_for(self._receive(), PATIENCE)
        except TimeoutError as silence:
            raise Gone from silence
        if message["type"] != "http.request":
            raise Gone
        self.ended = not message.get("more_body")
        return cast(bytes, message.get("body", b""))

    def body(self) -> io.BufferedIOBase:
        """The body as a file, for a thread: what was read ahead, then what comes."""
        return io.BytesIO(self._kept) if self.ended else io.BufferedReader(_Coming(self.next_bytes), PIECE)

    def next_bytes(self) -> bytes:
        """The next bytes, waited for on a thread; nothing at the end. RequestDataTooBig beyond the most."""
        piece = bytes(self._kept)
        self._kept.clear()
        while not piece and not self.ended:
            piece = self._wait(self._more())
        self._taken += len(piece)
        if self._taken > self._most:
            raise RequestDataTooBig
        return piece

    def _wait(self, coroutine: Any) -> Any:
        waiting: Future[Any] = asyncio.run_coroutine_threadsafe(coroutine, self._loop)
        return waiting.result(2 * PATIENCE)

    def ask(self, app: App, environ: Environ) -> bytes:
        """On a thread: let the application answer; what comes piece by piece is sent, the rest returned."""
        answer = app(environ, self._start_response)
        try:
            if not getattr(answer, "streaming", False):
                return b"".join(answer)
            kept = b""
            for piece in answer:
                kept += piece
                if len(kept) >= PIECE:
                    self._wait(self._put(kept, more=True))
                    kept = b""
            return kept
        finally:
            answer.close()

    def _start_response(self, status: str, headers: Headers, _error: object = None) -> None:
        lines = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers]
        self._head = {"type": "http.response.start", "status": int(status[:3]), "headers": lines}

    async def give(self, rest: bytes) -> None:
        """Send what is left of the answer, which ends with it."""
        await self._put(rest, more=False)

    async def _put(self, piece: bytes, *, more: bool) -> None:
        if self._head:
            head, self._head = self._head, {}
            await self._throw_away()
            await self._send(head)
        await self._send({"type": "http.response.body", "body": piece, "more_body": more})

    async def _throw_away(self) -> None:
        """Read what nobody wanted of the body: a browser that still sends would not see the answer."""
        end, read = time.monotonic() + PATIENCE, 0
        while not self.ended and read < THROWN_AWAY and time.monotonic() < end:
            read += len(await self._more())


class _Coming(io.RawIOBase):
    """A file of bytes that come one after another."""

    def __init__(self, next_bytes: Callable[[], bytes]) -> None:
        super().__init__()
        self._next_bytes, self._rest = next_bytes, memoryview(b"")

    def readable(self) -> bool:
        """It is read only."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill the buffer with what there is; nothing at the end."""
        if not self._rest:
            self._rest = memoryview(self._next_bytes())
        count = min(len(buffer), len(self._rest))
        buffer[:count], self._rest = self._rest[:count], self._rest[count:]
        return count


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
        "wsgi.errors": io.StringIO(),
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
