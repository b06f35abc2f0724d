"""Whoever is shown the name or words of a confidential source stands in the audit, before they are shown."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from claimtracker.accounts.models import Role, User
from claimtracker.ledger import audit
from claimtracker.ledger.models import AuditEntry
from claimtracker.ledger.sealing import seal_entries
from claimtracker.ledger.verifying import verify
from reviews.actions import source_reads
from reviews.actions.discussion import add_comment
from reviews.actions.evidence import add_evidence
from reviews.actions.source_reads import note_reads
from reviews.actions.sources import protect_source
from reviews.models import Evidence, Source
from tests import factories
from tests.support.newsroom import PAGES, Newsroom

pytestmark = [pytest.mark.django_db, pytest.mark.timeout(900)]

MARK = "zqxwhisper"
SECRET = {
    "title": f"{MARK} memo on homes",
    "publisher": f"{MARK} clinic",
    "url": f"https://{MARK}.example/leak",
    "citation": f"{MARK} archive, box 3",
    "quotation": f"{MARK} said that they knew.",
    "note": f"{MARK} works there.",
    "interest_note": f"{MARK} may lose her job.",
    "is_confidential": True,
    "confidential_because": f"{MARK} would be dismissed.",
}
SEEING = ("checker", "editor", "lead")  # what the others see is walked in test_confidential_everywhere


@pytest.fixture
def room(settings: Any, tmp_path: Any) -> Newsroom:
    settings.SNAPSHOT_DIR = str(tmp_path)
    return Newsroom()


def plant(room: Newsroom) -> None:
    """On every claim that takes evidence, and into the place of the source that has pages of its own."""
    checker = room.person("checker")
    for state in ("queued", "taken"):
        evidence = add_evidence(room.claim(state), by=checker, stance="context", **SECRET)
        if state == "taken":
            add_comment(room.claim(state), by=checker, text="Is this safe?", evidence=evidence)
    # where nothing can be added any more a source is protected as it stands
    for source in Source.objects.filter(is_confidential=False, evidence__isnull=False).distinct():
        source.title, source.publisher = f"{MARK} homes {source.pk}", f"{MARK} office {source.pk}"
        source.save(update_fields=["title", "publisher"])
        Evidence.objects.filter(source=source).update(note=f"{MARK} in {source.pk}")
        protect_source(source, by=room.person("lead"), because=f"{MARK} would be dismissed.")


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def read_of(user: User) -> set[str]:
    """The sources whose reading by this person stands in the audit."""
    ref = audit.actor_for(user).ref
    return set(
        AuditEntry.objects.filter(verb="source.read", actor_ref=ref).values_list("subject_id", flat=True)
    )


def test_every_page_that_shows_words_leaves_an_entry_and_no_other_does(
    room: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each page is opened by each person as if it were the first of the day: what stands in the answer and
    what stands in the audit agree."""
    room.grow(1)
    plant(room)
    monkeypatch.setattr(source_reads, "_noted", lambda *_: set())
    assert Source.objects.filter(is_confidential=True).count() > 5
    shown: dict[str, set[str]] = {}
    wrong = []
    clients = {who: signed_in(room.person(who)) for who in SEEING}
    for page in PAGES:
        if page.who is None or page.route.startswith(("account_", "mfa_", "admin:", "web:help")):
            continue
        for who, client in clients.items():
            before = AuditEntry.objects.filter(verb="source.read").count()
            response = client.get(page.address(room))
            text = b"".join(response.streaming_content) if response.streaming else response.content
            tells = MARK.encode() in text.lower()
            noted = AuditEntry.objects.filter(verb="source.read").count() - before
            if tells:
                shown.setdefault(page.name, set()).add(who)
            if tells != bool(noted):
                wrong.append((page.name, who, "shown" if tells else "not shown", noted))
    assert wrong == []
    assert {
        "claim-queued",
        "claim-research",
        "claim-published",
        "sources-all",
        "source",
        "source-edit",
    } <= set(shown)
    assert {"snapshot", "discussion", "comment", "dossier"} <= set(shown)


