"""A queue that is frozen: everything is done and answered as without one, and workers go on when it wakes."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from celery import Celery, current_app
from django.test import Client
from django.urls import reverse

from bin.runner import ports
from bin.runner.data import ROOT
from bin.runner.queue import binary
from bin.runner.start import REST
from outbox.hints import hint, messenger
from outbox.models import Message
from tests.support.waiting import eventually
from tests.support.world import a_cycle
from workflow.publicity.models import Objection, Publicity

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
HUNG = 60  # seconds after which a test that hangs is one that failed
OBJECTION = {
    "kind": "person",
    "name": "样例",
    "workplace": "某单位",
    "contact": "13900000000",
    "text": "该单位的得分与公开的事实不符，请核实。",
}


@pytest.fixture
def server(settings: Any) -> Iterator["subprocess.Popen[bytes]"]:
    """A real queue on a port of its own, the one that hints go to."""
    port = ports.any_free()
    options = ["--port", str(port), "--bind", "127.0.0.1", "--save", "", "--daemonize", "no"]
    usual = current_app._get_current_object()
    settings.REDIS_URL = f"redis://127.0.0.1:{port}/0"
    app = Celery("frozen", broker=settings.REDIS_URL, set_as_current=False)
    app.conf.broker_transport_options = settings.CELERY_BROKER_TRANSPORT_OPTIONS
    app.conf.task_routes = settings.CELERY_TASK_ROUTES
    with subprocess.Popen([str(binary()), *options], stdout=subprocess.DEVNULL) as process:
        eventually(lambda: not ports.is_free("127.0.0.1", port), "the queue listens")
        app.set_default()  # for the thread of the messenger
        signal.signal(signal.SIGALRM, _hung)
        signal.alarm(HUNG)
        yield process
        signal.alarm(0)
        usual.set_default()
        process.send_signal(signal.SIGCONT)
        process.terminate()
    messenger.wait()


def _hung(*_signal: object) -> None:
    raise AssertionError("it hangs while the queue is frozen")


def test_an_objection_is_filed_and_answered(server: "subprocess.Popen[bytes]") -> None:
    world = a_cycle().with_units(1).published()
    path = reverse("public-object", args=[Publicity.objects.latest("pk").slug])
    messenger.wait()
    server.send_signal(signal.SIGSTOP)
    with world.clock():
        answer = Client().post(path, OBJECTION | {"sheet": world.assessments[0].sheet_id})
        assert answer.status_code == 302
        assert Client().get(answer["Location"]).status_code == 200
    assert Objection.objects.count() == 1
    assert Message.objects.filter(cause__startswith="objection").exists()


def test_a_worker_goes_on_when_the_queue_wakes(
    server: "subprocess.Popen[bytes]", settings: Any, tmp_path: Path
) -> None:
    log = tmp_path / "worker.log"
    environment = os.environ | {"KAOHE_DATA_DIR": str(tmp_path), "REDIS_URL": settings.REDIS_URL, "LOG_LEVEL": "INFO"}
    environment |= {"DATABASE_URL": f"sqlite:///{tmp_path}/none.sqlite3", "DEMO": "1"}
    command = [sys.executable, "-P", "-m", *REST]
    with log.open("wb") as out, subprocess.Popen(command, env=environment, cwd=ROOT, stdout=out, stderr=out) as worker:
        try:
            eventually(lambda: "ready." in log.read_text(), "the worker is ready")
            server.send_signal(signal.SIGSTOP)
            hint("outbox.send")
            messenger.wait()  # until it gives up: longer than the worker's patience with a silent queue
            server.send_signal(signal.SIGCONT)
            before = log.read_text().count("outbox.send")
            hint("outbox.send")
            eventually(lambda: log.read_text().count("outbox.send") > before, "the worker takes a task again")
        finally:
            worker.terminate()
