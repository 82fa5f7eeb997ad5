"""The pages of what two people decide: what waits for whom, one change, and its decision."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from accounts import guarded
from accounts.actors import current_memberships, requester
from accounts.changes import last_contact_change
from accounts.confirmations import confirm, refuse, withdraw
from accounts.forms import RefusalForm
from accounts.models import GuardedChange, Role, User
from accounts.passwords import Credentials
from accounts.permissions import Action, reads
from accounts.posted import posts
from accounts.queries import working
from accounts.views.tabs import tabs
from common import clock
from common.ui.answers import refusals_told
from common.ui.asked import page_of
from common.wording import spoken_instant

CHANGES = GuardedChange.objects.select_related("user", "asked_by", "decided_by")


@reads(Action.READ_ACCOUNTS)
def guarded_changes(request: HttpRequest) -> HttpResponse:
    """What waits, what expires first at the top; below it what was decided or expired, the latest first."""
    actor = requester(request)
    changes = guarded.waiting().order_by("expires_at", "pk")
    done = CHANGES.exclude(pk__in=guarded.waiting().values("pk"))
    page = page_of(request, done)
    context = {
        "waiting": [guarded.ListedChange(change, mine=guarded.confirms.allows(actor, change)) for change in changes],
        "page": page,
        "done": [guarded.ListedChange(change) for change in page.object_list],
        "tabs": tabs("guarded-changes"),
        "no_supervisor": not working(Role.SUPERVISOR).exists(),
    }
    return render(request, "accounts/guarded_changes.html", context)


@reads(Action.READ_ACCOUNTS)
def guarded_change(request: HttpRequest, pk: int) -> HttpResponse:
    """One change: what, for whom, who asked, and what becomes of it."""
    return _page(request, get_object_or_404(CHANGES, pk=pk), RefusalForm())


def _page(request: HttpRequest, change: GuardedChange, form: RefusalForm) -> HttpResponse:
    actor, person = requester(request), change.user
    is_open = not change.decision and change.expires_at > clock.now()
    context = {
        "change": change,
        "person": person,
        "what": guarded.say_change(change),
        "held": current_memberships().filter(user=person).select_related("unit", "department"),
        "sharing": User.objects.filter(email__iexact=change.email or person.email).exclude(pk=person.pk)
        if change.email or person.email
        else (),
        "is_open": is_open,
        "contact_written": last_contact_change(person),
        "second": guarded.CONFIRMED_BY[Role(change.asked_as)].label,
        "may_confirm": is_open and guarded.confirms.allows(actor, change),
        "may_refuse": is_open and guarded.refuses.allows(actor, change),
        "may_withdraw": is_open and guarded.withdraws.allows(actor, change),
        "nobody": is_open and not guarded.could_confirm(change).exists(),
        "anew": is_open and guarded.signs_in_anew(change),
        "form": form,
    }
    return render(request, "accounts/guarded_change.html", context)


@never_cache
@posts(Action.GUARD_ACCOUNTS, "guarded-change", "pk")
def guarded_change_decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Confirm, refuse or withdraw; a one-time password is shown once, to whoever confirmed."""
    change = get_object_or_404(CHANGES, pk=pk)
    form = RefusalForm(request.POST if request.POST.get("decision") == "refuse" else None)
    if form.is_bound and not form.is_valid():
        return _page(request, change, form)
    with refusals_told(request):
        made = _decide(request, change, form)
        if made is not None:
            return render(request, "accounts/passwords.html", {"made": [made]})
    return redirect("guarded-change", pk)


def _confirmed(change: GuardedChange) -> str:
    if change.since is None or change.since <= clock.now():
        return _("Confirmed: it holds from now on.")
    return _("Confirmed: it holds from %(instant)s on.") % {"instant": spoken_instant(change.since)}


def _decide(request: HttpRequest, change: GuardedChange, form: RefusalForm) -> Credentials | None:
    by = requester(request).user
    match request.POST.get("decision"):
        case "confirm":
            made = confirm(change=change, by=by)
            messages.success(request, _confirmed(change))
            return made
        case "refuse":
            refuse(change=change, why=form.cleaned_data["why"], by=by)
            messages.success(request, _("Refused; who asked for it is told."))
        case "withdraw":
            withdraw(change=change, by=by)
            messages.success(request, _("Withdrawn."))
    return None
