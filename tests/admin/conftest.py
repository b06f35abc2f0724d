"""People of every rank, and rows of every model."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone

from claims.actions.families import confirm_match
from claims.actions.sightings import note_sighting
from claims.actions.watching import watch_claim
from claims.models import (
    DIMENSIONS,
    Article,
    ArticleFetch,
    ArticleFingerprint,
    Batch,
    BatchItem,
    CheckRequest,
    ClaimantGroup,
    EmbeddingSlot,
    ExtractionRun,
    Feed,
    FeedItem,
    MatchEmbedding,
    MatchEntry,
    MatchTerm,
    MatchTotals,
    RequestVote,
    WebHost,
)
from claimtracker import jobs
from claimtracker.accounts.models import DayOff, Desk, Leave, ReadyReason, Role, User, WorkingHours
from claimtracker.intake.models import Block, SpamPhrase
from claimtracker.ledger import audit
from claimtracker.ledger.models import OutboxEvent
from claimtracker.ledger.sealing import seal_entries
from claimtracker.partners.acknowledging import acknowledge
from claimtracker.partners.actions import fan_out
from claimtracker.partners.holdings import Held, note
from claimtracker.partners.keys import rotate_key
from claimtracker.partners.limits import usage_field
from claimtracker.partners.models import (
    Attempt,
    CorrectionReminder,
    Edition,
    EndpointNotice,
    KeptAnswer,
    Partner,
    Way,
)
from claimtracker.partners.ordering import place_event
from claimtracker.partners.usage import add_batch
from claimtracker.signin.models import AccountLetter, Invitation, KnownDevice, SignInFailure
from reviews.actions.bulk import change_many
from reviews.actions.discussion import add_comment
from reviews.actions.flags import escalate_case, flag
from reviews.actions.replies import ask_for_reply, receive_reply
from reviews.actions.restrictions import place_hold
from reviews.actions.saved_views import save_view, set_default_view
from reviews.models import (
    ConflictOfInterest,
    DeskSampling,
    Dump,
    DumpShelf,
    Evidence,
    EvidenceChange,
    Expiry,
    Handover,
    Mailing,
    MailTimes,
    NoticePreference,
    Notification,
    Publication,
    PublicCheckTopic,
    PublicTopic,
    QuotationCheck,
    ReasonTemplate,
    ReviewTask,
    Rulebook,
    SourceCheck,
    SourceSnapshot,
    StandardsOverride,
    StoredContent,
    TriageDecision,
)
from tests import factories

SignIn = Callable[..., Client]


def signed_in(user: User | None) -> Client:
    client = Client()
    if user is not None:
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def moderator(db: None) -> User:
    return factories.make_user(Role.MODERATOR, name="Milo Duarte")


@pytest.fixture
def superuser(db: None) -> User:
    return User.objects.create_superuser("root@example.org", factories.PASSWORD, name="Root")


@pytest.fixture
def desk_of(moderator: User) -> Client:
    """A client in which the moderator is signed in."""
    return signed_in(moderator)


def make_one_of_each(number: int) -> None:
    """At least one more row of every model, each related to rows of its own."""
    desk = factories.make_desk(f"desk-{number}")
    article = factories.make_article(desk=desk)
    version = article.versions.get()
    publication = factories.make_publication(
        claim=factories.make_claim(article=article, claimant=f"Speaker {number}")
    )
    person = publication.proposed_by
    lead = factories.make_user(Role.LEAD, desk)
    _asked, token = ask_for_reply(
        publication.claim, by=lead, person=f"Speaker {number}", channel="email", question="Why?", hours=48
    )
    receive_reply(token, name=f"Speaker {number}", role="", text="No.")
    Expiry.objects.create(publication=publication)
    StandardsOverride.objects.create(
        claim=publication.claim, code="one_publisher", criterion="3.3", message="m", reason="So.", by=lead,
        created_at=timezone.now(),
    )  # fmt: skip
    ExtractionRun.objects.create(version=version, extractor_version="rules-1", outcome="extracted")
    ArticleFetch.objects.create(url=f"https://news.example/{number}", desk=desk, requested_by=person)
    moderating = factories.make_user(Role.MODERATOR, desk)
    factories.make_known_claim(by=moderating)
    task = factories.make_task(factories.make_claim(article=factories.make_article(desk=desk)))
    factories.make_rule(desk, is_active=False)
    Rulebook.objects.get_or_create(pk=Rulebook.ONLY)
    make_what_readers_see(number, publication)
    make_queue_work(task, lead, person)
    Notification.objects.create(user=person, claim=task.claim, kind="due", key="made", text="It is due.")
    NoticePreference.objects.create(user=person, kind="due", email="daily")
    MailTimes.objects.create(user=person, time_zone="Europe/Lisbon")
    Mailing.objects.create(user=person, cadence="daily", slot="2026-11-26")
    add_comment(task.claim, by=person, text=f"Who counted this, @{person.email}?")
    make_partner_rows(number, publication, person)
    make_signins(number, person)
    with transaction.atomic():
        audit.record("article.rejected", by=person, subject=article, note="Not an article.")
    jobs.enqueue("claims.extract_article", version.pk)
    make_matching_rows(article, person)
    make_working_days(number, desk, person)
    make_given_work(number, task, giver=lead, receiver=person)
    make_looks_at_a_page(number, publication.claim.evidence.first())
    make_watched_source(number, desk, article)
    make_a_change(number, task)
    place_hold(publication.claim, by=moderating, reason="other", note="Proceedings.")
    make_blocks(number, person)
    flagged = flag(task.claim, by=person, reason="spam", note="It is an advertisement.").case
    escalate_case(flagged, by=moderating, to=lead, note="You know the sender.")
    seal_entries()


def make_signins(number: int, person: User) -> None:
    KnownDevice.objects.create(user=person, digest=f"{number:064}", name="Firefox on Linux")
    AccountLetter.objects.create(user=person, kind="new_device", facts={"device": "Firefox on Linux"})
    SignInFailure.objects.create(digest=f"{number:064}", user=person, count=3)
    Invitation.objects.create(
        email=f"new-{number}@example.org", desk=person.memberships.first().desk, role=Role.CHECKER,
        invited_by=person, digest=f"{number:064}", expires_at=timezone.now(),
    )  # fmt: skip


def make_partner_rows(number: int, publication: Publication, person: User) -> None:
    """A partner with a key, an endpoint, what was sent there, and what it has of ours."""
    partner = factories.make_partner(desk=publication.claim.desk)
    make_what_partners_sent(number, partner)
    endpoint = factories.make_endpoint(partner, url=f"https://receiver.example/{number}")
    # only to this endpoint, so that the number of deliveries grows with the number of events
    type(endpoint).objects.exclude(pk=endpoint.pk).update(is_active=False)
    event = OutboxEvent.objects.filter(type="claim.verdict_published").latest("id")
    for delivery in fan_out(event):
        Attempt.objects.create(delivery=delivery, number=1, status_code=500, error="the receiver failed")
    place_event(event)
    edition = Edition.objects.get(publication=publication.public_id)
    held = Held(publication.public_id, publication.claim.public_id, 1)
    note(partner.pk, [held], way=Way.READ)
    acknowledge(partner, held, status="updated", by=person)
    CorrectionReminder.objects.create(partner=partner, edition=edition)
    EndpointNotice.objects.create(endpoint=endpoint, to="tech@wire.example", reason="10 tries failed.")


def make_what_partners_sent(number: int, partner: Partner) -> None:
    """A key that was rotated, what was asked with it, and an answer that is kept."""
    key, _plain = rotate_key(factories.make_key(partner)[0], by="system")
    add_batch(f"batch {number}", {usage_field("2026-11-26", key.pk, "claims", "requests"): number + 1})
    KeptAnswer.objects.create(
        api_key=key, method="POST", path="/api/v1/articles", idempotency_key="made", fingerprint="0" * 64,
        reserved_at=timezone.now(), reserved_until=timezone.now(), status=201,
    )  # fmt: skip
    sender = audit.partner_actor(f"partner:sender-{number}", "Sender")
    batch = Batch.objects.create(origin=f"partner:sender-{number}", actor=sender, desk=partner.desk)
    asked = CheckRequest.objects.create(text=f"The harbour grew {number}-fold.", digest=f"{number:064}")
    RequestVote.objects.create(request=asked, origin=sender.key, actor=sender)
    BatchItem.objects.create(batch=batch, index=0, fields={"body": "Words."})
    factories.make_held_update(body=f"The harbour grew {number}-fold.\n", byline="Jo Park")


def make_queue_work(task: ReviewTask, lead: User, person: User) -> None:
    """A triage decision, something done to many tasks, and a view of the queue."""
    TriageDecision.objects.create(task=task, claim=task.claim, outcome="check", by=person)
    change_many([task.pk], by=lead, verb="give_back", key=uuid.uuid4())
    set_default_view(save_view(by=lead, name="Late", show="late", query=""), by=lead)


def make_what_readers_see(number: int, publication: Publication) -> None:
    factories.make_complaint(publication)
    factories.make_suggestion(f"The city planted {number}07 trees in spring.")
    factories.make_topic(f"Topic {number}")
    shown = PublicTopic.objects.create(slug=f"topic-{number}", name=f"Topic {number}")
    line = publication.claim.public_check
    PublicCheckTopic.objects.create(topic=shown, check_line=line, newest=publication.pk)


def make_a_change(number: int, task: ReviewTask) -> None:
    before = task.claim.appearances.get().version
    factories.make_version(before.article, f"{before.body}The council met again on day {number}.\n")


def make_blocks(number: int, person: User) -> None:
    Block.objects.create(
        kind="domain", value=f"hoax-{number}.example", label="Hoax", reason="Hoaxes", created_by=person
    )
    SpamPhrase.objects.create(phrase=f"cheap pills {number}")


def make_matching_rows(article: Article, person: User) -> None:
    """A watched claim that was seen before in another's words, and what the search reads of it."""
    first, later = (factories.make_claim(article=factories.make_article(desk=article.desk)) for _ in "ab")
    watch_claim(first, desk=article.desk, by=person)
    match = factories.make_match(later, other=first)
    confirm_match(match, by=person)
    note_sighting(OutboxEvent.objects.filter(type="match.confirmed").latest("id"))
    entry = MatchEntry.objects.get_or_create(claim=later)[0]
    MatchEmbedding.objects.create(entry=entry, slot=0, vector=[1.0] + [0.0] * (DIMENSIONS - 1))
    MatchTerm.objects.create(lexeme=f"lexeme{later.pk}", entries=1)
    MatchTotals.objects.get_or_create()
    EmbeddingSlot.objects.get_or_create(number=0)
    fingerprint = {"method": "tests-1", "bands": [later.pk]}
    ClaimantGroup.objects.create(name=f"Group {later.pk}")
    ArticleFingerprint.objects.get_or_create(version=article.versions.get(), defaults=fingerprint)


