"""Cited pages: a copy is kept, quotations are looked for in it, and what changes later flags the verdict."""

from __future__ import annotations

import io
import os
import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from claims.sources.cited_page import Obstacle, UnreadablePage
from claimtracker.accounts.models import Role
from claimtracker.jobs.models import Job
from claimtracker.kernel.errors import ActionRefused, NotPermitted
from claimtracker.ledger.models import AuditEntry
from reviews.actions.publishing import publish_verdict
from reviews.actions.snapshots import CHECK_QUOTATION, LOOK, Look, look_at, text_of
from reviews.actions.source_checks import ask_for_due_looks, record_look, record_quotation, settle_change
from reviews.actions.sources import name_source, protect_source
from reviews.actions.verdicts import approve_verdict, submit_verdict
from reviews.models import (
    EvidenceChange,
    Notification,
    QuotationCheck,
    ReviewTask,
    Source,
    SourceCheck,
    SourceSnapshot,
    StoredContent,
)
from reviews.snapshot_store import snapshot_store
from tests import factories
from tests.support.cited_pages import QUOTE, cite, look, page, serve

pytestmark = pytest.mark.django_db


@pytest.fixture
def checker():
    return factories.make_user(name="Mara Okafor")


def wanted(kind):
    return list(Job.objects.filter(kind=kind).values_list("object_id", flat=True))


def published(server, checker):
    """Evidence under a verdict that is public."""
    task = factories.make_taken_task(checker)
    evidence = cite(server, checker, claim=task.claim)
    factories.make_evidence(task.claim, checker)
    verdict = submit_verdict(
        task,
        by=checker,
        rating=factories.make_rating(),
        summary="The accounts show a third of that.",
        rationale="The audited accounts list the spending line by line.",
    )
    editor = factories.make_user(Role.EDITOR)
    publish_verdict(approve_verdict(verdict, by=editor, revision=verdict.revision), by=editor)
    return evidence


def test_a_cited_page_is_kept_with_its_words(server, checker):
    evidence = cite(server, checker)
    assert wanted(LOOK) == [str(evidence.source_id)]
    check = look(evidence.source)
    snapshot = SourceSnapshot.objects.get()
    assert (check.condition, check.snapshot, snapshot.media_type) == ("alive", snapshot, "text/html")
    assert snapshot_store().get(snapshot.page_id) == page(QUOTE)
    text = text_of(snapshot)
    assert text is not None and QUOTE in text and "Home" in text and "<p>" not in text
    source = Source.objects.get(pk=evidence.source_id)
    assert (source.condition, source.last_snapshot) == ("alive", snapshot)
    assert source.next_check_at - source.checked_at == timedelta(days=7)


def test_the_quotation_is_found_with_its_place(server, checker):
    evidence = cite(server, checker)
    look(evidence.source)
    evidence.refresh_from_db()
    found = evidence.last_quote
    text = text_of(found.snapshot)
    assert (found.result, evidence.basis_quote) == ("found", found)
    assert text[found.start : found.end] == found.exact == QUOTE.rstrip(".")
    assert text[: found.start].endswith(found.prefix) and text[found.end :].startswith(found.suffix)


@pytest.mark.parametrize(
    ("stands", "result"),
    [
        ("Expenditure to the date: £131.2m.", "near"),
        ("Expenditure to date: £113.2m.", "missing"),
        ("Nothing of the kind.", "missing"),
    ],
)
def test_what_is_not_quite_there_is_told_apart(server, checker, stands, result):
    serve(server, stands)
    evidence = cite(server, checker)
    look(evidence.source)
    evidence.refresh_from_db()
    assert evidence.last_quote.result == result
    assert not EvidenceChange.objects.exists(), "what never was there has not changed"


def test_a_pdf_is_kept_and_cannot_be_compared(server, checker):
    server.gives("/accounts", b"%PDF-1.7 ...", headers=("Content-Type: application/pdf",))
    evidence = cite(server, checker)
    look(evidence.source)
    evidence.refresh_from_db()
    assert evidence.last_quote.result == "unreadable"
    snapshot = SourceSnapshot.objects.get()
    assert (snapshot.text, text_of(snapshot), snapshot_store().get(snapshot.page_id)[:5]) == (
        None,
        None,
        b"%PDF-",
    )


def test_another_quotation_of_a_fresh_copy_fetches_nothing(server, checker):
    evidence = cite(server, checker)
    look(evidence.source)
    again = cite(server, checker, quotation="Line 3 of the accounts lists")
    assert wanted(CHECK_QUOTATION) == [str(again.pk)]
    asked = len(server.asked)
    assert record_quotation(again).result == "found"
    assert record_quotation(again).pk == QuotationCheck.objects.get(evidence=again).pk, "safe to repeat"
    assert len(server.asked) == asked


