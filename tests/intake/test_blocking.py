"""Blocks: who sets them, when they count, and that every door asks."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from claims.actions.check_requests import ask_for_check, vote_for_request
from claims.actions.feed_visits import look
from claims.actions.feeds import pause_feed, resume_feed, try_feed
from claims.actions.fetching import request_article
from claims.actions.submitting import Sender, submit_address, submit_text
from claims.models import ArticleFetch
from claims.sources import UnreadableArticle, fetch_article
from claims.sources.visits import Obstructed
from claimtracker.accounts.models import Role, User
from claimtracker.intake.blocking import (
    block_of_host,
    block_of_sender,
    lift_block,
    set_block,
    without_blocked_hosts,
)
from claimtracker.intake.models import Block
from claimtracker.intake.senders import address_digest, email_digest
from claimtracker.kernel.errors import ActionRefused, NotPermitted
from claimtracker.ledger import audit
from claimtracker.ledger.models import AuditEntry
from tests import factories
from tests.support.feeds import lead, rss, server, watched
from tests.support.hostile_server import HostileServer

__all__ = ["lead", "server"]  # fixtures
pytestmark = pytest.mark.django_db

TEXT = "The harbour handled 4 million containers last year."


@pytest.fixture
def moderator() -> User:
    return factories.make_user(Role.MODERATOR)


def block(moderator: User, kind: str, value: str, **facts: object) -> Block:
    return set_block(kind, value, by=moderator, reason="Hoaxes", **facts)  # type: ignore[arg-type] - a test's


def code_of(act: object, *args: object, **options: object) -> str:
    with pytest.raises(ActionRefused) as refused:
        act(*args, **options)  # type: ignore[operator] - whatever is tried
    return refused.value.code


def test_a_domain_stands_for_all_below_it_and_nothing_beside_it(moderator: User) -> None:
    block(moderator, "domain", "https://Hoax.Example/some/page")
    for host in ("hoax.example", "HOAX.example.", "www.a.hoax.example"):
        assert block_of_host(host), host
    for host in ("nothoax.example", "example", "hoax.example.org", ""):
        assert block_of_host(host) is None, host
    block(moderator, "domain", "bücher.example")
    assert block_of_host("www.xn--bcher-kva.example")


@pytest.mark.parametrize(
    "value", ["", "example", "a b.example", "hoax.example/path", "..", "x" * 300 + ".org"]
)
def test_what_is_no_domain_is_refused(moderator: User, value: str) -> None:
    assert code_of(block, moderator, "domain", value) == "bad_domain"


def test_our_own_site_cannot_be_blocked(moderator: User, settings: object) -> None:
    settings.SITE_URL = "https://checks.news.example"  # type: ignore[attr-defined] - pytest-django's
    for value in ("checks.news.example", "news.example"):
        assert code_of(block, moderator, "domain", value) == "own_domain"


def test_only_moderators_block_and_lift_and_it_is_audited(moderator: User) -> None:
    row = block(moderator, "domain", "hoax.example", note="Case 12.")
    for person in (factories.make_user(Role.LEAD), factories.make_user(Role.EDITOR)):
        with pytest.raises(NotPermitted):
            set_block("domain", "other.example", by=person, reason="Hoaxes")
        with pytest.raises(NotPermitted):
            lift_block(row, by=person)
    assert code_of(block, moderator, "domain", "hoax.example") == "already_blocked"
    lift_block(row, by=moderator)
    assert code_of(lift_block, row, by=moderator) == "ended"
    assert block_of_host("hoax.example") is None
    verbs = list(AuditEntry.objects.filter(verb__startswith="block.").values_list("verb", flat=True))
    assert sorted(verbs) == ["block.lifted", "block.set"]
    block(moderator, "domain", "hoax.example")
    with pytest.raises(DatabaseError), transaction.atomic():
        Block.objects.filter(pk=row.pk).update(reason="Another")
    with pytest.raises(DatabaseError), transaction.atomic():
        Block.objects.filter(pk=row.pk).update(lifted_at=None)
    with pytest.raises(DatabaseError), transaction.atomic():
        Block.objects.filter(pk=row.pk).delete()


def test_a_block_needs_a_reason_and_an_end_that_comes(moderator: User) -> None:
    now = timezone.now()
    assert code_of(set_block, "domain", "hoax.example", by=moderator, reason="  ") == "reason_missing"
    assert code_of(set_block, "domain", "hoax.example", by=moderator, reason="x" * 501) == "too_long"
    assert code_of(block, moderator, "domain", "hoax.example", expires_at=now) == "over"
    assert code_of(set_block, "planet", "x", by=moderator, reason="x") == "bad_kind"
    assert code_of(set_block, "partner", " ", by=moderator, reason="x") == "value_missing"


def test_one_that_is_over_counts_nowhere_and_makes_room(moderator: User) -> None:
    over = Block.objects.create(
        kind="domain",
        value="hoax.example",
        label="hoax.example",
        reason="Hoaxes",
        expires_at=timezone.now() - timedelta(seconds=1),
    )
    assert block_of_host("hoax.example") is None
    assert code_of(lift_block, over, by=moderator) == "ended"
    later = block(moderator, "domain", "hoax.example", expires_at=timezone.now() + timedelta(days=1))
    assert block_of_host("hoax.example") == later
    over.refresh_from_db()
    assert over.lifted_at is not None and over.lifted_by is None


def test_senders_are_known_by_digests_of_address_and_mail(moderator: User) -> None:
    assert address_digest("2001:db8:1:2::7") == address_digest("2001:db8:1:2:ffff::1")
    assert address_digest("2001:db8:1:2::7") != address_digest("2001:db8:1:3::7")
    assert address_digest("::ffff:192.0.2.7") == address_digest("192.0.2.7")
    assert address_digest("no address") == email_digest(" ") == ""
    assert email_digest("Zora@Example.org ") == email_digest("zora@example.org")
    row = block(moderator, "address", address_digest("192.0.2.7"), label="Sender of S-1")
    assert block_of_sender(address=address_digest("192.0.2.7")) == row
    assert block_of_sender(address=address_digest("192.0.2.8")) is None
    assert block_of_sender(email=address_digest("192.0.2.7")) is None, "a digest of the other kind"
    assert block_of_sender() is None
    mail = block(moderator, "email", email_digest("zora@example.org"), label="An address")
    assert block_of_sender(address="", email=email_digest("ZORA@example.org")) == mail
    assert "zora" not in f"{mail.value}{mail.label}"


def wire(**options: object) -> Sender:
    return Sender("partner:wire", audit.partner_actor("partner:1", "Wire"), factories.make_desk(), **options)  # type: ignore[arg-type] - a test's


def test_a_blocked_partner_brings_nothing_in_until_the_end(moderator: User) -> None:
    request = ask_for_check(TEXT, sender=wire()).request
    row = block(moderator, "partner", "partner:wire", expires_at=timezone.now() + timedelta(days=2))
    for act, args in (
        (submit_text, ({"body": TEXT},)),
        (submit_address, ({"url": "https://a.example/x"},)),
        (ask_for_check, (TEXT + " Again.",)),
        (vote_for_request, (request,)),
    ):
        assert code_of(act, *args, sender=wire()) == "sender_blocked", act
    with pytest.raises(NotPermitted, match=r"until .*Hoaxes\."):
        submit_text({"body": TEXT}, sender=wire())
    lift_block(row, by=moderator)
    assert submit_text({"body": TEXT}, sender=wire()).created


def test_addresses_on_a_blocked_domain_are_refused_at_every_door(moderator: User) -> None:
    row = block(moderator, "domain", "hoax.example")
    url, desk, person = (
        "https://www.hoax.example/story",
        factories.make_desk(),
        factories.make_user(Role.LEAD),
    )
    for act, args, options in (
        (submit_text, ({"body": TEXT, "url": url},), {"sender": wire()}),
        (submit_address, ({"url": url},), {"sender": wire()}),
        (ask_for_check, (TEXT,), {"sender": wire(), "url": url}),
        (request_article, (url,), {"by": person, "desk": desk}),
        (try_feed, (url,), {"by": person, "desk": desk}),
    ):
        assert code_of(act, *args, **options) == "blocked_domain", act
    assert not ArticleFetch.objects.exists()
    lift_block(row, by=moderator)
    assert request_article(url, by=person, desk=desk).pk
    assert try_feed(url, by=person, desk=desk).pk


def test_what_was_asked_for_before_is_not_fetched_nor_by_a_redirect(
    moderator: User, server: HostileServer, lead: User
) -> None:
    server.gives("/feed", rss())
    feed = watched(server, lead)
    feed.url = "https://hoax.example/rss"
    block(moderator, "domain", "hoax.example")
    seen = look(feed)
    assert isinstance(seen.outcome, Obstructed) and seen.outcome.code == "blocked_domain"
    pause_feed(feed, by=lead)
    type(feed).objects.filter(pk=feed.pk).update(url="https://hoax.example/rss")
    assert code_of(resume_feed, feed, by=lead) == "blocked_domain"
    asked = len(server.asked)
    for url in ("https://hoax.example/a", server.redirects("/short", "https://hoax.example/a")):
        with pytest.raises(UnreadableArticle) as refused:
            fetch_article(url, allow=without_blocked_hosts())
        assert refused.value.code == "blocked_domain"
        assert "Hoaxes" in refused.value.message
    assert len(server.asked) == asked + 1, "only the page that redirects"
