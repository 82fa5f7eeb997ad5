"""Python looks for rubbish less often: what is imported and collected stays till the end, and tests leave little."""

import gc

AFTER = 100_000  # objects more than were freed; Python's own is 700


def pytest_collection_finish() -> None:
    """Leaves aside all that there is, and looks through the rest now and then."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(AFTER, 50, 50)