def test_the_same_content_is_kept_once(server, checker):
    first, second = cite(server, checker, "/a"), cite(server, checker, "/b")
    look(first.source)
    look(second.source)
    look(second.source)
    assert SourceSnapshot.objects.count() == 2
    assert StoredContent.objects.count() == len(list(snapshot_store().digests())) == 2
    assert SourceCheck.objects.count() == 3


def test_a_changed_quotation_flags_the_verdict_after_a_second_look(server, checker):
    evidence = published(server, checker)
    look(evidence.source)
    serve(server, "Expenditure to date: £140.9m.")
    check = look(evidence.source)
    source = Source.objects.get(pk=evidence.source_id)
    assert (check.condition, source.changed_at) == ("changed", source.checked_at)
    assert source.next_check_at - source.checked_at == timedelta(hours=1), "it is looked at again soon"
    assert not EvidenceChange.objects.exists()
    look(evidence.source)
    change = EvidenceChange.objects.get()
    assert (change.evidence, change.kind) == (evidence, "changed")
    task = ReviewTask.objects.get(kind="recheck")
    assert (task.claim_id, task.cause, task.state) == (evidence.claim_id, "evidence_changed", "queued")
    assert f"evidence {evidence.pk}" in task.why and evidence.source.title not in task.why
    look(evidence.source)
    assert EvidenceChange.objects.count() == ReviewTask.objects.filter(kind="recheck").count() == 1
    assert AuditEntry.objects.filter(verb="evidence.changed").count() == 1
    told = Notification.objects.filter(user=checker).exclude(kind__in=["approved", "published"])
    assert list(told.values_list("kind", flat=True)) == ["evidence_changed"], "one thing, told once"
    assert evidence.source.title not in told.get().text


def test_a_rewritten_quotation_is_changed_not_vanished(server, checker):
    evidence = published(server, checker)
    look(evidence.source)
    serve(server, "Expenditure up to the date: £131.2m.")
    look(evidence.source)
    look(evidence.source)
    assert EvidenceChange.objects.get().kind == "changed"


def test_a_page_that_is_gone_flags_the_verdict_after_a_second_look(server, checker):
    evidence = published(server, checker)
    look(evidence.source)
    server.gives("/accounts", b"gone", status="410 Gone")
    first = look(evidence.source)
    assert (first.condition, first.snapshot) == ("gone", None)
    assert "archived copy" in first.message
    assert not EvidenceChange.objects.exists()
    look(evidence.source)
    assert EvidenceChange.objects.get().kind == "gone"
    assert ReviewTask.objects.filter(kind="recheck").count() == 1
    assert Source.objects.get(pk=evidence.source_id).last_snapshot is not None, "the copy stays"


def test_a_page_that_comes_back_takes_the_flag_away(server, checker):
    evidence = published(server, checker)
    look(evidence.source)
    server.gives("/accounts", b"", status="404 Not Found")
    look(evidence.source)
    look(evidence.source)
    serve(server, QUOTE)
    look(evidence.source)
    change = EvidenceChange.objects.get()
    assert (change.settled, change.settled_by) == ("returned", None)
    assert AuditEntry.objects.filter(verb="evidence.returned").count() == 1


def test_a_moment_away_is_no_change(server, checker):
    evidence = published(server, checker)
    look(evidence.source)
    server.gives("/accounts", b"", status="503 Unavailable")
    for _ in range(8):  # the first three times its host is only let rest
        assert look(evidence.source).condition == "away", "a site that answers is not gone"
    assert not EvidenceChange.objects.exists()
    source = Source.objects.get(pk=evidence.source_id)
    assert source.next_check_at - source.checked_at == timedelta(days=7), (
        "it is not asked every hour for ever"
    )


def test_our_own_network_away_says_nothing_of_a_page(server, checker):
    evidence = published(server, checker)
    look(evidence.source)
    away = UnreadablePage(Obstacle.AWAY, "network_away", "Nor any other site was found.")
    for _ in range(8):
        source = Source.objects.get(pk=evidence.source_id)
        assert record_look(source, look=Look(obstacle=away)).condition == "away"
    unknown = UnreadablePage(Obstacle.AWAY, "unknown_host", "No site of that name was found.")
    source = Source.objects.get(pk=evidence.source_id)
    assert source.failures == 0
    assert source.next_check_at - source.checked_at == timedelta(hours=1), "the next look is soon"
    assert record_look(source, look=Look(obstacle=unknown)).condition == "away", "one look is not the fifth"
    assert not EvidenceChange.objects.exists()


