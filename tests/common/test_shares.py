"""A secret in three shares: any two give it back, one says nothing of it, and what is mistyped is named."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shamir_mnemonic.wordlist import WORDLIST

from common.errors import DomainError
from common.sealing import new_secret
from common.shares import BY_LETTERS, WORDS, joined, part, shares_in

SECRET = new_secret()
SHARES = [" ".join(words) for words in part(SECRET)]


def refused(*typed: str) -> str | None:
    """The field at which these are refused."""
    with pytest.raises(DomainError) as raised:
        joined(shares_in(typed))
    return raised.value.field


@given(st.binary(min_size=16, max_size=16))
def test_any_two_of_three_give_the_secret_back(secret: bytes) -> None:
    shares = [" ".join(words) for words in part(secret)]
    assert {joined(shares_in(pair)) for pair in combinations(shares, 2)} == {secret}


def test_a_share_has_twenty_words_of_which_four_letters_are_enough() -> None:
    assert [len(share.split()) for share in SHARES] == [WORDS] * 3
    assert len(BY_LETTERS) == len(WORDLIST)
    short = "，\n".join(f"{number}. {word[:4].upper()}" for number, word in enumerate(SHARES[0].split(), start=1))
    assert joined(shares_in([short, SHARES[2]])) == SECRET


def test_what_is_parted_twice_makes_other_shares() -> None:
    again = [" ".join(words) for words in part(SECRET)]
    assert not set(again) & set(SHARES)
    assert refused(SHARES[0], again[1]) is None


@pytest.mark.parametrize("place", [0, 1])
def test_a_wrong_word_is_named_at_its_share(place: int) -> None:
    typed = SHARES[:2]
    typed[place] = typed[place].replace(typed[place].split()[7], "kaohe")
    assert refused(*typed) == f"share_{place + 1}"


def test_two_words_that_changed_places_are_noticed() -> None:
    first, second, *rest = SHARES[1].split()
    assert refused(SHARES[0], " ".join([second, first, *rest])) == "share_2"


@pytest.mark.parametrize("typed", ["", "academic", "三人分持"])
def test_what_is_no_share_is_refused_at_its_field(typed: str) -> None:
    assert refused(typed, SHARES[1]) == "share_1"


def test_the_first_letters_of_a_word_are_too_few() -> None:
    assert refused(" ".join(word[:3] for word in SHARES[0].split()), SHARES[1]) == "share_1"


def test_one_share_twice_opens_nothing() -> None:
    assert refused(SHARES[0], SHARES[0].upper()) is None
