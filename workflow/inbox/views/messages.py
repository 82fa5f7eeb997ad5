"""What was said to a person."""

from django.contrib.messages import success
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from accounts.actors import requester
from accounts.permissions import Action, reads
from accounts.posted import posts
from common.ui.asked import page_of
from outbox.queries import messages_of
from outbox.services import mark_read


@reads(Action.SIGNED_IN)
def messages(request: HttpRequest) -> HttpResponse:
    """My messages, unread first marked, newest first."""
    mine = messages_of(requester(request).user)
    page = page_of(request, mine)
    context = {"page": page, "unread": mine.filter(read_at=None).count()}
    return render(request, "workflow/inbox/messages.html", context)


@reads(Action.SIGNED_IN)
def message(request: HttpRequest, pk: int) -> HttpResponse:
    """One message of mine, read from now on."""
    reader = requester(request).user
    message = get_object_or_404(messages_of(reader), pk=pk)
    mark_read(to=reader, message_id=message.pk)
    return render(request, "workflow/inbox/message.html", {"message": message})


@posts(Action.SIGNED_IN, "messages")
def messages_read(request: HttpRequest) -> HttpResponse:
    """Mark all of mine as read."""
    count = mark_read(to=requester(request).user)
    success(request, _("%(count)d messages are marked as read.") % {"count": count})
    return redirect("messages")