def test_a_new_advertisement_is_no_change(server, checker):
    evidence = cite(server, checker)
    look(evidence.source)
    server.gives(
        "/accounts",
        page(QUOTE).replace(b"<nav>Home</nav>", b"<nav>Home | Buy two, pay one!</nav>"),
        headers=("Content-Type: text/html; charset=utf-8",),
    )
    assert look(evidence.source).condition == "alive"
    assert SourceSnapshot.objects.count() == 2, "but what it was is kept"


def test_who_has_looked_at_a_change_settles_it(server, checker):
    evidence = published(server, checker)
    look(evidence.source)
    serve(server, "Expenditure to date: £140.9m.")
    look(evidence.source)
    look(evidence.source)
    change = EvidenceChange.objects.get()
    for stranger in (
        factories.make_user(Role.REPORTER),
        factories.make_user(Role.LEAD, factories.make_desk("sport")),
    ):
        with pytest.raises(NotPermitted):
            settle_change(change, by=stranger)
    settled = settle_change(change, by=checker)
    assert (settled.settled, settled.settled_by) == ("seen", checker)
    with pytest.raises(ActionRefused):
        settle_change(change, by=checker)
    look(evidence.source)
    look(evidence.source)
    assert EvidenceChange.objects.filter(settled="").count() == 0, "it is not told twice of the same"
    serve(server, "The accounts were withdrawn, and a year of expenditure to date is unknown.")
    look(evidence.source)
    look(evidence.source)
    serve(server, QUOTE)
    look(evidence.source)
    serve(server, "Expenditure to date: £150.0m.")
    look(evidence.source)
    look(evidence.source)
    assert EvidenceChange.objects.filter(settled="").count() == 1, "another change is another"


def test_due_pages_are_asked_for_once(server, checker):
    evidence = cite(server, checker)
    look(evidence.source)
    Job.objects.all().delete()
    assert ask_for_due_looks() == 0
    later = timezone.now() + timedelta(days=8)
    assert ask_for_due_looks(later) == ask_for_due_looks(later) == 1
    assert wanted(LOOK) == [str(evidence.source_id)]


def test_a_confidential_source_is_never_fetched(server, checker):
    evidence = cite(server, checker, is_confidential=True, confidential_because="He would be found.")
    assert wanted(LOOK) == []
    assert look_at(evidence.source) is None
    assert server.asked == []


def test_one_that_becomes_confidential_while_it_is_fetched_leaves_nothing(server, checker):
    evidence = cite(server, checker)
    brought = look_at(evidence.source)
    protect_source(evidence.source, by=checker, because="He would be found.")
    assert record_look(evidence.source, look=brought) is None
    assert not SourceSnapshot.objects.exists() and not SourceCheck.objects.exists()
    assert Source.objects.get().next_check_at is None
    assert ask_for_due_looks(timezone.now() + timedelta(days=30)) == 0
    Job.objects.all().delete()
    name_source(evidence.source, by=factories.make_user(Role.EDITOR))
    assert wanted(LOOK) == [str(evidence.source_id)], "named again, it is looked at again"


def test_a_full_store_says_so_and_flags_nothing(server, checker, settings):
    evidence = published(server, checker)
    look(evidence.source)
    settings.SNAPSHOT_TOTAL_BYTES = 10
    serve(server, "Expenditure to date: £140.9m.")
    for _ in range(6):
        check = look(evidence.source)
    assert (check.condition, check.code) == ("refused", "store_full")
    assert not EvidenceChange.objects.exists()


def test_what_is_kept_cannot_be_changed(server, checker):
    look(cite(server, checker).source)
    for model in (SourceSnapshot, SourceCheck):
        with pytest.raises(Exception, match=r"permission denied|append"), connection.cursor() as cursor:
            cursor.execute(f"SAVEPOINT s; UPDATE {model._meta.db_table} SET id = id")
        with connection.cursor() as cursor:
            cursor.execute("ROLLBACK TO SAVEPOINT s")


def test_orphans_are_cleaned_and_losses_are_named(server, checker):
    evidence = cite(server, checker)
    look(evidence.source)
    orphan = snapshot_store().put(b"a worker was killed before it committed")
    long_ago = time.time() - 2 * 24 * 3600
    for digest in snapshot_store().digests():
        os.utime(snapshot_store().path_of(digest), (long_ago, long_ago))
    output = io.StringIO()
    call_command("clean_snapshots", "--dry-run", stdout=output)
    assert "Would remove 1 contents without a row" in output.getvalue()
    call_command("clean_snapshots", "--verify", stdout=output)
    assert not snapshot_store().has(orphan)
    kept = SourceSnapshot.objects.get().page_id
    assert snapshot_store().has(kept)
    Path(snapshot_store().path_of(kept)).write_bytes(b"damaged")
    with pytest.raises(CommandError, match="1 kept contents are lost"):
        call_command("clean_snapshots", "--verify", stdout=output)
    assert f"damaged: {kept}" in output.getvalue()
