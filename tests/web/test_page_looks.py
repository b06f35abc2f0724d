"""The form for a source before it is sent: what is known of its address, and words picked from the copy."""

from __future__ import annotations

import pytest

from claimtracker.accounts.models import Role
from reviews.models import Evidence, PageLook
from tests import factories
from tests.reviews.test_page_looks import answered, looked_at
from tests.support.cited_pages import QUOTE, look, serve
from tests.web.review_words import SOURCE, url

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def claim(signed_in, checker):
    return factories.make_taken_task(checker).claim


def ask(client, claim, address, **fields):
    return client.post(url(claim, "evidence/page/"), {"url": address, **fields}, headers=HTMX)


def poll(client, claim, address, polls=1):
    return client.get(url(claim, "evidence/page/look/"), {"url": address, "polls": polls}, headers=HTMX)


def test_the_form_waits_and_then_has_title_publisher_and_copy(signed_in, server, claim) -> None:
    serve(server, QUOTE)
    address = server.url("/accounts")
    waits = ask(signed_in, claim, address).text
    assert "are on their way" in waits
    assert 'hx-trigger="load delay:1s' in waits
    answered(PageLook.objects.get())
    there = poll(signed_in, claim, address).text
    assert 'data-title="Capital accounts"' in there
    assert "Pick the words from the copy" in there
    assert "hx-trigger" not in there.split("data-pick-words")[0].split("<a ")[0]  # asks no more


def test_a_count_of_thousands_of_digits_counts_as_none(signed_in, server, claim) -> None:
    ask(signed_in, claim, server.url("/slow"))
    answer = poll(signed_in, claim, server.url("/slow"), "9" * 5_000)
    assert answer.status_code == 200
    assert "delay:1s" in answer.text


def test_it_asks_ever_less_often_and_ends(signed_in, server, claim) -> None:
    ask(signed_in, claim, server.url("/slow"))
    delays = [poll(signed_in, claim, server.url("/slow"), polls).text for polls in (1, 12, 39)]
    assert ["delay:1s" in delays[0], "delay:5s" in delays[1], "delay:5s" in delays[2]] == [True] * 3
    last = poll(signed_in, claim, server.url("/slow"), 40).text
    assert "hx-trigger" not in last
    assert "Add the source without waiting" in last


def test_a_page_that_does_not_come_says_why_and_can_be_asked_for_again(signed_in, server, claim) -> None:
    address = server.gives("/accounts", b"", status="404 Not Found")
    ask(signed_in, claim, address)
    answered(PageLook.objects.get())
    said = poll(signed_in, claim, address).text
    assert "there is no such page" in said
    assert "Ask for it again" in said
    assert "are on their way" in ask(signed_in, claim, address, again="yes").text


def test_a_known_source_is_told_at_once(signed_in, server, claim, checker) -> None:
    serve(server, QUOTE)
    other = factories.make_claim()
    evidence = factories.make_evidence(other, checker, url=server.url("/accounts"), title="Accounts 2026")
    look(evidence.source)
    said = ask(signed_in, claim, server.url("/accounts") + "?utm_source=x").text
    assert "cited on 1 claim." in said
    assert 'data-title="Accounts 2026"' in said
    assert "Pick the words from the copy" in said
    assert not PageLook.objects.exists()


def test_a_confidential_source_is_not_asked_for(signed_in, claim) -> None:
    said = ask(signed_in, claim, "https://leaks.example/", is_confidential="on").text
    assert "is never fetched" in said
    assert not PageLook.objects.exists()


def test_who_only_reads_asks_for_nothing(client, claim) -> None:
    client.force_login(factories.make_user(Role.REPORTER))
    assert "Only checkers" in ask(client, claim, "https://stats.example/").text
    assert not PageLook.objects.exists()
    client.force_login(factories.make_user(desk=factories.make_desk("sport")))
    assert ask(client, claim, "https://stats.example/").status_code == 404


