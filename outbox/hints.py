"""Hints to the queue: they only make quick what the sweep would find anyway, so nobody ever waits for one.

A request leaves its hint with a messenger, a thread of the process, and goes on; while the queue is away or frozen the
messenger waits alone, and what would pile up behind it is dropped.
"""

import logging
import os
import queue
import threading
from dataclasses import dataclass, field

from celery import current_app
from django.conf import settings
from django.db import transaction

log = logging.getLogger(__name__)
MOST_WAITING = 20


@dataclass
class Messenger:
    """Takes hints to the queue, one after another; of equal ones that wait, one is taken."""

    _waiting: "queue.Queue[str]" = field(default_factory=lambda: queue.Queue(MOST_WAITING))
    _names: set[str] = field(default_factory=set)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _process: int = 0  # the process in which the thread runs: a fork has none

    def leave(self, task_name: str) -> None:
        """Leave a hint and go on at once; one that finds no room is dropped."""
        with self._lock:
            self._be_there()
            if task_name in self._names:
                return
            try:
                self._waiting.put_nowait(task_name)
            except queue.Full:
                log.warning("no hint for %s: too many wait; the sweep will find what is due", task_name)
            else:
                self._names.add(task_name)

    def _be_there(self) -> None:
        if self._process != os.getpid():
            self._process = os.getpid()
            self._waiting, self._names = queue.Queue(MOST_WAITING), set()
            threading.Thread(target=self._carry, args=(self._waiting,), name="hints", daemon=True).start()

    def _carry(self, waiting: "queue.Queue[str]") -> None:
        while True:
            task_name = waiting.get()
            with self._lock:
                # From now on another one is wanted: this one may reach the queue before its cause is there.
                self._names.discard(task_name)
            try:
                current_app.send_task(task_name, retry=False)
            except Exception as problem:  # whatever it is, the sweep does without, and the next hint is tried
                log.warning("the queue did not take %s (%s); the sweep will", task_name, problem)
            finally:
                waiting.task_done()

    def wait(self) -> None:
        """Return once every hint that was left is delivered or given up: for tests."""
        self._waiting.join()


messenger = Messenger()


@dataclass(frozen=True)
class _Hint:
    """Asks the queue to run a task now; the same hint twice in one transaction is one."""

    task_name: str

    def __call__(self) -> None:
        messenger.leave(self.task_name)


def hint(task_name: str) -> None:
    """Ask the queue, once the transaction is committed, to run `task_name` now; a lost queue costs only a minute."""
    wanted = _Hint(task_name)
    waiting = transaction.get_connection().run_on_commit
    if settings.REDIS_URL and all(called != wanted for _savepoints, called, _robust in waiting):
        transaction.on_commit(wanted)
