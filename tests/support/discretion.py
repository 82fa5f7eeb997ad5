"""A scheme of which a rule's points are given as somebody sees fit."""

from scoring.models import Scheme
from tests.support.schemes import put_rules
from tests.support.world import World


def let_b1_1_be_given_at_discretion(world: World) -> None:
    """From now on the first bonus rule of every track gives between 0.5 and 2 points."""
    scheme = Scheme.objects.get(cycle=world.cycle)
    for track in scheme.body["tracks"]:
        track["adjustments"][0]["rules"][0] |= {"rate_from": "0.5", "rate": "2", "per": None, "cap": None}
    put_rules(scheme, scheme.body)
