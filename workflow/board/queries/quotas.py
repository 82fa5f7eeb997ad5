"""What the notice's quotas come to for the units that take part, and whether the office has answered them (R12)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from django.db.models import Count, Q

from scoring.engine.quota import Proposal, proposals
from scoring.models import Cycle
from scoring.wording import say_come_to, say_whose
from workflow.board.models import Board
from workflow.board.queries.boards import FINISHED_BESIDE

# Track ("" for all together) → grade → how many units at most.
CameTo = dict[str, dict[str, int]]


@dataclass(frozen=True)
class Said:
    """What the notice says of a grade: whose quota it is, what it comes to in words, and its own words."""

    whose: str
    comes_to: tuple[str, ...]
    printed: tuple[str, ...]


def proposed(cycle: Cycle) -> tuple[Proposal, ...]:
    """What the quotas of a cycle's scheme come to now; units that are excluded or not assessed take no part.

    One query, none where the notice has no quotas.
    """
    quotas = cycle.scheme.rules.quotas
    return proposals(quotas, _taking_part(cycle)) if quotas else ()


def _taking_part(cycle: Cycle) -> dict[str, int]:
    beside = Count("sheets", filter=Q(sheets__assessment__step__in=FINISHED_BESIDE))
    counted = cycle.tracks.annotate(all=Count("sheets"), beside=beside).order_by("position")
    return {track.code: track.all - track.beside for track in counted}


def came_to(proposed: Sequence[Proposal]) -> CameTo:
    """The numbers of the proposals, as a cycle keeps which ones were answered."""
    numbers: CameTo = {}
    for proposal in proposed:
        numbers.setdefault(proposal.track or "", {})[proposal.grade] = proposal.most
    return numbers


def are_answered(cycle: Cycle, proposed: Sequence[Proposal]) -> bool:
    """Whether the office has confirmed or changed what the quotas come to now."""
    return not proposed or bool(cycle.quotas_came_to == came_to(proposed))


class Answer(Enum):
    """How quotas of a cycle answer what the notice says: all of it, not all of it yet, or with other numbers."""

    AS_SAID = "as said"
    NOT_ALL = "not all"
    OTHERWISE = "otherwise"


def answer_to(proposed: Sequence[Proposal], quotas: Mapping[str, Mapping[str, int]], tracks: Sequence[str]) -> Answer:
    """How quotas by track and grade answer the notice's.

    What the notice gives to all tracks together must be given out among them, and no more of it.
    """
    is_whole = True
    for proposal in proposed:
        own = [quotas.get(code, {}).get(proposal.grade) for code in ([proposal.track] if proposal.track else tracks)]
        given = [number for number in own if number is not None]
        if sum(given) > proposal.most or (proposal.track and given not in ([], [proposal.most])):
            return Answer.OTHERWISE
        is_whole &= len(given) == len(own)
    return Answer.AS_SAID if is_whole else Answer.NOT_ALL


def said_for(cycle: Cycle, proposed: Sequence[Proposal]) -> list[Said]:
    """The proposals in words."""
    rules = cycle.scheme.rules
    several = len(rules.tracks) > 1
    return [
        Said(
            say_whose(proposal.grade, rules.track(proposal.track or ""), together=several),
            tuple(say_come_to(quota, proposal.units) for quota in proposal.quotas),
            tuple(dict.fromkeys(quota.text for quota in proposal.quotas if quota.text)),
        )
        for proposal in proposed
    ]


@dataclass(frozen=True)
class OfBoard:
    """What the notice says of the quotas of a board, and whether the office has answered that, with which reason."""

    said: list[Said]
    are_answered: bool
    why: str


def quotas_said(board: Board) -> OfBoard:
    """What the notice says of the quotas of a board's track, and of all tracks together."""
    cycle, all_proposed = board.track.cycle, proposed(board.track.cycle)
    own = [proposal for proposal in all_proposed if proposal.track in (None, board.track.code)]
    return OfBoard(said_for(cycle, own), are_answered(cycle, all_proposed), cycle.quotas_why)
