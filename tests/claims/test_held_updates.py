"""What somebody whom we do not trust yet sends anew of an accepted article waits, whole, for a moderator."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import IntegrityError, ProgrammingError, transaction

from claims.actions.again import take_again
from claims.actions.held_updates import accept_update, reject_update
from claims.actions.ingest import accept_article
from claims.models import Article, HeldUpdate
from claims.selectors import newest_version, open_update
from claims.sources import ParsedArticle
from claimtracker.accounts.models import Role, User
from claimtracker.jobs.models import Job
from claimtracker.kernel.errors import ActionRefused, NotPermitted
from claimtracker.ledger import audit
from claimtracker.ledger.models import AuditEntry, OutboxEvent
from tests import factories

pytestmark = pytest.mark.django_db

OLD = "The city built 40 homes last year, the mayor said.\n\nThe council met on Monday."
NEW = OLD.replace("40 homes", "45 homes")
NEWEST = OLD.replace("40 homes", "50 homes")


@pytest.fixture
def moderator(db: None) -> User:
    return factories.make_user(Role.MODERATOR)


@pytest.fixture
def article(moderator: User) -> Article:
    partner = factories.make_partner("new", is_trusted=False)
    held = factories.make_submission(partner, OLD, title="Homes", external_id="a-1")
    return accept_article(held, by=moderator)


def send(article: Article, body: str = "", *, title: str = "Homes", held: bool = True, **told: Any) -> Any:
    text = ParsedArticle(title=title, byline="", body=body) if body else None
    by = audit.partner_actor(article.origin, "New")
    return take_again(article, text, told, by=by, note="sent again", held=held)


def states() -> list[str]:
    return list(HeldUpdate.objects.order_by("pk").values_list("state", flat=True))


def verbs() -> list[str]:
    entries = AuditEntry.objects.filter(subject_type="claims.heldupdate").order_by("pk")
    return list(entries.values_list("verb", flat=True))


def test_a_newer_text_waits_and_the_article_stays(article: Article) -> None:
    recorded = send(article, NEW, byline="Jo Park")
    assert (recorded.created, recorded.waits) == (False, True)
    assert recorded.update.changes == ["body", "byline"]
    article.refresh_from_db()
    assert (newest_version(article).body, article.byline) == (OLD, "")
    assert not OutboxEvent.objects.filter(type="article.changed").exists()
    assert verbs() == ["update.held"]


def test_accepted_it_is_the_next_version_of_its_sender(article: Article, moderator: User) -> None:
    at = datetime(2026, 11, 20, 9, 30, 0, 123456, tzinfo=UTC)
    update = send(article, NEW, title="More homes", byline="Jo Park", published_at=at, language="en").update
    done = accept_update(update, by=moderator)
    assert (done.state, done.decided_by) == ("accepted", moderator)
    article.refresh_from_db()
    version = newest_version(article)
    assert (version.number, version.title, version.body, version.note) == (2, "More homes", NEW, "sent again")
    assert (article.title, article.byline, article.language) == ("More homes", "Jo Park", "en")
    assert article.published_at == at, "to the last digit"
    assert Job.objects.filter(kind="claims.follow_version", object_id=str(version.pk)).count() == 1
    recorded = AuditEntry.objects.get(verb="article.version_recorded")
    assert recorded.actor_ref == update.actor.ref, "whose text it is"
    accepted = AuditEntry.objects.get(verb="update.accepted")
    assert accepted.actor_ref == moderator.audit_actor.ref
    assert open_update(article) is None


def test_facts_alone_make_no_version(article: Article, moderator: User) -> None:
    accept_update(send(article, byline="Jo Park").update, by=moderator)
    article.refresh_from_db()
    assert (article.byline, article.versions.count()) == ("Jo Park", 1)


def test_a_newer_one_takes_the_place_of_what_waits_with_what_it_leaves_out(article: Article) -> None:
    first = send(article, NEW, byline="Jo Park").update
    second = send(article, language="en").update
    third = send(article, NEWEST).update
    assert states() == ["superseded", "superseded", "held"]
    assert (second.body, second.changes) == (NEW, ["body", "byline", "language"])
    assert (third.body, third.told) == (NEWEST, {"byline": "Jo Park", "language": "en"})
    first.refresh_from_db()
    assert first.body == NEW, "what was superseded is kept as it was"
    assert verbs().count("update.superseded") == 2


def test_the_same_again_is_the_same_update(article: Article) -> None:
    at = datetime(2026, 11, 20, 9, 30, 0, 123456, tzinfo=UTC)
    first = send(article, NEW, published_at=at).update
    assert send(article, NEW, published_at=at).update == first
    assert send(article, NEW + "\n\n12 comments").update == first, "that is no other text"
    assert (states(), verbs()) == (["held"], ["update.held"])


def test_who_says_what_the_article_says_takes_back_what_waits(article: Article) -> None:
    send(article, NEW)
    recorded = send(article, OLD)
    assert (recorded.update, recorded.waits, states()) == (None, False, ["superseded"])


def test_what_says_nothing_new_is_not_held(article: Article) -> None:
    assert send(article, OLD).update is None
    assert not HeldUpdate.objects.exists()
    article.refresh_from_db()
    assert article.last_seen_at is not None


def test_rejected_it_says_why_and_is_not_asked_for_again(article: Article, moderator: User) -> None:
    update = send(article, NEW).update
    with pytest.raises(ActionRefused, match="Say why"):
        reject_update(update, by=moderator, reason="  ")
    rejected = reject_update(update, by=moderator, reason=" An advertisement. ")
    assert (rejected.state, rejected.reason) == ("rejected", "An advertisement.")
    again = send(article, NEW)
    assert (again.update, again.waits) == (update, False)
    send(article, OLD)
    assert states() == ["rejected"], "the answer stands until something new is sent"
    assert send(article, NEWEST).waits
    assert states() == ["superseded", "held"]


def test_a_rejection_can_be_taken_back_until_something_newer_came(article: Article, moderator: User) -> None:
    update = send(article, NEW).update
    reject_update(update, by=moderator, reason="Wrong.")
    accept_update(update, by=moderator)
    assert newest_version(article).body == NEW
    late = send(article, NEWEST).update
    reject_update(late, by=moderator, reason="Wrong.")
    send(article, OLD)
    with pytest.raises(ActionRefused, match="something newer") as refusal:
        accept_update(late, by=moderator)
    assert refusal.value.code == "superseded"


def test_what_is_decided_is_decided_once(article: Article, moderator: User) -> None:
    update = send(article, NEW).update
    accept_update(update, by=moderator)
    for again in (
        lambda: accept_update(update, by=moderator),
        lambda: reject_update(update, by=moderator, reason="x"),
    ):
        with pytest.raises(ActionRefused, match="held update that is accepted cannot become"):
            again()
    assert article.versions.count() == 2


def test_only_moderators_decide(article: Article) -> None:
    update, editor = send(article, NEW).update, factories.make_user(Role.EDITOR)
    with pytest.raises(NotPermitted, match="Only moderators"):
        accept_update(update, by=editor)
    with pytest.raises(NotPermitted, match="Only moderators"):
        reject_update(update, by=editor, reason="x")
    assert states() == ["held"]


def test_whom_we_trust_by_now_needs_nobody(article: Article, moderator: User) -> None:
    update = send(article, NEW).update
    assert send(article, byline="Jo Park", held=False).update is None
    article.refresh_from_db()
    assert (article.byline, states()) == ("Jo Park", ["held"]), "the text still waits"
    assert send(article, NEWEST, held=False).created
    assert (newest_version(article).body, states()) == (NEWEST, ["superseded"])
    with pytest.raises(ActionRefused, match="something newer"):
        accept_update(update, by=moderator)


def test_what_our_own_desk_records_does_not_decide(article: Article, moderator: User) -> None:
    """The moderator compares with the newest text, whoever brought it."""
    update = send(article, NEW, byline="Jo Park").update
    factories.make_version(article, NEWEST)
    accept_update(update, by=moderator)
    assert [v.body for v in article.versions.order_by("number")] == [OLD, NEWEST, NEW]


def refused_by_the_database(act: Any) -> str:
    with pytest.raises((IntegrityError, ProgrammingError)) as refused, transaction.atomic():
        act()
    return str(refused.value)


def row(article: Article, **fields: Any) -> HeldUpdate:
    fields = {"title": "Homes", "body": NEW, "changes": ["body"], **fields}
    return HeldUpdate.objects.create(article=article, actor=audit.actor_for("system"), **fields)


def test_what_must_never_be_true_the_database_forbids(article: Article) -> None:
    update = row(article)
    rows = HeldUpdate.objects.filter(pk=update.pk)
    assert "one_open_update_per_article" in refused_by_the_database(lambda: row(article))
    assert "a_rejected_update_says_why" in refused_by_the_database(lambda: rows.update(state="rejected"))
    for said in ({"body": "x"}, {"title": "x"}, {"told": {"url": "x"}}, {"changes": ["url"]}):
        assert "Cannot update" in refused_by_the_database(lambda said=said: rows.update(**said))
    rows.update(state="accepted")
    assert "illegal transition" in refused_by_the_database(lambda: rows.update(state="held"))
    assert "cannot begin" in refused_by_the_database(lambda: row(article, state="accepted"))
    nothing = {"title": "", "body": "", "changes": ["body"]}
    assert "says_something" in refused_by_the_database(lambda: row(article, **nothing))
    assert "names_what_is_new" in refused_by_the_database(lambda: row(article, changes=[]))


def test_only_an_accepted_article_of_no_sandbox_takes_one(db: None) -> None:
    waiting = factories.make_submission(factories.make_partner(is_trusted=False))
    sandbox = factories.make_submission(factories.make_partner(is_sandbox=True))
    for article in (waiting, sandbox):
        assert "takes no held update" in refused_by_the_database(lambda article=article: row(article))