def make_working_days(number: int, desk: Desk, person: User) -> None:
    day = date(2026, 12, 1) + timedelta(days=number)
    WorkingHours.objects.create(desk=desk, weekday=0, opens=540, closes=1020)
    DumpShelf.objects.get_or_create(pk=1)
    Dump.objects.create(name=f"20261127-02000{number}-abc", files=[], made_at=timezone.now())
    DeskSampling.objects.get_or_create(desk=desk, defaults={"blind_rate": 0.2})
    DayOff.objects.create(desk=desk, day=day, name=f"Holiday {number}")
    ReadyReason.objects.create(decision="claims.article.reject_selected", text=f"No text ({number}).")
    Leave.objects.create(user=person, first_day=day, last_day=day)


def make_given_work(number: int, task: ReviewTask, *, giver: User, receiver: User) -> None:
    Handover.objects.create(task=task, giver=giver, receiver=receiver)
    ConflictOfInterest.objects.create(
        user=receiver, kind="topic", subject=f"Roads {number}", reason="Shares."
    )
    ReasonTemplate.objects.create(text=f"The quotation is not on page {number}.")


def make_looks_at_a_page(number: int, evidence: Evidence) -> None:
    now, digest = timezone.now(), hashlib.sha256(str(number).encode()).hexdigest()
    page = StoredContent.objects.create(digest=digest, size=100)
    snapshot = SourceSnapshot.objects.create(
        source=evidence.source, url=evidence.source.url, media_type="text/html", page=page, text=page,
        main_digest=digest, taken_at=now,
    )  # fmt: skip
    SourceCheck.objects.create(source=evidence.source, condition="alive", snapshot=snapshot, checked_at=now)
    QuotationCheck.objects.create(evidence=evidence, snapshot=snapshot, result="missing", checked_at=now)
    EvidenceChange.objects.create(evidence=evidence, kind="gone", noticed_at=now)


def make_watched_source(number: int, desk: Desk, article: Article) -> None:
    host = WebHost.objects.create(name=f"host-{number}.example")
    feed = Feed.objects.create(desk=desk, host=host, url=f"https://host-{number}.example/rss", kind="feed")
    FeedItem.objects.create(
        feed=feed,
        host=host,
        url=f"https://host-{number}.example/story",
        url_digest=f"{number:064}",
        state="ingested",
        article=article,
    )
