"""bin/start: web server, Celery workers, beat and queue, each behind its guardian, until Ctrl-C."""

import argparse
import http.client
import os
import shlex
import signal
import sys
import threading
import time
from dataclasses import dataclass, field
from types import FrameType

from bin.runner import catalogues, kind, leftovers, ports, queue, world
from bin.runner import data as kept
from bin.runner import environment as surroundings
from bin.runner.children import Child, stop
from bin.runner.data import ROOT, DataDir
from bin.runner.kind import Kind
from bin.runner.problem import Problem, say

GRACE = 10.0  # seconds that a program has for a clean end
READY_WITHIN = 60.0  # seconds until the web server must answer
TICK = 0.2  # seconds between two looks at the children
# A worker of the web server that hangs is ended by its own parent, before our grace is over.
WEB = shlex.split("granian --interface asginl --workers 2 --no-ws --respawn-failed-workers")
WEB += shlex.split("--workers-kill-timeout 3")
# Deadlines never wait for a mail server, and neither does what was asked of many.
WORKER = shlex.split("celery --app celery_app:app worker --loglevel INFO --without-gossip --without-mingle")
DEADLINES = [*WORKER, *shlex.split("--concurrency 1 --queues deadlines --hostname deadlines@%h")]
REST = [*WORKER, *shlex.split("--concurrency 2 --exclude-queues deadlines --hostname rest@%h")]
BEAT = shlex.split("celery --app celery_app:app beat --loglevel INFO --pidfile=")


@dataclass
class Stopping:
    """Whether the end was asked for, and how often: the second time means at once."""

    asked: threading.Event = field(default_factory=threading.Event)
    times: int = 0

    def listen(self) -> None:
        """Takes Ctrl-C, a polite kill and a closed terminal as the wish to stop."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._heard)

    def _heard(self, _number: int, _frame: FrameType | None) -> None:
        self.times += 1
        self.asked.set()

    def hurry(self) -> bool:
        """Whether it was asked for again while stopping."""
        return self.times > 1


def main(arguments: list[str]) -> int:
    """Runs the system until it is asked to stop; returns the exit code."""
    options = _options(arguments)
    data = kept.locate()
    lock = kept.take(data)
    if lock is None:
        address = kept.running(data).get("base_url", "an address not known yet")
        raise Problem(
            f"Kaohe already runs on {data.root}: {address}. Stop it with Ctrl-C, or name another KAOHE_DATA_DIR."
        )
    with lock:
        leftovers.end(data.root)
        kept.tighten(data)
        if options.fresh:
            if surroundings.external_database():
                raise Problem(
                    "--fresh empties the embedded database only, and DATABASE_URL names another: empty that by hand."
                )
            kept.wipe(data)
        return _run(options, data)


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bin/start", description="Starts Kaohe on this machine, until Ctrl-C.")
    parser.add_argument("--port", type=int, default=8000, help="wanted port; the next free one is taken (8000)")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (127.0.0.1)")
    parser.add_argument("--fresh", action="store_true", help="delete all data of this installation and begin anew")
    parser.add_argument("--no-demo", action="store_true", help="begin with an empty, real system")
    return parser.parse_args(arguments)


def _run(options: argparse.Namespace, data: DataDir) -> int:
    # A demo is made on the embedded database only: an outside one may hold real data.
    usual = Kind.REAL if surroundings.external_database() else Kind.DEMO
    what = kind.decide(data, no_demo=options.no_demo, otherwise=usual)
    stopping = Stopping()
    stopping.listen()
    children: list[Child] = []
    try:
        redis_url = _start_queue(data, children)
        port = ports.choose(options.host, options.port)
        if port != options.port:
            say(f"Port {options.port} is taken: using {port}.")
        address = f"http://{ports.written(ports.reached_at(options.host))}:{port}"
        environment = surroundings.build(data, demo=what == Kind.DEMO, redis_url=redis_url, base_url=address)
        environment |= leftovers.mark(data.root)
        kept.announce(data, {"redis_url": environment["REDIS_URL"], "base_url": environment["KAOHE_BASE_URL"]})
        _prepare(what, data, environment, stopping)
        _serve(options.host, port, data, environment, children, stopping)
    finally:
        say("Stopping …")
        # First those who work, then the queue that they work with.
        for last in (False, True):
            stop([child for child in children if child.last == last], grace=GRACE, hurry=stopping.hurry)
        data.services.unlink(missing_ok=True)
    return 0


def _start_queue(data: DataDir, children: list[Child]) -> str:
    """The address of the Redis-compatible server: the environment's own, or the embedded one, started here."""
    if given := os.environ.get("REDIS_URL"):
        return given
    child, url = queue.embedded(data.queue, data.logs / "queue.log")
    child.environment |= leftovers.mark(data.root)
    child.start()
    children.append(child)
    queue.wait_ready(child, url)
    return url


