"""The entry for the web server: the front of the house, and Django behind it on lanes of threads."""

from django.conf import settings
from django.urls import Resolver404, resolve

from common.bodies import longest_body
from common.front import PAGES, PASSWORDS, UPLOADS, Front, Lane
from config.wsgi import application as django

# One hash at a time in each process: two would take both cores of a small machine from everybody else.
LANES = (
    Lane(PAGES, threads=4, most_waiting=1000),
    Lane(PASSWORDS, threads=1, most_waiting=40),
    Lane(UPLOADS, threads=4, most_waiting=100),
)
# Addresses at which a person's password is checked.
WITH_PASSWORD = {"sign-in", "own-password", "board-sign"}


def lane_of(method: str, path: str) -> str:
    """The lane for what is asked of an address."""
    try:
        return PASSWORDS if method == "POST" and resolve(path).url_name in WITH_PASSWORD else PAGES
    except Resolver404:
        return PAGES


application = Front(django, lanes=LANES, lane_of=lane_of, short=settings.MAX_FORM_BYTES, most=longest_body())
