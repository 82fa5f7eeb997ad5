"""The front: it notes when a request came before a thread is free, keeps lanes apart, and lets no body grow."""

import asyncio
import io
import threading
import time
from collections.abc import Callable, Iterable
from typing import Any

import pytest
from django.core.exceptions import RequestDataTooBig

from common import front
from common.front import ARRIVED, CROWDED, PAGES, PASSWORDS, UPLOADS, Environ, Front, Lane

LONG = front.AHEAD + 1


class Parts(list[bytes]):
    """An answer as Django gives it."""

    streaming = False
    closed = False

    def close(self) -> None:
        self.closed = True


class House:
    """A WSGI application that keeps what it was asked, answers with the body, and waits while the door is shut."""

    def __init__(self) -> None:
        self.asked: list[Environ] = []
        self.door = threading.Event()
        self.door.set()
        self.answer: Callable[[Environ], Parts] = lambda environ: Parts([environ["wsgi.input"].read()])

    def __call__(self, environ: Environ, start_response: Any) -> Parts:
        if environ["PATH_INFO"] != "/open/":
            self.door.wait()
        environ["thread"] = threading.current_thread().name
        self.asked.append(environ)
        given = self.answer(environ)
        start_response("200 OK", [("Content-Type", "text/plain")])
        return given

    def front(self, most: int = 4 * LONG, waiting: int = 100) -> Front:
        """The house behind a front with one thread a lane; what is asked of `/sign-in/` goes with the passwords."""
        lanes = [Lane(name, threads=1, most_waiting=waiting) for name in (PAGES, PASSWORDS, UPLOADS)]
        by_path = {"/sign-in/": PASSWORDS}
        return Front(
            self, lanes=lanes, lane_of=lambda _method, path: by_path.get(path, PAGES), short=2 * LONG, most=most
        )


class Caller:
    """A browser: sends a request in pieces, and keeps what comes back in the order of both."""

    def __init__(self, path: str = "/", pieces: Iterable[bytes] = (b"",), **scope: Any) -> None:
        self.scope = {
            "type": "http", "method": "POST", "raw_path": path.encode(), "query_string": b"", "scheme": "http",
            "http_version": "1.1", "server": ("127.0.0.1", "80"), "client": ("192.0.2.1", 1), "headers": [],
        } | scope  # fmt: skip
        pieces = list(pieces)
        self.to_send = [{"type": "http.request", "body": piece, "more_body": True} for piece in pieces]
        self.to_send[-1]["more_body"] = False
        self.done: list[str] = []
        self.body = b""

    async def receive(self) -> dict[str, Any]:
        await asyncio.sleep(0)
        self.done.append("sent")
        return self.to_send.pop(0) if self.to_send else {"type": "http.disconnect"}

    async def send(self, message: dict[str, Any]) -> None:
        self.done.append(message["type"])
        self.body += message.get("body", b"")

    async def ask(self, of: Front) -> None:
        await of(self.scope, self.receive, self.send)


def ask(of: Front, caller: Caller) -> Caller:
    asyncio.run(caller.ask(of))
    return caller


async def taken(*callers: Caller) -> None:
    """Wait until the front has read all that the callers send."""
    while any(caller.to_send for caller in callers):
        await asyncio.sleep(0)
    await asyncio.sleep(0.01)


def test_a_request_is_stamped_while_every_thread_is_busy() -> None:
    house = House()
    house.door.clear()

    async def crowd() -> float:
        of, callers = house.front(), [Caller() for _number in range(5)]
        waiting = [asyncio.create_task(caller.ask(of)) for caller in callers]
        await taken(*callers)
        all_are_here = time.monotonic()
        house.door.set()
        await asyncio.gather(*waiting)
        return all_are_here

    all_are_here = asyncio.run(crowd())
    assert len(house.asked) == 5
    assert all(environ[ARRIVED] <= all_are_here for environ in house.asked)


def test_a_lane_that_is_full_keeps_no_other_waiting() -> None:
    house = House()
    house.door.clear()

    async def crowd() -> list[str]:
        of = house.front()
        held = [asyncio.create_task(Caller("/sign-in/").ask(of)) for _number in range(3)]
        await Caller("/open/").ask(of)
        before = [environ["PATH_INFO"] for environ in house.asked]
        house.door.set()
        await asyncio.gather(*held)
        return before

    assert asyncio.run(crowd()) == ["/open/"]
    assert {environ["thread"] for environ in house.asked} == {"pages_0", "passwords_0"}


