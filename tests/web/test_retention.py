"""Each row of the table of retention: what is too old goes with its job, and what is younger stays."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import models
from django.utils import timezone

from claims.actions.drafts import bring_draft
from claims.actions.suggestions import refuse_suggestion
from claims.models import Article, Batch, Draft, SuggestionWords
from claimtracker.accounts.models import Role
from claimtracker.api.dumps import making
from claimtracker.celery import app
from claimtracker.ledger import audit
from claimtracker.ledger.models import OutboxEvent
from claimtracker.partners.actions import fan_out
from claimtracker.partners.models import Attempt, Delivery, KeptAnswer, PartnerEvent, WebhookEndpoint
from claimtracker.partners.ordering import place_event
from claimtracker.signin.models import AccountLetter, Invitation, KnownDevice, SignInFailure
from claimtracker.web.privacy.retention import TERMS, Term
from reviews.actions.bulk import change_many
from reviews.models import BulkChange, Dump, PageLook, Presence
from tests import factories

pytestmark = pytest.mark.django_db
MARGIN = timedelta(minutes=5)
Made = tuple[models.Model, Callable[[], bool]]


def made(row: models.Model, *, age: timedelta, field: str) -> Made:
    """The row as if it were so old, and whether it is still there."""
    rows = getattr(type(row), "everything", type(row)._default_manager)
    rows.filter(pk=row.pk).update(**{field: timezone.now() - age})
    return row, lambda: rows.filter(pk=row.pk).exists()


def presence(age: timedelta) -> Made:
    row = Presence.objects.create(claim=factories.make_claim(), user=factories.make_user())
    return made(row, age=age, field="seen_at")


def page_look(age: timedelta) -> Made:
    row = PageLook.objects.create(asked_by=factories.make_user(), url=f"https://a.example/{uuid.uuid4()}")
    return made(row, age=age, field="asked_at")


def bulk_change(age: timedelta) -> Made:
    lead = factories.make_user(Role.LEAD)
    key = uuid.uuid4()
    change_many([factories.make_task().pk], by=lead, verb="give_back", key=key)
    return made(BulkChange.objects.latest("pk"), age=age, field="created_at")


def draft(age: timedelta) -> Made:
    author = factories.make_user()
    bring_draft(
        by=author,
        desk=factories.make_desk(),
        title="For Friday",
        body="The board paid 4 million.\n",
        transcript="",
    )
    row = Draft.objects.latest("pk")
    begun = timezone.now() - age
    Draft.objects.filter(pk=row.pk).update(
        created_at=begun, expires_at=begun + timedelta(hours=settings.DRAFT_HOURS)
    )
    return row, lambda: Draft.objects.filter(pk=row.pk).exists()


def batch(age: timedelta) -> Made:
    sender = audit.partner_actor(f"partner:{uuid.uuid4()}", "Sender")
    row = Batch.objects.create(origin=sender.key[:80], actor=sender, desk=factories.make_desk())
    return made(row, age=age, field="finished_at")


def sandbox(age: timedelta) -> Made:
    partner = factories.make_partner(is_sandbox=True)
    row: Article = factories.make_submission(partner, f"“It cost {uuid.uuid4()},” said Ann Lee.\n")
    return made(row, age=age, field="created_at")


def kept_answer(age: timedelta) -> Made:
    key, _plain = factories.make_key(factories.make_partner())
    row = KeptAnswer.objects.create(
        api_key=key, method="POST", path="/api/v1/articles", idempotency_key="k", fingerprint="0" * 64,
        reserved_at=timezone.now(), reserved_until=timezone.now(), status=201,
    )  # fmt: skip
    return made(row, age=age, field="reserved_at")


def _delivery(age: timedelta) -> Delivery:
    factories.make_endpoint(factories.make_partner(), url=f"https://receiver.example/{uuid.uuid4()}")
    factories.make_publication()
    event = OutboxEvent.objects.filter(type="claim.verdict_published").latest("id")
    (row, *_others) = fan_out(event)
    ended: datetime = timezone.now() - age
    Delivery.objects.filter(pk=row.pk).update(body="{}", state="delivered", finished_at=ended)
    return row


def delivery(age: timedelta) -> Made:
    row = _delivery(age)
    return row, lambda: Delivery.objects.get(pk=row.pk).body != ""


def attempt(age: timedelta) -> Made:
    row = Attempt.objects.create(delivery=_delivery(age), number=1, status_code=200)
    return made(row, age=age, field="created_at")


def partner_event(age: timedelta) -> Made:
    factories.make_publication()
    event = OutboxEvent.objects.filter(type="claim.verdict_published").latest("id")
    place_event(event)
    return made(PartnerEvent.objects.get(event=event), age=age, field="created_at")


def old_secret(age: timedelta) -> Made:
    row = factories.make_endpoint()
    until = timezone.now() - age + timedelta(days=1)
    WebhookEndpoint.objects.filter(pk=row.pk).update(previous_secret="whsec_old", previous_secret_until=until)
    return row, lambda: WebhookEndpoint.objects.get(pk=row.pk).previous_secret != ""


def dump(age: timedelta) -> Made:
    name = f"{timezone.now():%Y%m%d}-{hashlib.sha256(uuid.uuid4().bytes).hexdigest()[:6]}"
    row = Dump.objects.create(name=name, files=[], made_at=timezone.now() - age)
    return row, lambda: Dump.objects.filter(pk=row.pk).exists()


def account_letter(age: timedelta) -> Made:
    row = AccountLetter.objects.create(user=factories.make_user(), kind="password")
    return made(row, age=age, field="created_at")


def known_device(age: timedelta) -> Made:
    row = KnownDevice.objects.create(user=factories.make_user(), digest=uuid.uuid4().hex)
    return made(row, age=age, field="last_seen_at")


def sign_in_failure(age: timedelta) -> Made:
    return made(SignInFailure.objects.create(digest=uuid.uuid4().hex), age=age, field="last_at")


def open_session(age: timedelta) -> Made:
    key, user = uuid.uuid4().hex, factories.make_user()
    Session.objects.create(session_key=key, session_data="", expire_date=timezone.now() - age)
    row = UserSession.objects.create(user=user, session_key=key, ip="203.0.113.9", user_agent="Firefox")
    return row, lambda: UserSession.objects.filter(pk=row.pk).exists()


def invitation(age: timedelta) -> Made:
    row = Invitation.objects.create(
        email=f"{uuid.uuid4().hex}@example.org",
        desk=factories.make_desk(),
        role=Role.CHECKER,
        digest=uuid.uuid4().hex,
        expires_at=timezone.now(),
    )
    return made(row, age=age, field="expires_at")


def suggestion_words(age: timedelta) -> Made:
    row = factories.make_suggestion("Buy pills now. " * 30, seconds=1.0)
    refuse_suggestion(row, by=factories.make_user(Role.MODERATOR), reason="An advertisement.")
    made(row, age=age, field="decided_at")
    return row, lambda: SuggestionWords.objects.filter(suggestion=row).exists()


MAKERS: dict[str, Callable[[timedelta], Made]] = {
    "presence": presence,
    "page_look": page_look,
    "bulk_change": bulk_change,
    "draft": draft,
    "batch": batch,
    "sandbox": sandbox,
    "kept_answer": kept_answer,
    "delivery": delivery,
    "attempt": attempt,
    "partner_event": partner_event,
    "old_secret": old_secret,
    "suggestion_words": suggestion_words,
    "dump": dump,
    "account_letter": account_letter,
    "known_device": known_device,
    "sign_in_failure": sign_in_failure,
    "open_session": open_session,
    "invitation": invitation,
}


def length_of(term: Term) -> timedelta:
    if term.how_long.startswith("until"):
        return timedelta(days=1)
    number, unit = term.how_long.split()
    return timedelta(**{unit if unit.endswith("s") else f"{unit}s": int(number)})


def run(job: str) -> None:
    if job == "api.make_dumps":
        making.tidy()  # what the job does before and after it makes one
        return
    app.tasks[settings.CELERY_BEAT_SCHEDULE[job]["task"]]()


@pytest.mark.parametrize("term", TERMS, ids=lambda term: term.kind)
def test_what_is_too_old_goes_and_what_is_not_stays(term: Term, tmp_path: Any, settings: Any) -> None:
    settings.DUMP_DIR = settings.SNAPSHOT_DIR = str(tmp_path)
    app.loader.import_default_modules()
    make, length = MAKERS[term.kind], length_of(term)
    _old, old_is_there = make(length + MARGIN)
    _young, young_is_there = make(length - MARGIN)
    assert old_is_there() and young_is_there()
    run(term.job)
    assert not old_is_there(), f"{term.job} does not end it"
    assert young_is_there(), f"{term.job} ends it too early"
    run(term.job)
    assert young_is_there()
