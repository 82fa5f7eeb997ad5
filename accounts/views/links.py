"""The page behind a mailed link: its person sets a password that nobody else has seen."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.views import PasswordResetConfirmView
from django.http import HttpResponse
from django.urls import reverse_lazy
from django.utils.translation import gettext as _

from accounts.forms import NewPasswordForm
from accounts.links import days_valid, tokens
from accounts.permissions import Action, requires


class NewPasswordView(PasswordResetConfirmView):
    """Works once; the link's secret leaves the address before the page is shown."""

    form_class = NewPasswordForm
    template_name = "accounts/password_new.html"
    token_generator = tokens
    success_url = reverse_lazy("sign-in")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Say for how long links work, where this one does not any more."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | {"days": days_valid()}

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> HttpResponse:
        """A link that was used, is too old or was never one is no page."""
        return super().render_to_response(context, **kwargs | ({} if self.validlink else {"status": 404}))

    def form_valid(self, form: Any) -> HttpResponse:
        """Keep the password and say how to go on."""
        answer = super().form_valid(form)
        messages.success(self.request, _("Your password is set. Please sign in with it."))
        return answer


password_new = requires(Action.PUBLIC)(NewPasswordView.as_view())
