"""A cycle whose scheme has factors: what halves a part, and what doubles a deduction."""

from tests.support.schemes import a_body
from tests.support.world import World, a_cycle

HALVED = {"code": "1.1.1", "text": "逾期报送的", "rate": "0", "per": None, "cap": None, "factor": "0.5"}
DOUBLED = {"code": "D1.2", "text": "情节严重的", "rate": "0", "per": None, "cap": None, "factor": "2"}


def a_cycle_with_factors() -> World:
    """In every track part 1.1 may be halved, and what D1 deducts doubled."""
    body = a_body()
    for track in body["tracks"]:
        track["indicators"][0]["parts"][0]["losses"] = [HALVED]
        track["adjustments"][1]["rules"].append(DOUBLED)
    return a_cycle(tracks=body["tracks"])
