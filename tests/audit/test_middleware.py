"""Where a request came from: our own proxies are believed, a client's claims are not."""

import pytest
from django.test import RequestFactory

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
