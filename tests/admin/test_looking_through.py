"""Looking through the audit: one thing's whole history, a search by four things, pages, and files."""

from __future__ import annotations

import csv
import io
import json
from datetime import timedelta
from typing import Any

import pytest
from django.contrib import admin
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from claimtracker.accounts.models import Membership, Role, User
from claimtracker.ledger import audit, looking
from claimtracker.ledger.looking import Asked, entries_for, page_for
from claimtracker.ledger.models import AuditEntry
from claimtracker.ledger.sealing import seal_entries
from claimtracker.partners.actions import suspend_partner
from claimtracker.partners.keys import revoke_key
from reviews.actions.complaints import decide_complaint
from reviews.actions.members import remove_member
from tests import factories

from .conftest import make_one_of_each, signed_in

pytestmark = pytest.mark.django_db
LOOK, EXPORT = "/admin/ledger/auditentry/look/", "/admin/ledger/auditentry/export/"


def found(client: Client, **asked: Any) -> list[dict[str, Any]]:
    response = client.get(LOOK, asked)
    assert response.status_code == 200
    return response.context["rows"]


def write(verb: str, by: Any, subject: Any, times: int = 1, **said: Any) -> list[AuditEntry]:
    with transaction.atomic():
        return [audit.record(verb, by=by, subject=subject, **said) for _ in range(times)]


def test_from_every_objects_page_to_its_history(desk_of: Client) -> None:
    make_one_of_each(0)
    for model in admin.site._registry:
        row = model._default_manager.order_by("pk").last()
        address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_change", args=[row.pk])
        page = desk_of.get(address).content.decode()
        link = f"{LOOK}?subject_type={model._meta.label_lower}&amp;subject_id={row.pk}"
        assert link in page, f"{model.__name__}: no way to its history"
        assert desk_of.get(link.replace("&amp;", "&")).status_code == 200


def test_from_an_entry_to_the_thing_and_to_the_person(desk_of: Client, moderator: User) -> None:
    claim = factories.make_claim()
    (entry,) = write("claim.edited", moderator, claim)
    page = desk_of.get(reverse("admin:ledger_auditentry_change", args=[entry.pk])).content.decode()
    assert f"{LOOK}?subject_type=claims.claim&amp;subject_id={claim.pk}" in page
    assert f"{LOOK}?person={entry.actor_ref}" in page
    assert entry.pk in {row["number"] for row in found(desk_of, person=str(entry.actor_ref))}


def test_a_partners_history_has_its_keys_and_a_keys_its_own(desk_of: Client, moderator: User) -> None:
    partner, other = factories.make_partner(), factories.make_partner()
    key, _plain = factories.make_key(partner)
    factories.make_key(other)
    revoke_key(key, by=moderator)
    suspend_partner(partner, by=moderator, reason="Asked too often.")
    rows = found(desk_of, subject_type="partners.partner", subject_id=partner.pk)
    assert [row["verb"] for row in rows] == ["partner.suspended", "api_key.revoked", "api_key.issued"]
    rows = found(desk_of, subject_type="partners.apikey", subject_id=key.pk)
    assert [row["verb"] for row in rows] == ["api_key.revoked", "api_key.issued"]


def test_a_persons_history_has_roles_that_are_gone(desk_of: Client, moderator: User) -> None:
    person, lead = factories.make_user(Role.CHECKER), factories.make_user(Role.LEAD)
    membership = Membership.objects.get(user=person)
    remove_member(membership, by=lead)
    rows = found(desk_of, subject_type="accounts.user", subject_id=person.pk)
    assert [row["verb"] for row in rows] == ["membership.removed"]


def test_a_complaints_history_is_its_own_among_its_claims(desk_of: Client) -> None:
    publication = factories.make_publication()
    one, other = factories.make_complaint(publication), factories.make_complaint(publication)
    decide_complaint(one, by=factories.make_user(Role.LEAD), outcome="not_upheld", answer="It says so.")
    rows = found(desk_of, subject_type="reviews.complaint", subject_id=one.pk)
    assert [row["verb"] for row in rows] == ["complaint.decided", "complaint.received"]
    rows = found(desk_of, subject_type="reviews.complaint", subject_id=other.pk)
    assert [row["verb"] for row in rows] == ["complaint.received"]


