"""What a demo adds to every page."""

from django.http import HttpRequest
from django.urls import reverse

from accounts.permissions import Action, may


def frame(request: HttpRequest) -> dict[str, str]:
    """Context for every page: where everybody's mails are, for whoever may read them; no query."""
    sees_all = may(getattr(request, "actor", None), Action.MOVE_CLOCK)
    return {"demo_mail": reverse("demo-mail") if sees_all else ""}
