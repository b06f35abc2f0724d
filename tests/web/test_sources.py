"""The pages of sources: who sees them, what the board says of a cited page, and copies that run nothing."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from claimtracker.accounts.models import Role
from claimtracker.jobs.models import Job
from claimtracker.kernel.addresses import normalised_url
from reviews.models import EvidenceChange, Source, SourceSnapshot
from reviews.snapshot_store import snapshot_store
from tests import factories
from tests.support.cited_pages import QUOTE, cite, look, serve

pytestmark = pytest.mark.django_db


@pytest.fixture
def checker():
    return factories.make_user(name="Mara Okafor")


@pytest.fixture
def signed_in(client: Client, checker: Any) -> Client:
    client.force_login(checker)
    return client


def changed_source(server, checker, path: str = "/accounts"):
    """A source whose quoted words vanished."""
    evidence = cite(server, checker, path)
    look(evidence.source)
    serve(server, "The office moved to another street in June.", path=path)
    look(evidence.source)
    look(evidence.source)
    return evidence


def board(client: Client, evidence: Any) -> str:
    return client.get(f"/claims/{evidence.claim_id}/").text


def test_the_board_waits_for_the_copy_and_then_says_found(server, signed_in, checker):
    evidence = cite(server, checker)
    page = board(signed_in, evidence)
    assert "A copy of its page is being made" in page
    fragment = f"/claims/{evidence.claim_id}/evidence/{evidence.pk}/quotation/"
    assert f'hx-get="{fragment}" hx-trigger="every 2s"' in page
    look(evidence.source)
    answer = signed_in.get(fragment, headers={"HX-Request": "true"}).text
    assert "Found on the page" in answer and "every 2s" not in answer
    copy = SourceSnapshot.objects.get()
    assert f"/snapshots/{copy.pk}/?evidence={evidence.pk}#quotation" in answer


@pytest.mark.parametrize(
    ("stands", "sentences"),
    [
        (
            "Expenditure to the date: £131.2m.",
            ["Found with small differences", "the page’s own words", "On the page:"],
        ),
        (
            "Expenditure to date: £113.2m.",
            ["Not found on the page", "The nearest words on the page:", "£113.2m"],
        ),
        ("Nothing of the kind.", ["Not found on the page", "Check words and numbers against the page."]),
    ],
)
def test_the_board_says_what_to_do(server, signed_in, checker, stands, sentences):
    serve(server, stands)
    evidence = cite(server, checker)
    look(evidence.source)
    page = board(signed_in, evidence)
    assert not [sentence for sentence in sentences if sentence not in page]


def test_a_page_that_cannot_be_kept_says_why(server, signed_in, checker):
    server.gives("/accounts", b"\x89PNG....", headers=("Content-Type: image/png",))
    evidence = cite(server, checker)
    look(evidence.source)
    page = board(signed_in, evidence)
    assert "There is no copy of its page." in page
    assert "The address leads to image/png, which is not kept." in page


def test_a_change_is_told_on_the_board_and_settled_there(server, signed_in, checker):
    evidence = changed_source(server, checker)
    page = board(signed_in, evidence)
    assert "the quoted words vanished from the page" in page
    path = f"/claims/{evidence.claim_id}/evidence/{evidence.pk}/seen/"
    assert signed_in.post(path)["Location"].endswith(f"#evidence-{evidence.pk}")
    assert EvidenceChange.objects.get().settled == "seen"
    assert "vanished from the page" not in board(signed_in, evidence)
    assert signed_in.post(path).status_code == 409


def test_who_may_settle_a_change(server, client, checker):
    evidence = changed_source(server, checker)
    path = f"/claims/{evidence.claim_id}/evidence/{evidence.pk}/seen/"
    assert "/account/login/" in client.post(path)["Location"]
    client.force_login(factories.make_user(Role.LEAD, factories.make_desk("sport")))
    assert client.post(path).status_code == 404
    client.force_login(factories.make_user(Role.REPORTER))
    assert client.post(path).status_code == 403
    client.force_login(factories.make_user(Role.CHECKER))
    assert client.post(path).status_code == 302


def test_a_page_of_sources_whose_pages_changed(server, signed_in, checker):
    evidence = changed_source(server, checker)
    calm = cite(server, checker, "/calm", title="Calm table")
    look(calm.source)
    page = signed_in.get("/sources/").text
    assert evidence.source.title in page and "Calm table" not in page
    assert "The quoted words are no longer on the page" in page and "Changed since" in page
    assert f"/claims/{evidence.claim_id}/#evidence-{evidence.pk}" in page
    assert "Calm table" in signed_in.get("/sources/?show=all").text
    signed_in.post(f"/claims/{evidence.claim_id}/evidence/{evidence.pk}/seen/")
    assert "Nothing to look at" in signed_in.get("/sources/").text
    assert evidence.source.title in signed_in.get("/sources/?show=changed").text
    assert signed_in.get("/sources/?show=nonsense&before=x").status_code == 200


@pytest.mark.parametrize("show", ["open", "changed", "all"])
def test_the_list_asks_the_same_at_three_rows_and_at_thirty(
    server, signed_in, checker, show, django_assert_max_num_queries
):
    def asked(rows: int) -> int:
        for number in range(Source.objects.count(), rows):
            evidence = factories.make_evidence(
                factories.make_claim(), checker, url=f"https://s.example/{number}"
            )
            Source.objects.filter(pk=evidence.source_id).update(
                condition="changed", changed_at=evidence.created_at
            )
            EvidenceChange.objects.create(evidence=evidence, kind="changed", noticed_at=evidence.created_at)
        with django_assert_max_num_queries(50) as queries:
            page = signed_in.get(f"/sources/?show={show}")
        assert page.status_code == 200
        return len(queries)

    assert asked(3) == asked(30)
    first = signed_in.get(f"/sources/?show={show}")
    older = first.context["older_url"]
    seen = {source.pk for source, _state in first.context["rows"]}
    rest = {source.pk for source, _state in signed_in.get(f"/sources/{older}").context["rows"]}
    assert len(seen) == 25 and len(rest) == 5 and not seen & rest


def test_the_count_of_what_is_to_be_looked_at_is_that_of_the_list(signed_in, checker):
    def flagged(claim, url, by=checker):
        evidence = factories.make_evidence(claim, by, url=url)
        EvidenceChange.objects.create(evidence=evidence, kind="gone", noticed_at=evidence.created_at)
        return evidence

    claim = factories.make_claim()
    first = flagged(claim, "https://s.example/1")
    flagged(factories.make_claim(), "https://s.example/1")  # cited twice
    flagged(claim, "https://s.example/2")
    sport = factories.make_desk("sport")
    theirs = factories.make_claim(article=factories.make_article(desk=sport))
    foreign = flagged(theirs, "https://s.example/3", factories.make_user(Role.CHECKER, sport))
    assert first.source.changed_at is None, "its page was never found changed, its words were"
    response = signed_in.get("/sources/")
    titles = [source.url for source, _state in response.context["rows"]]
    assert len(titles) == response.context["tabs"][0][2] == 2
    assert foreign.source.url not in titles


def test_a_source_has_a_page_with_its_history(server, signed_in, checker):
    evidence = changed_source(server, checker)
    page = signed_in.get(f"/sources/{evidence.source_id}/").text
    assert normalised_url(evidence.source.url) in page
    assert page.count("Page changed") == 1 and page.count("No change") == 2
    assert str(evidence.claim) in page and QUOTE in page
    assert "vanished from the page" in page


def test_who_sees_a_source(client, checker):
    source = factories.make_evidence(factories.make_claim(), checker).source
    paths = [f"/sources/{source.pk}/", f"/sources/{source.pk}/edit/"]
    for path in paths:
        assert "/account/login/" in client.get(path)["Location"]
    client.force_login(factories.make_user(Role.LEAD, factories.make_desk("sport")))
    assert [client.get(path).status_code for path in paths] == [404, 404]
    client.force_login(factories.make_user(Role.REPORTER))
    assert [client.get(path).status_code for path in paths] == [200, 200]
    refused = client.post(paths[1], {"title": "Mine", "publisher": "Me", "kind": "primary"})
    assert refused.status_code == 403
    assert "Only checkers, editors and leads of a desk that cites this source change it." in refused.text


def test_a_source_is_edited_and_a_mistake_stands_at_its_field(signed_in, checker):
    source = factories.make_evidence(factories.make_claim(), checker).source
    path = f"/sources/{source.pk}/edit/"
    facts = {
        "title": "Table A",
        "publisher": "Office",
        "kind": "dataset",
        "interest_note": "Paid by the city.",
    }
    bad = signed_in.post(path, {**facts, "title": ""})
    assert bad.status_code == 422
    assert bad.context["form"].errors["title"] == ["Give the source's title."]
    assert "Paid by the city." in bad.text
    assert signed_in.post(path, facts)["Location"] == f"/sources/{source.pk}/"
    source.refresh_from_db()
    assert (source.title, source.kind, source.interest_note) == ("Table A", "dataset", "Paid by the city.")


def test_a_source_is_protected_and_named_again(signed_in, client, checker):
    source = factories.make_evidence(factories.make_claim(), checker).source
    path = f"/sources/{source.pk}/"
    assert signed_in.post(f"{path}protect/", {"because": ""}).status_code == 422
    assert signed_in.post(f"{path}protect/", {"because": "She was threatened."}).status_code == 302
    page = signed_in.get(path).text
    assert "Confidential." in page and "She was threatened." in page
    assert "Only editors and leads of its desk decide" in page
    assert signed_in.post(f"{path}name/").status_code == 403
    assert signed_in.post(f"{path}look/").status_code == 409
    client.force_login(factories.make_user(Role.CHECKER))
    assert client.get(path).status_code == 404
    client.force_login(factories.make_user(Role.EDITOR))
    assert client.post(f"{path}name/").status_code == 302
    source.refresh_from_db()
    assert not source.is_confidential


def test_a_look_can_be_asked_for(server, signed_in, checker):
    evidence = cite(server, checker)
    Job.objects.all().delete()
    assert signed_in.post(f"/sources/{evidence.source_id}/look/").status_code == 302
    assert Job.objects.get().object_id == str(evidence.source_id)


HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)>"


def test_a_copy_is_shown_as_text_with_the_quotation_marked(server, signed_in, checker):
    serve(server, QUOTE, "Ends &lt;script&gt;alert(3)&lt;/script&gt; here", HOSTILE)
    evidence = cite(server, checker)
    look(evidence.source)
    copy = SourceSnapshot.objects.get()
    response = signed_in.get(f"/snapshots/{copy.pk}/?evidence={evidence.pk}")
    assert '<mark id="quotation">Expenditure to date: £131.2m</mark>' in response.text
    assert "Ends &lt;script&gt;alert(3)" in response.text
    assert "alert(1)" not in response.text and "onerror" not in response.text
    assert (
        "script-src" in response["Content-Security-Policy"]
        or "default-src 'self'" in (response["Content-Security-Policy"])
    )
    assert "<mark" not in signed_in.get(f"/snapshots/{copy.pk}/?evidence=99999999").text
    assert signed_in.get(f"/snapshots/{copy.pk}/?evidence=x").status_code == 200


def test_the_page_itself_is_only_ever_a_download(server, signed_in, checker):
    serve(server, QUOTE, HOSTILE)
    look(cite(server, checker).source)
    copy = SourceSnapshot.objects.get()
    response = signed_in.get(f"/snapshots/{copy.pk}/page/")
    assert response.content == snapshot_store().get(copy.page_id)
    assert HOSTILE.encode() in response.content
    assert response["Content-Type"] == "application/octet-stream"
    assert response["Content-Disposition"].startswith("attachment; ")
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in response["Cache-Control"]


def test_who_sees_a_copy(server, client, checker):
    look(cite(server, checker).source)
    copy = SourceSnapshot.objects.get()
    for path in (f"/snapshots/{copy.pk}/", f"/snapshots/{copy.pk}/page/"):
        client.logout()
        assert "/account/login/" in client.get(path)["Location"]
        client.force_login(factories.make_user(Role.LEAD, factories.make_desk("sport")))
        assert client.get(path).status_code == 404
        client.force_login(factories.make_user(Role.REPORTER))
        assert client.get(path).status_code == 200


def test_a_lost_file_is_said(server, signed_in, checker):
    look(cite(server, checker).source)
    copy = SourceSnapshot.objects.get()
    for digest in (copy.page_id, copy.text_id):
        snapshot_store().path_of(digest).unlink()
    assert signed_in.get(f"/snapshots/{copy.pk}/").status_code == 410
    assert signed_in.get(f"/snapshots/{copy.pk}/page/").status_code == 404
