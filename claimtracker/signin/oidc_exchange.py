"""What we ask the identity provider, and what of its answers we take: allauth's way, with every answer
checked. allauth leaves out the signature of an ID token that came straight from the provider, and asks for no
nonce."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import requests
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialLogin, SocialToken
from allauth.socialaccount.providers.oauth2.client import OAuth2Client, OAuth2Error
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.http import HttpRequest
from django.urls import reverse

from .id_token import NotTrusted, read_id_token

ASKED = ("authorization_endpoint", "token_endpoint", "jwks_uri")
ADDRESS = frozenset({"email", "email_verified"})


class ProviderAway(OAuth2Error):
    """It does not answer, or not as a provider does. The words are for whoever keeps the installation."""


class ProviderNotTrusted(OAuth2Error):
    """It answers, and what it says is not proven. The words are as those of ProviderAway."""


@contextmanager
def what_it_answers(about: str) -> Iterator[None]:
    try:
        yield
    except (requests.RequestException, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ProviderAway(f"{about}: {type(error).__name__}") from error


class PatientSession(requests.Session):
    """Goes nowhere but where it is sent: the client's secret must not follow a redirect."""

    def request(self, *args: Any, **options: Any) -> requests.Response:
        options["allow_redirects"] = False
        options.setdefault("timeout", 5)
        answer = super().request(*args, **options)
        if answer.is_redirect:
            raise requests.TooManyRedirects("it redirects")
        return answer


class Client(OAuth2Client):
    """Takes the code there. A refusal is said without the answer, which may hold tokens."""

    def get_access_token(self, *args: Any, **options: Any) -> dict[str, Any]:
        with what_it_answers("its answer to the code"):
            try:
                found = super().get_access_token(*args, **options)
            except OAuth2Error as error:
                said = "it does not take the code: see OIDC_CLIENT_ID and OIDC_CLIENT_SECRET"
                raise ProviderNotTrusted(said) from error
            return {"access_token": str(found["access_token"]), "id_token": found.get("id_token")}


class Exchange(OpenIDConnectOAuth2Adapter):
    """One sign-in's talk with the provider. ``nonce``: what the ID token must repeat."""

    client_class = Client
    nonce = ""
    _read: dict[str, Any] | None = None

    @property
    def issuer(self) -> str:
        return str(self.get_provider().app.settings["server_url"])

    @property
    def openid_config(self) -> dict[str, Any]:
        """Raises ProviderAway, and ProviderNotTrusted for another's."""
        if self._read is None:
            with what_it_answers("its configuration"):
                found: dict[str, Any] = super().openid_config
                theirs = str(found["issuer"])
                addresses = [str(found[name]) for name in ASKED]
                addresses += [str(found["userinfo_endpoint"])] if "userinfo_endpoint" in found else []
            if theirs.rstrip("/") != self.issuer:
                raise ProviderNotTrusted("its configuration is of another issuer than OIDC_ISSUER")
            safe = self.issuer.partition("://")[0] + "://"
            if not all(address.startswith(("https://", safe)) for address in addresses):
                raise ProviderNotTrusted("its configuration names an address without https")
            self._read = found
        return self._read

    def get_callback_url(self, request: HttpRequest, app: Any) -> str:
        return request.build_absolute_uri(reverse("signin:sso_callback"))

    def complete_login(
        self, request: HttpRequest, app: Any, token: SocialToken, **options: Any
    ) -> SocialLogin:
        """Nothing of what was said is kept but the identifier: what else we need is read once."""
        with what_it_answers("its keys"):
            keys = self._fetch(self.openid_config["jwks_uri"])
        try:
            said = read_id_token(
                options["response"]["id_token"],
                keys=keys,
                issuer=self.openid_config["issuer"],
                client_id=app.client_id,
                nonce=self.nonce,
            )
        except NotTrusted as error:
            raise ProviderNotTrusted(str(error)) from error
        said = self._with_address(said, token)
        login = self.get_provider().sociallogin_from_response(request, {"id_token": {"sub": said["sub"]}})
        login.account.extra_data = {}
        login.account.provider = self.issuer  # an identifier is one of its issuer, whatever we call that
        login.said = said
        return login

    def _with_address(self, said: dict[str, Any], token: SocialToken) -> dict[str, Any]:
        """Some say the address at another door only. Both claims about it come from one of the two: a word
        on one address is none on another."""
        if said.keys() >= ADDRESS or "userinfo_endpoint" not in self.openid_config:
            return said
        with what_it_answers("what it says of the person"):
            headers = {"Authorization": "Bearer " + token.token}
            more = self._fetch(self.openid_config["userinfo_endpoint"], headers=headers)
            if more["sub"] != said["sub"]:
                raise ProviderNotTrusted("it speaks of another person than the ID token")
            name = said.get("name") or more.get("name")
            return {**said, **{claim: more.get(claim) for claim in ADDRESS}, "name": name}

    def _fetch(self, address: str, **options: Any) -> dict[str, Any]:
        with get_adapter().get_requests_session() as session:
            answer = session.get(address, **options)
            answer.raise_for_status()
            found = answer.json()
        if not isinstance(found, dict):
            raise TypeError("no object")
        return found
