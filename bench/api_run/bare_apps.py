"""Apps that start with nothing in front of a view."""

from allauth.account.apps import AccountConfig


class AccountsWithoutMiddleware(AccountConfig):
    def ready(self) -> None:
        """Without the look whether its middleware is there: nobody signs in to a bare view."""
