"""How allauth behaves here: accounts are made by moderators, never by signing up."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest

from claimtracker.kernel.visitors import address_of


class InvitedOnlyAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """By which failed sign-ins are counted, beside the account that they were for."""
        return address_of(request)
