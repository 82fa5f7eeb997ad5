"""The front: it notes when a request came before a thread is free, keeps lanes apart, and lets no body grow."""

import asyncio
import io
import threading
import time
from collections.abc import Callable, Coroutine, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import pytest
from django.conf import settings
from django.core.exceptions import RequestDataTooBig

from common import front
from common.front import ARRIVED, BUSY, CROWDED, DOWNLOADS, PAGES, PASSWORDS, Environ, Front, Lane

LONG = front.AHEAD + 1
T = TypeVar("T")


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

    def front(self, *, most: int = 4 * LONG, waiting: int = 100, known: bool = True) -> Front:
        """The house behind a front with one thread a lane; what is asked of `/sign-in/` goes with the passwords."""
        lanes = [Lane(PAGES, 1, waiting), Lane(PASSWORDS, 1, waiting), Lane(DOWNLOADS, 1), Lane(BUSY, 1)]
        return Front(
            app=self,
            lanes={lane.name: lane for lane in lanes},
            lane_of=lambda _method, path: {"/sign-in/": PASSWORDS}.get(path, PAGES),
            longest_of=lambda _path: most,
            signed_in=lambda _environ: known,
        )


class Caller:
    """A browser: sends a request in pieces, and keeps what comes back in the order of both."""

    def __init__(self, path: str = "/", pieces: Iterable[bytes] = (b"",), **scope: Any) -> None:
        self.scope = {
            "type": "http",
            "method": "POST",
            "raw_path": path.encode(),
            "query_string": b"",
            "scheme": "http",
            "http_version": "1.1",
            "server": ("127.0.0.1", "80"),
            "client": ("192.0.2.1", 1),
            "headers": [],
        } | scope
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


