"""The dossier of a verdict: all of it, in both forms, for the right people, and provable."""

from __future__ import annotations

import hashlib
import html
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from claims.models import Claim
from claimtracker.accounts.models import Role, User
from claimtracker.ledger import audit
from claimtracker.ledger.models import AuditEntry, LedgerSeal, SealedEntry
from claimtracker.ledger.sealing import seal_entries
from claimtracker.ledger.verifying import verify
from reviews.actions.assignment import take_task
from reviews.actions.complaints import decide_complaint, erase_complaint_words
from reviews.actions.dossiers import make_dossier
from reviews.actions.replies import ask_for_reply, receive_reply
from reviews.actions.snapshots import look_at
from reviews.actions.source_checks import record_look
from reviews.models import Complaint, DeskSampling, Publication, ReviewTask
from tests import factories
from tests.support.cited_pages import cite, serve

pytestmark = [pytest.mark.django_db, pytest.mark.timeout(300)]

SECRET = {
    "title": "zqx memo",
    "publisher": "zqx clinic",
    "url": "https://zqx.example/leak",
    "citation": "zqx archive, box 3",
    "quotation": "zqx said that they knew.",
    "note": "zqx works there.",
    "interest_note": "zqx may lose her job.",
    "is_confidential": True,
    "confidential_because": "zqx would be dismissed.",
}
# stand in the page in other words: in_words, exact
CODED = {
    *("format", "kind", "state", "attribution", "stance", "change", "outcome", "result", "fate", "settled"),
    *("channel", "words_are", "blind_review", "slug", "severity", "field", "code", "condition", "media_type"),
    *("site", "desk", "ref", "request", "note_digest", "article_public_id", "deadline", "valid_until"),
}


@pytest.fixture
def story(server: Any) -> dict[str, Any]:
    """A check that was returned once, corrected, complained about and answered to, with an archived, an open
    and a confidential source."""
    author, editor = factories.make_user(name="Mara Okafor"), factories.make_user(Role.EDITOR, name="Ed Roe")
    claim = factories.make_claim(article=factories.make_article(url="https://news.example/story"))
    serve(server, "The spending rose by a third.", path="/table")
    archived = cite(server, author, "/table", claim=claim, quotation="The spending rose by a third.")
    record_look(archived.source, look=look_at(archived.source))
    factories.make_evidence(claim, author, **SECRET)
    publication = factories.make_publication(claim=claim)
    factories.make_correction(publication, rating="half-true", note="The office revised it.")
    _asked, token = ask_for_reply(
        claim, by=author, person="Colm Darragh", channel="email", question="Which homes?", hours=48
    )
    receive_reply(token, name="Colm Darragh", role="Treasurer", text="All that were begun.")
    complaint = factories.make_complaint(publication, text="It says 33 homes, not 31.", name="Ada Brook")
    lead = factories.make_user(Role.LEAD, name="Lena Kovač")
    decide_complaint(complaint, by=lead, outcome="not_upheld", answer="The table says 31.")
    return {"claim": claim, "author": author, "editor": editor, "lead": lead, "publication": publication}


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def page_of(claim: Claim, user: User) -> str:
    response = signed_in(user).get(f"/claims/{claim.pk}/dossier/")
    assert response.status_code == 200
    return response.content.decode()


def file_of(claim: Claim, user: User) -> dict[str, Any]:
    response = signed_in(user).get(f"/claims/{claim.pk}/dossier.json")
    assert response.status_code == 200 and response["Content-Type"] == "application/json"
    assert "no-store" in response["Cache-Control"] and "attachment" in response["Content-Disposition"]
    return json.loads(response.content)


