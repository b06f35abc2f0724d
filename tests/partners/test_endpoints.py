"""Where partners may be told."""

from __future__ import annotations

import base64

import pytest

from claimtracker.kernel.errors import ActionRefused
from claimtracker.ledger.models import AuditEntry
from claimtracker.partners.actions import disable_endpoint, enable_endpoint
from tests.factories import make_endpoint, make_partner

from .receiver import Receiver

pytestmark = pytest.mark.django_db


def test_each_endpoint_has_a_secret_of_its_own() -> None:
    one, two = make_endpoint(), make_endpoint()
    assert one.secret != two.secret
    assert len(base64.b64decode(one.secret.removeprefix("whsec_"))) == 32
    entry = AuditEntry.objects.about(one).get()
    assert entry.verb == "webhook_endpoint.created"
    assert one.secret not in str(entry.details)


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("http://receiver.example/hook", "bad_scheme"),
        ("ftp://receiver.example/hook", "bad_scheme"),
        ("https://10.0.0.1/hook", "bad_host"),
        ("https://[::1]/hook", "bad_host"),
        ("https://receiver.example:8443/hook", "bad_port"),
        ("https://localhost/hook", "private_address"),
        ("https://LOCALHOST./hook", "private_address"),
        ("https://hooks.localhost/hook", "private_address"),
        ("https://mac.local/hook", "private_address"),
        ("https://hooks.corp.internal/hook", "private_address"),
        ("https://user:word@receiver.example/", "credentials_in_url"),
        ("nowhere", "bad_scheme"),
        ("", "bad_url"),
    ],
)
def test_an_address_that_never_works_is_refused_at_once(url: str, code: str) -> None:
    with pytest.raises(ActionRefused) as refusal:
        make_endpoint(url=url)
    assert (refusal.value.field, refusal.value.code) == ("url", code)


@pytest.mark.parametrize("url", ["https://internal.example/hook", "https://localhost.example/hook"])
def test_a_public_name_that_only_looks_like_a_private_one_is_taken(url: str) -> None:
    assert make_endpoint(url=url).url == url


def test_a_receiver_that_the_environment_lets_through(receiver: Receiver) -> None:
    assert make_endpoint(url=receiver.url).url == receiver.url


def test_one_address_once_for_each_partner() -> None:
    partner = make_partner()
    make_endpoint(partner)
    with pytest.raises(ActionRefused, match="registered already"):
        make_endpoint(partner)
    make_endpoint(make_partner())


def test_event_types_are_known_ones() -> None:
    assert make_endpoint(event_types=["claim.verdict_published"]).event_types == ["claim.verdict_published"]
    with pytest.raises(ActionRefused) as refusal:
        make_endpoint(event_types=["claim.dreamt"])
    assert refusal.value.field == "event_types"
    assert "claim.verdict_published" in refusal.value.reason


def test_off_and_on_again() -> None:
    endpoint = disable_endpoint(make_endpoint(), reason="The partner asked for it.", by="system")
    assert (endpoint.is_active, endpoint.disabled_because) == (False, "The partner asked for it.")
    disable_endpoint(endpoint, reason="Again.", by="system")
    endpoint.refresh_from_db()
    assert endpoint.disabled_because == "The partner asked for it."
    endpoint = enable_endpoint(endpoint, by="system")
    assert (endpoint.is_active, endpoint.disabled_because) == (True, "")
    with pytest.raises(ActionRefused, match="on already"):
        enable_endpoint(endpoint, by="system")
    verbs = [entry.verb.removeprefix("webhook_endpoint.") for entry in AuditEntry.objects.about(endpoint)]
    assert verbs == ["enabled", "disabled", "created"]