def test_more_than_may_wait_are_answered_at_once_on_the_lane_of_pages() -> None:
    house = House()
    house.door.clear()

    async def crowd() -> None:
        of, first = house.front(waiting=0), Caller("/sign-in/")
        held = asyncio.create_task(first.ask(of))
        await taken(first)
        second = asyncio.create_task(Caller("/sign-in/").ask(of))
        await asyncio.sleep(0.01)
        house.door.set()
        await asyncio.gather(held, second)

    asyncio.run(crowd())
    assert {environ["thread"]: environ.get(CROWDED, False) for environ in house.asked} == {
        "passwords_0": False, "pages_0": True,
    }  # fmt: skip


def test_a_short_body_is_whole_before_a_thread_is_asked_for() -> None:
    house = House()
    caller = ask(house.front(), Caller(pieces=[b"one ", b"two ", b"three"]))
    assert caller.body == b"one two three"
    assert house.asked[0]["CONTENT_LENGTH"] == "13", "nobody said it: the front counted"


def test_a_long_body_comes_on_the_lane_of_uploads_in_its_order() -> None:
    house = House()
    pieces = [bytes([number]) * (front.AHEAD // 4) for number in range(9)]
    caller = Caller("/sign-in/", pieces, headers=[(b"content-length", str(len(b"".join(pieces))).encode())])
    assert ask(house.front(), caller).body == b"".join(pieces)
    assert house.asked[0]["thread"] == "uploads_0"


def test_a_long_body_whose_length_nobody_says_counts_as_the_longest_and_ends_there() -> None:
    house, problems = House(), []

    def read(environ: Environ) -> Parts:
        with pytest.raises(RequestDataTooBig) as problem:
            environ["wsgi.input"].read()
        problems.append(problem)
        return Parts([b"too large"])

    house.answer = read
    caller = ask(house.front(most=3 * LONG), Caller(pieces=[b"x" * LONG] * 6))
    assert house.asked[0]["CONTENT_LENGTH"] == str(3 * LONG)
    assert caller.body == b"too large" and problems


def test_what_is_not_read_is_thrown_away_before_the_answer_so_that_it_is_seen() -> None:
    house = House()
    house.answer = lambda _environ: Parts([b"refused"])
    caller = ask(house.front(), Caller(pieces=[b"x" * LONG] * 3, headers=[(b"content-length", b"9")]))
    assert caller.done == ["sent"] * 3 + ["http.response.start", "http.response.body"]


def test_an_endless_body_is_not_read_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(front, "THROWN_AWAY", 3 * LONG)
    house = House()
    house.answer = lambda _environ: Parts([b"refused"])
    caller = ask(house.front(), Caller(pieces=[b"x" * LONG] * 50, headers=[(b"content-length", b"9")]))
    assert caller.body == b"refused" and len(caller.to_send) > 40


def test_who_goes_before_the_end_of_a_body_has_asked_nothing() -> None:
    house, caller = House(), Caller(pieces=[b"half", b""])
    del caller.to_send[1]
    ask(house.front(), caller)
    assert house.asked == [] and "http.response.start" not in caller.done


def test_who_sends_nothing_any_more_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(front, "PATIENCE", 0.01)
    house, caller = House(), Caller()

    async def silence() -> dict[str, Any]:
        return await asyncio.get_running_loop().create_future()

    caller.receive = silence  # type: ignore[method-assign]  # a browser that went silent
    ask(house.front(), caller)
    assert house.asked == []


def test_an_answer_in_pieces_goes_out_in_pieces_and_is_closed() -> None:
    house, given = House(), Parts([b"a" * front.PIECE, b"b", b"c"])
    given.streaming = True
    house.answer = lambda _environ: given
    caller = ask(house.front(), Caller())
    assert caller.body == b"".join(given) and given.closed
    assert caller.done[1:] == ["http.response.start", "http.response.body", "http.response.body"]


def test_a_header_that_reads_as_another_is_left_out_and_several_of_one_name_are_one() -> None:
    house = House()
    headers = [
        (b"host", b"kaohe.example"), (b"x_forwarded_for", b"1.1.1.1"), (b"x-forwarded-for", b"2.2.2.2"),
        (b"x-forwarded-for", b"3.3.3.3"), (b"cookie", b"a=1"), (b"cookie", b"b=2"), (b"content-type", b"text/x"),
    ]  # fmt: skip
    ask(house.front(), Caller("/%E8%80%83/%ff", headers=headers, query_string=b"q=%00"))
    environ = house.asked[0]
    assert environ["HTTP_X_FORWARDED_FOR"] == "2.2.2.2,3.3.3.3"
    assert environ["HTTP_COOKIE"] == "a=1; b=2" and environ["CONTENT_TYPE"] == "text/x"
    assert environ["PATH_INFO"].encode("latin-1") == "/考/".encode() + b"\xff" and environ["QUERY_STRING"] == "q=%00"
    assert environ["REMOTE_ADDR"] == "192.0.2.1" and isinstance(environ["wsgi.input"], io.BytesIO)
