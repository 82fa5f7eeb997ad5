"""Workers that die: a process of its own, killed (SIGKILL) at one of its statements."""

import os
import signal
from collections.abc import Callable
from typing import Any

from django.db import connection


class Killer:
    """Kills its process at the statement of this number, before it is sent or when it is answered."""

    def __init__(self, number: int, *, answered: bool) -> None:
        self._left, self._answered = number, answered

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        self._left -= 1
        if self._left == 0 and not self._answered:
            os.kill(os.getpid(), signal.SIGKILL)
        answer = execute(sql, params, many, context)
        if self._left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return answer


def dies(work: Callable[[], object], killer: Killer) -> bool:
    """Do `work` in a process of its own, which is killed on the way; False if it came to its end before."""
    connection.close()  # the child opens its own
    child = os.fork()
    if child == 0:
        code = 1
        try:
            with connection.execute_wrapper(killer):
                work()
            connection.close()
            code = 0
        finally:
            os._exit(code)
    _pid, status = os.waitpid(child, 0)
    assert status in (0, signal.SIGKILL), f"the worker failed by itself: {status}"
    return status == signal.SIGKILL
