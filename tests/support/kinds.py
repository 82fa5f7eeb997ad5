"""A scheme with parts of every kind: levels to choose from, bands of a measured number, losses."""

from scoring.engine.track import Body
from scoring.models import Scheme
from tests.support.schemes import put_rules
from tests.support.world import World

LEVELS = [{"code": "1.1.1", "text": "国家级", "points": "40"}, {"code": "1.1.2", "text": "省级", "points": "25"}]
LOSSES = [
    {"code": "1.2.1", "text": "缺席一次", "rate": "2", "per": "次", "cap": None},
    {"code": "1.2.2", "text": "材料不全", "rate": "3", "per": None, "cap": None, "rate_from": "0.5"},
]
BANDS = [
    {"code": "2.1.1", "text": "1.5-2倍", "points": "20", "least": "1.5", "below": "2"},
    {"code": "2.1.2", "text": "2倍以上", "points": "40", "least": "2"},
]


def of_every_kind(body: Body) -> Body:
    """A scheme's body whose parts 1.1 have levels, 1.2 losses, and 2.1 bands of a number."""
    for track in body["tracks"]:
        parts = {part["code"]: part for indicator in track["indicators"] for part in indicator["parts"]}
        parts["1.1"] |= {"levels": LEVELS}
        parts["1.2"] |= {"losses": LOSSES}
        parts["2.1"] |= {"levels": BANDS, "measure": "倍", "rate": None, "per": None}
    return body


def let_parts_be_of_every_kind(world: World) -> None:
    """From now on part 1.1 of every track has levels, 1.2 losses, and 2.1 bands of a number."""
    scheme = Scheme.objects.get(cycle=world.cycle)
    put_rules(scheme, of_every_kind(scheme.body))