def test_a_copy_is_read_in_parts_and_searched_whole(signed_in, server, claim, checker, monkeypatch) -> None:
    monkeypatch.setattr("reviews.views.page_looks.PART", 200)
    row = looked_at(server, claim, checker)
    where = {"kind": "look", "copy": row.pk}
    path = url(claim, "evidence/page/copy/")
    first = signed_in.get(path, where, headers=HTMX).text
    assert "Part 1 of" in first
    assert 'data-start="0"' in first
    found = signed_in.get(path, {**where, "find": "Line 9 of the accounts"}, headers=HTMX).text
    assert '<mark id="quotation">Line 9 of the accounts</mark>' in found
    assert "Found. The place is marked." in found
    near = signed_in.get(path, {**where, "find": "Expenditure to this date: £131.2m"}, headers=HTMX).text
    assert "The nearest passage is marked." in near
    assert "<html" in signed_in.get(path, where).text
    signed_in.force_login(factories.make_user())
    assert signed_in.get(path, where).status_code == 404


NOWHERE = ["", "?kind=look&copy=x", "?kind=snapshot&copy=99", "?kind=look&copy=" + "9" * 20]


@pytest.mark.parametrize("where", NOWHERE)
def test_there_is_no_copy_of_that_kind(signed_in, claim, where) -> None:
    assert signed_in.get(url(claim, "evidence/page/copy/") + where).status_code == 404


def send(client, claim, address, **fields):
    return client.post(url(claim, "evidence/"), {**SOURCE, "url": address, **fields}, headers=HTMX)


def test_words_that_are_not_in_the_copy_are_refused_with_the_nearest(
    signed_in, server, claim, checker
) -> None:
    row = looked_at(server, claim, checker)
    wrong = "Expenditure to date: £181.2m."
    refused = send(signed_in, claim, row.url, quotation=wrong)
    assert refused.status_code == 422
    assert "These words are not in the copy of the page." in refused.text
    assert "£131.2m" in refused.text  # the nearest
    assert "Pick the words from the copy" in refused.text  # what the page showed before
    assert not Evidence.objects.exists()
    send(signed_in, claim, row.url, quotation=wrong, quotation_is="nearest")
    evidence = Evidence.objects.get()
    assert evidence.quotation == QUOTE.rstrip(".")
    assert evidence.place_text == row.text_id


def test_one_s_own_words_may_stay(signed_in, server, claim, checker) -> None:
    row = looked_at(server, claim, checker)
    said = send(signed_in, claim, row.url, quotation="Zebras graze quietly tonight")
    assert "Nothing in the copy is like them." in said.text
    send(signed_in, claim, row.url, quotation="Zebras graze quietly tonight", quotation_is="mine")
    assert Evidence.objects.get().quotation == "Zebras graze quietly tonight"


def test_without_a_script_the_page_comes_with_what_was_typed(signed_in, server, claim) -> None:
    serve(server, QUOTE)
    typed = {"url": server.url("/accounts"), "note": "Half a sentence"}
    waits = signed_in.post(url(claim, "evidence/page/"), typed)
    assert waits.status_code == 200
    assert "See whether it is there" in waits.text
    assert "Half a sentence" in waits.text
    assert "Please mend" not in waits.text
    answered(PageLook.objects.get())
    there = signed_in.post(url(claim, "evidence/page/"), typed).text
    assert 'value="Capital accounts"' in there
    refused = signed_in.post(url(claim, "evidence/"), {**SOURCE, **typed, "quotation": "£181.2m to date"})
    assert refused.status_code == 422
    assert "These words are not in the copy of the page." in refused.text
    assert not Evidence.objects.exists()


def test_the_questions_of_the_form_cost_the_same_however_much_is_cited(
    signed_in, server, claim, checker, django_assert_max_num_queries
) -> None:
    row = looked_at(server, claim, checker)
    for _ in range(3):
        factories.make_evidence(factories.make_claim(), checker, url=row.url)
    with django_assert_max_num_queries(14):
        poll(signed_in, claim, row.url)
    for _ in range(5):
        factories.make_evidence(factories.make_claim(), checker, url=row.url)
    with django_assert_max_num_queries(14):
        poll(signed_in, claim, row.url)
