"""Where a request came from: our own proxies are believed, a client's claims are not."""

import time
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory

from common import clock
from common.arrival import ArrivalMiddleware, address_of, arrival_of, network_of
from common.front import ARRIVED


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        pytest.param(0, "", "10.0.0.9", id="no proxy"),
        pytest.param(0, "1.1.1.1", "10.0.0.9", id="a claim without a proxy"),
        pytest.param(1, "2.2.2.2", "2.2.2.2", id="our proxy saw it"),
        pytest.param(1, "1.1.1.1, 2.2.2.2", "2.2.2.2", id="a claim before what our proxy saw"),
        pytest.param(2, "1.1.1.1,2.2.2.2,10.0.0.1", "2.2.2.2", id="two proxies"),
        pytest.param(2, "2.2.2.2", "10.0.0.9", id="fewer hops than proxies"),
    ],
)
def test_the_address_is_what_the_outermost_proxy_saw(settings, proxies: int, forwarded: str, address: str) -> None:
    settings.PROXIES = proxies
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    assert address_of(RequestFactory(REMOTE_ADDR="10.0.0.9", headers=headers).get("/")) == address


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8:0:1:2:3:4:5", "2001:db8:0:1::"),
        ("", ""),
    ],
)
def test_the_addresses_of_one_line_are_one_place(address: str, network: str) -> None:
    assert network_of(RequestFactory(REMOTE_ADDR=address).get("/")) == network


NOON = datetime(2026, 12, 31, 12, tzinfo=clock.BEIJING)
BEFORE = timedelta(seconds=20)
# More than a request needs to be read on a busy machine, less than what is asked about.
SLACK = timedelta(seconds=10)


def arrived(**environ: Any) -> datetime:
    """When a request arrived that is read at NOON."""
    with clock.travel(NOON):
        request = RequestFactory().get("/", **environ)
        ArrivalMiddleware(lambda _request: HttpResponse())(request)
        return arrival_of(request)


@pytest.mark.django_db
def test_a_request_arrived_when_the_front_took_it() -> None:
    before = time.monotonic() - BEFORE.total_seconds()
    assert NOON - BEFORE - SLACK < arrived(**{ARRIVED: before}) <= NOON - BEFORE
    assert NOON - SLACK < arrived() <= NOON


@pytest.mark.django_db
@pytest.mark.parametrize("proxies", [0, 1])
def test_what_was_on_its_way_for_longer_than_the_sweep_waits_came_now(settings: Any, proxies: int) -> None:
    settings.PROXIES = proxies
    waited = settings.DEADLINE_GRACE_SECONDS + 1
    held_open = {ARRIVED: time.monotonic() - waited, "HTTP_X_REQUEST_START": f"t={time.time() - waited:.3f}"}
    assert NOON - SLACK < arrived(**held_open) <= NOON


@pytest.mark.django_db
@pytest.mark.parametrize("form", ["t={:.3f}", "{:.6f}", "{:.0f}"])
def test_behind_a_proxy_it_arrived_when_the_proxy_took_it(settings: Any, form: str) -> None:
    scale = 1000 if "." not in form.format(1) else 1
    stamp = form.format((time.time() - BEFORE.total_seconds()) * scale)
    assert arrived(HTTP_X_REQUEST_START=stamp) > NOON - SLACK, "nobody says that there is a proxy"
    settings.PROXIES = 1
    assert NOON - BEFORE - SLACK < arrived(HTTP_X_REQUEST_START=stamp) <= NOON - BEFORE + timedelta(milliseconds=2)


@pytest.mark.django_db
@pytest.mark.parametrize("seconds", [-3600, 90, 10**9])
def test_a_stamp_from_the_future_or_from_long_ago_is_not_believed(settings: Any, seconds: int) -> None:
    settings.PROXIES = 1
    assert NOON - SLACK < arrived(HTTP_X_REQUEST_START=f"t={time.time() - seconds:.3f}") <= NOON


@pytest.mark.django_db
@pytest.mark.parametrize("text", ["", "t=", "now", "-1", "9" * 5000, "t=1700000000.1, t=1"])
def test_a_stamp_that_is_none_is_passed_over(settings: Any, text: str) -> None:
    settings.PROXIES = 1
    assert NOON - SLACK < arrived(HTTP_X_REQUEST_START=text) <= NOON


@pytest.mark.django_db
@pytest.mark.parametrize("query", ["q=%00", "q=a%00b", "q=\0"])
def test_no_nul_comes_in_by_an_address(client: Client, query: str) -> None:
    assert client.get("/public/", QUERY_STRING=query).status_code == 400


@pytest.mark.django_db
def test_what_only_looks_like_one_is_let_through(client: Client) -> None:
    assert client.get("/public/", QUERY_STRING="q=%0%000").status_code == 400
    assert client.get("/public/", QUERY_STRING="q=%2500").status_code == 200


@pytest.mark.django_db
def test_no_nul_comes_in_by_a_cookie() -> None:
    assert Client(headers={"Cookie": r'sessionid="abcdefgh\000x"'}).get("/public/").status_code == 400
