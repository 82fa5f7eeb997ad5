"""Nobody is favoured, and nobody can choose: chi-square over many draws, and the office's best tries to grind (R8)."""

import random
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from itertools import permutations

from scoring.engine.draw import draw, roster_sha256, seed_from_lines
from scoring.engine.lottery import HIGHEST_BLUE, HIGHEST_RED, REDS, Numbers
from scoring.engine.seed import Covered, Occasion, Share, secret_sha256, seed_lines

ROWS = [(opaque_id, "") for opaque_id in ("a", "b", "c", "d")]
SIZE = 2
# The values that chi-square passes once in a million fair tries; the tries here are fixed, so they never pass it.
MOST = {3: 30.7, 23: 74.5}
SECRETS = ("the secret of the office", "the secret of the supervisor")


def chi_square(counted: Counter[str], outcomes: Iterable[str], *, expected: dict[str, float] | float) -> float:
    return sum(
        (counted[outcome] - wanted) ** 2 / wanted
        for outcome in outcomes
        for wanted in [expected if isinstance(expected, float) else expected[outcome]]
    )


def test_every_order_of_a_roster_comes_as_often_in_a_hundred_thousand_draws() -> None:
    orders = ["".join(order) for order in permutations("abcd")]
    many = 100_000
    counted: Counter[str] = Counter()
    for number in range(many):
        result = draw(ROWS, "u", SIZE, number.to_bytes(32, "big"))
        counted["".join(result.drawn + result.reserves)] += 1
    assert chi_square(counted, orders, expected=many / len(orders)) < MOST[len(orders) - 1]


def a_lottery(chance: random.Random) -> Numbers:
    red = frozenset(chance.sample(range(1, HIGHEST_RED + 1), REDS))
    return Numbers(red, chance.randint(1, HIGHEST_BLUE))


def drawn(unit: str, secrets: Sequence[str], revealed: Sequence[bool], issue: str, numbers: Numbers) -> set[str]:
    """Who is drawn by everything that can be chosen before the lottery, and its numbers."""
    occasion = Occasion(2026, 1, issue, date(2026, 12, 3), (Covered(unit, SIZE, roster_sha256(ROWS)),))
    shares = [
        Share(secret_sha256(secret), secret if told else "") for secret, told in zip(secrets, revealed, strict=True)
    ]
    seed = seed_from_lines(seed_lines(occasion, shares, numbers))
    return set(draw(ROWS, unit, SIZE, seed).drawn)


def test_whoever_knows_everything_but_the_lottery_gains_nothing_by_any_choice() -> None:
    """The office wants “a” drawn. It tries every choice on lotteries of its own, and takes the one that did best."""
    choices = [
        (secrets, revealed, issue)
        for secrets in (SECRETS, SECRETS[::-1], (SECRETS[0], "a secret that it likes better"))
        for revealed in ((True, True), (True, False), (False, False))
        for issue in ("2026136", "2026137")
    ]
    tries, real = random.Random(1), random.Random(2)  # both fixed: a test, no secret
    trials, lotteries = [a_lottery(tries) for _ in range(300)], [a_lottery(real) for _ in range(6000)]

    def liked(choice: tuple[Sequence[str], Sequence[bool], str]) -> int:
        return sum("a" in drawn("u", *choice, numbers) for numbers in trials)

    best = max(choices, key=liked)
    assert liked(best) > len(trials) * SIZE / len(ROWS), "on its own tries something always looks good"
    counted: Counter[str] = Counter()
    for numbers in lotteries:
        counted.update(drawn("u", *best, numbers))
    expected = len(lotteries) * SIZE / len(ROWS)
    # Those drawn of one lottery are two different ones: less scatter than of independent draws, so the limit holds.
    assert chi_square(counted, "abcd", expected=expected) < MOST[len(ROWS) - 1]


def test_before_the_lottery_every_person_may_still_be_drawn_or_not() -> None:
    numbers = [a_lottery(random.Random(number)) for number in range(60)]  # fixed
    sets = [drawn("u", SECRETS, (True, True), "2026136", each) for each in numbers]
    assert set().union(*sets) == set("abcd")
    assert set.intersection(*sets) == set()
