"""Rules of every kind as data: written only where taken, read back the same, refused where they make no sense."""

import json
from dataclasses import replace
from decimal import Decimal

import pytest

from scoring.engine.errors import EngineErrors
from scoring.engine.scheme import GradeBand, SchemeRules, scheme_sha256
from scoring.engine.track import Level, Rule, Veto
from tests.scoring.engine.paths import annex, scheme_from


def scheme(**changes: object) -> SchemeRules:
    """A scheme of one part of 100 points, changed as told."""
    plain = replace(scheme_from(annex("1.甲（100分）")), findings=(), grades=("优秀", "良好"))
    (track,) = plain.tracks
    (indicator,) = track.indicators
    part = replace(indicator.parts[0], **changes)
    return replace(plain, tracks=(replace(track, indicators=(replace(indicator, parts=(part,)),)),))


def of_track(**changes: object) -> SchemeRules:
    plain = scheme()
    return replace(plain, tracks=(replace(plain.tracks[0], **changes),))


LEVELS = (
    Level("1.1.1", "1.5-2倍", Decimal(40), Decimal("1.5"), Decimal(2)),
    Level("1.1.2", "2倍以上", Decimal(100), Decimal(2)),
)
LOSSES = (Rule("1.1.3", "缺席", Decimal(2), "次"), Rule("1.1.4", "迟到", Decimal(2), rate_from=Decimal("0.5")))
VETOES = (Veto("V1", "安全事故", "zero"), Veto("V2", "弄虚作假", "bars", ("优秀",)))
EVERY_KIND = [
    scheme(levels=LEVELS, measure="倍"),
    scheme(losses=LOSSES),
    of_track(vetoes=VETOES),
    replace(scheme(), grade_bands=(GradeBand("优秀", Decimal(90)), GradeBand("良好", below=Decimal(90)))),
]


@pytest.mark.parametrize("rules", EVERY_KIND)
def test_every_kind_comes_back_from_its_json(rules: SchemeRules) -> None:
    body = json.loads(json.dumps(rules.to_json()))
    again = SchemeRules.from_json(body)
    assert again == rules
    assert scheme_sha256(again.to_json()) == scheme_sha256(body)


def test_what_is_not_taken_is_not_written() -> None:
    written = json.dumps(scheme().to_json())
    assert not any(key in written for key in ("levels", "measure", "losses", "rate_from", "vetoes", "grade_bands"))


@pytest.mark.parametrize(
    ("rules", "place"),
    [
        (scheme(levels=(Level("a", "", Decimal(40)),)), "scheme.tracks[0].indicators[0].parts[0]"),
        (
            scheme(levels=(Level("a", "", Decimal(100), Decimal(2), Decimal(1)),)),
            "scheme.tracks[0].indicators[0].parts[0].levels[0]",
        ),
        (scheme(losses=(LOSSES[0], LOSSES[0])), "scheme.tracks[0].indicators[0].parts[0]"),
        (
            scheme(losses=(Rule("a", "", Decimal(1), rate_from=Decimal(2)),)),
            "scheme.tracks[0].indicators[0].parts[0].losses[0]",
        ),
        (of_track(vetoes=(Veto("V1", "", "bars"),)), "scheme.tracks[0].vetoes[0]"),
        (of_track(vetoes=(Veto("V1", "", "zero", ("优秀",)),)), "scheme.tracks[0].vetoes[0]"),
        (of_track(vetoes=(Veto("V1", "", "bars", ("特等",)),)), "scheme"),
        (of_track(vetoes=(VETOES[0], VETOES[0])), "scheme.tracks[0]"),
        (replace(scheme(), grade_bands=(GradeBand("优秀"),)), "scheme.grade_bands[0]"),
    ],
)
def test_what_makes_no_sense_is_refused_at_its_place(rules: SchemeRules, place: str) -> None:
    with pytest.raises(EngineErrors) as refused:
        SchemeRules.from_json(rules.to_json())
    assert {error.place for error in refused.value.errors} == {place}
