"""The tags that say points; docs/components.md lists them with their usage."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.template import Library

from common.ui.drawing import hundredths
from common.ui.tags import pairs
from scoring.engine.scheme import SchemeRules
from scoring.engine.track import Part, TrackRules, Veto
from scoring.models import Incident
from scoring.wording import (
    say_consequence,
    say_effect,
    say_kinds,
    say_points,
    say_quota,
    say_score,
    say_whose,
)

register = Library()


@register.filter
def points(value: object) -> str:
    """Points, trimmed, with up to two decimals."""
    return say_points(value)


@register.filter
def in_points(parts: Iterable[Sequence[object]], between: str) -> str:
    """Pairs of a label and points as text, with `between` them."""
    return pairs([(label, say_points(value)) for label, value in parts], between)


@register.filter
def score(value: object) -> str:
    """A score with two decimals."""
    return say_score(value)


@register.filter
def kinds(part: Part) -> list[str]:
    """What a part's levels and losses say."""
    return say_kinds(part)


@register.filter
def effect(veto: Veto) -> str:
    """What a veto does."""
    return say_effect(veto)


@register.filter
def consequence(incident: Incident, rules: TrackRules) -> str:
    """What follows from an incident."""
    return say_consequence(incident, rules)


@register.filter
def quotas(rules: SchemeRules) -> list[tuple[str, str, str]]:
    """Each quota of a scheme: whose it is, how many units it lets in, and the notice's words."""
    several = len(rules.tracks) > 1
    return [
        (say_whose(quota.grade, rules.track(quota.track or ""), together=several), say_quota(quota), quota.text)
        for quota in rules.quotas
    ]


@register.inclusion_tag("components/points_input.html")
def points_input(
    name: str,
    value: object = None,
    limit: object = None,
    label: str = "",
    id: str = "",
    error: str = "",
    disabled: bool = False,
    form: str = "",
) -> dict[str, Any]:
    """An input for points with its limit beside it; `value` and `limit` are points."""
    shown = value if isinstance(value, str) else say_points(value) if value is not None else ""
    values = {"name": name, "value": shown, "limit": limit, "label": label, "id": id or f"id_{name}"}
    return values | {"error": error, "disabled": disabled, "form": form}


@register.inclusion_tag("components/versus.html")
def versus(claimed: object, reviewed: object, full: object) -> dict[str, Any]:
    """What the unit claimed against what was given, in points of `full`."""
    widths = {"claimed_width": hundredths(claimed, full), "reviewed_width": hundredths(reviewed, full)}
    return {"claimed": claimed, "reviewed": reviewed, **widths}