def _prepare(what: Kind, data: DataDir, environment: dict[str, str], stopping: Stopping) -> None:
    catalogues.compile_all()
    world.clear_half_loaded(data)
    world.migrate(data, environment, asked=stopping.asked.is_set)
    if stopping.asked.is_set():
        return
    kind.remember(data, what)
    if what == Kind.DEMO:
        world.load_demo(data, environment, asked=stopping.asked.is_set)


def _programs(host: str, port: int, data: DataDir, environment: dict[str, str]) -> list[Child]:
    """Web server, workers and beat; sized for two cores."""
    schedule = str(data.root / "celerybeat-schedule")
    commands = {
        "web": [*WEB, "--host", host, "--port", str(port), "config.asgi:application"],
        "deadlines": DEADLINES,
        "worker": REST,
        "beat": [*BEAT, "--schedule", schedule],
    }
    return [
        Child(name, [sys.executable, "-P", "-m", *command], environment, data.logs / f"{name}.log", ROOT)
        for name, command in commands.items()
    ]


def _serve(
    host: str, port: int, data: DataDir, environment: dict[str, str], children: list[Child], stopping: Stopping
) -> None:
    if stopping.asked.is_set():
        return
    web, *others = _programs(host, port, data, environment)
    children.append(web)
    web.start()
    if not _wait_for_web(web, host, port, stopping):
        return
    say(f"\nKaohe is ready: {environment['KAOHE_BASE_URL']}")
    for child in others:  # after the web server, which people wait for
        children.append(child)
        child.start()
    # The demo's accounts; in a real installation how the first one is made, as long as there is none.
    accounts = ("demo", "--accounts") if surroundings.is_on(environment["DEMO"]) else ("first_account",)
    world.manage(*accounts, environment=environment, asked=stopping.asked.is_set)
    say(f"Logs: {data.logs}   Stop: Ctrl-C")
    while not stopping.asked.wait(TICK):
        for child in children:
            child.revive()


def _wait_for_web(web: Child, host: str, port: int, stopping: Stopping) -> bool:
    """True once the web server answers, False when the end was asked for; Problem with its log when it can't."""
    end = time.monotonic() + READY_WITHIN
    while time.monotonic() < end and web.alive:
        if stopping.asked.is_set():
            return False
        status = _answer(host, port)
        if status:
            if status >= http.client.INTERNAL_SERVER_ERROR:
                say(f"The first page answers with an error ({status}); see {web.log}")
            _require_alone(web, host, port)
            return True
        stopping.asked.wait(TICK)
    raise Problem(f"The web server did not start; the end of {web.log}:\n{web.tail()}")


def _require_alone(web: Child, host: str, port: int) -> None:
    """What answers is ours: whoever took the port at the same moment would share it (SO_REUSEPORT)."""
    ours = {member.pid for member in web.guarded.family()} if web.guarded else set()
    others = sorted(ports.listeners(host, port) - ours)
    if others:
        raise Problem(f"Port {port} is used by another program too (process {others[0]}): start again, or name --port.")


def _answer(host: str, port: int) -> int:
    """The status of the first page; 0 while nobody listens."""
    connection = http.client.HTTPConnection(ports.reached_at(host), port, timeout=30)
    try:
        connection.request("GET", "/", headers={"Host": f"127.0.0.1:{port}"})
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return 0
    finally:
        connection.close()
