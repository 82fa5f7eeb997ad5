"""Scores done a second time, naively and with fractions only: any scheme, any units, the same results."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scoring.engine.scheme import SchemeRules
from tests.support.scored import parse_units, score_units

Json = dict[str, Any]
GRADES = ["甲等", "乙等", "丙等"]
RATINGS = {"recipients": "recipient_ratings", "leaders": "leader_ratings"}


def digits(highest: int, places: int = 3) -> st.SearchStrategy[str]:
    """Decimal strings from 0 to `highest`, written in any of the ways allowed."""
    number = st.integers(0, highest * 10**places).map(lambda value: format(Decimal(value).scaleb(-places), "f"))
    return st.tuples(st.sampled_from(["", "0", "00"]), number).map("".join)


@st.composite
def rules(draw: st.DrawFn, code: str) -> Json:
    per = draw(st.sampled_from([None, "次", "项"]))
    rule = {"code": code, "rate": draw(digits(9)), "per": per, "cap": draw(st.none() | digits(20))}
    factor = {
        "code": code,
        "rate": "0",
        "per": None,
        "cap": None,
        "factor": draw(st.sampled_from(["0.5", "2", "1.25"])),
    }
    return draw(st.sampled_from([rule, rule, factor]))


@st.composite
def adjustments(draw: st.DrawFn, code: str, kind: str) -> Json:
    listed = [draw(rules(f"{code}.{place}")) for place in range(1, draw(st.integers(1, 3)) + 1)]
    cap, highest = draw(st.none() | digits(12)), draw(st.booleans())
    return {"code": code, "kind": kind, "cap": cap, "rules": listed, "highest": highest}


@st.composite
def options(draw: st.DrawFn) -> Json:
    """Which ratings are left out and how many are needed: nothing, or any of what a scheme may say."""
    trims = [
        {},
        {"trim": draw(st.integers(0, 3))},
        {"trim_share": format(Decimal(draw(st.integers(0, 4999))) / 100, "f")},
    ]
    return draw(st.sampled_from(trims)) | draw(st.sampled_from([{}, {"least": draw(st.integers(0, 6))}]))


@st.composite
def tracks(draw: st.DrawFn, code: str) -> Json:
    chosen = draw(st.lists(st.sampled_from(["recipients", "leaders"]), unique=True))
    weights = draw(st.lists(digits(100), min_size=len(chosen) + 1, max_size=len(chosen) + 1))
    codes = draw(st.permutations(["work", *chosen]))
    parts = [{"code": f"1.{place}", "points": draw(digits(60))} for place in range(1, draw(st.integers(1, 4)) + 1)]
    return {
        "code": code,
        "components": [
            {"code": each, "weight": weight} | (draw(options()) if each in RATINGS else {})
            for each, weight in zip(codes, weights, strict=True)
        ],
        "bonus_cap": draw(st.none() | digits(15)),
        "deduction_cap": draw(st.none() | digits(15)),
        "deduction_bars": draw(st.lists(st.sampled_from(GRADES), unique=True)),
        "incident_rule": True,
        "indicators": [{"code": "1", "points": None, "parts": parts}],
        "adjustments": [draw(adjustments("B1", "bonus")), draw(adjustments("D1", "deduction"))]
        + ([draw(adjustments("B2", "bonus"))] if draw(st.booleans()) else []),
    }


@st.composite
def units(draw: st.DrawFn, name: str, track: Json) -> Json:
    parts = track["indicators"][0]["parts"]
    given_parts = [part for part in parts if draw(st.booleans())]
    unit: Json = {"unit": name, "track": track["code"], "adjustments": {}}
    unit["parts"] = {part["code"]: draw(st.sampled_from([part["points"], "0", "-0"])) for part in given_parts}
    for item in track["adjustments"]:
        counts = {each["code"]: draw(st.integers(0, 9 if each["per"] else 1)) for each in item["rules"]}
        unit["adjustments"][item["code"]] = counts
    for component in track["components"]:
        if component["code"] in RATINGS:
            unit[RATINGS[component["code"]]] = draw(st.lists(digits(100, 2), max_size=12))
    barring = st.fixed_dictionaries({"bars": st.lists(st.sampled_from(GRADES), max_size=2)})
    unit["incidents"] = draw(st.lists(barring | st.just({"not_assessed": True}), max_size=2))
    return unit


@st.composite
def worlds(draw: st.DrawFn) -> tuple[Json, list[Json]]:
    body: Json = {"grades": GRADES, "tracks": [draw(tracks("district")), draw(tracks("annex-7"))]}
    chosen = draw(st.lists(st.sampled_from(body["tracks"]), min_size=1, max_size=6))
    return body, [draw(units(f"u{place}", track)) for place, track in enumerate(chosen)]


def at_most(value: Fraction, cap: str | None) -> Fraction:
    return value if cap is None else min(value, Fraction(cap))


def adjusted(track: Json, unit: Json, kind: str) -> Fraction:
    together = Fraction(0)
    for item in track["adjustments"]:
        if item["kind"] == kind:
            counts = unit["adjustments"][item["code"]]
            each = [at_most(counts[rule["code"]] * Fraction(rule["rate"]), rule["cap"]) for rule in item["rules"]]
            worth = max(each) if item["highest"] else sum(each, Fraction(0))
            for rule in item["rules"]:
                worth *= Fraction(rule.get("factor", 1)) if counts[rule["code"]] else 1
            together += at_most(worth, item["cap"])
    return at_most(together, track["bonus_cap" if kind == "bonus" else "deduction_cap"])


def cents(value: Fraction) -> str:
    """Half up to 0.01, by the remainder."""
    whole, rest = divmod(value * 100, 1)
    hundredths = int(whole) + (rest >= Fraction(1, 2))
    return f"{hundredths // 100}.{hundredths % 100:02d}"


def mean(component: Json, ratings: list[str]) -> Fraction | None:
    """The mean of what is left of the ratings, one of the highest and one of the lowest taken away at a time."""
    left = sorted(map(Fraction, ratings))
    if len(left) < component.get("least", 0):
        return None
    for _place in range(component.get("trim", int(len(left) * Fraction(component.get("trim_share", "0")) / 100))):
        left = left[1:-1]
    return sum(left, Fraction(0)) / len(left) if left else None


def again(track: Json, unit: Json) -> Json:
    base = sum(map(Fraction, unit["parts"].values()), Fraction(0))
    bonus, deduction = adjusted(track, unit, "bonus"), adjusted(track, unit, "deduction")
    marks: dict[str, Fraction | None] = {"work": max(Fraction(0), base + bonus - deduction)}
    for component in track["components"]:
        if component["code"] in RATINGS:
            marks[component["code"]] = mean(component, unit[RATINGS[component["code"]]])
    weights = {each["code"]: Fraction(each["weight"]) / 100 for each in track["components"]}
    open_ones = [code for code in weights if marks[code] is None]
    factors = {rule["code"] for item in track["adjustments"] for rule in item["rules"] if "factor" in rule}
    given_times = (count for counts in unit["adjustments"].values() for count in counts.items())
    deducted = any(times and code[0] == "D" and code not in factors for code, times in given_times)
    barred = {grade for each in unit["incidents"] for grade in each.get("bars", [])}
    barred |= set(track["deduction_bars"]) if deducted else set()
    return {
        "unit": unit["unit"],
        "track": track["code"],
        "base": cents(base),
        "bonus": cents(bonus),
        "deduction": cents(deduction),
        "components": {code: None if (mark := marks[code]) is None else cents(mark) for code in weights},
        "total": None
        if open_ones
        else cents(sum(((marks[code] or 0) * weights[code] for code in weights), Fraction(0))),
        "missing": open_ones,
        "barred": [grade for grade in GRADES if grade in barred],
        "not_assessed": any("not_assessed" in each for each in unit["incidents"]),
    }


def with_ranks(results: list[Json]) -> list[Json]:
    for result in results:
        track, total = result["track"], result["total"]
        rivals = [rival for rival in results if rival["track"] == track and not rival["not_assessed"]]
        above = [rival for rival in rivals if rival["total"] and total and Decimal(rival["total"]) > Decimal(total)]
        result["rank"] = len(above) + 1 if result["total"] and not result["not_assessed"] else None
    return results


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(worlds())
def test_any_world_is_scored_as_a_naive_second_count_does(world: tuple[Json, list[Json]]) -> None:
    body, given_units = world
    scheme = SchemeRules.from_json(body)
    results = [score.to_json() for score in score_units(scheme, parse_units(scheme, given_units))]
    told = [result.pop("explain") for result in results]
    by_code = {track["code"]: track for track in body["tracks"]}
    assert results == with_ranks([again(by_code[unit["track"]], unit) for unit in given_units])
    assert all(
        "E" not in word and "-0" not in word for sentences in told for each in sentences for word in each.split()
    )


def one_track(**changes: Any) -> Json:
    parts = [{"code": "1.1", "points": "999999999999999.999999999999999"}, {"code": "1.2", "points": "50"}]
    track = {"code": "society", "indicators": [{"code": "1", "parts": parts}], "adjustments": [], **changes}
    return {"grades": GRADES, "tracks": [track]}


def explained(body: Json, **unit: Any) -> list[str]:
    scheme = SchemeRules.from_json(body)
    raw = [{"unit": "u", "track": "society", **unit}]
    return list(score_units(scheme, parse_units(scheme, raw))[0].to_json()["explain"])


def test_figures_of_more_digits_than_decimals_keep_are_told_whole() -> None:
    first, *_rest = explained(one_track(), parts={"1.1": "999999999999999.999999999999998", "1.2": "0.000000000000001"})
    assert first.endswith("+ 0.000000000000001 [1.2] = 999999999999999.999999999999999")


def test_the_most_that_a_rule_can_give_is_told_whole() -> None:
    rule = {"code": "B1.1", "rate": "999999999999999.999999999999999", "per": "次"}
    body = one_track(adjustments=[{"code": "B1", "kind": "bonus", "rules": [rule]}])
    told = explained(body, adjustments={"B1": {"B1.1": 10**9}})
    assert "B1: 1000000000 × 999999999999999.999999999999999 [B1.1] = 999999999999999999999999.999999" in told


@pytest.mark.parametrize("zero", ["0", "-0", "-0.00", "000.000"])
def test_zero_has_no_sign_however_it_is_written(zero: str) -> None:
    assert explained(one_track(), parts={"1.2": zero})[0] == "Points given: 0 [1.1] + 0 [1.2] = 0"


@pytest.mark.parametrize(
    ("parts", "total"),
    [("0.005", "0.01"), ("0.004999999999999", "0.00"), ("1.015", "1.02"), ("2.675", "2.68"), ("49.994999", "49.99")],
)
def test_halves_go_up_and_nothing_less_does(parts: str, total: str) -> None:
    assert explained(one_track(), parts={"1.2": parts})[-1].endswith(f"= {total}")


def test_halves_are_rounded_once_after_the_weights() -> None:
    components = [{"code": "work", "weight": "50"}, {"code": "leaders", "weight": "50"}]
    told = explained(one_track(components=components), parts={"1.2": "0.005"}, leader_ratings=["0.004"])
    assert told[-1] == "Total: 0.005 × 50% + 0.004 ÷ 1 × 50%, rounded half up to 0.01 = 0.00"
