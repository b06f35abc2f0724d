"""What we publish is known at once, and can be made anew from the publications alone."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime

import pytest
from django.core.management import call_command
from django.db import transaction
from django.forms.models import model_to_dict

from claims.actions.known_claims import withdraw_known_claim
from claims.models import Article, Claim, KnownClaim
from claimtracker.accounts.models import Role
from claimtracker.ledger.models import AuditEntry
from reviews.actions.known_claims import rebuild_known_claims
from reviews.actions.publishing import publish_verdict
from reviews.models import Publication, Verdict
from tests import factories

pytestmark = pytest.mark.django_db

SEEN = ("first_seen_at", "last_seen_at", "last_changed_at", "id")


def correct(publication: Publication, *, rating: str) -> Publication:
    return factories.make_correction(publication, rating=rating)


def contents() -> list[dict[str, object]]:
    rows = (model_to_dict(known) for known in KnownClaim.objects.order_by("claim_id"))
    return [{name: value for name, value in row.items() if name not in SEEN} for row in rows]


def test_a_publication_is_known_in_the_same_transaction(settings):
    article = factories.make_article(url="https://metro.example/roads")
    Article.objects.filter(pk=article.pk).update(published_at=datetime(2016, 1, 21, 9, tzinfo=UTC))
    publication = factories.make_publication(claim=factories.make_claim(article=article))
    known = KnownClaim.objects.get()
    assert (known.origin, known.claim, known.last_import) == ("own", publication.claim, None)
    assert (known.text, known.claimant) == (publication.claim.text, "Ann Lee")
    assert (known.url, known.publisher_name) == (publication.snapshot["url"], settings.PUBLISHER_NAME)
    assert (known.rating, known.rating_value, known.rating_best, known.rating_worst) == ("False", 1, 5, 1)
    assert (known.claimed_on, known.reviewed_on) == (date(2016, 1, 21), publication.published_at.date())
    assert known.appearances == ["https://metro.example/roads"]
    assert known.external_id == str(publication.claim.public_id)
    entry = AuditEntry.objects.get(verb="known_claim.recorded")
    assert entry.details == {"claim": publication.claim.pk}


def test_a_publication_that_is_undone_is_not_known():
    verdict = factories.make_approved_verdict(factories.make_user(), factories.make_user(Role.EDITOR))
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        publish_verdict(verdict, by=verdict.approver)
        raise ZeroDivisionError
    assert not KnownClaim.objects.exists()


def test_a_rating_without_a_place_has_no_number():
    factories.make_publication(rating="unproven")
    known = KnownClaim.objects.get()
    assert (known.rating, known.rating_value, known.rating_best) == ("Unproven", None, None)


def test_a_correction_changes_the_same_record_and_is_audited():
    first = factories.make_publication()
    Claim.objects.filter(pk=first.claim.pk).update(text="The city spent more on roads.")
    second = correct(first, rating="half-true")
    known = KnownClaim.objects.get()
    assert (second.number, known.rating, known.text) == (2, "Half true", "The city spent more on roads.")
    entry = AuditEntry.objects.get(verb="known_claim.changed")
    assert set(entry.details["fields"]) == {"rating", "rating_value", "text"}
    assert entry.note.text == "Rating: “False” became “Half true”."


def test_what_a_moderator_withdrew_is_not_brought_back_by_a_correction():
    first = factories.make_publication()
    known = KnownClaim.objects.get()
    withdraw_known_claim(known, by=factories.make_user(Role.MODERATOR), reason="Under complaint.")
    correct(first, rating="true")
    known.refresh_from_db()
    assert (known.rating, known.withdrawn_because) == ("True", "Under complaint.")


def test_all_of_it_can_be_made_anew_from_the_publications():
    for _ in range(3):
        factories.make_publication()
    correct(Publication.objects.first(), rating="true")
    foreign = factories.make_known_claim()
    before = contents()
    KnownClaim.objects.own().delete()
    # what the claim says today is not what was published
    Claim.objects.update(text="Something else")
    out = io.StringIO()
    call_command("rebuild_known_claims", stdout=out)
    assert out.getvalue() == "3 published claims known.\n"
    assert contents() == before
    assert KnownClaim.objects.imported().get() == foreign


def test_making_anew_what_is_there_changes_and_audits_nothing():
    factories.make_publication()
    before, entries = contents(), AuditEntry.objects.count()
    assert rebuild_known_claims(by="system") == 1
    assert (contents(), AuditEntry.objects.count()) == (before, entries)
    assert Verdict.objects.count() == 1
