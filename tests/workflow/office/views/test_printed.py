"""The scheme printed as an annex, from its page."""

import pytest
from django.contrib.messages import get_messages

from scoring.engine.notice import read_notice
from scoring.readers.sources import read_source
from tests.support.pages import Visitor
from tests.support.schemes import put_rules
from tests.support.world import World, a_cycle

pytestmark = pytest.mark.django_db
URL = "/schemes/2026/scheme.docx"


def test_what_is_printed_reads_back() -> None:
    world = a_cycle()
    answer = Visitor(world, world.office).get(f"{URL}?anyway=1")
    again = read_notice(read_source("scheme.docx", answer.content))
    assert [track.code for track in again.tracks] == [track["code"] for track in body(world)]


def body(world: World) -> list[dict[str, object]]:
    return list(world.cycle.scheme.body["tracks"])


def test_a_scheme_that_words_do_not_say_is_told_first() -> None:
    world = a_cycle()
    scheme = world.cycle.scheme
    scheme.body["tracks"][0]["components"][1]["trim"] = 1
    put_rules(scheme, scheme.body)
    answer = Visitor(world, world.office).get(URL)
    (message,) = get_messages(answer.wsgi_request)
    assert (answer.status_code, "区县（自治县）科协" in str(message)) == (302, True)
    assert "scheme.docx?anyway=" in Visitor(world, world.office).get(answer.url).content.decode()
