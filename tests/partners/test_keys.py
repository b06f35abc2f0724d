"""Keys: shown once, kept as digests."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from claimtracker.kernel.errors import ActionRefused
from claimtracker.ledger.models import AuditEntry
from claimtracker.partners.keys import find_key, issue_key, revoke_key, unusable_because
from claimtracker.partners.models import ApiKey, Scope
from tests.factories import make_key, make_partner

pytestmark = pytest.mark.django_db


def test_only_a_digest_is_kept() -> None:
    key, plain = make_key()
    scheme, prefix, secret = plain.split("_")
    assert (scheme, prefix) == ("ct", key.prefix)
    row = ApiKey.objects.values().get(pk=key.pk)
    assert all(secret not in str(value) for value in row.values())
    assert find_key(plain) == key


def test_no_other_text_finds_it() -> None:
    _key, plain = make_key()
    for other in (plain.upper(), plain + "x", plain[:-1], plain[3:], f" {plain}", f"{plain}\n", ""):
        assert find_key(other) is None, other


def test_issuing_and_revoking_are_audited() -> None:
    key, plain = make_key(scopes=[Scope.READ])
    revoke_key(key, by="system")
    assert [entry.verb for entry in AuditEntry.objects.about(key)] == ["api_key.revoked", "api_key.issued"]
    assert all(plain[-20:] not in str(entry.details) for entry in AuditEntry.objects.about(key))
    key.refresh_from_db()
    assert "revoked" in unusable_because(key)
    assert not ApiKey.objects.usable().exists()
    with pytest.raises(ActionRefused, match="revoked already"):
        revoke_key(key, by="system")


@pytest.mark.parametrize(
    ("options", "field"),
    [
        ({"label": "  "}, "label"),
        ({"scopes": []}, "scopes"),
        ({"scopes": ["read", "everything"]}, "scopes"),
        ({"expires_at": timezone.now() - timedelta(days=1)}, "expires_at"),
    ],
)
def test_a_key_that_makes_no_sense_is_refused(options: dict[str, object], field: str) -> None:
    sensible = {"label": "wire desk", "scopes": [Scope.READ], "by": "system"}
    with pytest.raises(ActionRefused) as refusal:
        issue_key(make_partner(), **{**sensible, **options})
    assert refusal.value.field == field
    assert not ApiKey.objects.exists()


def test_usable_agrees_with_the_sentence() -> None:
    partner, gone = make_partner(), make_partner(is_active=False)
    good, _ = make_key(partner, expires_at=timezone.now() + timedelta(days=1))
    expired, _ = make_key(partner)
    ApiKey.objects.filter(pk=expired.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
    make_key(gone)
    keys = ApiKey.objects.select_related("partner")
    assert [key for key in keys if not unusable_because(key)] == [good] == list(ApiKey.objects.usable())
