"""Messages that did not arrive: who, what, why and since when; tried again once the address is right."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from accounts.models import User
from accounts.permissions import Action, requires
from common.ui.ticked import ticked
from outbox.models import NO_ADDRESS, Message
from outbox.queries import held_up, undelivered
from outbox.services import try_again

PER_PAGE = 50


@requires(Action.MANAGE_ACCOUNTS)
@require_http_methods(["GET", "POST"])
def undelivered_messages(request: HttpRequest) -> HttpResponse:
    """What nobody tries to send any more; those of the chosen people, or all of them, are sent again."""
    if request.method == "POST":
        people = User.objects.filter(pk__in=ticked(request.POST))
        count = try_again(to=None if request.POST.get("all") else people)
        text = ngettext("%(count)d message is sent again.", "%(count)d messages are sent again.", count)
        messages.success(request, text % {"count": count})
        return redirect("undelivered")
    page = Paginator(undelivered(), PER_PAGE).get_page(request.GET.get("page"))
    waiting = held_up()
    context = {
        "page": page,
        "rows": [_row(message) for message in page],
        "held_up": waiting.count(),
        "oldest": waiting.first(),
    }
    return render(request, "workflow/office/undelivered.html", context)


def _row(message: Message) -> dict[str, Any]:
    return {"message": message, "why": why_undelivered(message)}


def why_undelivered(message: Message) -> str:
    """Why a message was given up, in words; an answer of the mail server with its number."""
    if message.last_error == NO_ADDRESS:
        return _("no mail address")
    _kind, _space, code = message.last_error.partition(" ")
    if code:
        return _("refused by the mail server (%(code)s)") % {"code": code}
    return _("the address is malformed")
