"""Where a request came from: our own proxies are believed, a client's claims are not."""

import pytest
from django.test import Client, RequestFactory

from audit.middleware import address_of


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
