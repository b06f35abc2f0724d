"""What other publishers found is known once, however often and however interrupted it comes in."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from claims.actions import known_claim_imports
from claims.actions.known_claim_imports import (
    begin_import,
    fail_import,
    finish_import,
    import_known_claims,
    prepare,
    write_reviews,
)
from claims.actions.known_claims import restore_known_claim, withdraw_known_claim
from claims.models import KnownClaim, KnownClaimImport
from claims.sources.claim_reviews import Defaults, ReadReviews, UnreadableReviews
from claimtracker.accounts.models import Role
from claimtracker.kernel.errors import ActionRefused, NotPermitted
from claimtracker.ledger.models import AuditEntry
from tests import factories
from tests.factories import make_read_reviews, make_reviewed_claim

pytestmark = pytest.mark.django_db

FULL = {
    "title": "No, it did not",
    "rating_value": 2.0,
    "rating_best": 5.0,
    "rating_worst": 1.0,
    "licence": "CC BY 4.0",
    "first_appearance": "https://other.example/speech",
    "appearances": ("https://other.example/a", "https://other.example/b"),
    "external_id": "fc-9",
}


def bring(*reviews: Any, **options: Any) -> KnownClaimImport:
    return import_known_claims(
        make_read_reviews(*reviews), **{"source": "reviews.json", "by": "system", **options}
    )


def counts(row: KnownClaimImport) -> tuple[int, int, int, int, int]:
    """New, updated, unchanged, refused, repeated."""
    return (
        row.new_count,
        row.updated_count,
        row.unchanged_count,
        row.refused_count,
        row.repeated_count,
    )


def test_a_review_is_kept_with_everything_that_it_says():
    review = make_reviewed_claim(**FULL)
    row = bring(review)
    known = KnownClaim.objects.get()
    assert (row.state, counts(row)) == ("done", (1, 0, 0, 0, 0))
    assert (known.origin, known.last_import, known.claim) == ("imported", row, None)
    assert (known.text, known.rating, known.rating_value) == (review.text, "Mostly false", 2.0)
    assert known.appearances == list(review.appearances)
    assert known.first_seen_at == known.last_seen_at == known.last_changed_at
    assert [entry.verb for entry in AuditEntry.objects.order_by("id")] == [
        "known_claim_import.begun",
        "known_claim_import.done",
    ]


def test_the_same_file_again_changes_nothing_but_when_it_was_seen():
    reviews = [make_reviewed_claim(**FULL) for _ in range(3)]
    bring(*reviews)
    before = KnownClaim.objects.order_by("pk").values_list("pk", "content_sha256", "last_changed_at")
    before = list(before)
    row = bring(*reviews)
    assert counts(row) == (0, 0, 3, 0, 0)
    after = KnownClaim.objects.order_by("pk").values_list("pk", "content_sha256", "last_changed_at")
    assert list(after) == before
    assert {known.last_import for known in KnownClaim.objects.all()} == {row}
    assert all(known.last_seen_at > known.first_seen_at for known in KnownClaim.objects.all())
    assert not AuditEntry.objects.filter(verb="known_claim.changed").exists()


def test_an_updated_rating_is_a_change_of_the_same_record_and_audited():
    review = make_reviewed_claim(**FULL)
    bring(review)
    row = bring(replace(review, rating="False", rating_value=1.0))
    known = KnownClaim.objects.get()
    assert counts(row) == (0, 1, 0, 0, 0)
    assert (known.rating, known.rating_value) == ("False", 1.0)
    assert known.last_changed_at > known.first_seen_at
    entry = AuditEntry.objects.get(verb="known_claim.changed")
    assert entry.details == {"fields": ["rating", "rating_value"], "import": row.pk}
    assert entry.note.text == "Rating: “Mostly false” became “False”."


@pytest.mark.parametrize(
    ("changes", "is_same"),
    [
        ({"url": "http://www.checks.example/fc/9/?utm_source=x#top"}, True),
        ({"text": "  the CITY spent 9 million\non roads "}, True),
        ({"publisher_name": "", "title": "Another", "external_id": "other"}, True),
        ({"text": "The city spent 8 million on roads"}, False),
        ({"url": "https://checks.example/fc/10"}, False),
        ({"url": "https://checks.example/fc/9?page=2"}, False),
        ({"url": ""}, False),
    ],
)
def test_the_same_page_and_words_are_the_same_review(changes: dict[str, str], is_same: bool):
    first = make_reviewed_claim(text="The city spent 9 million on roads", url="https://checks.example/fc/9")
    bring(first)
    bring(replace(first, **changes))
    assert KnownClaim.objects.count() == (1 if is_same else 2)


def test_without_a_page_the_publisher_and_the_words_are_the_identity():
    review = make_reviewed_claim(url="", publisher_site="")
    bring(review)
    assert counts(bring(replace(review, rating="False"))) == (0, 1, 0, 0, 0)
    assert counts(bring(replace(review, publisher_name="Others"))) == (1, 0, 0, 0, 0)


def test_a_review_that_stands_twice_in_a_file_counts_once_by_its_newest_date():
    from datetime import date

    new = make_reviewed_claim(rating="False", reviewed_on=date(2016, 5, 2))
    old = replace(new, rating="True", reviewed_on=date(2016, 5, 1))
    undated = replace(new, rating="Unclear", reviewed_on=None)
    for _ in range(2):
        row = bring(new, old, undated)
        assert row.repeated_count == 2
        assert KnownClaim.objects.get().rating == "False"
    assert counts(row) == (0, 0, 1, 0, 2)


def test_what_names_neither_page_nor_publisher_is_refused_with_the_mend():
    bare = make_reviewed_claim(url="", publisher_name="", publisher_site="")
    row = bring(bare, make_reviewed_claim())
    assert counts(row) == (1, 0, 0, 1, 0)
    assert row.problems == [
        {
            "where": "review 1",
            "field": "url",
            "message": "It names neither its page nor its publisher. Add the url or a publisher.",
        }
    ]
    assert counts(bring(bare, defaults=Defaults(publisher_name="Us Too"))) == (1, 0, 0, 0, 0)


def test_our_own_reviews_do_not_come_back_as_foreign_ones(settings: Any):
    settings.SITE_URL = "https://claims.example"
    row = bring(
        make_reviewed_claim(url="https://claims.example/fact-checks/x/"),
        make_reviewed_claim(url="https://claims.example.evil.example/x"),
    )
    assert counts(row) == (1, 0, 0, 1, 0)
    assert "It is our own" in row.problems[0]["message"]


def test_defaults_stand_in_for_what_a_review_leaves_open():
    bring(
        make_reviewed_claim(licence="", language="", publisher_site="them.example"),
        defaults=Defaults("Nobody", "nobody.example", "CC BY 4.0", "pt-BR"),
    )
    known = KnownClaim.objects.get()
    assert (known.licence, known.language, known.publisher_site) == ("CC BY 4.0", "pt-BR", "them.example")


def test_problems_are_kept_up_to_a_cap_and_counted_beyond():
    read = ReadReviews("csv")
    for number in range(300):
        read.refuse(f"line {number}", "claim", "It does not say which claim it is about.")
    row = import_known_claims(read, source="reviews.csv", by="system")
    assert (len(row.problems), row.problem_count, row.refused_count) == (200, 300, 300)


def test_a_file_whose_name_is_no_unicode_is_imported():
    assert bring(make_reviewed_claim(), source="caf\udce9.csv").source == "caf?.csv"


def test_only_moderators_import():
    with pytest.raises(NotPermitted, match="Only moderators import"):
        bring(make_reviewed_claim(), by=factories.make_user(Role.LEAD))
    assert not KnownClaimImport.objects.exists()
    moderator = factories.make_user(Role.MODERATOR)
    assert bring(make_reviewed_claim(), by=moderator).requested_by == moderator


# --- batches and kills


@pytest.fixture
def small_batches(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(known_claim_imports, "BATCH", 2)


class Killed(Exception):
    pass


def kill_after(monkeypatch: pytest.MonkeyPatch, batches: int) -> None:
    write = known_claim_imports._write_batch
    done = iter(range(batches))

    def write_or_die(*args: Any) -> bool:
        if next(done, None) is None:
            raise Killed
        return write(*args)

    monkeypatch.setattr(known_claim_imports, "_write_batch", write_or_die)


def test_a_killed_import_goes_on_where_it_was(small_batches: None, monkeypatch: pytest.MonkeyPatch):
    read = make_read_reviews(*(make_reviewed_claim() for _ in range(5)))
    row = begin_import("data.json", by="system", defaults=Defaults())
    prepared = prepare(row, read)
    with monkeypatch.context() as patch, pytest.raises(Killed):
        kill_after(patch, 2)
        write_reviews(row, prepared=prepared)
    row.refresh_from_db()
    assert (row.state, row.written, KnownClaim.objects.count()) == ("begun", 4, 4)
    assert finish_import(row, prepared=prepared).state == "begun", "not all of it is stored"
    write_reviews(row, prepared=prepared)
    row = finish_import(row, prepared=prepared)
    assert (row.state, counts(row), KnownClaim.objects.count()) == ("done", (5, 0, 0, 0, 0), 5)
    write_reviews(row, prepared=prepared)
    assert counts(finish_import(row, prepared=prepared)) == (5, 0, 0, 0, 0)
    assert AuditEntry.objects.filter(verb="known_claim_import.done").count() == 1


def test_a_file_that_changed_before_the_second_try_is_counted_anew(
    small_batches: None, monkeypatch: pytest.MonkeyPatch
):
    first, second = [make_reviewed_claim() for _ in range(4)], make_reviewed_claim()
    row = begin_import("data.json", by="system", defaults=Defaults())
    with monkeypatch.context() as patch, pytest.raises(Killed):
        kill_after(patch, 1)
        write_reviews(row, prepared=prepare(row, make_read_reviews(*first)))
    prepared = prepare(row, make_read_reviews(*first[:2], second))
    write_reviews(row, prepared=prepared)
    assert counts(finish_import(row, prepared=prepared)) == (1, 0, 2, 0, 0)


def test_a_failed_import_keeps_the_sentence_why_and_stays_failed():
    row = begin_import("data.json", by="system", defaults=Defaults())
    why = UnreadableReviews("url", "empty", "It is empty.")
    row = fail_import(row, why=why)
    assert (row.state, row.message) == ("failed", "It is empty.")
    prepared = prepare(row, make_read_reviews(make_reviewed_claim()))
    write_reviews(row, prepared=prepared)
    assert finish_import(row, prepared=prepared).state == "failed"
    assert not KnownClaim.objects.exists()


def test_an_import_costs_the_same_number_of_queries_for_few_and_for_many(
    django_assert_max_num_queries: Any,
):
    for number in (3, 60):
        reviews = [make_reviewed_claim() for _ in range(number)]
        with django_assert_max_num_queries(40):
            bring(*reviews)
        with django_assert_max_num_queries(40):
            bring(*reviews)


# --- withdrawing


def test_what_was_withdrawn_stays_so_when_it_is_imported_again():
    review, moderator = make_reviewed_claim(), factories.make_user(Role.MODERATOR)
    bring(review)
    known = withdraw_known_claim(KnownClaim.objects.get(), by=moderator, reason=" Satire. ")
    assert known.withdrawn_because == "Satire."
    bring(replace(review, rating="False"))
    assert not KnownClaim.objects.standing().exists()
    known = restore_known_claim(known, by=moderator, reason="It is not.")
    assert (known.withdrawn_at, known.withdrawn_because) == (None, "")
    assert KnownClaim.objects.standing().get().rating == "False"
    entries = AuditEntry.objects.about(known).filter(note__isnull=False).order_by("id")
    assert [(entry.verb, entry.note.text) for entry in entries if "rating" not in entry.details] == [
        ("known_claim.withdrawn", "Satire."),
        ("known_claim.changed", "Rating: “Mostly false” became “False”."),
        ("known_claim.restored", "It is not."),
    ]


@pytest.mark.parametrize("act", [withdraw_known_claim, restore_known_claim])
def test_only_moderators_withdraw_and_restore_with_a_reason(act: Any):
    known = factories.make_known_claim()
    with pytest.raises(NotPermitted, match="Only moderators"):
        act(known, by=factories.make_user(Role.LEAD), reason="Satire.")
    with pytest.raises(ActionRefused, match="Say why") as refused:
        act(known, by=factories.make_user(Role.MODERATOR), reason=" ")
    assert refused.value.field == "reason"


def test_a_second_moderator_reads_that_it_is_done():
    known, moderator = factories.make_known_claim(), factories.make_user(Role.MODERATOR)
    with pytest.raises(ActionRefused, match="is not withdrawn"):
        restore_known_claim(known, by=moderator, reason="Why not.")
    withdraw_known_claim(known, by=moderator, reason="Satire.")
    with pytest.raises(ActionRefused, match="withdrawn already"):
        withdraw_known_claim(known, by=moderator, reason="Satire.")


def test_the_ladder_of_who_sees_known_claims():
    from django.contrib.auth.models import AnonymousUser

    standing, withdrawn = factories.make_known_claim(), factories.make_known_claim()
    moderator = factories.make_user(Role.MODERATOR)
    withdraw_known_claim(withdrawn, by=moderator, reason="Satire.")
    ladder = [
        (AnonymousUser(), set()),
        (factories.make_user(None), set()),
        (factories.make_user(Role.MODERATOR, is_active=False), set()),
        (factories.make_user(Role.REPORTER, factories.make_desk("health")), {standing}),
        (factories.make_user(Role.LEAD), {standing}),
        (moderator, {standing, withdrawn}),
    ]
    for user, visible in ladder:
        assert set(KnownClaim.objects.visible_to(user)) == visible, user


# --- what the database forbids


@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"text": ""}, "a_known_claim_says_what_was_claimed"),
        (
            {"url": "", "publisher_name": "", "publisher_site": ""},
            "a_known_claim_names_its_page_or_publisher",
        ),
        ({"origin": "own"}, "a_known_claim_comes_from_our_claim_or_an_import"),
        ({"withdrawn_because": "Satire."}, "a_withdrawn_known_claim_says_why"),
        ({"identity": "taken"}, "one_known_claim_per_origin_and_identity"),
    ],
)
def test_the_database_forbids(changes: dict[str, str], constraint: str):
    known, other = factories.make_known_claim(), factories.make_known_claim()
    KnownClaim.objects.filter(pk=other.pk).update(identity="taken")
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        KnownClaim.objects.filter(pk=known.pk).update(**changes)


def test_a_finished_import_is_not_begun_again():
    row = bring(make_reviewed_claim())
    with pytest.raises(IntegrityError, match="illegal transition of import"), transaction.atomic():
        KnownClaimImport.objects.filter(pk=row.pk).update(state="begun")


def test_a_review_is_found_by_its_address_through_an_index_that_leaves_out_those_without() -> None:
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
        by_address = KnownClaim.objects.filter(url="https://checks.example/9")
        assert "known_claim_by_address" in by_address.order_by().explain()
        assert "known_claim_by_address" not in KnownClaim.objects.filter(url="").order_by().explain()
