"""Everybody's mails, and the texts that were written into files, since a demo reaches no mailbox and no phone."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from accounts.permissions import Action, reads
from common.ui.asked import page_of, words_in
from demo.mail_folder import mail_written, texts_written
from demo.queries import everyones_messages
from outbox.carriers import message_id


@reads(Action.MOVE_CLOCK)
def demo_mail(request: HttpRequest) -> HttpResponse:
    """The mails, or the texts, that contain the words asked for."""
    words = words_in(request)
    texts = request.GET.get("texts") == "1"
    listed = texts_written(words) if texts else everyones_messages(words)
    page = page_of(request, listed)
    return render(request, "demo/mail.html", {"page": page, "q": words, "texts": texts})


@reads(Action.MOVE_CLOCK)
def demo_message(request: HttpRequest, pk: int) -> HttpResponse:
    """What was said to anybody; read by the office, it stays unread for whom it was said to.

    What was made as it was sent, such as a link, is in no row: it is read from the demo's file.
    """
    message = get_object_or_404(everyones_messages(), pk=pk)
    written = mail_written(message_id(message.cause)) if message.minting else ""
    return render(request, "demo/message.html", {"message": message, "written": written})
