"""Moderators look through what readers suggest."""

from __future__ import annotations

import pytest
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.test import Client
from django.urls import reverse

from claims.models import ArticleFetch, Claim, Suggestion, SuggestionWords
from claimtracker.intake.models import Block
from tests.factories import make_desk, make_suggestion

LIST, REQUESTS = "admin:claims_suggestion_changelist", "admin:claims_checkrequest_changelist"
PILLS = "Buy pills now. " * 30


@pytest.fixture(autouse=True)
def desk(db: None) -> None:
    make_desk()


def act(client: Client, row: object, action: str, listed: str = LIST, **more: str) -> str:
    chosen = {"action": action, ACTION_CHECKBOX_NAME: [row.pk], **more}  # type: ignore[attr-defined] - a row
    response = client.post(reverse(listed), chosen, follow=True)
    assert response.status_code == 200
    return response.text


def test_the_home_page_counts_the_folder_and_the_requests(desk_of: Client) -> None:
    make_suggestion(PILLS, seconds=1.0)
    make_suggestion()
    home = desk_of.get(reverse("admin:index")).text
    assert "Suggestions that look like spam" in home and "Requests for a check" in home


def test_one_line_for_what_many_suggest(desk_of: Client) -> None:
    for _ in range(3):
        row = make_suggestion(said={"why": "Rents depend on it.", "name": "Zora Quill"})
    page = desk_of.get(reverse(REQUESTS), {"by": "readers"}).text
    assert page.count('class="field-readers_count">3<') == page.count("field-readers_count") == 1
    assert "The harbour" not in desk_of.get(reverse(REQUESTS), {"by": "partners"}).text
    asked = act(desk_of, row.request, "decline_selected", REQUESTS)
    assert "Suggested by readers" in asked and "Rents depend on it." in asked
    one = desk_of.get(reverse("admin:claims_checkrequest_change", args=[row.request_id])).text
    assert row.reference in one and "https://social.example/81" in one
    assert 'href="https://social.example/81"' not in one


def test_a_request_is_accepted_with_its_pages(desk_of: Client) -> None:
    row = make_suggestion()
    assert "1 request accepted; the pages" in act(desk_of, row.request, "accept_and_fetch_selected", REQUESTS)
    assert ArticleFetch.objects.get().url == "https://social.example/81"
    assert Claim.objects.count() == 1


def test_the_folder_says_why_and_is_decided_there(desk_of: Client) -> None:
    row = make_suggestion(PILLS, seconds=1.0, said={"name": "Zora Quill"})
    page = desk_of.get(reverse("admin:claims_suggestion_change", args=[row.pk])).text
    assert "The same words again and again: buy × 30 (+30)" in page and "Zora Quill" in page
    assert "Filled in within 1 s (+40)" in act(desk_of, row, "refuse_selected")
    act(desk_of, row, "refuse_selected", apply="1", reason="We see an advertisement.")
    row.refresh_from_db()
    assert (row.state, row.reason) == ("refused", "We see an advertisement.")
    assert "1 suggestion let in" in act(desk_of, row, "let_in_selected")
    row.refresh_from_db()
    assert row.request is not None


def test_its_sender_is_blocked_and_its_words_erased(desk_of: Client) -> None:
    row = make_suggestion(sender="a" * 64)
    act(desk_of, row, "block_selected", apply="1", reason="Floods us", days="7", note="")
    assert Block.objects.get().value == "a" * 64
    assert row.reference in Block.objects.get().label
    assert "1 suggestion erased" in act(desk_of, row, "erase_selected")
    assert not SuggestionWords.objects.exists()
    refused = act(desk_of, row, "block_selected", apply="1", reason="Floods us", days="7", note="")
    assert "Nothing tells who sent it any more." in refused
    assert Suggestion.objects.get() == row
