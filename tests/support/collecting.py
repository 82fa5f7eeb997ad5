"""Python looks for rubbish less often: what is imported and collected stays till the end, and tests leave little."""

from common.collecting import collect_seldom


def pytest_collection_finish() -> None:
    """Leaves aside all that there is, and looks through the rest now and then."""
    collect_seldom()
