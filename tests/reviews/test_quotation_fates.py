"""What became of a quoted passage when its page changed: told from one that only looks like it, and shown."""

from __future__ import annotations

import pytest
from django.urls import reverse

from claims.anchoring import METHOD
from reviews.actions.snapshots import text_of
from reviews.models import EvidenceChange, QuotationCheck
from tests import factories
from tests.support.cited_pages import QUOTE, cite, look, page, serve

pytestmark = pytest.mark.django_db
OTHER = "Expenditure to date: £140.9m."
ARCHIVE = ("The budget of the year before is kept here.", QUOTE, "It is closed for good.")


@pytest.fixture
def evidence(server):
    found = cite(server, factories.make_user(name="Mara Okafor"))
    look(found.source)
    return found


def newest(evidence):
    evidence.refresh_from_db()
    return evidence.last_quote, evidence.basis_quote


def test_a_first_copy_says_nothing_of_what_became(evidence):
    check, basis = newest(evidence)
    assert (check, check.fate, check.method, check.since) == (basis, "", "", None)


def test_the_same_words_among_new_ones_are_carried_to_where_they_stand(server, evidence):
    first = newest(evidence)[0]
    serve(server, "The council published its accounts anew.", QUOTE)
    look(evidence.source)
    check, basis = newest(evidence)
    assert (check.fate, check.since, check.method) == ("unchanged", first, METHOD)
    assert basis == check
    assert check.start > first.start
    assert text_of(check.snapshot)[check.start : check.end] == check.exact == first.exact


def test_a_changed_number_is_shown_beside_what_it_was(server, evidence, client):
    first = newest(evidence)[0]
    serve(server, OTHER)
    look(evidence.source)
    look(evidence.source)
    check, basis = newest(evidence)
    assert (check.fate, check.exact, check.result) == ("reworded", OTHER.rstrip("."), "missing")
    assert basis == check.since == first, "what is known to say it stays the earlier copy"
    assert EvidenceChange.objects.get().kind == "changed"
    client.force_login(evidence.added_by)
    for address in (
        reverse("reviews:claim_detail", args=[evidence.claim_id]),
        reverse("reviews:source_detail", args=[evidence.source_id]),
        reverse("reviews:snapshot", args=[check.snapshot_id]),
    ):
        body = client.get(address).content.decode()
        assert "<del>£131.2m</del>" in body, address
        assert "<ins>£140.9m</ins>" in body, address
        assert reverse("reviews:snapshot", args=[first.snapshot_id]) in body, address


def test_the_quoted_words_at_another_place_do_not_hide_that_the_passage_changed(server, evidence):
    server.gives(
        "/accounts",
        page(OTHER).replace(b"</article>", "".join(f"<p>{p}</p>" for p in ARCHIVE).encode() + b"</article>"),
        headers=("Content-Type: text/html; charset=utf-8",),
    )
    look(evidence.source)
    check, basis = newest(evidence)
    assert QUOTE in text_of(check.snapshot)
    assert (check.fate, check.exact, check.result) == ("reworded", OTHER.rstrip("."), "missing")
    assert basis != check
    look(evidence.source)
    assert EvidenceChange.objects.get().kind == "changed"


def test_a_passage_that_is_gone_says_so(server, evidence, client):
    serve(server, "These accounts were withdrawn by the auditor.")
    look(evidence.source)
    look(evidence.source)
    check, _basis = newest(evidence)
    assert (check.fate, check.result) == ("removed", "missing")
    assert EvidenceChange.objects.get().kind == "vanished"
    client.force_login(evidence.added_by)
    body = client.get(reverse("reviews:claim_detail", args=[evidence.claim_id])).content.decode()
    assert "No longer on the page" in body


def test_a_lost_copy_compares_nothing_and_stops_nothing(server, evidence, settings, tmp_path):
    settings.SNAPSHOT_DIR = str(tmp_path / "elsewhere")
    serve(server, OTHER)
    look(evidence.source)
    check, _basis = newest(evidence)
    assert (check.fate, check.result) == ("", "missing")


def test_a_copy_costs_as_many_queries_with_one_quotation_as_with_six(server, evidence, client):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client.force_login(evidence.added_by)
    address = reverse("reviews:snapshot", args=[newest(evidence)[0].snapshot_id])
    counts = []
    for _ in range(2):
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        counts.append(len(queries))
        for number in range(5):
            QuotationCheck.objects.create(
                evidence=cite(server, evidence.added_by, quotation=f"Line {number} of the accounts"),
                snapshot_id=newest(evidence)[0].snapshot_id,
                result="missing",
                checked_at=evidence.created_at,
            )
    assert counts[0] == counts[1]
