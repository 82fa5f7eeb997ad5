"""Messages that did not arrive: who, what, why and since when; tried again once the address is right."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import ngettext

from accounts.actors import requester
from accounts.models import User
from accounts.permissions import Action, asks
from common.ui.asked import page_of, ticked
from outbox.queries import given_up, held_up, undelivered
from workflow.office.services.undelivered import send_again


@asks(Action.MANAGE_ACCOUNTS)
def undelivered_messages(request: HttpRequest) -> HttpResponse:
    """What nobody tries to send any more; those of the chosen people, or all of them, are sent again."""
    if request.method == "POST":
        people = list(User.objects.filter(pk__in=ticked(request.POST)))
        count = send_again(by=requester(request).user, to=None if request.POST.get("all") else people)
        text = ngettext("%(count)d message is sent again.", "%(count)d messages are sent again.", count)
        messages.success(request, text % {"count": count})
        return redirect("undelivered")
    page = page_of(request, given_up())
    waiting = held_up()
    context = {
        "page": page,
        "undelivered": undelivered().count(),
        "held_up": waiting.count(),
        "oldest": waiting.first(),
    }
    return render(request, "workflow/office/undelivered.html", context)
