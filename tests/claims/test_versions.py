"""A text that came in again and says something else is the article's next version; nothing else is."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from claims.actions.versions import record_version
from claims.models import Article
from claims.sources import ParsedArticle, parse_text
from claimtracker.accounts.models import Role
from claimtracker.jobs.models import Job
from claimtracker.kernel.errors import ActionRefused, NotPermitted
from claimtracker.ledger.models import AuditEntry, OutboxEvent
from tests import factories

pytestmark = pytest.mark.django_db

BODY = "Crime rose by 40% last year, the mayor Ann Lee said.\n\nThe council met on Monday."


@pytest.fixture
def article() -> Article:
    return factories.make_article(BODY, title="Crime rises")


def as_sent(body: str, **fields: Any) -> ParsedArticle:
    return replace(parse_text(body, title="Crime rises"), **fields)


def test_another_text_is_the_next_version(article: Article) -> None:
    changed = BODY.replace("40%", "45%")
    recorded = record_version(article, as_sent(changed), by="system", origin_note="fetched again")
    assert (recorded.created, recorded.version.number, recorded.version.body) == (True, 2, changed)
    assert recorded.version.note == "fetched again"
    assert recorded.version.blocks[0]["end"] == len(changed.split("\n")[0])
    assert article.versions.get(number=1).body == BODY
    entry = AuditEntry.objects.get(verb="article.version_recorded")
    assert (entry.subject_id, entry.details["number"]) == (str(article.pk), 2)
    event = OutboxEvent.objects.get(type="article.changed")
    assert event.payload == {"version": recorded.version.pk, "number": 2}
    job = Job.objects.get(kind="claims.follow_version")
    assert job.object_id == str(recorded.version.pk)
    article.refresh_from_db()
    assert article.last_seen_at is not None


def test_the_same_text_is_only_seen_again(article: Article) -> None:
    recorded = record_version(article, as_sent(BODY), by="system")
    assert (recorded.created, recorded.version.number) == (False, 1)
    article.refresh_from_db()
    assert article.last_seen_at is not None
    assert not OutboxEvent.objects.filter(type="article.changed").exists()
    assert not Job.objects.filter(kind="claims.follow_version").exists()


def test_a_headline_that_changed_is_a_change_and_the_article_bears_it(article: Article) -> None:
    recorded = record_version(article, as_sent(BODY, title="Crime doubles", byline="By Jo Kay"), by="system")
    assert (recorded.created, recorded.version.title) == (True, "Crime doubles")
    article.refresh_from_db()
    assert (article.title, article.byline) == ("Crime doubles", "By Jo Kay")


def test_what_is_taken_back_is_a_version_too(article: Article) -> None:
    record_version(article, as_sent(BODY.replace("40", "45")), by="system")
    back = record_version(article, as_sent(BODY), by="system")
    assert (back.created, back.version.number) == (True, 3)


def test_a_person_changes_articles_of_their_own_desks_only(article: Article) -> None:
    outsider = factories.make_user(Role.LEAD, factories.make_desk("health"))
    with pytest.raises(NotPermitted, match="Only members of the Politics desk"):
        record_version(article, as_sent("Another text."), by=outsider)
    member = factories.make_user(Role.REPORTER)
    assert record_version(article, as_sent("Another text."), by=member).created


def test_an_empty_text_is_no_version(article: Article) -> None:
    with pytest.raises(ActionRefused, match="no text here") as refused:
        record_version(article, replace(as_sent(BODY), body=" \n"), by="system")
    assert refused.value.field == "body"
    assert article.versions.count() == 1