def test_a_claims_history_has_what_hangs_on_it(desk_of: Client) -> None:
    publication = factories.make_publication()
    rows = found(desk_of, subject_type="claims.claim", subject_id=publication.claim_id)
    verbs = {row["verb"] for row in rows}
    assert {"review_task.taken", "verdict.submitted", "verdict.approved", "publication.published"} <= verbs


def test_it_is_looked_for_by_verb_person_thing_and_time(
    desk_of: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    anna, bert = factories.make_user(name="Anna Zett"), factories.make_user(name="Bert Ypsilon")
    one, other = factories.make_claim(), factories.make_claim()
    day = timezone.now() - timedelta(days=3)
    with monkeypatch.context() as then:
        then.setattr(timezone, "now", lambda: day)
        write("claim.edited", anna, one)
    write("claim.restored", anna, other)
    write("article.erased", bert, one)
    mine = {"claim.edited", "claim.restored", "article.erased"}

    def verbs(**asked: Any) -> list[str]:
        return [row["verb"] for row in found(desk_of, **asked) if row["verb"] in mine]

    assert verbs(person="zett") == ["claim.restored", "claim.edited"]
    assert verbs(person="zett", verb="claim.edited") == ["claim.edited"]
    assert verbs(person=bert.email) == verbs(user=str(bert.pk)) == ["article.erased"]
    assert verbs(verb="claim") == ["claim.restored", "claim.edited"]
    assert verbs(subject_type="claims.claim", subject_id=str(one.pk)) == ["article.erased", "claim.edited"]
    today, back = f"{timezone.localtime():%Y-%m-%d}", f"{timezone.localtime(day):%Y-%m-%d}"
    assert verbs(since=today) == ["article.erased", "claim.restored"]
    assert verbs(since=back, until=back) == ["claim.edited"]
    assert verbs(person="nobody of this name") == verbs(since="2999-01-01") == verbs(until="1999-01-01") == []
    assert "claim.edited" in verbs(since="no day", user="no number", verb="", before="x")


def test_pages_neither_repeat_nor_leave_out(desk_of: Client, moderator: User, monkeypatch: Any) -> None:
    monkeypatch.setattr(looking, "PAGE_ROWS", 4)
    claim = factories.make_claim()
    numbers = [entry.pk for entry in write("claim.edited", moderator, claim, times=10)]
    asked, seen, before = Asked(verb="claim.edited"), [], None
    for _page in range(9):
        page = page_for(asked, before=before, size=4)
        seen += [row["number"] for row in page.rows]
        before = page.older
        write("claim.edited", moderator, claim)
        if before is None:
            break
    assert seen == numbers[::-1]


def test_many_rows_cost_what_few_cost(desk_of: Client, moderator: User) -> None:
    claim = factories.make_claim()

    def price() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert desk_of.get(LOOK).status_code == 200
        return len(queries)

    write("claim.edited", moderator, claim, times=3, note="So.")
    price()
    few = price()
    write("claim.edited", moderator, claim, times=27, note="So.")
    for number in range(5):
        write("claim.edited", factories.make_user(name=f"P{number}"), claim)
    assert price() == few


@pytest.mark.parametrize(
    ("asked", "index"),
    [
        (Asked(verb="claim.edited"), "audit_of_verb"),
        (Asked(user=1), "audit_by_actor"),
        (Asked(subject_type="claims.claim"), "audit_of_kind"),
        (Asked(subject_type="claims.known", subject_id="1"), "audit_by_subject"),
    ],
)
def test_each_part_of_a_search_has_its_index(moderator: User, asked: Asked, index: str) -> None:
    """By the plan for a table in which nothing else is cheap."""
    write("claim.edited", moderator, factories.make_claim())
    if asked.user:
        asked = Asked(user=moderator.pk)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_sort = off")
        cursor.execute("SET LOCAL enable_bitmapscan = off")
    plan = entries_for(asked).order_by("-pk")[:50].explain()
    assert "Index Scan" in plan and "Sort" not in plan, plan
    with connection.cursor() as cursor:
        cursor.execute("SELECT indexname FROM pg_indexes WHERE tablename = 'ledger_auditentry'")
        assert index in {name for (name,) in cursor.fetchall()}


def test_verbs_are_those_that_the_audit_has(moderator: User) -> None:
    assert looking.verbs() == sorted(set(AuditEntry.objects.values_list("verb", flat=True)))
    write("zebra.seen", moderator, factories.make_claim())
    write("aardvark.seen", moderator, factories.make_claim())
    assert looking.verbs() == sorted(set(AuditEntry.objects.values_list("verb", flat=True)))
    assert looking.kinds() == sorted(set(AuditEntry.objects.values_list("subject_type", flat=True)))


def taken(client: Client, form: str, **asked: Any) -> str:
    response = client.post(EXPORT, {"form": form, **asked})
    assert response.status_code == 200 and response.streaming
    assert response["Content-Disposition"].endswith(f'.{form}"') and "no-store" in response["Cache-Control"]
    return b"".join(response.streaming_content).decode()


def test_both_files_have_all_that_was_found_and_that_they_were_taken_is_audited(
    desk_of: Client, moderator: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(looking, "AT_ONCE", 4)  # several batches
    anna, claim = factories.make_user(name="=Anna Zett"), factories.make_claim()
    numbers = [
        entry.pk for entry in write("claim.edited", anna, claim, times=10, note="=1+1", details={"n": 1})
    ]
    write("claim.restored", anna, claim)
    seal_entries()
    lines = [json.loads(line) for line in taken(desk_of, "jsonl", verb="claim.edited").splitlines()]
    assert [line["number"] for line in lines] == numbers[::-1]
    assert lines[0]["by"]["name"] == "=Anna Zett" and lines[0]["details"] == {"n": 1} and lines[0]["seal"]
    rows = list(csv.DictReader(io.StringIO(taken(desk_of, "csv", verb="claim.edited", person="zett"))))
    assert [int(row["number"]) for row in rows] == numbers[::-1]
    assert rows[0]["by_name"] == "'=Anna Zett" and rows[0]["note"] == "'=1+1", "no spreadsheet runs it"
    assert rows[0]["uid"] == lines[0]["uid"] and json.loads(rows[0]["details"]) == {"n": 1}
    first, second = AuditEntry.objects.filter(verb="audit.exported").order_by("id")
    assert first.details == {
        "form": "jsonl",
        "asked": {"verb": "claim.edited"},
        "entries": 10,
        "newest": numbers[-1],
    }
    assert "zett" not in str(second.details).lower(), "people stand there by reference"
    assert second.details["asked"]["people"] == str(audit.actor_for(anna).ref)
    assert first.actor_ref == audit.actor_for(moderator).ref


def test_what_is_written_meanwhile_is_not_in_the_file(moderator: User) -> None:
    claim = factories.make_claim()
    write("claim.edited", moderator, claim, times=2)
    with transaction.atomic():
        lines = looking.export(Asked(), by=moderator, form="jsonl")
    newest = AuditEntry.objects.filter(verb="audit.exported").get().details["newest"]
    write("claim.edited", moderator, claim, times=2)
    assert max(json.loads(line)["number"] for line in lines) == newest


def test_a_moderator_takes_so_many_at_once_and_a_superuser_all(
    desk_of: Client, moderator: User, superuser: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(looking, "MODERATORS_EXPORT", 5)
    write("zebra.seen", moderator, factories.make_claim(), times=6)
    response = desk_of.post(EXPORT, {"form": "csv", "verb": "zebra.seen"}, follow=True)
    assert "At most 5 entries are exported at once" in response.content.decode()
    assert not AuditEntry.objects.filter(verb="audit.exported").exists()
    assert len(taken(signed_in(superuser), "jsonl", verb="zebra.seen").splitlines()) == 6


@pytest.mark.parametrize("rank", [None, Role.REPORTER, Role.CHECKER, Role.EDITOR, Role.LEAD])
def test_nobody_else_looks_or_takes(rank: str | None) -> None:
    client = signed_in(factories.make_user(rank) if rank else None)
    for response in (client.get(LOOK), client.post(EXPORT, {"form": "csv"})):
        assert response.status_code == (403 if rank else 302)
    assert not AuditEntry.objects.filter(verb="audit.exported").exists()


def test_a_file_is_asked_for_by_a_form_alone(desk_of: Client) -> None:
    assert desk_of.get(EXPORT).status_code == 405