def run(asking: Coroutine[Any, Any, T]) -> T:
    """Runs it on a thread of its own: a browser's tests leave a loop running in that of the tests."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, asking).result()


def ask(of: Front, caller: Caller) -> Caller:
    run(caller.ask(of))
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

    all_are_here = run(crowd())
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

    assert run(crowd()) == ["/open/"]
    assert {environ["thread"] for environ in house.asked} == {"pages_0", "passwords_0"}


@pytest.mark.parametrize(("path", "lane"), [("/", PAGES), ("/sign-in/", PASSWORDS)])
def test_more_than_may_wait_are_answered_without_a_thread_of_their_lane(path: str, lane: str) -> None:
    house = House()
    house.door.clear()

    async def crowd() -> None:
        of, first = house.front(waiting=0), Caller(path)
        held = asyncio.create_task(first.ask(of))
        await taken(first)
        second = asyncio.create_task(Caller(path).ask(of))
        await asyncio.sleep(0.01)
        house.door.set()
        await asyncio.gather(held, second)

    run(crowd())
    assert {environ["thread"]: environ.get(CROWDED) for environ in house.asked} == {f"{lane}_0": None, "busy_0": lane}


def test_a_body_is_whole_before_a_thread_is_asked_for() -> None:
    house = House()
    caller = ask(house.front(), Caller(pieces=[b"one ", b"two ", b"three"]))
    assert caller.body == b"one two three"
    assert house.asked[0]["CONTENT_LENGTH"] == "13", "nobody said it: the front counted"


@pytest.mark.parametrize("length", [None, 9 * LONG // 4])
def test_a_long_body_too_of_who_is_signed_in(length: int | None) -> None:
    house = House()
    pieces = [bytes([number]) * (LONG // 4) for number in range(9)]
    headers = [(b"content-length", str(length).encode())] if length else []
    caller = ask(house.front(), Caller("/", pieces, headers=headers))
    assert caller.body == b"".join(pieces)
    assert caller.done.index("http.response.start") == len(pieces)


@pytest.mark.parametrize("path", ["/", "/sign-in/"])
def test_a_long_body_goes_to_the_lane_of_its_address(path: str) -> None:
    house = House()
    ask(house.front(), Caller(path, [b"x" * LONG, b"y"]))
    assert house.asked[0]["thread"] == ("passwords_0" if path == "/sign-in/" else "pages_0")


def reading(problems: list[Any]) -> Callable[[Environ], Parts]:
    """An answer for which the body is asked, in vain."""

    def read(environ: Environ) -> Parts:
        with pytest.raises(RequestDataTooBig) as problem:
            environ["wsgi.input"].read()
        problems.append(problem)
        return Parts([b"too large"])

    return read


@pytest.mark.parametrize("options", [{"known": False}, {"most": 2 * LONG}])
@pytest.mark.parametrize("length", [b"", str(3 * LONG).encode()])
def test_a_long_body_of_a_stranger_or_for_another_address_is_not_taken(length: bytes, options: Any) -> None:
    house, problems = House(), list[Any]()
    house.answer = reading(problems)
    headers = [(b"content-length", length)] if length else []
    caller = ask(house.front(**options), Caller(pieces=[b"x" * LONG] * 3, headers=headers))
    assert caller.body == b"too large"
    assert problems
    assert int(house.asked[0]["CONTENT_LENGTH"]) > options.get("most", LONG)
    assert caller.done == ["sent"] * 3 + ["http.response.start", "http.response.body"], "so that the answer is seen"


def test_an_endless_body_is_not_read_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(front, "THROWN_AWAY", 3 * LONG)
    house = House()
    house.answer = lambda _environ: Parts([b"refused"])
    caller = ask(house.front(), Caller(pieces=[b"x" * LONG] * 50))
    assert caller.body == b"refused"
    assert len(caller.to_send) > 40


def test_a_body_that_finds_no_room_is_answered(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    house = House()
    house.answer = lambda _environ: Parts([b"busy"])
    of = replace(house.front(), folder=str(tmp_path / "not there"))
    assert ask(of, Caller(pieces=[b"x" * LONG, b"y"])).body == b"busy"
    assert house.asked[0][CROWDED] == PAGES


def test_who_goes_before_the_end_of_a_body_has_asked_nothing() -> None:
    house, caller = House(), Caller(pieces=[b"half", b""])
    del caller.to_send[1]
    ask(house.front(), caller)
    assert house.asked == []
    assert "http.response.start" not in caller.done


def test_who_sends_nothing_any_more_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(front, "PATIENCE", 0.01)
    house, caller = House(), Caller()
    caller.receive = silence  # type: ignore[method-assign]  # a browser that went silent
    ask(house.front(), caller)
    assert house.asked == []


async def silence(_message: object = None) -> Any:
    return await asyncio.get_running_loop().create_future()


def test_who_sends_a_byte_now_and_then_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(front, "PATIENCE", 0.05)
    house, caller = House(), Caller(pieces=[b"x"] * 100)
    at_once = caller.receive

    async def trickle() -> dict[str, Any]:
        await asyncio.sleep(0.005)
        return await at_once()

    caller.receive = trickle  # type: ignore[method-assign]  # a browser on a very slow line
    ask(house.front(), caller)
    assert house.asked == []
    assert caller.to_send, "long before its end"


def test_what_is_taken_from_anybody_is_whole_within_the_grace_after_a_deadline() -> None:
    assert front.PATIENCE + front.AHEAD / front.LEAST_RATE < settings.DEADLINE_GRACE_SECONDS


def test_an_answer_in_pieces_is_made_whole_and_closed_on_its_thread() -> None:
    house, given = House(), Parts([b"a" * front.PIECE, b"b", b"c"])
    given.streaming = True
    house.answer = lambda _environ: given
    caller = ask(house.front(), Caller())
    assert caller.body == b"".join(given)
    assert given.closed
    assert caller.done[1:] == ["http.response.start"] + ["http.response.body"] * 3


def a_file(house: House) -> io.BytesIO:
    """Let the house answer with a file, as Django does."""
    file = io.BytesIO(b"a" * 3 * front.PIECE)
    house.answer = lambda environ: environ["wsgi.file_wrapper"](file, front.PIECE)
    return file


def test_a_file_goes_out_in_pieces_and_is_closed() -> None:
    house = House()
    file = a_file(house)
    caller = ask(house.front(), Caller())
    assert len(caller.body) == 3 * front.PIECE
    assert caller.done[1:] == ["http.response.start"] + ["http.response.body"] * 4
    assert file.closed


def test_slow_downloads_hold_no_thread() -> None:
    house = House()
    file = a_file(house)

    async def crowd() -> None:
        of, slow = house.front(), [Caller() for _number in range(5)]
        for caller in slow:
            caller.send = silence  # type: ignore[method-assign]  # takes nothing
        held = [asyncio.create_task(caller.ask(of)) for caller in slow]
        await taken(*slow)
        house.answer = lambda _environ: Parts([b"a page"])
        page = Caller()
        await page.ask(of)
        assert page.body == b"a page"
        for waiting in held:
            waiting.cancel()

    run(crowd())
    assert file.closed


def test_who_takes_nothing_any_more_is_given_up_and_the_file_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(front, "PATIENCE", 0.01)
    house, caller = House(), Caller()
    file = a_file(house)
    caller.send = silence  # type: ignore[method-assign]  # takes nothing
    ask(house.front(), caller)
    assert file.closed


def test_what_is_written_as_an_error_is_seen(capsys: pytest.CaptureFixture[str]) -> None:
    house = House()
    house.answer = lambda environ: Parts([b"x"] * environ["wsgi.errors"].write("broken"))
    ask(house.front(), Caller())
    assert capsys.readouterr().err == "broken"


def test_a_header_that_reads_as_another_is_left_out_and_several_of_one_name_are_one() -> None:
    house = House()
    headers = [
        (b"host", b"kaohe.example"),
        (b"x_forwarded_for", b"1.1.1.1"),
        (b"x-forwarded-for", b"2.2.2.2"),
        (b"x-forwarded-for", b"3.3.3.3"),
        (b"cookie", b"a=1"),
        (b"cookie", b"b=2"),
        (b"content-type", b"text/x"),
    ]
    ask(house.front(), Caller("/%E8%80%83/%ff", headers=headers, query_string=b"q=%00"))
    environ = house.asked[0]
    assert environ["HTTP_X_FORWARDED_FOR"] == "2.2.2.2,3.3.3.3"
    assert environ["HTTP_COOKIE"] == "a=1; b=2" and environ["CONTENT_TYPE"] == "text/x"
    assert environ["PATH_INFO"].encode("latin-1") == "/考/".encode() + b"\xff" and environ["QUERY_STRING"] == "q=%00"
    assert environ["REMOTE_ADDR"] == "192.0.2.1"
