"""A demo's sign-in page: it lists an account of each role, one click away."""

from typing import Any

from django.conf import settings

from accounts.permissions import Action, requires
from accounts.views.session import SignInView
from demo.queries import one_of_each_role


class DemoSignInView(SignInView):
    """Tells the accounts and their password, which everybody may know."""

    template_name = "demo/sign_in.html"

    def get_initial(self) -> dict[str, Any]:
        """Fill in the user name of the account that was clicked."""
        return super().get_initial() | {"username": self.request.GET.get("as", "")}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the accounts."""
        accounts = {"demo_accounts": list(one_of_each_role()), "demo_password": settings.DEMO_PASSWORD}
        return super().get_context_data(**kwargs) | accounts


sign_in = requires(Action.PUBLIC)(DemoSignInView.as_view())
