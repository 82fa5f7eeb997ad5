"""What was said to a person; in a demo the office sees everybody's mail, since it reaches no mailbox."""

from django.conf import settings
from django.contrib import messages as said
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.actors import requester
from accounts.permissions import Action, may, requires
from accounts.posted import posted_from
from common.words import words_in
from outbox.queries import everyones_messages, messages_of
from outbox.services import mark_read
from outbox.written import texts_written

PER_PAGE = 50


def _sees_all(request: HttpRequest) -> bool:
    return bool(settings.DEMO) and may(requester(request), Action.MOVE_CLOCK)


@requires(Action.SIGNED_IN)
@require_GET
def messages(request: HttpRequest) -> HttpResponse:
    """My messages, unread first marked, newest first."""
    mine = messages_of(requester(request).user)
    page = Paginator(mine, PER_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "unread": mine.filter(read_at=None).count(), "sees_all": _sees_all(request)}
    return render(request, "workflow/inbox/messages.html", context)


@requires(Action.SIGNED_IN)
@require_GET
def message(request: HttpRequest, pk: int) -> HttpResponse:
    """One message of mine, read from now on; in a demo the office reads anybody's."""
    actor = requester(request)
    found = everyones_messages() if _sees_all(request) else messages_of(actor.user)
    one = get_object_or_404(found, pk=pk)
    if one.to_id == actor.user.pk:
        mark_read(to=actor.user, message_id=one.pk)
    return render(request, "workflow/inbox/message.html", {"message": one, "mine": one.to_id == actor.user.pk})


@requires(Action.SIGNED_IN)
@posted_from("messages")
def messages_read(request: HttpRequest) -> HttpResponse:
    """Mark all of mine as read."""
    count = mark_read(to=requester(request).user)
    said.success(request, _("%(count)d messages are marked as read.") % {"count": count})
    return redirect("messages")


@requires(Action.MOVE_CLOCK)
@require_GET
def demo_mail(request: HttpRequest) -> HttpResponse:
    """Everybody's mails, and the texts that were written into files, since a demo reaches no mailbox and no phone."""
    words = words_in(request)
    texts = request.GET.get("texts") == "1"
    found = texts_written(words) if texts else everyones_messages(words)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "workflow/demo/mail.html", {"page": page, "q": words, "texts": texts})
