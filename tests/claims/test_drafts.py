"""An unpublished text is looked at for its author alone, and deletes itself."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from claims import states
from claims.actions import drafts
from claims.actions.drafts import (
    bring_draft,
    look_up_claims,
    publish_draft,
    purge_drafts,
    read,
    record_draft_matches,
    record_draft_reading,
    throw_draft_away,
)
from claims.actions.match_index import index_everything
from claims.draft_reading import bears_meaning, quotations_beside
from claims.models import Article, Draft
from claimtracker.accounts.models import Role, User
from claimtracker.jobs.models import Job
from claimtracker.kernel.errors import ActionRefused, NotPermitted
from claimtracker.ledger.models import AuditEntry, OutboxEvent
from tests import factories
from tests.support.match_index import mark_everything

pytestmark = pytest.mark.django_db

BODY = (
    "Crime rose by 40 percent in Northfield last year.\n\n"
    "“We have built 900 new homes since 2019,” the mayor Ann Lee said.\n\n"
    "“Nobody was asked about any of this,” she added."
)
TRANSCRIPT = "MAYOR: We have built 90 new homes since 2019. Nobody was asked about any of this."
CLAIM: dict[str, Any] = {
    "start": 0,
    "end": 49,
    "text": "Crime rose by 40 percent in Northfield last year.",
    "claimant": "",
    "score": 0.9,
    "unsourced": True,
    "known": None,
}


@pytest.fixture
def author() -> User:
    return factories.make_user(Role.REPORTER)


@pytest.fixture
def draft(author: User) -> Draft:
    return bring_draft(by=author, desk=factories.make_desk(), body=BODY, transcript=TRANSCRIPT, title="Homes")


def test_quotations_are_compared_word_by_word_and_a_number_is_never_a_small_difference():
    first, second = quotations_beside(BODY, TRANSCRIPT)
    assert (first.found, first.said) == ("missing", "We have built 90 new homes since 2019")
    changed = [run["text"] for run in first.as_json(BODY)["changes"] if run["kind"] != "same"]
    assert changed == ["90", "900"]
    assert second.found == "found"
    assert second.as_json(BODY)["changes"] == []
    assert quotations_beside(BODY, "  ") == []
    (lost,) = quotations_beside("He said “the moon is made of cheese”.", TRANSCRIPT)
    assert (lost.found, lost.said) == ("missing", "")


def test_it_is_read_and_looked_up_and_says_what_is_unsourced_and_known(draft):
    remarks, refusal = read(draft)
    assert refusal == ""
    unsourced = {claim["text"]: claim["unsourced"] for claim in remarks["claims"]}
    assert unsourced.pop(next(text for text in unsourced if text.startswith("Crime rose"))) is True
    assert not any(unsourced.values())
    record_draft_reading(draft.pk, remarks=remarks, refusal=refusal)
    record_draft_reading(draft.pk, remarks={"claims": []}, refusal="again")  # its job ran twice
    draft.refresh_from_db()
    assert (draft.state, draft.message) == (states.READ, "")
    assert set(Job.objects.values_list("kind", flat=True)) == {drafts.READ, drafts.LOOK_UP}
    record_draft_matches(draft.pk, claims=[{**CLAIM, "known": []}])
    record_draft_matches(draft.pk, claims=[])
    draft.refresh_from_db()
    assert draft.state == states.LOOKED_UP
    assert draft.remarks["claims"][0]["known"] == []


def test_what_is_rated_already_stands_beside_its_claim(draft, settings):
    settings.MATCHING_ENCODER_MODULE = "claims.matching.encoder"
    for number in range(6):
        factories.make_known_claim(
            text=f"The lake lost {number} fish.", url=f"https://x.example/{number}", title=""
        )
    factories.make_known_claim(text=CLAIM["text"], url="https://x.example/crime", title="", rating="False")
    mark_everything()
    index_everything()
    draft.remarks = {"claims": [CLAIM]}
    (claim,) = look_up_claims(draft)
    assert [(known["rating"], known["url"]) for known in claim["known"]] == [
        ("False", "https://x.example/crime")
    ]
    assert claim["known"][0]["is_false"] is True


def test_a_text_that_cannot_be_read_says_why_and_is_done(author):
    french = (
        "Le gouvernement a annoncé hier que les impôts vont baisser de dix pour cent dans le pays entier."
    )
    draft = bring_draft(by=author, desk=factories.make_desk(), body=french)
    remarks, refusal = read(draft)
    record_draft_reading(draft.pk, remarks=remarks, refusal=refusal)
    draft.refresh_from_db()
    assert draft.state == states.LOOKED_UP
    assert "French" in draft.message


def test_nobody_but_its_author_sees_it_and_only_while_it_lives(draft, author):
    for other in (factories.make_user(Role.LEAD), factories.make_user(Role.MODERATOR)):
        assert not Draft.objects.visible_to(other).exists()
        for act in (throw_draft_away, publish_draft):
            with pytest.raises(ActionRefused, match="Only its author"):
                act(draft, by=other)
    assert Draft.objects.visible_to(author).get() == draft
    Draft.objects.update(created_at=timezone.now() - timedelta(days=2), expires_at=timezone.now())
    assert not Draft.objects.visible_to(author).exists()
    assert (purge_drafts(), purge_drafts()) == (1, 0)


def test_nothing_of_its_words_is_kept_or_told(draft, author):
    throw_draft_away(draft, by=author)
    assert not Draft.objects.exists()
    record_draft_reading(draft.pk or 0, remarks={"claims": []}, refusal="")  # the job of what is gone
    record_draft_matches(draft.pk or 0, claims=[])
    kept = [*AuditEntry.objects.all(), *OutboxEvent.objects.all(), *Job.objects.all()]
    assert kept
    for row in kept:
        assert "Northfield" not in " ".join(str(value) for value in vars(row).values())
        assert "Homes" not in str(row)
    assert not Article.objects.exists()


def test_once_it_is_out_it_is_an_article_and_what_was_found_stays_with_its_author(draft, author):
    record_draft_reading(draft.pk, remarks=read(draft)[0], refusal="")
    article = publish_draft(draft, by=author)
    assert (article.title, article.versions.get().body) == ("Homes", BODY)
    assert publish_draft(draft, by=author) == article, "a second click brings nothing in"
    assert Article.objects.count() == AuditEntry.objects.filter(verb="draft.became_article").count() == 1
    kept = Draft.objects.visible_to(author).newest_of(article)
    assert kept == draft
    assert kept.remarks["quotations"][0]["said"] == "We have built 90 new homes since 2019"
    lead = factories.make_user(Role.LEAD)
    assert Draft.objects.visible_to(lead).newest_of(article) is None
    Draft.objects.update(created_at=timezone.now() - timedelta(days=2), expires_at=timezone.now())
    assert purge_drafts() == 1
    assert Article.objects.get() == article
    with pytest.raises(ActionRefused, match="deleted meanwhile"):
        publish_draft(draft, by=author)


def test_what_is_an_article_takes_no_room_from_the_next_draft(draft, author, monkeypatch):
    monkeypatch.setattr(drafts, "MOST_DRAFTS", 1)
    publish_draft(draft, by=author)
    assert bring_draft(by=author, desk=draft.desk, body="Another text.")


def test_the_day_of_publication_is_what_yesterday_is_read_by(author):
    published = datetime(2026, 3, 12, 9, 30, tzinfo=UTC)
    told = bring_draft(
        by=author,
        desk=factories.make_desk(),
        body="The city council said that 40 flats were flooded yesterday.",
        published_at=published,
    )
    (claim,) = read(told)[0]["claims"]
    assert "11 March 2026" in claim["text"]
    assert publish_draft(told, by=author).published_at == published


def test_figures_of_indirect_speech_are_among_the_remarks(author):
    draft = bring_draft(
        by=author,
        desk=factories.make_desk(),
        body="The minister said on Monday that crime in the cities had risen by 40 per cent in a year.",
        transcript="Crime in our cities is up 14 per cent on last year.",
    )
    (figure,) = read(draft)[0]["figures"]
    assert (draft.body[figure["start"] : figure["end"]], figure["instead"]) == ("40 per cent", "14 per cent")


@pytest.mark.parametrize(
    ("changes", "meaning"),
    [
        ([("gone", "90"), ("come", "900")], True),
        ([("come", "not")], True),
        ([("gone", "will"), ("come", "may")], True),
        ([("gone", "all"), ("come", "some")], True),
        ([("gone", "has been"), ("come", "was")], False),
        ([("gone", "government’s"), ("come", "government")], False),
        ([("gone", "well, um,")], False),
        ([("gone", "the house"), ("come", "a houses")], False),
        ([("same", "nothing else")], False),
    ],
)
def test_which_differences_of_a_quotation_bear_meaning(changes, meaning):
    assert bears_meaning([{"kind": kind, "text": text} for kind, text in changes]) is meaning


def test_refusals_name_the_field(author, monkeypatch):
    desk = factories.make_desk()
    for given, field, code in (
        ({"body": "  "}, "body", "empty"),
        ({"body": "x" * 200_001}, "body", "too_long"),
        ({"body": "x", "transcript": "x" * 200_001}, "transcript", "too_long"),
    ):
        with pytest.raises(ActionRefused) as refused:
            bring_draft(by=author, desk=desk, **given)
        assert (refused.value.field, refused.value.code) == (field, code)
    with pytest.raises(NotPermitted):
        bring_draft(by=author, desk=factories.make_desk("world"), body="x")
    monkeypatch.setattr(drafts, "MOST_DRAFTS", 1)
    bring_draft(by=author, desk=desk, body="x")
    with pytest.raises(ActionRefused, match="Throw one away first"):
        bring_draft(by=author, desk=desk, body="y")
