"""Moderators decide on what partners ask us to check."""

from __future__ import annotations

import re

import pytest
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.test import Client
from django.urls import reverse

from claims.actions.check_requests import ask_for_check
from claims.actions.submitting import Sender
from claims.models import CheckRequest, RequestVote
from claimtracker.ledger import audit
from tests.factories import make_claim, make_desk

LIST = "admin:claims_checkrequest_changelist"


@pytest.fixture
def request_(db: None) -> CheckRequest:
    make_desk()
    actor = audit.partner_actor("partner:wire", "The Wire")
    sender = Sender("partner:wire", actor)
    text = "The harbour handled 4 million containers last year."
    return ask_for_check(text, sender=sender, note="Three readers asked.").request


def act(client: Client, row: CheckRequest, action: str, **more: str) -> str:
    response = client.post(
        reverse(LIST), {"action": action, ACTION_CHECKBOX_NAME: [row.pk], **more}, follow=True
    )
    assert response.status_code == 200
    row.refresh_from_db()
    return response.content.decode()


def test_the_home_page_counts_them(desk_of: Client, request_: CheckRequest) -> None:
    assert "Requests for a check" in desk_of.get(reverse("admin:index")).content.decode()


def test_who_asks_and_why_is_seen_before_deciding(desk_of: Client, request_: CheckRequest) -> None:
    page = act(desk_of, request_, "decline_selected")
    assert "Asked for by wire" in page
    assert "Three readers asked." in page
    assert request_.state == "received"


def test_it_is_declined_with_a_reason(desk_of: Client, request_: CheckRequest) -> None:
    act(desk_of, request_, "decline_selected", apply="1", reason="An opinion.")
    assert (request_.state, request_.reason) == ("declined", "An opinion.")


def test_it_becomes_a_claim(desk_of: Client, request_: CheckRequest) -> None:
    assert "1 request accepted" in act(desk_of, request_, "accept_selected")
    assert request_.claim is not None


def test_it_is_linked_to_a_claim(desk_of: Client, request_: CheckRequest) -> None:
    claim = make_claim()
    assert "As which claim?" in act(desk_of, request_, "link_selected")
    assert "There is no such claim" in act(desk_of, request_, "link_selected", apply="1", claim="999999")
    act(desk_of, request_, "link_selected", apply="1", claim=str(claim.public_id))
    assert request_.claim == claim


def others(number: int) -> list[CheckRequest]:
    actor = audit.partner_actor("partner:wire", "The Wire")
    rows = CheckRequest.objects.bulk_create(
        CheckRequest(text=f"The harbour handled {n} containers.", digest=f"{n:064}") for n in range(number)
    )
    RequestVote.objects.bulk_create(
        RequestVote(request=row, origin="partner:wire", actor=actor) for row in rows
    )
    return rows


ALL = {"select_across": "1"}  # of a list of 50 rows a page


def test_all_that_were_chosen_are_linked(desk_of: Client, request_: CheckRequest) -> None:
    """Ticked are the rows of one page, chosen are those of all pages."""
    others(60)
    claim = make_claim()
    page = act(desk_of, request_, "link_selected", **ALL)
    chosen = set(re.findall(rf'name="{ACTION_CHECKBOX_NAME}" value="(\d+)"', page))
    assert chosen == {str(pk) for pk in CheckRequest.objects.values_list("pk", flat=True)}
    answer = desk_of.post(
        reverse(LIST),
        {"action": "link_selected", ACTION_CHECKBOX_NAME: sorted(chosen), "apply": "1", "claim": claim.pk},
        follow=True,
    )
    assert "61 requests accepted." in answer.content.decode()
    assert CheckRequest.objects.filter(claim=claim, state="accepted").count() == 61


@pytest.mark.parametrize("action", ["accept_selected", "link_selected", "decline_selected"])
def test_too_many_are_not_begun_with(
    desk_of: Client, request_: CheckRequest, action: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    others(3)
    monkeypatch.setattr("claimtracker.accounts.admin_deciding.ROWS_AT_ONCE", 3)
    assert "Choose at most 3 rows at once; nothing was done." in act(desk_of, request_, action, **ALL)
    assert not CheckRequest.objects.exclude(state="received").exists()


def test_its_page_offers_what_may_be_done(desk_of: Client, request_: CheckRequest) -> None:
    page = desk_of.get(reverse("admin:claims_checkrequest_change", args=[request_.pk])).content.decode()
    for label in ("Check as a claim of its own", "It is a claim that we have", "Decline"):
        assert label in page
