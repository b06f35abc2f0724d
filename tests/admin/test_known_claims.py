"""Moderators bring in what others found, look it up, and withdraw what should not be offered."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

from claims.actions.known_claim_imports import begin_import, fail_import
from claims.admin.known_claims import failed_imports
from claims.models import KnownClaim, KnownClaimImport
from claims.sources.claim_reviews import Defaults, UnreadableReviews
from claimtracker.accounts.models import Role, User
from claimtracker.jobs.models import Job
from claimtracker.ledger.models import AuditEntry
from tests import factories
from tests.claims.sources.claim_reviews.samples import CSV, feed, review

from .conftest import signed_in
from .test_decisions import act

KNOWN = "/admin/claims/knownclaim/"
IMPORTS = "/admin/claims/knownclaimimport/"


def send(client: Client, content: bytes | None = None, **fields: Any) -> HttpResponse:
    if content is not None:
        fields["file"] = SimpleUploadedFile("data.json", content)
    return client.post(f"{IMPORTS}add/", fields, follow=True)


def test_a_file_is_imported_and_its_counts_and_problems_are_shown(desk_of: Client, moderator: User) -> None:
    assert 'enctype="multipart/form-data"' in desk_of.get(f"{IMPORTS}add/").content.decode()
    content = feed([review(sdLicense=None)], [review(claimReviewed=None, headline="<b>x</b>")])
    answer = send(desk_of, content, licence="CC BY 4.0", publisher_site="https://www.checks.example/")
    row = KnownClaimImport.objects.get()
    assert answer.redirect_chain == [(f"{IMPORTS}{row.pk}/change/", 302)]
    page = answer.content.decode()
    assert "1 new, 0 updated, 0 unchanged, 1 refused." in page
    assert "element 2, claim: It does not say which claim it is about." in page
    assert (row.source, row.requested_by, row.publisher_site) == ("data.json", moderator, "checks.example")
    assert KnownClaim.objects.get().licence == "CC BY 4.0"
    listed = desk_of.get(f"{KNOWN}?last_import={row.pk}")
    assert f"{KNOWN}?last_import={row.pk}" in page
    assert list(listed.context["cl"].result_list) == [KnownClaim.objects.get()]


def test_an_address_is_left_to_a_job(desk_of: Client) -> None:
    answer = send(desk_of, url="checks.example/data.json", format="data-feed")
    row = KnownClaimImport.objects.get()
    assert "A job fetches the address." in answer.content.decode()
    assert (row.source, row.format, row.state) == ("https://checks.example/data.json", "data-feed", "begun")
    assert Job.objects.get(kind="claims.import_known_claims").object_id == str(row.pk)


@pytest.mark.parametrize(
    ("content", "fields", "sentence"),
    [
        (None, {}, "Choose a file, or give an address"),
        (b"{}", {"url": "https://checks.example/"}, "Choose a file, or give an address"),
        (b"", {}, "It is empty."),
        (b"Just words.", {}, "This is no file of claim reviews."),
        (b"x" * 5_000_001, {}, "Give its address, or use the command"),
        (CSV.encode(), {"format": "json-ld"}, "It cannot be read as json-ld"),
        (CSV.encode(), {"language": "British English"}, "is no language tag like en or pt-BR."),
        (CSV.encode(), {"publisher_site": "checks"}, "is no site like checks.example."),
        (None, {"url": "javascript:alert(1)"}, "This is not a web address."),
        (None, {"url": "ftp://checks.example/"}, "Only http and https addresses are fetched."),
    ],
)
def test_a_form_with_a_fault_imports_nothing(
    desk_of: Client, content: bytes | None, fields: dict[str, str], sentence: str
) -> None:
    answer = send(desk_of, content, **fields)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not KnownClaimImport.objects.exists()


@pytest.mark.parametrize("role", [None, Role.CHECKER, Role.LEAD])
def test_others_cannot_import_by_posting(role: str | None, db: None) -> None:
    client = signed_in(factories.make_user(role))
    assert send(client, json.dumps(review()).encode()).status_code == 403
    assert not KnownClaimImport.objects.exists()


def test_a_known_claim_is_found_by_its_address_its_site_and_its_words(desk_of: Client) -> None:
    one = factories.make_known_claim(text="Bees cannot fly", url="https://bees.example/fc/1?x=1")
    other = factories.make_known_claim(publisher_site="other.example")
    for query in (str(one.pk), str(one.public_id), one.url, "bees"):
        assert list(desk_of.get(KNOWN, {"q": query}).context["cl"].result_list) == [one], query
    assert list(desk_of.get(KNOWN, {"q": "other.example"}).context["cl"].result_list) == [other]
    assert list(desk_of.get(KNOWN, {"language": "fr"}).context["cl"].result_list) == []


def test_a_withdrawal_asks_for_its_reason_and_is_taken_back_with_one(desk_of: Client) -> None:
    known = factories.make_known_claim()
    change = f"{KNOWN}{known.pk}/change/"
    offered = [action["name"] for action in desk_of.get(change).context["row_actions"]]
    assert offered == ["withdraw_selected"]
    asked = act(desk_of, KNOWN, "withdraw_selected", known).content.decode()
    assert known.text in asked
    assert "Example Checks" in asked
    done = act(desk_of, KNOWN, "withdraw_selected", known, apply="1", reason="Satire.").content.decode()
    assert "1 known claim withdrawn." in done
    known.refresh_from_db()
    assert known.withdrawn_because == "Satire."
    assert list(desk_of.get(f"{KNOWN}?withdrawn_at__isempty=1").context["cl"].result_list) == []
    again = act(desk_of, KNOWN, "withdraw_selected", known, apply="1", reason="Satire.").content.decode()
    assert "This known claim is withdrawn already." in again
    offered = [action["name"] for action in desk_of.get(change).context["row_actions"]]
    assert offered == ["restore_selected"]
    back = act(desk_of, KNOWN, "restore_selected", known, apply="1", reason="It is none.").content.decode()
    assert "1 known claim restored." in back
    verbs = AuditEntry.objects.about(known).order_by("id").values_list("verb", flat=True)
    assert list(verbs) == ["known_claim.withdrawn", "known_claim.restored"]


@pytest.mark.parametrize("action", ["withdraw_selected", "restore_selected"])
def test_others_cannot_decide_by_posting(action: str, db: None) -> None:
    known = factories.make_known_claim()
    client = signed_in(factories.make_user(Role.LEAD))
    posted = {"action": action, "_selected_action": known.pk, "apply": "1", "reason": "x"}
    assert client.post(KNOWN, posted).status_code == 403
    known.refresh_from_db()
    assert known.withdrawn_at is None


def test_a_matchs_page_leads_to_hiding_its_known_claim(desk_of: Client) -> None:
    match = factories.make_match(factories.make_claim(), known=factories.make_known_claim())
    page = desk_of.get(f"/admin/claims/claimmatch/{match.pk}/change/").content.decode()
    known = f"{KNOWN}{match.known_claim_id}/change/"
    assert f'<a href="{known}">Hide the known claim' in page
    assert f'<a href="/claims/{match.claim_id}/">' in page
    assert "Withdraw" in desk_of.get(known).content.decode()
    ours = factories.make_match(factories.make_claim(), other=match.claim)
    assert "Hide the known" not in desk_of.get(f"/admin/claims/claimmatch/{ours.pk}/change/").content.decode()


def failed(source: str) -> KnownClaimImport:
    row = begin_import(source, by="system", defaults=Defaults())
    return fail_import(row, why=UnreadableReviews("url", "status", "The address answered 404."))


def test_a_failed_address_is_fetched_again_and_a_file_is_not(desk_of: Client) -> None:
    address, file = failed("https://checks.example/feed.json"), failed("reviews.csv")
    answer = act(desk_of, IMPORTS, "fetch_again", address, file).content.decode()
    assert "1 import is fetched again." in answer
    assert "Its file was not kept" in answer
    address.refresh_from_db()
    assert (address.state, address.message, address.finished_at) == ("begun", "", None)
    assert Job.objects.get(kind="claims.import_known_claims").object_id == str(address.pk)
    assert KnownClaimImport.objects.get(pk=file.pk).state == "failed"
    act(desk_of, IMPORTS, "fetch_again", address)
    assert AuditEntry.objects.filter(verb="known_claim_import.begun", subject_id=address.pk).count() == 2


def test_a_failed_import_waits_until_a_moderator_notes_it(desk_of: Client, moderator: User) -> None:
    row = failed("reviews.csv")
    assert failed_imports().count == 1
    asked = act(desk_of, IMPORTS, "note_selected", row).content.decode()
    assert "The address answered 404." in asked
    act(desk_of, IMPORTS, "note_selected", row, apply="1", reason="They moved to another format.")
    assert failed_imports().count == 0
    entry = AuditEntry.objects.get(verb="known_claim_import.noted")
    assert (entry.note.text, str(entry.actor_ref)) == (
        "They moved to another format.",
        str(moderator.audit_actor.ref),
    )
    act(desk_of, IMPORTS, "note_selected", row, apply="1", reason="Again.")
    assert AuditEntry.objects.filter(verb="known_claim_import.noted").count() == 1
