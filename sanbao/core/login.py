"""Login: accounts are made by administrators, never by strangers."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]  # the library ships no types
    """No open sign-up."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
