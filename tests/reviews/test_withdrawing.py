"""The sender of an article takes it back, as long as nobody of the newsroom did anything with its claims."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from claims.actions.check_requests import accept_request, ask_for_check
from claims.actions.curation import confirm_claim, dismiss_claim, restore_claim
from claims.actions.extraction import analyse_version, record_extraction
from claims.actions.submitting import Sender
from claims.models import Article, ArticleVersion, Claim
from claimtracker.accounts.models import Role
from claimtracker.jobs.models import Job
from claimtracker.kernel.errors import ActionRefused
from claimtracker.ledger import audit
from claimtracker.ledger.models import AuditActor, AuditEntry
from reviews.actions.rereading import reread_version
from reviews.actions.withdrawing import withdraw_article
from reviews.models import ReviewTask
from tests import factories
from tests.support.readings import first_reading, found, reading

pytestmark = pytest.mark.django_db

WORDS = "The city built 40 homes last year"
BODY = f"{WORDS}, the mayor Ann Lee said. It had built 31 the year before, the council's accounts show.\n"


@pytest.fixture
def sender(db: None) -> AuditActor:
    return audit.partner_actor("partner:wire", "The Wire")


@pytest.fixture
def article(db: None) -> Article:
    return factories.make_submission(factories.make_partner("wire"), BODY, external_id="a-1")


def suggested(article: Article, words: str = WORDS) -> Claim:
    return factories.make_claim(words, article=article, extractor_version="rules-1")


def verbs(about: Any) -> list[str]:
    return [entry.verb for entry in AuditEntry.objects.about(about)]


def test_its_claims_go_with_it_and_their_tasks_end(article: Article, sender: AuditActor) -> None:
    claim = suggested(article)
    task = factories.make_task(claim)
    withdraw_article(article, by=sender)
    for row in (article, claim, task):
        row.refresh_from_db()
    assert (article.state, claim.state, claim.withdrawn_by) == ("withdrawn", "withdrawn", "its sender")
    assert (claim.was_taken_back, task.state) == (True, "cancelled")
    assert article.versions.count() == 1, "nothing is lost"
    entry = AuditEntry.objects.get(verb="article.withdrawn")
    assert (entry.actor_ref, entry.details) == (sender.ref, {"from": "accepted", "claims": [claim.pk]})
    assert AuditEntry.objects.get(verb="claim.withdrawn").actor_ref == sender.ref
    withdraw_article(article, by=sender)
    assert verbs(article).count("article.withdrawn") == 1, "safe to repeat"


def test_what_waits_goes_at_once(sender: AuditActor) -> None:
    held = factories.make_submission(factories.make_partner(is_trusted=False), BODY)
    assert withdraw_article(held, by=sender).state == "withdrawn"
    update = factories.make_held_update(body="The city built 45 homes.")
    withdraw_article(update.article, by=sender)
    update.refresh_from_db()
    assert update.state == "superseded"


def taken(claim: Claim) -> None:
    factories.make_taken_task(factories.make_user(desk=claim.desk), claim)


def published(claim: Claim) -> None:
    factories.make_publication(claim=claim)


def cited(claim: Claim) -> None:
    factories.make_evidence(claim, factories.make_user(desk=claim.desk))


def confirmed(claim: Claim) -> None:
    confirm_claim(claim, by=factories.make_user(desk=claim.desk))


def asked_for(claim: Claim) -> None:
    sender = Sender("partner:other", audit.partner_actor("partner:other", "Other"))
    request = ask_for_check("The city built forty homes last year.", sender=sender).request
    accept_request(request, by=factories.make_user(Role.MODERATOR), claim=claim)


@pytest.mark.parametrize("work", [taken, published, cited, confirmed, asked_for])
def test_what_people_did_something_with_stays(
    article: Article, sender: AuditActor, work: Callable[[Claim], None]
) -> None:
    claim = suggested(article)
    work(claim)
    with pytest.raises(ActionRefused, match="work on 1 claim of this article") as refusal:
        withdraw_article(article, by=sender)
    assert (refusal.value.code, refusal.value.field) == ("in_work", None)
    article.refresh_from_db()
    assert article.state == "accepted"


def test_what_was_dismissed_holds_nothing_up_and_stays_dismissed(
    article: Article, sender: AuditActor
) -> None:
    claim = suggested(article)
    dismiss_claim(claim, by=factories.make_user(desk=claim.desk), reason="An opinion.")
    withdraw_article(article, by=sender)
    claim.refresh_from_db()
    assert claim.state == "dismissed"


def test_what_another_article_says_too_stays(article: Article, sender: AuditActor) -> None:
    claim = suggested(article)
    other = factories.make_submission(factories.make_partner("other"), BODY)
    factories.make_appearance(claim, other.versions.get(), 0, len(WORDS))
    withdraw_article(article, by=sender)
    claim.refresh_from_db()
    assert claim.state == "suggested"
    withdraw_article(other, by=sender)
    claim.refresh_from_db()
    assert claim.state == "withdrawn", "nobody says it any more"


def test_claims_of_older_versions_go_too(article: Article, sender: AuditActor) -> None:
    claim = suggested(article)
    factories.make_version(article, "The council met on Monday.\n")
    withdraw_article(article, by=sender)
    claim.refresh_from_db()
    assert claim.state == "withdrawn"


def test_what_is_read_just_then_brings_nothing(article: Article, sender: AuditActor) -> None:
    version = article.versions.get()
    analysis = analyse_version(version)
    assert analysis.claims
    withdraw_article(article, by=sender)
    run = record_extraction(version, analysis=analysis)
    assert (run.outcome, run.message) == ("refused", "Its sender withdrew this article.")
    assert not Claim.objects.exists()


def test_no_newer_reading_brings_it_back(article: Article, sender: AuditActor) -> None:
    version = article.versions.get()
    first_reading(version, found(version, WORDS))
    assert ArticleVersion.objects.read_before("rules-9").exists()
    withdraw_article(article, by=sender)
    assert not ArticleVersion.objects.read_before("rules-9").exists()
    again = reread_version(version, analysis=reading(found(version, WORDS)))
    assert again.outcome == "refused"
    assert Claim.objects.get().state == "withdrawn"


def test_a_person_can_still_want_its_claim(article: Article, sender: AuditActor) -> None:
    claim = suggested(article)
    withdraw_article(article, by=sender)
    claim.refresh_from_db()
    restore_claim(claim, by=factories.make_user(desk=claim.desk))
    claim.refresh_from_db()
    assert (claim.state, claim.was_taken_back) == ("confirmed", False)


def test_its_claims_leave_the_search(article: Article, sender: AuditActor) -> None:
    claim = suggested(article)
    Job.objects.all().delete()
    withdraw_article(article, by=sender)
    assert Job.objects.filter(kind="claims.match_claim", object_id=str(claim.pk)).exists()
    assert not ReviewTask.objects.open().exists()