@pytest.fixture
def cited() -> dict[str, Any]:
    checker = factories.make_user(name="Mara Okafor")
    claim = factories.make_claim()
    factories.make_taken_task(checker, claim)
    evidence = factories.make_evidence(claim, checker, **SECRET)
    return {"checker": checker, "claim": claim, "source": evidence.source}


def test_one_entry_a_person_source_and_day(
    cited: dict[str, Any], monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    settings.LEDGER_HEAD_PATH = ""
    checker, editor = cited["checker"], factories.make_user(Role.EDITOR)
    for user in (checker, checker, editor):
        assert MARK in signed_in(user).get(f"/claims/{cited['claim'].pk}/").text
        assert MARK in signed_in(user).get(f"/sources/{cited['source'].pk}/").text
    entries = AuditEntry.objects.filter(verb="source.read")
    assert entries.count() == 2
    assert {entry.subject_id for entry in entries} == {str(cited["source"].pk)}
    assert MARK not in str([entry.details for entry in entries])
    tomorrow = timezone.now() + timedelta(days=1)
    monkeypatch.setattr(timezone, "now", lambda: tomorrow)
    note_reads([cited["source"]], by=checker)
    note_reads([cited["source"]], by=checker)
    assert AuditEntry.objects.filter(verb="source.read").count() == 3
    seal_entries()
    assert list(verify()) == []


def test_who_may_not_see_it_reads_nothing(cited: dict[str, Any]) -> None:
    for user in (factories.make_user(Role.REPORTER), factories.make_user(Role.MODERATOR)):
        assert MARK not in signed_in(user).get(f"/claims/{cited['claim'].pk}/").text
        assert read_of(user) == set()


@pytest.mark.parametrize("address", ["/claims/{claim}/", "/sources/{source}/", "/sources/?show=all"])
def test_without_the_entry_there_is_no_page(
    cited: dict[str, Any], monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    def fails(*_args: Any, **_kwargs: Any) -> None:
        raise DatabaseError("the disk is full")

    path = address.format(claim=cited["claim"].pk, source=cited["source"].pk)
    monkeypatch.setattr(audit, "record_all", fails)
    client = signed_in(cited["checker"])
    client.raise_request_exception = False
    response = client.get(path)
    assert response.status_code == 500 and MARK not in response.content.decode()
    monkeypatch.undo()
    assert MARK in client.get(path).text
    assert read_of(cited["checker"]) == {str(cited["source"].pk)}


def price(sources: list[Source], user: User) -> int:
    with CaptureQueriesContext(connection) as queries:
        note_reads(sources, by=user)
    return len(queries)


def test_many_sources_cost_what_few_cost(cited: dict[str, Any]) -> None:
    checker, claim = cited["checker"], cited["claim"]
    for number in range(29):
        facts = {**SECRET, "url": f"https://{MARK}.example/{number}"}
        factories.make_evidence(claim, checker, **facts)
    sources = list(Source.objects.filter(is_confidential=True).order_by("pk"))
    assert len(sources) == 30
    open_one = factories.make_evidence(claim, checker).source
    assert price([open_one], checker) == 0
    first, second = factories.make_user(Role.EDITOR), factories.make_user(Role.EDITOR)
    for user in (first, second):
        audit.actor_for(user)
    assert price(sources[:3], first) == price(sources, second)
    assert price(sources[:3], first) == price(sources, second) == 1, "on repeat it only looks"
    assert read_of(second) == {str(source.pk) for source in sources}
    assert price(sources, first) > 1
    assert read_of(first) == {str(source.pk) for source in sources}


def test_the_board_alone_leaves_an_entry_too(cited: dict[str, Any]) -> None:
    editor = factories.make_user(Role.EDITOR)
    path = f"/claims/{cited['claim'].pk}/evidence/board/"
    page = signed_in(editor).get(path, headers={"HX-Request": "true"}).content.decode()
    assert MARK in page
    assert read_of(editor) == {str(cited["source"].pk)}
