"""The way through what waits: what comes next, with a ready reason, and one step back."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from claims.models import Article, KnownClaim
from claimtracker.accounts import waiting_lines
from claimtracker.accounts.decided import KEY
from claimtracker.accounts.models import ReadyReason, User
from claimtracker.accounts.waiting_lines import Seen, lines
from claimtracker.jobs.models import Job
from claimtracker.ledger.models import AuditEntry
from claimtracker.partners.endpoints import disable_endpoint
from claimtracker.partners.models import WebhookEndpoint
from tests import factories

from .test_decisions import ARTICLES, act

NEXT = "/admin/next/"
REJECTED = "claims.article.reject_selected"


@pytest.fixture
def held(db: None) -> list[Article]:
    """Three submissions; the second waits longest by the clock, the first by its number."""
    partner = factories.make_partner(is_trusted=False)
    return [factories.make_submission(partner) for _ in range(3)]


def seen_of(address: str) -> str:
    found = re.search(r"[?&]seen=([^&]+)", address)
    assert found, address
    return found.group(1).replace("%3A", ":").replace("%2C", ",")


def test_the_home_says_how_old_the_oldest_is(desk_of: Client, held: list[Article]) -> None:
    Article.objects.filter(pk=held[0].pk).update(created_at=timezone.now() - timedelta(days=3))
    (line,) = (line for line in lines() if line.key == "held_submissions")
    assert line.oldest == Article.objects.get(pk=held[0].pk).created_at
    page = desk_of.get("/admin/").content.decode()
    assert "oldest: 3\xa0days" in page
    first = re.search(r'waiting__label">([^<]+)<', page)
    assert first and first.group(1) == "Held submissions", "what is urgent and waits comes first"


def test_a_line_is_one_query_and_the_home_costs_the_same_at_any_length(
    desk_of: Client, held: list[Article]
) -> None:
    with CaptureQueriesContext(connection) as few:
        lines()
    factories.make_held_update(body="Another text of it.\n")
    for _ in range(5):
        factories.make_submission(factories.make_partner(is_trusted=False))
    with CaptureQueriesContext(connection) as many:
        lines()
    assert len(many) == len(few)
    assert len(few) <= len(waiting_lines._sources) + 2, "the audit's line asks three"


def test_next_leads_from_the_oldest_to_the_last_and_home(desk_of: Client, held: list[Article]) -> None:
    update = factories.make_held_update(body="Another text of it.\n")
    seen, opened = "", []
    for _ in range(4):
        answer = desk_of.get(NEXT, {"seen": seen})
        opened.append(re.sub(r"\?.*", "", answer.headers["Location"]))
        seen = seen_of(answer.headers["Location"])
    assert opened == [
        *(reverse("admin:claims_article_change", args=[row.pk]) for row in held),
        reverse("admin:claims_heldupdate_change", args=[update.pk]),
    ]
    home = desk_of.get(NEXT, {"seen": seen}, follow=True)
    assert home.redirect_chain == [("/admin/", 302)]
    assert "4 items that you skipped still wait." in home.content.decode()


def test_what_is_urgent_comes_before_what_is_older(desk_of: Client, held: list[Article]) -> None:
    from .test_check_requests import Sender, ask_for_check, audit  # the same request as there

    sender = Sender("partner:wire", audit.partner_actor("partner:wire", "The Wire"))
    asked = ask_for_check("The harbour handled 4 million containers last year.", sender=sender).request
    type(asked).objects.filter(pk=asked.pk).update(created_at=timezone.now() - timedelta(days=30))
    assert f"/article/{held[0].pk}/" in desk_of.get(NEXT).headers["Location"]


def test_after_a_decision_the_next_item_opens(desk_of: Client, held: list[Article]) -> None:
    first = desk_of.get(NEXT, follow=True)
    page = first.content.decode()
    assert "<strong>Held submissions</strong>" in page
    seen = seen_of(first.redirect_chain[-1][0])
    answer = act(desk_of, ARTICLES, "accept_selected", held[0], seen=seen)
    assert answer.redirect_chain[-1][0].startswith(f"/admin/claims/article/{held[1].pk}/change/?seen=")
    shown = answer.content.decode()
    assert "1 submission accepted" in shown
    assert "This cannot be undone: its claims are being looked for." in shown
    asked = act(desk_of, ARTICLES, "reject_selected", held[1], seen=seen_of(answer.redirect_chain[-1][0]))
    assert f'name="seen" value="held_submissions:{held[1].pk}"' in asked.content.decode()


def test_nothing_waits_any_more(desk_of: Client, db: None) -> None:
    home = desk_of.get(NEXT, {"seen": ""}, follow=True)
    assert "Nothing waits any more." in home.content.decode()


@pytest.mark.parametrize("seen", ["nonsense", "held_submissions:x", "no_such_line:4", "a:1" * 2000, "\x00:1"])
def test_where_one_was_may_be_anything(desk_of: Client, held: list[Article], seen: str) -> None:
    assert f"/article/{held[0].pk}/" in desk_of.get(NEXT, {"seen": seen}).headers["Location"]


def test_seen_is_what_it_was() -> None:
    assert str(Seen.read("held_submissions:12,dead_letters:7")) == "held_submissions:12,dead_letters:7"
    assert str(Seen.read("held_submissions:12").plus("held_submissions", 15)) == "held_submissions:15"


def test_a_ready_reason_counts_where_nothing_is_written(desk_of: Client, held: list[Article]) -> None:
    ready = ReadyReason.objects.create(decision=REJECTED, text="An advertisement.")
    ReadyReason.objects.create(decision="claims.heldupdate.reject_selected", text="Of another table.")
    asked = act(desk_of, ARTICLES, "reject_selected", held[0]).content.decode()
    assert "An advertisement." in asked
    assert "Of another table." not in asked
    act(desk_of, ARTICLES, "reject_selected", held[0], apply="1", reason="", ready=str(ready.pk))
    act(desk_of, ARTICLES, "reject_selected", held[1], apply="1", reason="Changed.", ready=str(ready.pk))
    reasons = dict(Article.objects.values_list("pk", "intake_reason"))
    assert reasons == {held[0].pk: "An advertisement.", held[1].pk: "Changed.", held[2].pk: ""}
    act(desk_of, ARTICLES, "reject_selected", held[2], apply="1", reason="", ready="999999")
    assert Article.objects.get(pk=held[2].pk).state == "held", "it is none of the ready ones"


def test_moderators_keep_ready_reasons_and_the_audit_knows(desk_of: Client, moderator: User) -> None:
    form = desk_of.get("/admin/accounts/readyreason/add/").content.decode()
    assert f'value="{REJECTED}">Articles: Reject<' in form
    fields = {"decision": REJECTED, "text": "An advertisement.", "position": "1"}
    desk_of.post("/admin/accounts/readyreason/add/", fields)
    row = ReadyReason.objects.get()
    assert row.text == "An advertisement."
    entry = AuditEntry.objects.latest("id")
    assert (entry.subject_id, str(entry.actor_ref)) == (str(row.pk), str(moderator.audit_actor.ref))
    wrong = desk_of.post("/admin/accounts/readyreason/add/", {**fields, "decision": "claims.article.burn"})
    assert wrong.status_code == 200
    assert ReadyReason.objects.count() == 1


def test_a_list_has_a_button_for_each_action(desk_of: Client, held: list[Article]) -> None:
    page = desk_of.get(ARTICLES).content.decode()
    assert re.findall(r'<input type="hidden" name="action" value="(\w+)">', page) == [
        "accept_selected",
        "reject_selected",
    ]
    sent: dict[str, Any] = {
        "action": ["accept_selected", "reject_selected"],
        "index": "1",
        "select_across": "0",
        "_selected_action": [held[0].pk, held[1].pk],
    }
    asked = desk_of.post(ARTICLES, sent)
    assert [row.pk for row in asked.context["rows"]] == [held[1].pk, held[0].pk]


def test_the_last_decision_is_undone_once(desk_of: Client, moderator: User) -> None:
    known = [factories.make_known_claim(url=f"https://checks.example/{number}") for number in range(2)]
    address = "/admin/claims/knownclaim/"
    page = act(desk_of, address, "withdraw_selected", *known, apply="1", reason="A test.")
    assert 'action="/admin/undo/"' in page.content.decode()
    assert KnownClaim.objects.filter(withdrawn_at__isnull=False).count() == 2
    undone = desk_of.post("/admin/undo/", follow=True)
    assert "2 decisions undone." in undone.content.decode()
    assert not KnownClaim.objects.filter(withdrawn_at__isnull=False).exists()
    assert AuditEntry.objects.filter(verb="known_claim.restored").count() == 2, "by the action function"
    again = desk_of.post("/admin/undo/", follow=True)
    assert "There is nothing to undo any more." in again.content.decode()


def test_undo_says_what_it_refuses(desk_of: Client, moderator: User) -> None:
    endpoint = factories.make_endpoint()
    disable_endpoint(endpoint, reason="10 tries failed.", by="system")
    act(desk_of, "/admin/partners/webhookendpoint/", "enable_selected", endpoint)
    act(desk_of, "/admin/partners/webhookendpoint/", "disable_selected", endpoint, apply="1", reason="No.")
    WebhookEndpoint.objects.update(is_active=True, disabled_because="", disabled_at=None)
    page = desk_of.post("/admin/undo/", follow=True).content.decode()
    assert "This endpoint is switched on already." in page
    assert "undone" not in page


def test_undo_ends_after_ten_minutes(desk_of: Client, moderator: User) -> None:
    known = factories.make_known_claim()
    act(desk_of, "/admin/claims/knownclaim/", "withdraw_selected", known, apply="1", reason="A test.")
    session = desk_of.session
    session[KEY] = {**session[KEY], "at": session[KEY]["at"] - 601}
    session.save()
    assert "/admin/undo/" not in desk_of.get("/admin/").content.decode()
    desk_of.post("/admin/undo/")
    assert KnownClaim.objects.get().withdrawn_at


def test_undo_in_the_flow_leads_back_to_the_item(desk_of: Client, db: None) -> None:
    endpoint = factories.make_endpoint()
    disable_endpoint(endpoint, reason="10 tries failed.", by="system")
    first = desk_of.get(NEXT)
    seen = seen_of(first.headers["Location"])
    act(desk_of, "/admin/partners/webhookendpoint/", "enable_selected", endpoint, seen=seen)
    back = desk_of.post("/admin/undo/")
    assert back.headers["Location"] == first.headers["Location"]
    assert not WebhookEndpoint.objects.get().is_active


def test_undo_is_no_link_and_next_no_form(desk_of: Client, db: None) -> None:
    assert desk_of.get("/admin/undo/").status_code == 405
    assert desk_of.post(NEXT).status_code == 405


@pytest.mark.parametrize("address", [NEXT, "/admin/undo/"])
def test_the_way_is_for_moderators(db: None, address: str) -> None:
    from .conftest import signed_in

    lead = signed_in(factories.make_user("lead"))
    assert lead.get(address).status_code == 403
    assert lead.post(address).status_code == 403
    assert Client().post(address).status_code == 302
    assert not Job.objects.exists()


def test_a_late_complaint_leads_to_where_it_is_answered(desk_of: Client, db: None) -> None:
    complaint = factories.make_complaint(factories.make_publication())
    type(complaint).objects.update(due_at=timezone.now() - timedelta(hours=1))
    page = desk_of.get(NEXT, follow=True).content.decode()
    assert "Complaints whose answer is late" in page
    link = re.search(r'<a href="([^"]+)">Answer it on the claim&#x27;s page</a>', page)
    assert link and link.group(1) == reverse("reviews:claim_detail", args=[complaint.claim_id])
