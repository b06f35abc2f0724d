"""A page is looked at before it is cited: once, within bounds, for who may cite it, never a protected one."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from claimtracker.accounts.models import Role
from claimtracker.jobs.models import Job
from claimtracker.kernel.errors import ActionRefused, NotPermitted
from reviews.actions.evidence import add_evidence
from reviews.actions.page_looks import (
    LOOK_AT_PAGE,
    MOST,
    ask_for_page,
    fetch_page,
    forget_over,
    record_page,
)
from reviews.models import Evidence, PageLook, QuotationCheck, Source, SourceSnapshot, StoredContent
from reviews.selectors.page_looks import address_facts, readable_copy, words_of
from tests import factories
from tests.support.cited_pages import QUOTE, look, page, serve
from tests.support.feeds import free_hosts

pytestmark = pytest.mark.django_db
HTML = ("Content-Type: text/html; charset=utf-8",)


@pytest.fixture
def checker():
    return factories.make_user()


@pytest.fixture
def claim(checker):
    return factories.make_taken_task(checker).claim


def answered(row: PageLook) -> PageLook:
    """What the job does until it has an answer."""
    for _ in range(20):
        row = PageLook.objects.get(pk=row.pk)
        if row.answered_at is not None:
            return row
        record_page(row, found=fetch_page(row))
        free_hosts()
    raise AssertionError("the look does not end")


def looked_at(server, claim, by, path="/accounts") -> PageLook:
    if path not in server.answers:
        serve(server, QUOTE, path=path)
    return answered(ask_for_page(claim, by=by, url=server.url(path)))


def test_title_publisher_and_copy_are_there_before_anything_is_cited(server, claim, checker) -> None:
    named = page(QUOTE).replace(b"<head>", b'<head><meta property="og:site_name" content="Eastmouth">')
    server.gives("/accounts", named, headers=HTML)
    row = looked_at(server, claim, checker)
    assert (row.title, row.publisher, row.message) == ("Capital accounts", "Eastmouth", "")
    assert row.text_id and not Source.objects.exists()
    facts = address_facts(claim, checker, server.url("/accounts") + "#a-part")
    assert (facts.title, facts.copy.digest) == ("Capital accounts", row.text_id)


def test_a_page_without_a_named_publisher_is_its_site_s(server, claim, checker) -> None:
    looked_at(server, claim, checker)
    assert address_facts(claim, checker, server.url("/accounts")).publisher == "127.0.0.1"


def test_the_page_is_asked_for_once_and_the_source_begins_with_that_copy(server, claim, checker) -> None:
    row = looked_at(server, claim, checker)
    assert ask_for_page(claim, by=checker, url=server.url("/accounts") + "?utm_source=x") == row
    evidence = add_evidence(claim, by=checker, stance="refutes", url=row.url, quotation=QUOTE)
    asked = len(server.asked)
    look(evidence.source)
    assert len(server.asked) == asked
    snapshot = SourceSnapshot.objects.get()
    assert (snapshot.text_id, snapshot.page_id) == (row.text_id, row.page_id)
    assert QuotationCheck.objects.get().result == "found"


def test_what_stands_in_the_way_is_said_and_asked_again_only_when_wanted(server, claim, checker) -> None:
    server.gives("/accounts", b"", status="404 Not Found")
    row = looked_at(server, claim, checker)
    assert "there is no such page" in row.message
    assert ask_for_page(claim, by=checker, url=row.url) == row
    serve(server, QUOTE)
    again = answered(ask_for_page(claim, by=checker, url=row.url, again=True))
    assert (again.pk != row.pk, again.title) == (True, "Capital accounts")


def test_a_redirect_is_followed_as_another_turn(server, claim, checker) -> None:
    serve(server, QUOTE)
    server.gives("/short", status="302 Found", headers=("Location: /accounts",))
    row = looked_at(server, claim, checker, "/short")
    assert (row.title, row.page_url) == ("Capital accounts", server.url("/accounts"))


def test_inside_addresses_are_refused(settings, tmp_path, claim, checker) -> None:
    settings.SNAPSHOT_DIR = str(tmp_path)
    row = answered(ask_for_page(claim, by=checker, url="http://127.0.0.1:1/secrets"))
    assert row.message and row.page_id is None


def test_who_may_not_add_evidence_has_nothing_fetched(claim) -> None:
    for other in (factories.make_user(Role.REPORTER), factories.make_user(desk=factories.make_desk("sport"))):
        with pytest.raises(NotPermitted):
            ask_for_page(claim, by=other, url="https://stats.example/roads")
    assert not Job.objects.filter(kind=LOOK_AT_PAGE).exists()


@pytest.mark.parametrize("url", ["", "roads", "ftp://stats.example/", "https://stats.example:x/"])
def test_no_address_is_named_at_its_field(claim, checker, url) -> None:
    with pytest.raises(ActionRefused) as refused:
        ask_for_page(claim, by=checker, url=url)
    assert (refused.value.code, refused.value.field) == ("bad_url", "url")


def test_nobody_asks_more_often_than_they_may(claim, checker) -> None:
    PageLook.objects.bulk_create(
        PageLook(url=f"https://stats.example/{n}", asked_by=checker, asked_at=timezone.now())
        for n in range(MOST)
    )
    with pytest.raises(ActionRefused) as refused:
        ask_for_page(claim, by=checker, url="https://stats.example/one-more")
    assert refused.value.code == "too_many_looks"
    ask_for_page(claim, by=checker, url="https://stats.example/1")  # that one is asked for already
    PageLook.objects.update(asked_at=timezone.now() - timedelta(minutes=11))
    ask_for_page(claim, by=checker, url="https://stats.example/one-more")


def test_a_confidential_source_s_page_is_never_fetched(claim, checker) -> None:
    url = "https://leaks.example/paper"
    ask_for_page(claim, by=checker, url=url)
    facts = {"title": "Paper", "publisher": "Somebody", "url": url}
    because = {"is_confidential": True, "confidential_because": "Their job."}
    add_evidence(claim, by=checker, stance="refutes", **facts, **because)
    assert not PageLook.objects.exists()  # nothing that was asked for earlier either
    with pytest.raises(ActionRefused) as refused:
        ask_for_page(claim, by=checker, url=url)
    assert refused.value.code == "never_fetched"


def test_an_address_alone_is_enough_and_its_page_names_the_source(server, claim, checker) -> None:
    serve(server, QUOTE)
    evidence = add_evidence(claim, by=checker, stance="refutes", url=server.url("/accounts"))
    assert evidence.source.title.endswith("/accounts")
    look(evidence.source)
    source = Source.objects.get()
    assert (source.title, source.is_undescribed) == ("Capital accounts", False)


def test_a_person_s_title_is_never_replaced_by_the_page_s(server, claim, checker) -> None:
    serve(server, QUOTE)
    given = {"url": server.url("/accounts"), "title": "Accounts, page 3"}
    evidence = add_evidence(claim, by=checker, stance="refutes", **given)
    look(evidence.source)
    assert Source.objects.get().title == "Accounts, page 3"


def test_words_that_stand_twice_are_quoted_from_where_they_were_picked(server, claim, checker) -> None:
    serve(server, "It rose by 4%. Then it fell. It rose by 4%.")
    row = looked_at(server, claim, checker)
    text = address_facts(claim, checker, row.url).copy
    words = "It rose by 4%."
    second = words_of(text).rindex(words)
    place = {"place_text": text.digest, "place_start": second}
    evidence = add_evidence(claim, by=checker, stance="refutes", url=row.url, quotation=words, **place)
    look(evidence.source)
    check = QuotationCheck.objects.get()
    assert (check.result, check.start, check.exact) == ("found", second, words)


def test_a_place_that_holds_other_words_counts_for_nothing(server, claim, checker) -> None:
    row = looked_at(server, claim, checker)
    place = {"place_text": row.text_id, "place_start": 0}
    evidence = add_evidence(claim, by=checker, stance="refutes", url=row.url, quotation=QUOTE, **place)
    look(evidence.source)
    check = QuotationCheck.objects.get()
    assert (check.result, check.start > 0) == ("found", True)


def test_a_place_without_a_text_is_kept_nowhere(claim, checker) -> None:
    evidence = factories.make_evidence(claim, checker, place_start=3)
    assert Evidence.objects.get().place_start is None
    with pytest.raises(IntegrityError), transaction.atomic():
        Evidence.objects.filter(pk=evidence.pk).update(place_start=3)


def test_a_look_is_its_asker_s_alone(server, claim, checker) -> None:
    row = looked_at(server, claim, checker)
    colleague = factories.make_user()
    assert readable_copy(checker, kind="look", pk=row.pk) is not None
    assert readable_copy(colleague, kind="look", pk=row.pk) is None
    assert address_facts(claim, colleague, row.url).look is None


def test_a_known_source_is_told_with_how_often_it_is_cited(claim, checker) -> None:
    url = "https://stats.example/roads"
    factories.make_evidence(claim, checker, url=url)
    factories.make_evidence(factories.make_claim(), checker, url=url, stance="context")
    desk = factories.make_desk("sport")
    theirs = factories.make_claim(article=factories.make_article(desk=desk))
    factories.make_evidence(theirs, factories.make_user(desk=desk), url=url)
    known = address_facts(claim, checker, url + "?utm_medium=mail").known
    assert (known.claims, known.here) == (2, ["Refutes"])  # of the other desk's, nothing is said


def test_a_job_that_was_lost_is_asked_for_anew(claim, checker) -> None:
    row = ask_for_page(claim, by=checker, url="https://stats.example/roads")
    assert ask_for_page(claim, by=checker, url=row.url) == row
    PageLook.objects.update(asked_at=timezone.now() - timedelta(minutes=6))
    assert ask_for_page(claim, by=checker, url=row.url) != row


def test_after_a_day_a_look_is_forgotten_with_what_only_it_kept(server, claim, checker) -> None:
    cited = looked_at(server, claim, checker)
    look(add_evidence(claim, by=checker, stance="refutes", url=cited.url).source)
    serve(server, "Other words altogether.", path="/other")
    passing = looked_at(server, claim, checker, "/other")
    PageLook.objects.update(asked_at=timezone.now() - timedelta(hours=25))
    assert forget_over() == 2
    kept = set(StoredContent.objects.values_list("pk", flat=True))
    assert kept == {cited.page_id, cited.text_id}
    assert passing.page_id not in kept


def test_the_second_answer_of_a_job_that_ran_twice_changes_nothing(server, claim, checker) -> None:
    row = looked_at(server, claim, checker)
    serve(server, "Other words altogether.")
    assert fetch_page(row) is None
    record_page(row, found=None)
    row.refresh_from_db()
    assert row.title == "Capital accounts"
