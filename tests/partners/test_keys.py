"""Keys: shown once, kept as digests."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import ProgrammingError, transaction
from django.utils import timezone

from claimtracker.kernel.errors import ActionRefused
from claimtracker.ledger.models import AuditEntry
from claimtracker.partners.key_format import FIRST_PATTERN, PATTERN, checksum_of, new_key, read_key
from claimtracker.partners.keys import digest_of, find_key, issue_key, revoke_key, unusable_because
from claimtracker.partners.models import ApiKey, Scope
from tests.factories import make_key, make_partner

pytestmark = pytest.mark.django_db


def test_only_a_digest_is_kept() -> None:
    key, plain = make_key()
    scheme, kind, prefix, secret = plain.split("_")
    assert (scheme, kind, prefix) == ("ct", "live", key.prefix)
    row = ApiKey.objects.values().get(pk=key.pk)
    assert all(secret[:20] not in str(value) for value in row.values())
    assert found_by(plain) == key


def found_by(plain: str) -> ApiKey | None:
    text = read_key(plain)
    return find_key(text) if text else None


def test_no_other_text_finds_it() -> None:
    _key, plain = make_key()
    for other in (plain.upper(), plain + "x", plain[:-1], plain[3:], f" {plain}", f"{plain}\n", ""):
        assert found_by(other) is None, other


def test_a_mistyped_key_is_told_from_an_unknown_one_without_a_look(django_assert_num_queries: Any) -> None:
    _key, plain = make_key()
    with django_assert_num_queries(0):
        for place in range(len("ct_live_"), len(plain)):
            wrong = "a" if plain[place] != "a" else "b"
            assert read_key(plain[:place] + wrong + plain[place + 1 :]) is None
        swapped = plain[:30] + plain[31] + plain[30] + plain[32:]
        assert read_key(swapped) is None or plain[30] == plain[31]
    unknown = str(new_key("live"))
    assert read_key(unknown) is not None
    with django_assert_num_queries(1):
        assert found_by(unknown) is None


def test_keys_of_the_first_kind_go_on_working() -> None:
    key, _plain = make_key()
    secret = "s" * 43
    ApiKey.objects.filter(pk=key.pk).update(secret_sha256=digest_of(secret))
    assert found_by(f"ct_{key.prefix}_{secret}") == key


def test_a_sandbox_has_test_keys_and_no_others() -> None:
    key, plain = make_key(make_partner(is_sandbox=True))
    assert plain.startswith("ct_test_")
    assert found_by(plain) == key
    text = read_key(plain)
    assert text is not None
    assert found_by(str(replace(text, kind="live"))) is None


def test_the_documented_pattern_is_the_code_s() -> None:
    docs = Path("docs/partner-keys.md").read_text(encoding="utf-8")
    for pattern in (PATTERN, FIRST_PATTERN):
        assert pattern in docs
    assert re.fullmatch(PATTERN, make_key()[1])
    assert "ct_live_abcdefghij01_" + "A" * 43 + checksum_of("ct_live_abcdefghij01_" + "A" * 43) in docs


def test_a_partner_stays_in_or_out_of_the_sandbox() -> None:
    partner = make_partner()
    with pytest.raises(ProgrammingError, match="Cannot update"), transaction.atomic():
        type(partner).objects.filter(pk=partner.pk).update(is_sandbox=True)


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
