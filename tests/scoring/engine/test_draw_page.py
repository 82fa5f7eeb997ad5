"""The worked example of docs/draw.md, to the byte: by the engine, and by the page's formulas alone."""

import hashlib
import hmac
from datetime import date

from scoring.engine.categories import categories_csv, categories_sha256, parse_categories
from scoring.engine.draw import draw, parse_roster, roster_csv, roster_sha256, seed_from_lines, split_lines
from scoring.engine.lottery import numbers_in
from scoring.engine.seed import Covered, Occasion, Share, covered_sha256, covered_text, secret_sha256, seed_lines
from tests.support.draw_page import PAGE, vectors

V = vectors()
ROWS = parse_roster(V["roster"])
CATEGORIES = parse_categories(split_lines(V["categories"]))


def sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def occasion(categories: str = "") -> Occasion:
    said = V["occasion"]
    covered = (
        Covered("d002", 20, "0" * 64),
        Covered(V["unit"], V["size"], V["roster_sha256"], categories),
    )
    return Occasion(said["year"], said["number"], said["issue"], date.fromisoformat(said["day"]), covered)


def test_the_engine_comes_to_every_value() -> None:
    secrets = V["secrets"]
    first, second = secrets
    shares = [Share(secrets[first], first), Share(secrets[second])]
    plain, with_categories = occasion(), occasion(V["categories_sha256"])
    assert (roster_sha256(ROWS), roster_csv(reversed(ROWS))) == (V["roster_sha256"], V["roster"])
    assert (categories_sha256(CATEGORIES), categories_csv(CATEGORIES)) == (V["categories_sha256"], V["categories"])
    assert {secret: secret_sha256(secret) for secret in secrets} == secrets
    assert (covered_text(plain.covered), covered_sha256(plain.covered)) == (V["covered"], V["covered_sha256"])
    assert covered_text(with_categories.covered) != V["covered"]
    assert seed_lines(plain, shares, numbers_in(V["red"], V["blue"])) == V["seed_lines"]
    seed = seed_from_lines(V["seed_lines"])
    result = draw(ROWS, V["unit"], V["size"], seed)
    each = draw(ROWS, V["unit"], V["size"], seed, CATEGORIES)
    assert (result.seed, [*result.drawn], [*result.reserves]) == (V["seed"], V["drawn"], V["reserves"])
    assert [*each.drawn] == V["drawn_of_each_category"]
    assert [*each.reserves] == V["reserves_of_each_category"]
    assert each.to_json()["algorithm"] == "kaohe/draw/v1+categories"
    assert each.to_json()["categories_sha256"] == V["categories_sha256"]


def test_so_do_the_formulas_of_the_page() -> None:
    rows = V["roster"].split("\n", 1)[1]
    assert sha("kaohe/roster/v1\n" + rows) == V["roster_sha256"]
    assert sha("kaohe/categories/v1\n" + V["categories"].split("\n", 1)[1]) == V["categories_sha256"]
    assert sha("kaohe/rosters/v1\n" + V["covered"]) == V["covered_sha256"]
    assert all(sha(f"kaohe/secret/v1\n{secret}\n") == digest for secret, digest in V["secrets"].items())
    seed = sha("kaohe/seed/v1\n" + "".join(f"{line}\n" for line in V["seed_lines"]))
    assert seed == V["seed"]
    for opaque_id, key in V["keys"].items():
        text = f"kaohe/draw/v1\n{V['roster_sha256']}\n{V['unit']}\n{opaque_id}\n"
        assert hmac.new(bytes.fromhex(seed), text.encode(), "sha256").hexdigest() == key
    assert sorted(V["keys"], key=lambda opaque_id: V["keys"][opaque_id]) == V["drawn"] + V["reserves"]


def test_the_table_of_the_page_says_the_same() -> None:
    table = PAGE.split("## Worked example")[1].split("```json")[0]
    for value in (V["roster_sha256"], V["covered_sha256"], V["seed"], *V["drawn"], *V["reserves"]):
        assert f"`{value}`" in table
    assert all(f"`{key[:16]}…` `{opaque_id}`" in table for opaque_id, key in V["keys"].items())
