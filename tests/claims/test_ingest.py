"""Articles come in once, unchanged, and nothing that comes in is lost."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.db import IntegrityError, connection, transaction

from claims.actions.ingest import accept_article, ingest_article, reject_article
from claims.actions.versions import record_version
from claims.models import Article, ArticleVersion
from claims.sources import parse_text
from claimtracker.accounts.models import Role
from claimtracker.jobs.models import Job
from claimtracker.kernel.errors import ActionRefused, NotPermitted
from claimtracker.ledger.models import AuditEntry
from tests import factories

pytestmark = pytest.mark.django_db

TEXT = "Mayor opens bridge\n\nThe bridge cost 4 million, the mayor Ann Lee said."


@pytest.fixture(autouse=True)
def desk():
    return factories.make_desk()


def ingest(text: str = TEXT, **options):
    return ingest_article(parse_text(text), **{"origin": "desk:politics", "by": "system", **options})


def test_an_article_is_stored_as_it_was_with_its_blocks_and_its_job():
    article = ingest().article
    version = article.versions.get()
    assert version.body == TEXT
    assert article.title == "Mayor opens bridge"
    headline = version.blocks[0]
    assert version.body[headline["start"] : headline["end"]] == "Mayor opens bridge"
    assert Job.objects.get().kind == "claims.extract_article"
    assert AuditEntry.objects.get().verb == "article.ingested"


def test_the_same_text_again_is_the_same_article():
    first, second = ingest(), ingest()
    assert (first.created, second.created) == (True, False)
    assert first.article == second.article
    assert Job.objects.count() == 1


def test_two_origins_may_send_the_same_text():
    assert ingest().article != ingest(origin="desk:health").article


def test_an_external_id_names_one_article_whose_text_may_change():
    first = ingest(external_id="a-1")
    again = ingest(external_id="a-1")
    assert (again.article, again.created, again.changed) == (first.article, False, False)
    changed = ingest(TEXT + " More.", external_id="a-1")
    assert (changed.article, changed.created, changed.changed) == (first.article, False, True)
    assert [version.body for version in first.article.versions.order_by("number")] == [TEXT, TEXT + " More."]


def test_a_text_without_a_name_is_known_by_any_of_its_versions():
    article = ingest().article
    record_version(article, replace(parse_text(TEXT), body=TEXT + " More."), by="system")
    again = ingest(TEXT + " More.")
    assert (again.article, again.created) == (article, False)


def test_whom_we_do_not_trust_changes_nothing_that_a_moderator_decided_about():
    article = ingest(external_id="a-1", held=True).article
    assert ingest(TEXT + " More.", external_id="a-1", held=True).changed  # nobody has looked at it yet
    accept_article(article, by=factories.make_user(Role.MODERATOR))
    sent = ingest(TEXT + " Less.", external_id="a-1", held=True)
    assert (sent.article, sent.created, sent.changed, sent.waits) == (article, False, False, True)
    again = ingest(TEXT + " More.", external_id="a-1", held=True)
    assert (again.changed, again.waits) == (False, False)
    assert article.versions.count() == 2


def test_what_was_turned_down_stays_so_whatever_it_says_now():
    article = ingest(external_id="a-1", held=True).article
    reject_article(article, by=factories.make_user(Role.MODERATOR), reason="An advertisement.")
    with pytest.raises(ActionRefused, match="a moderator turned down") as refused:
        ingest(TEXT + " More.", external_id="a-1")
    assert (refused.value.code, refused.value.field) == ("duplicate_external_id", "external_id")
    assert ingest(external_id="a-1").created is False


def test_the_database_refuses_a_second_article_with_the_same_external_id():
    article = ingest(external_id="a-1").article
    with pytest.raises(IntegrityError, match="one_article_per_origin_and_external_id"), transaction.atomic():
        Article.objects.create(
            origin=article.origin,
            external_id="a-1",
            channel="api",
            title="x",
            desk=article.desk,
            content_sha256="x",
        )


def test_a_person_adds_articles_to_their_own_desks_only():
    outsider = factories.make_user(Role.REPORTER, factories.make_desk("health"))
    with pytest.raises(NotPermitted, match="Only members of the Politics desk"):
        ingest(by=outsider, desk=factories.make_desk())


def test_a_body_over_the_limit_names_the_limit():
    from claims.sources import ParsedArticle

    huge = ParsedArticle(
        title="",
        byline="",
        body="a" * 1_000_001,
        language=None,
        published_at=None,
        url=None,
        canonical_url=None,
        site_name=None,
    )
    with pytest.raises(ActionRefused, match="1,000,000 are the limit") as refused:
        ingest_article(huge, origin="desk:politics", by="system")
    assert refused.value.field == "body"


def test_a_held_submission_waits_for_a_moderator():
    article = ingest(held=True).article
    assert not Job.objects.exists()
    with pytest.raises(NotPermitted, match="Only moderators"):
        accept_article(article, by=factories.make_user(Role.EDITOR))
    accept_article(article, by=factories.make_user(Role.MODERATOR))
    assert Job.objects.get().kind == "claims.extract_article"


def test_a_rejection_needs_a_reason_and_can_be_taken_back():
    article, moderator = ingest(held=True).article, factories.make_user(Role.MODERATOR)
    with pytest.raises(ActionRefused, match="Say why"):
        reject_article(article, by=moderator, reason="")
    rejected = reject_article(article, by=moderator, reason="An advertisement.")
    assert (rejected.state, rejected.intake_reason) == ("rejected", "An advertisement.")
    assert accept_article(article, by=moderator).state == "accepted"


def test_an_accepted_article_is_not_rejected_afterwards():
    article = ingest().article
    with pytest.raises(ActionRefused, match="cannot become rejected"):
        reject_article(article, by=factories.make_user(Role.MODERATOR), reason="Late.")


@pytest.mark.parametrize(
    "statement", ["UPDATE claims_articleversion SET body = 'x'", "DELETE FROM claims_articleversion"]
)
def test_a_version_never_changes(statement):
    version = ingest().article.versions.get()
    with (
        pytest.raises(Exception, match="permission denied"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
    assert ArticleVersion.objects.get().body == version.body
