"""What turns one JSON body into another and back again, so that a step of the editor need not keep both."""

from collections.abc import Mapping
from itertools import takewhile
from typing import Any

Change = dict[str, Any]
# A change says what lies inside at which key or index; or from which index on a list differs, or what was and now is,
# of which a key that was not, or is no more, has only one. It is empty where nothing differs.
AT, FROM, WAS, NOW = "at", "from", "was", "now"
_NONE = object()


def difference(was: Any, now: Any) -> Change:
    """The change that turns `was` into `now`; `turned` applies it."""
    if isinstance(was, dict) and isinstance(now, dict):
        keys = dict.fromkeys((*was, *now))
        return _inside({key: _between(was.get(key, _NONE), now.get(key, _NONE)) for key in keys})
    if isinstance(was, list) and isinstance(now, list):
        pairs = [difference(*pair) for pair in zip(was, now, strict=False)]
        if len(was) == len(now):
            return _inside({str(index): change for index, change in enumerate(pairs)})
        start = len(list(takewhile(lambda change: not change, pairs)))
        return {FROM: start, WAS: was[start:], NOW: now[start:]}
    return {} if type(was) is type(now) and was == now else {WAS: was, NOW: now}


def _between(was: Any, now: Any) -> Change:
    if was is _NONE:
        return {NOW: now}
    return {WAS: was} if now is _NONE else difference(was, now)


def _inside(changes: Mapping[str, Change]) -> Change:
    held = {key: change for key, change in changes.items() if change}
    return {AT: held} if held else {}


def turned(body: Any, change: Change, *, back: bool = False) -> Any:
    """The body after a change, or before it; `body` itself, which must be as the change found it, stays as it is."""
    side = WAS if back else NOW
    if FROM in change:
        return [*body[: change[FROM]], *change[side]]
    if AT not in change:
        return change.get(side, body)
    if isinstance(body, list):
        inside = change[AT]
        return [turned(row, inside.get(str(index), {}), back=back) for index, row in enumerate(body)]
    after = {key: turned(value, change[AT].get(key, {}), back=back) for key, value in body.items()}
    for key, inner in change[AT].items():
        if key not in body:
            after[key] = inner[side]
        elif inner.keys() == {NOW if back else WAS}:
            del after[key]
    return after
