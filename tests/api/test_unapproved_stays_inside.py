"""What two people do not stand behind leaves by no way: not the API, not a webhook, not a public page."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from claimtracker.accounts.models import Role
from claimtracker.ledger.models import OutboxEvent
from reviews.actions.assignment import take_task
from reviews.actions.blind_review import submit_blind_review
from reviews.actions.discussion import add_comment
from reviews.actions.publishing import slug_of
from reviews.actions.verdicts import submit_verdict
from reviews.models import PublicCheck, ReviewTask, Verdict
from reviews.reader_facts import claimant_slug
from tests import factories

from .conftest import Asker

pytestmark = pytest.mark.django_db

MARK = "zqxinside"


@pytest.fixture
def verdict(asker: Asker, settings: Any) -> Verdict:
    """Proposed, rated otherwise by a blind reader, and waiting for a lead; every word of it is marked."""
    settings.REVIEW_BLIND_RATE = 1.0
    author, reader = factories.make_user(), factories.make_user()
    claim = factories.make_claim(article=factories.make_submission(asker.partner))
    task = factories.make_taken_task(author, claim)
    factories.make_evidence(claim, author, note=f"{MARK} a note for colleagues")
    rating = factories.make_rating()
    words = {
        name: f"{MARK} {name} with words enough" for name in ("summary", "rationale", "what_would_change")
    }
    verdict = submit_verdict(task, by=author, rating=rating, **words)
    add_comment(claim, by=author, text=f"{MARK} between us")
    blind = take_task(ReviewTask.objects.get(claim=claim, kind="blind_review"), by=reader)
    submit_blind_review(blind, by=reader, rating=factories.make_rating("true"), reason=f"{MARK} my reasons")
    verdict.refresh_from_db()
    assert verdict.state == "disputed"
    return verdict


def test_no_endpoint_shows_it(asker: Asker, verdict: Verdict) -> None:
    article = verdict.claim.appearances.get().version.article
    paths = [
        "articles",
        f"articles/{article.public_id}",
        "claims",
        f"claims/{verdict.claim.public_id}",
        f"claims/{verdict.claim.public_id}/appearances",
        f"articles/{article.public_id}/versions",
        f"articles/{article.public_id}/versions/1",
        f"articles/{article.public_id}/annotations",
        f"claims?q={MARK}",
        "claims?state=in_review",
        "publications",
        f"publications?q={MARK}",
        "publications?claimant=Ann%20Lee",
        "corrections",
        "claimants",
    ]
    answers = {path: asker.get(path) for path in paths}
    shown = {path: answer.content.decode() for path, answer in answers.items() if answer.status_code == 200}
    assert {"articles", "claims", f"claims/{verdict.claim.public_id}"} <= set(shown)
    assert str(verdict.claim.public_id) in shown["claims"], "the claim itself may be read"
    for path, text in shown.items():
        assert MARK not in text.lower(), path
        assert verdict.rating is not None and verdict.rating.label not in text, path
    assert json.loads(shown["publications"])["results"] == []


def test_no_event_that_webhooks_are_made_of_holds_it(verdict: Verdict, settings: Any) -> None:
    settings.REVIEW_BLIND_RATE = 0.0
    other = factories.make_publication()
    events = list(OutboxEvent.objects.filter(type__startswith="claim.verdict"))
    assert [event.payload["claim"] for event in events] == [str(other.claim.public_id)]
    assert MARK not in str(list(OutboxEvent.objects.values_list("payload", flat=True))).lower()


def test_no_public_page_shows_it(verdict: Verdict, settings: Any) -> None:
    reader = Client()
    lists = ("public_index", "corrections", "public_feed", "corrections_feed", "sitemap", "sitemap_pages")
    for name in (*lists, "sitemap_news", "robots"):
        page = reader.get(reverse(f"reviews:{name}"))
        assert page.status_code == 200
        said = page.content.decode()
        assert MARK not in said.lower()
        assert verdict.claim.text not in said and "Ann Lee" not in said
    assert not PublicCheck.objects.exists()
    for name in ("public_claimant", "public_claimant_feed"):
        address = reverse(f"reviews:{name}", args=[claimant_slug("Ann Lee")])
        assert reader.get(address).status_code == 404, "nobody has a page for what nobody decided"
    for name in ("public_claim", "public_embed", "public_complain"):
        address = reverse(f"reviews:{name}", args=[slug_of(verdict.claim)])
        assert reader.get(address).status_code == 404
    ours = settings.SITE_URL + reverse("reviews:public_claim", args=[slug_of(verdict.claim)])
    assert reader.get(reverse("reviews:oembed"), {"url": ours}).status_code == 404
    outsider = factories.make_user(Role.LEAD, factories.make_desk("city"))
    reader.force_login(outsider)
    assert reader.get(reverse("reviews:claim_detail", args=[verdict.claim_id])).status_code in (403, 404)
