"""Clients that ask a web server at the same time, each with a connection and a session of its own."""

import asyncio
import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.conf import settings
from django.middleware.csrf import CSRF_SECRET_LENGTH
from django.test import Client

from accounts.models import User
from bench.http.serving import HOST

PATIENCE = 60.0  # seconds
TOKEN = "t" * CSRF_SECRET_LENGTH


@dataclass(frozen=True)
class Answers:
    """What clients saw: the status of each answer, how long each waited, and how long all took together, in seconds."""

    statuses: Sequence[int]
    waits: Sequence[float]
    seconds: float

    @property
    def rate(self) -> float:
        """Answers in a second."""
        return len(self.waits) / self.seconds

    @property
    def slowest_of_most(self) -> float:
        """Seconds within which 95 of 100 were answered."""
        return statistics.quantiles(self.waits, n=20)[-1]


def posting(by: User, path: str) -> bytes:
    """The request with which a person's browser, signed in, sends the form of a page."""
    browser = Client()
    browser.force_login(by, backend="django.contrib.auth.backends.ModelBackend")
    session = browser.cookies[settings.SESSION_COOKIE_NAME].value
    body = urlencode({"csrfmiddlewaretoken": TOKEN}).encode()
    head = (
        f"POST {path} HTTP/1.1\r\nHost: {HOST}\r\nConnection: close\r\nAccept-Language: zh-hans\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n"
        f"Cookie: {settings.SESSION_COOKIE_NAME}={session}; {settings.CSRF_COOKIE_NAME}={TOKEN}\r\n\r\n"
    )
    return head.encode() + body


def reading(path: str) -> bytes:
    """The request with which a stranger's browser reads a page, and then others over the same connection."""
    return f"GET {path} HTTP/1.1\r\nHost: {HOST}\r\nAccept-Language: zh-hans\r\n\r\n".encode()


def ask_again(port: int, request: bytes, *, clients: int, times: int) -> Answers:
    """Let each client send the request so many times over one connection, the next as soon as it is answered."""
    return asyncio.run(_ask_again(port, request, clients, times))


async def _ask_again(port: int, request: bytes, clients: int, times: int) -> Answers:
    start = time.perf_counter()
    everybody = await asyncio.gather(*(_reader(port, request, times) for _client in range(clients)))
    answers = [answer for answers in everybody for answer in answers]
    seconds = time.perf_counter() - start
    return Answers([status for status, _wait in answers], [wait for _status, wait in answers], seconds)


async def _reader(port: int, request: bytes, times: int) -> list[tuple[int, float]]:
    reader, writer = await asyncio.open_connection(HOST, port)
    answers = []
    async with asyncio.timeout(PATIENCE):
        for _time in range(times):
            start = time.perf_counter()
            writer.write(request)
            head = (await reader.readuntil(b"\r\n\r\n")).lower()
            await reader.readexactly(int(head.partition(b"content-length:")[2].partition(b"\r\n")[0]))
            answers.append((int(head.split(maxsplit=2)[1]), time.perf_counter() - start))
    writer.close()
    return answers


def ask(port: int, requests: Sequence[bytes], *, over: float = 0.0) -> Answers:
    """Send every request by a client of its own, spread evenly `over` so many seconds: all at once with 0."""
    return asyncio.run(_ask(port, requests, over))


async def _ask(port: int, requests: Sequence[bytes], over: float) -> Answers:
    start = time.perf_counter()
    clients = (_client(port, request, over * place / len(requests)) for place, request in enumerate(requests))
    answers = await asyncio.gather(*clients)
    seconds = time.perf_counter() - start
    return Answers([status for status, _wait in answers], [wait for _status, wait in answers], seconds)


async def _client(port: int, request: bytes, after: float) -> tuple[int, float]:
    await asyncio.sleep(after)
    start = time.perf_counter()
    async with asyncio.timeout(PATIENCE):
        reader, writer = await asyncio.open_connection(HOST, port)
        writer.write(request)
        answer = await reader.read()
        writer.close()
    return int(answer.split(maxsplit=2)[1]), time.perf_counter() - start
