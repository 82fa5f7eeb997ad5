"""Python's collector of rubbish in circles looks seldom: what is imported stays, and work leaves little of the kind."""

import gc

AFTER = 50_000  # objects more than were freed, 10 MB or so; Python's own 700 are fewer than a page or a chunk needs


def collect_seldom() -> None:
    """For a process that has imported what it works with: all that there is is left aside, before it forks too.

    A look at everything costs as much as acting on a hundred units, and a chunk of units sets off more than one.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(AFTER, 20, 20)
