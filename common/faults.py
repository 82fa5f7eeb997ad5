"""Where a fault came up, for the log: its traceback without its words, which may name people."""

import traceback


def trace_of(error: BaseException) -> str:
    """The kind of `error` and the lines that led to it, with those of what caused it, innermost last."""
    below = error.__cause__ or error.__context__
    cause = f"{trace_of(below)}\nand then " if below else ""
    return f"{cause}{type(error).__name__}\n{''.join(traceback.format_tb(error.__traceback__))}".rstrip()
