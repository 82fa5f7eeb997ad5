"""Puts quotas into words that read back: their own where these say them, else the shortest."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import groupby

from scoring.engine.notice.quotas import read_quotas
from scoring.engine.numbers import plain
from scoring.engine.quota import NEAREST, UP, Quota
from scoring.engine.scheme import SchemeRules

ROUNDED = {None: "小数舍去", NEAREST: "四舍五入", UP: "向上取整"}


def print_quotas(scheme: SchemeRules, track: str | None) -> Iterator[str]:
    """Yield the sentences of the quotas of a track, or of those for all tracks together."""
    names = {track.code: track.name for track in scheme.tracks}
    own = [replace(quota, code="") for quota in scheme.quotas if quota.track == track]
    for text, group in groupby(own, key=lambda quota: quota.text):
        quotas = list(group)
        codes = (track,) if track and len(names) > 1 else ()
        alone = [replace(quota, track=None) for quota in quotas] if len(names) == 1 else quotas
        read = read_quotas([(text, codes)], scheme.grades, names)
        if [replace(quota, code="") for sentence in read for quota in sentence.quotas] == alone:
            yield f"{text}。"
        else:
            yield from (f"{_words(quota)}。" for quota in quotas)


def limits(scheme: SchemeRules, track: str) -> list[tuple[bool, Quota]]:
    """The quotas that hold in a track without their words, and whether they are its own: of a single track all are."""
    only = len(scheme.tracks) == 1
    held = [quota for quota in scheme.quotas if quota.track in (None, track)]
    return [(only or quota.track is not None, replace(quota, code="", text="", track=None)) for quota in held]


def _words(quota: Quota) -> str:
    how = f"（{ROUNDED[quota.rounding]}）" if quota.share is not None else ""
    if quota.after is None:
        return f"{quota.grade}不超过{'参评单位的' if how else ''}{_figure(quota)}{how}"
    if quota.share is None:
        ranks = f"第{plain(quota.after + 1)}至{quota.count}名" if quota.after else f"前{quota.count}名"
    else:
        behind = replace(quota, share=quota.after)
        ranks = f"排名{_figure(behind)}至{_figure(quota)}" if quota.after else f"前{_figure(quota)}"
    return f"{ranks}评为{quota.grade}{how}"


def _figure(quota: Quota) -> str:
    if quota.share is None:
        return f"{quota.count}个"
    share = plain(quota.share)
    return f"{quota.of}分之{share}" if quota.of else f"{share}%"
