"""Personal data of those who work here: erased, and given to them."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.db import transaction
from django.test import Client
from django.utils import timezone

from claims.actions.drafts import bring_draft
from claimtracker.accounts import erasure_holds
from claimtracker.accounts.models import Leave, Membership, Role, User
from claimtracker.kernel.errors import ActionRefused, NotPermitted
from claimtracker.ledger import audit
from claimtracker.ledger.models import AuditEntry, AuditNote
from claimtracker.ledger.sealing import seal_entries
from claimtracker.ledger.verifying import verify
from claimtracker.web.privacy.deciding import Fate
from claimtracker.web.privacy.erasure import erase_person, preview_of
from claimtracker.web.privacy.export import export_person
from claimtracker.web.privacy.registry import APART
from reviews.actions.assignment import release_task, take_task
from reviews.actions.conflicts import declare_conflict
from reviews.actions.discussion import add_comment
from reviews.actions.saved_views import save_view
from reviews.models import Comment, Mention, Notification
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.timeout(300)]

NAME, EMAIL = "Zora Quillfeather", "zora.quillfeather@newsroom.example"
MODELS = [m for m in apps.get_models(include_auto_created=True) if m._meta.app_label not in APART]


@pytest.fixture
def moderator() -> User:
    return factories.make_user(Role.MODERATOR, name="Milo Duarte")


@pytest.fixture
def zora() -> User:
    """Somebody who worked here, talked, declared and published, and is switched off."""
    zora = factories.make_user(name=NAME, email=EMAIL)
    colleague = factories.make_user(name="Mara Okafor")
    claim = factories.make_claim()
    task = factories.make_taken_task(zora, claim)
    factories.make_evidence(claim, zora)
    add_comment(claim, by=zora, text="I called them about it.")
    add_comment(claim, by=colleague, text=f"Ask @{EMAIL} or @{EMAIL} again, @{colleague.email} said so.")
    declare_conflict(by=zora, kind="topic", subject="Trams", reason="I hold shares.")
    day = timezone.localdate() + timedelta(days=30)
    Leave.objects.create(user=zora, first_day=day, last_day=day)
    Notification.objects.create(user=zora, claim=claim, kind="due", key="made", text="It is due.")
    factories.make_publication()  # somebody else's
    with transaction.atomic():
        audit.record("claim.edited", by=zora, subject=claim, note=f"Reach me at {EMAIL}.")
    kind = ContentType.objects.get_for_model(User)
    LogEntry.objects.create(
        user=colleague, content_type=kind, object_id=str(zora.pk), object_repr=NAME, action_flag=2
    )
    release_task(task, by=zora)
    User.objects.filter(pk=zora.pk).update(is_active=False)
    zora.refresh_from_db()
    return zora


def erase(zora: User, moderator: User, **options: Any) -> None:
    erase_person(zora, by=moderator, **{"reason": "She asked for it.", "typed_name": NAME, **options})


def where_said(*words: str) -> set[str]:
    """Which tables hold one of these words."""
    found = set()
    for model in MODELS:
        text = str(list(model._base_manager.values_list())).lower()
        if any(word.lower() in text for word in words):
            found.add(model._meta.label)
    return found


def test_after_an_erasure_no_table_has_the_name_the_address_or_the_words(
    zora: User, moderator: User, settings: Any
) -> None:
    settings.LEDGER_HEAD_PATH = ""
    seal_entries()
    before = where_said("quillfeather")
    assert {
        "accounts.User",
        "reviews.Comment",
        "ledger.AuditActor",
        "ledger.AuditNote",
        "admin.LogEntry",
    } <= before
    entries = AuditEntry.objects.count()
    erase(zora, moderator)
    assert where_said("quillfeather", "hold shares") == set()
    assert AuditEntry.objects.count() == entries + 1, "what happened stays"
    comment = Comment.objects.get(author=zora)
    assert comment.text == "I called them about it." and str(comment.author) == "Erased person"
    said = Comment.objects.get(text__contains="Ask")
    assert said.text.startswith("Ask @Erased person or @Erased person again, @")
    for mention in Mention.objects.filter(comment=said):
        assert said.text[mention.start : mention.end].startswith("@")
    assert not Membership.objects.filter(user=zora).exists() and not Leave.objects.filter(user=zora).exists()
    seal_entries()
    assert list(verify()) == []


def test_the_audit_says_who_erased_and_why(zora: User, moderator: User) -> None:
    erase(zora, moderator)
    entry = AuditEntry.objects.get(verb="person.erased")
    assert entry.actor_ref == audit.actor_for(moderator).ref
    assert AuditNote.objects.get(entry=entry).text == "She asked for it."
    assert entry.details["user"] == zora.pk
    assert entry.details["went"]["accounts.leave"] == 1 and entry.details["went"]["mentions"] == 2


def test_the_preview_counts_what_then_goes(zora: User, moderator: User) -> None:
    lines = preview_of(zora)
    going = {line.label: line.count for line in lines if line.fate == Fate.GOES}
    assert going["leaves"] == 1 and going["mentions"] == 2
    assert any(line.fate == Fate.KEPT for line in lines)
    erase(zora, moderator)
    zora.refresh_from_db()
    assert [line for line in preview_of(zora) if line.fate == Fate.GOES] == []


def test_what_was_published_stays_as_it_is(moderator: User) -> None:
    publication = factories.make_publication()
    person, before = publication.proposed_by, json.dumps(publication.snapshot, sort_keys=True)
    User.objects.filter(pk=person.pk).update(is_active=False)
    erase_person(person, by=moderator, reason="He asked.", typed_name=person.name)
    publication.refresh_from_db()
    assert json.dumps(publication.snapshot, sort_keys=True) == before
    assert publication.proposed_by_id == person.pk and publication.proposed_by.name == "Erased person"


def test_sessions_end_with_the_person(zora: User, moderator: User) -> None:
    User.objects.filter(pk=zora.pk).update(is_active=True)
    for user in (zora, moderator):
        Client().force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    User.objects.filter(pk=zora.pk).update(is_active=False)
    erase(zora, moderator)
    assert [s.get_decoded()["_auth_user_id"] for s in Session.objects.all()] == [str(moderator.pk)]


def test_it_is_refused_with_a_reason(zora: User, moderator: User, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(code: str, person: User = zora, by: User = moderator, **options: Any) -> None:
        with pytest.raises(ActionRefused) as refusal:
            erase_person(person, by=by, **{"reason": "So.", "typed_name": NAME, **options})
        assert refusal.value.code == code and refusal.value.reason

    refused("not_permitted", by=factories.make_user(Role.LEAD))
    refused("yourself", person=moderator)
    refused("not_permitted", person=User.objects.create_superuser("root@example.org", "x", name="Root"))
    refused("reason_missing", reason=" ")
    refused("wrong_name", typed_name="Zora")
    monkeypatch.setattr(
        erasure_holds, "_holds", [lambda person: "A court asked for it." if person == zora else ""]
    )
    refused("held")
    monkeypatch.setattr(erasure_holds, "_holds", [])
    User.objects.filter(pk=zora.pk).update(is_active=True)
    refused("active")
    task = take_task(factories.make_task(), by=User.objects.get(pk=zora.pk))
    User.objects.filter(pk=zora.pk).update(is_active=False)
    refused("open_work")
    type(task).objects.filter(pk=task.pk).update(
        state="queued", assignee=None, taken_at=None, lease_until=None
    )
    erase(zora, moderator)
    refused("erased")


def test_the_page_shows_it_asks_for_the_name_and_does_it(zora: User, moderator: User) -> None:
    client = Client()
    client.force_login(moderator, backend="django.contrib.auth.backends.ModelBackend")
    address = f"/admin/people/{zora.pk}/erase/"
    assert address in client.get(f"/admin/accounts/user/{zora.pk}/change/").content.decode()
    page = client.get(address).content.decode()
    assert "leaves" in page and "comments" in page and "Stays, without a name" in page
    wrong = client.post(address, {"reason": "She asked.", "typed_name": "Zora"})
    assert wrong.status_code == 422 and "This is not the name" in wrong.content.decode()
    assert client.post(address, {"reason": "She asked.", "typed_name": NAME}).status_code == 302
    zora.refresh_from_db()
    assert zora.name == "Erased person"
    assert "erased already" in client.get(address).content.decode()


LADDER = {None: 302, Role.REPORTER: 403, Role.LEAD: 403, Role.MODERATOR: 200}


@pytest.mark.parametrize(("rank", "status"), LADDER.items(), ids=str)
def test_the_ladder(zora: User, rank: str | None, status: int) -> None:
    client = Client()
    if rank:
        client.force_login(factories.make_user(rank), backend="django.contrib.auth.backends.ModelBackend")
    for address in (f"/admin/people/{zora.pk}/erase/", f"/admin/people/{zora.pk}/data.json"):
        assert client.get(address).status_code == status, address
    assert client.get("/me/data.json").status_code == (200 if rank else 302)


def test_the_person_gets_everything_and_it_is_audited(zora: User) -> None:
    User.objects.filter(pk=zora.pk).update(is_active=True)
    save_view(by=zora, name="My late ones", show="late", query="score:>0.1")
    client = Client()
    client.force_login(zora, backend="django.contrib.auth.backends.ModelBackend")
    assert "/me/data.json" in client.get("/notices/preferences/").content.decode()
    response = client.get("/me/data.json")
    facts = json.loads(response.content)
    assert "no-store" in response["Cache-Control"] and "attachment" in response["Content-Disposition"]
    assert facts["account"]["email"] == EMAIL
    held = {(part["kind"], part["as"]): part for part in facts["held"]}
    assert held["reviews.Comment", "author"]["rows"][0]["text"] == "I called them about it."
    assert held["reviews.ConflictOfInterest", "user"]["rows"][0]["reason"] == "I hold shares."
    assert held["reviews.SavedView", "owner"]["rows"][0]["name"] == "My late ones"
    assert held["accounts.Leave", "user"]["if_erased"] == "goes"
    assert {"claim.edited", "comment.added"} <= {entry["verb"] for entry in facts["did"]}
    assert "password" not in response.content.decode()
    entry = AuditEntry.objects.get(verb="person.exported")
    assert entry.details == {"user": zora.pk} and entry.actor_ref == audit.actor_for(zora).ref


def test_every_kind_of_row_that_an_erasure_touches_is_in_the_file(zora: User, moderator: User) -> None:
    facts = export_person(zora, by=zora)
    told = {apps.get_model(part["kind"])._meta.verbose_name_plural for part in facts["held"]}
    previewed = {line.label.split(" (")[0] for line in preview_of(zora)}
    previewed -= {str(AuditNote._meta.verbose_name_plural)}
    assert previewed == {str(name) for name in told}


def test_a_moderator_gets_nothing_that_is_private_or_of_a_confidential_source(moderator: User) -> None:
    person = factories.make_user(name=NAME)
    claim = factories.make_claim()
    factories.make_taken_task(person, claim)
    factories.make_evidence(
        claim, person, title="zqx memo", quotation="zqx knew.", note="zqx works there.", is_confidential=True,
        confidential_because="zqx would be dismissed.",
    )  # fmt: skip
    bring_draft(
        by=person, desk=claim.desk, title="zqx story", body="The board paid zqx 4 million.\n", transcript=""
    )
    theirs = json.dumps(export_person(person, by=moderator), default=str)
    assert "zqx" not in theirs and "withheld" in theirs
    assert "claims.Draft" in theirs, "that there is one is told"
    own = json.dumps(export_person(person, by=person), default=str)
    assert "zqx story" in own and "zqx knew." in own
    assert AuditEntry.objects.filter(verb="source.read").count() == 1


def test_nobody_gets_the_data_of_a_colleague(zora: User) -> None:
    with pytest.raises(NotPermitted):
        export_person(zora, by=factories.make_user(Role.LEAD))
