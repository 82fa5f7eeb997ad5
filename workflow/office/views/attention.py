"""What the office has to see to: what nobody holds; messages that did not arrive, tried again once it is right."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import ngettext

from accounts.actors import requester
from accounts.models import User
from accounts.permissions import Action, asks, may, reads
from common.ui.asked import page_of, ticked
from outbox.queries import given_up, held_up, undelivered
from workflow.flow.queries.holders import unheld_tasks, vacancies
from workflow.office.services.undelivered import send_again
from workflow.office.views.chosen import running_cycle


@reads(Action.READ_CYCLE)
def unheld(request: HttpRequest, slug: str) -> HttpResponse:
    """The open tasks of a running cycle that wait for nobody, and the roles to be filled."""
    cycle = running_cycle(slug)
    context = {
        "cycle": cycle,
        "tasks": unheld_tasks(cycle),
        "vacancies": vacancies(cycle),
        "may_appoint": may(requester(request), Action.MANAGE_ACCOUNTS),
    }
    return render(request, "workflow/office/unheld.html", context)


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