def leaves(facts: Any, name: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(facts, dict):
        for key, value in facts.items():
            if key != "details":
                yield from leaves(value, key)
    elif isinstance(facts, list):
        for value in facts:
            yield from leaves(value, name)
    elif isinstance(facts, str) and facts:
        yield name, facts


def said(text: str) -> str:
    """The words of a page, without tags and runs of white space."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", text)).split())


def test_the_page_says_everything_that_the_file_says(story: dict[str, Any]) -> None:
    claim, editor = story["claim"], story["editor"]
    facts = file_of(claim, editor)
    for part in ("appearances", "verdicts", "evidence", "contacts", "reply_requests", "replies"):
        assert facts[part], f"the story has {part}"
    assert facts["complaints"] and facts["standards"]["notes"] and facts["timeline"]
    assert [row["number"] for row in facts["publications"]] == [1, 2]
    page = said(page_of(claim, editor)) + " ".join(re.findall(r'href="([^"]+)"', page_of(claim, editor)))
    missing = {
        (name, text)
        for name, text in leaves(facts)
        if name not in CODED
        and not name.endswith("_at")
        and name != "at"
        and " ".join(text.split()) not in page
    }
    assert missing == set()
    for person in ("Mara Okafor", "Ed Roe", "Colm Darragh", "Ada Brook", "Lena Kovač"):
        assert person in page


def test_it_holds_words_positions_copies_and_hashes(story: dict[str, Any]) -> None:
    facts = file_of(story["claim"], story["editor"])
    place = story["claim"].appearances.get()
    (shown,) = facts["appearances"]
    assert (shown["words"], shown["start"], shown["end"]) == (place.quote, place.start, place.end)
    body = place.version.body
    assert shown["version"]["sha256"] == hashlib.sha256(body.encode()).hexdigest()
    assert body[shown["start"] : shown["end"]] == shown["words"]
    copy = next(item["copies"][0] for item in facts["evidence"] if item["copies"])
    assert copy["url"].endswith("/table") and len(copy["page_sha256"]) == len(copy["text_sha256"]) == 64
    first = Publication.objects.get(pk=story["publication"].pk)
    stored = json.dumps(first.snapshot, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    digest = hashlib.sha256(stored.encode()).hexdigest()
    assert facts["publications"][0]["snapshot_sha256"] == digest
    assert facts["publications"][1]["change_note"] == "The office revised it."
    verdict = facts["verdicts"][0]
    assert verdict["revisions"][0]["written_by"] == verdict["author"] != verdict["reviews"][0]["reviewer"]


def test_every_entry_is_there_and_proved_by_its_seal(story: dict[str, Any], settings: Any) -> None:
    settings.LEDGER_HEAD_PATH = ""
    claim, editor = story["claim"], story["editor"]
    with transaction.atomic():
        for number in range(150):
            audit.record(
                "claim.edited", by=editor, subject=claim, details={"number": number}, note=f"N{number}"
            )
    facts = file_of(claim, editor)
    assert facts["ledger"]["is_all_sealed"] is False and facts["ledger"]["last_seal"] is None
    assert len(facts["timeline"]) > 150, "no limit"
    seal_entries()
    facts = file_of(claim, editor)
    assert facts["ledger"]["is_all_sealed"] is True
    last = LedgerSeal.objects.order_by("-id")[0]
    assert (facts["ledger"]["last_seal"]["number"], facts["ledger"]["last_seal"]["digest"]) == (
        last.pk, last.digest,
    )  # fmt: skip
    by_uid = {str(entry.uid): entry for entry in AuditEntry.objects.all()}
    for row in facts["timeline"]:
        sealed = SealedEntry.objects.get(entry=by_uid[row["uid"]])
        assert (row["seal"], row["place"], row["digest"]) == (sealed.seal_id, sealed.position, sealed.digest)
    about_claim = AuditEntry.objects.about(claim)
    told = {row["uid"] for row in facts["timeline"]}
    left_out = [entry.verb for entry in about_claim if str(entry.uid) not in told]
    assert set(left_out) <= {"dossier.made"}, "only the one that makes this very file"
    assert list(verify()) == []


def test_the_audit_has_the_hash_of_the_file(story: dict[str, Any]) -> None:
    client = signed_in(story["lead"])
    content = client.get(f"/claims/{story['claim'].pk}/dossier.json").content
    entry = AuditEntry.objects.filter(verb="dossier.made").latest("id")
    assert entry.subject_id == str(story["claim"].pk)
    assert entry.details["sha256"] == hashlib.sha256(content).hexdigest()
    assert entry.details["form"] == "file"
    client.get(f"/claims/{story['claim'].pk}/dossier/")
    assert AuditEntry.objects.filter(verb="dossier.made").latest("id").details["form"] == "page"


LADDER = {
    "anonymous": 302,
    "other desk": 404,
    Role.REPORTER: 403,
    Role.CHECKER: 403,
    Role.EDITOR: 200,
    Role.LEAD: 200,
    Role.MODERATOR: 200,
}


@pytest.mark.parametrize(("who", "status"), LADDER.items(), ids=str)
def test_the_ladder(story: dict[str, Any], who: str, status: int) -> None:
    client = Client()
    if who == "other desk":
        client = signed_in(factories.make_user(Role.LEAD, factories.make_desk("sport")))
    elif who != "anonymous":
        client = signed_in(factories.make_user(who))
    for address in ("dossier/", "dossier.json"):
        assert client.get(f"/claims/{story['claim'].pk}/{address}").status_code == status
    made = AuditEntry.objects.filter(verb="dossier.made").count()
    assert made == (2 if status == 200 else 0)
    if status in {200, 403}:
        linked = f"/claims/{story['claim'].pk}/dossier/" in client.get(f"/claims/{story['claim'].pk}/").text
        assert linked is (status == 200)


def test_nobody_from_whom_a_blind_review_hides_the_verdict_has_it() -> None:
    DeskSampling.objects.create(desk=factories.make_desk(), blind_rate=1)
    verdict = factories.make_submitted_verdict(factories.make_user())
    task = ReviewTask.objects.get(claim=verdict.claim, kind="blind_review")
    editor, moderator = factories.make_user(Role.EDITOR), factories.make_user(Role.MODERATOR)
    for address in ("dossier/", "dossier.json"):
        response = signed_in(editor).get(f"/claims/{verdict.claim_id}/{address}")
        assert response.status_code == 403 and verdict.summary not in response.content.decode()
    assert signed_in(moderator).get(f"/claims/{verdict.claim_id}/dossier/").status_code == 200
    take_task(task, by=editor)
    assert signed_in(editor).get(f"/claims/{verdict.claim_id}/dossier.json").status_code == 403


def test_a_confidential_source_is_there_for_who_may_see_it_and_withheld_from_others(
    story: dict[str, Any],
) -> None:
    claim, moderator = story["claim"], factories.make_user(Role.MODERATOR)
    for text in (page_of(claim, story["editor"]), json.dumps(file_of(claim, story["editor"]))):
        assert all(
            str(value) in html.unescape(text) for name, value in SECRET.items() if name != "is_confidential"
        )
    for text in (page_of(claim, moderator), json.dumps(file_of(claim, moderator))):
        assert "zqx" not in text
    facts = file_of(claim, moderator)
    assert facts["evidence_withheld"] == 1
    (withheld,) = [item for item in facts["evidence"] if item["is_withheld"]]
    assert set(withheld) == {"id", "is_withheld", "stance", "source"}
    assert "withheld from you" in page_of(claim, moderator)


def test_erased_words_of_a_complaint_are_said_to_be_erased(story: dict[str, Any]) -> None:
    complaint = Complaint.objects.get(claim=story["claim"])
    assert file_of(story["claim"], story["editor"])["complaints"][0]["words_are"] == "shown"
    erase_complaint_words(complaint, by=story["editor"])
    (facts,) = file_of(story["claim"], story["editor"])["complaints"]
    assert facts["words_are"] == "erased" and facts["text"] is facts["name"] is None
    assert facts["answer"] == "The table says 31."
    assert "was erased" in page_of(story["claim"], story["editor"])


def test_places_in_articles_of_other_desks_are_counted_and_not_shown(story: dict[str, Any]) -> None:
    claim = story["claim"]
    elsewhere = factories.make_article(
        f"Elsewhere in town. “{claim.appearances.get().quote},” they said.\n",
        desk=factories.make_desk("sport"),
        title="Zqy notes",
    )
    version = elsewhere.versions.get()
    quote = claim.appearances.first().quote
    start = version.body.index(quote)
    factories.make_appearance(claim, version, start, start + len(quote))
    # the claim's own desk sees an article in which its claim stands; a member of the other desk only does not
    facts = file_of(claim, story["editor"])
    assert len(facts["appearances"]) + facts["appearances_withheld"] == 2


def test_it_costs_the_same_for_a_long_history(story: dict[str, Any]) -> None:
    claim, editor = story["claim"], story["editor"]

    def price() -> int:
        with CaptureQueriesContext(connection) as queries:
            make_dossier(claim, by=User.objects.get(pk=editor.pk), form="page")
        return len(queries)

    def grow(rows: int) -> None:
        with transaction.atomic():
            for number in range(rows):
                audit.record("claim.edited", by=editor, subject=claim, details={}, note=f"N{number}")
        for number in range(rows):
            factories.make_complaint(
                story["publication"], text=f"Number {number} is wrong.", name=f"A{number}"
            )

    grow(3)
    price()  # what is made for somebody who acts for the first time
    few = price()
    grow(27)
    assert price() == few


def test_the_docs_describe_every_field(story: dict[str, Any]) -> None:
    text = (Path(__file__).resolve().parents[2] / "docs" / "dossier.md").read_text(encoding="utf-8")

    def names(facts: Any) -> Iterator[str]:
        if isinstance(facts, dict):
            for key, value in facts.items():
                yield key
                if key not in {"details", "findings"}:
                    yield from names(value)
        elif isinstance(facts, list):
            for value in facts:
                yield from names(value)

    facts = file_of(story["claim"], story["editor"])
    assert (
        sorted({name for name in names(facts) if f"`{name}`" not in text and f'"{name}"' not in text}) == []
    )
    assert f"`shape` is {facts['shape']}" in text
