"""The ladder: no key, a bad one, an ended one, the wrong scope, another partner's things, the right key."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import resolve
from django.utils import timezone

from claimtracker.api.v1.urls import urlpatterns
from claimtracker.partners.keys import revoke_key
from claimtracker.partners.models import Partner, Scope
from reviews.reader_facts import claimant_slug
from tests.factories import make_claim, make_partner, make_publication, make_submission

from .conftest import Asker, assert_problem

PUBLIC = ("publications", "corrections", "claimants", "rating-scales")
LISTS = ("articles", "claims", *PUBLIC)


@pytest.fixture
def addresses(partner: Partner) -> list[str]:
    """Every readable address, with something of the partner's behind it."""
    article = make_submission(partner)
    claim = make_claim(article=article)
    publication = make_publication(claim=claim)
    return [
        *LISTS,
        f"articles/{article.public_id}",
        f"articles/{article.public_id}/annotations",
        f"articles/{article.public_id}/versions",
        f"articles/{article.public_id}/versions/1",
        f"claims/{claim.public_id}",
        f"claims/{claim.public_id}/appearances",
        f"claimants/{claimant_slug('Ann Lee')}",
        "rating-scales/truth",
        f"publications/{publication.public_id}",
        f"publications/{publication.public_id}/claim-review",
    ]


def test_without_a_key(asker: Asker, addresses: list[str]) -> None:
    for address in addresses:
        response = asker.get(address, Authorization="")
        assert_problem(response, 401, "Authorization: Bearer")
        assert response["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.parametrize(
    ("header", "says"),
    [
        ("Bearer ct_nothing", "unknown"),
        ("Bearer ct_aaaaaaaaaaaa_" + "b" * 43, "unknown"),
        ("Bearer ", "Send the key as"),
        ("Basic dTpw", "Send the key as"),
        ("Bearer clé", "unknown"),
    ],
)
def test_with_a_bad_key(asker: Asker, header: str, says: str) -> None:
    assert_problem(asker.get("articles", Authorization=header), 401, says)


def test_a_right_prefix_with_a_wrong_secret_learns_nothing(asker: Asker) -> None:
    revoke_key(asker.key, by="system")
    guess = asker.plain[:-1] + ("a" if asker.plain[-1] != "a" else "b")
    assert_problem(asker.get("articles", Authorization=f"Bearer {guess}"), 401, "unknown")


def test_with_an_expired_key(asker: Asker) -> None:
    asker.key.expires_at = timezone.now() - timedelta(minutes=1)
    asker.key.save()
    assert_problem(asker.get("articles"), 401, "expired on")


def test_with_a_revoked_key(asker: Asker) -> None:
    assert asker.get("articles").status_code == 200
    revoke_key(asker.key, by="system")
    assert_problem(asker.get("articles"), 401, "revoked")


def test_with_a_partner_switched_off(asker: Asker) -> None:
    Partner.objects.filter(pk=asker.partner.pk).update(is_active=False)
    assert_problem(asker.get("articles"), 401, "switched off")


def test_with_the_wrong_scope(partner: Partner, addresses: list[str]) -> None:
    writer = Asker(partner, scopes=[Scope.SUBMIT])
    for address in addresses:
        assert_problem(writer.get(address), 403, "lacks the scope “read”")
    reader = Asker(partner, scopes=[Scope.READ])
    assert_problem(reader.post("articles", {"body": "Words."}), 403, "lacks the scope “submit”")


def test_another_partner_s_things_are_not_there(addresses: list[str]) -> None:
    stranger = Asker(make_partner("stranger"))
    for address in addresses:
        response = stranger.get(address)
        if address in LISTS or address.startswith(PUBLIC):
            assert response.status_code == 200
        else:
            assert_problem(response, 404, "may see")
    assert stranger.get("articles").json()["results"] == []
    assert stranger.get("claims").json()["results"] == []


def test_a_desk_s_own_article_is_not_a_partner_s(asker: Asker) -> None:
    claim = make_claim()
    assert_problem(asker.get(f"claims/{claim.public_id}"), 404)


def test_with_the_right_key(asker: Asker, addresses: list[str]) -> None:
    for address in addresses:
        assert asker.get(address).status_code == 200, address
        assert asker.get(f"{address}/").status_code == 200, address


def test_every_endpoint_stands_on_the_ladder(addresses: list[str]) -> None:
    tried = {resolve(f"/api/v1/{address}").url_name for address in addresses}
    assert tried == {pattern.name for pattern in urlpatterns if pattern.name}


def test_the_last_use_is_written_at_most_once_a_minute(asker: Asker) -> None:
    asker.get("publications")
    asker.key.refresh_from_db()
    first = asker.key.last_used_at
    assert first is not None
    asker.get("publications")
    asker.key.refresh_from_db()
    assert asker.key.last_used_at == first
    asker.key.last_used_at = first - timedelta(seconds=61)
    asker.key.save()
    asker.get("publications")
    asker.key.refresh_from_db()
    assert asker.key.last_used_at > first - timedelta(seconds=1)
