"""Secrets of ballots, for tests: nothing keeps one, so each is made anew."""

from scoring.models import Ballot
from workflow.rating.services.ballots import mint


def a_token(ballot: Ballot | None = None) -> str:
    """A new secret of a ballot's link, of the first ballot by default; an earlier one opens nothing any more."""
    return mint(ballot or Ballot.objects.earliest("pk"))
