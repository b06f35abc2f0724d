"""The insight pages: who sees them, that plot, table and file say the same, what counts where, and that more
rows cost no more queries."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from claims.actions.claimants import group_claimant
from claims.actions.curation import dismiss_claim, restore_claim
from claims.models import Claim, Claimant
from claimtracker.accounts.models import Role
from claimtracker.kernel.errors import ActionRefused, NotPermitted
from claimtracker.ledger.models import AuditEntry
from claimtracker.web.acceptance import first_week
from claimtracker.web.insight import backlog, balance, extraction, throughput, times
from claimtracker.web.insight.asked import Asked
from claimtracker.web.insight.reports import length
from reviews.actions.assignment import take_task
from reviews.models import ReviewTask
from tests import factories

pytestmark = pytest.mark.django_db
PAGES = (
    "",
    "throughput/",
    "times/",
    "backlog/",
    "agreement/",
    "extraction/",
    "balance/",
    "balance/claimants/",
)
FILES = (
    "throughput/throughput.csv",
    "times/times.csv",
    "times/times-running.csv",
    "backlog/backlog.csv",
    "backlog/backlog-oldest.csv",
    "extraction/extraction.csv",
    "extraction/extraction-reasons.csv",
    "balance/balance.csv",
    "balance/balance-ratings.csv",
)


@pytest.fixture
def lead(client: Client) -> Client:
    client.force_login(factories.make_user(Role.LEAD))
    return client


@pytest.fixture
def story() -> Any:
    """One claim published and corrected, one dismissed, one that waits."""
    public = factories.make_claim(claimant="Ann Lee", extractor_version="e-1")
    publication = factories.make_publication(claim=public)
    factories.make_correction(publication)
    checker = factories.make_user()
    dismissed = factories.make_claim(claimant="", extractor_version="e-1")
    dismiss_claim(dismissed, by=checker, reason="Too vague to check")
    factories.make_task(factories.make_claim(claimant="Bo Roy", extractor_version="e-2"))
    return publication


def asked(user: Any = None, **query: str) -> Asked:
    return Asked.of(user or factories.make_user(Role.MODERATOR), query)


def sheet(client: Client, path: str, **query: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(client.get(f"/insight/{path}", query).text)))


@pytest.mark.parametrize("path", [*PAGES, *FILES])
def test_others_are_refused_with_a_sentence(client: Client, path: str) -> None:
    address = f"/insight/{path}"
    assert client.get(address)["Location"].startswith("/account/login/")
    client.force_login(factories.make_user(Role.CHECKER))
    refused = client.get(address)
    assert refused.status_code == 403
    assert "Only editors, leads and moderators see the insight pages." in refused.text


def test_every_page_says_what_it_does_not_tell_and_has_one_navigation(lead: Client, story: Any) -> None:
    for path in PAGES:
        page = lead.get(f"/insight/{path}")
        assert page.status_code == 200, path
        assert "What it does not tell." in page.text
        assert 'aria-current="page"' in page.text
        assert "style=" not in page.text
        assert page.text.count('class="tab"') == 7


def test_every_table_on_a_page_is_a_file_of_the_same_rows(lead: Client, story: Any) -> None:
    for name in ("throughput", "times", "backlog", "extraction", "balance"):
        page = lead.get(f"/insight/{name}/", {"weeks": "12"})
        for table in page.context["report"].tables:
            rows = sheet(lead, f"{name}/{table.key}.csv", weeks="12")
            assert [list(row) for row in rows] == [table.head] * len(table.rows)
            assert len(rows) == len(table.rows) > 0
            assert f"{table.key}.csv?weeks=12" in page.text
    assert lead.get("/insight/times/other.csv").status_code == 404


def test_each_step_counts_in_the_week_in_which_it_happened(story: Any) -> None:
    found = throughput.counted(asked())
    now = first_week(1).date()
    assert {name: weeks.get(now, 0) for name, weeks in found.items()} == {
        "extracted": 3,
        "selected": 1,
        "submitted": 2,
        "published": 1,
        "corrected": 1,
        "dismissed": 1,
    }
    Claim.objects.update(created_at=timezone.now() - timedelta(weeks=5))
    assert throughput.counted(asked())["extracted"] == {now - timedelta(weeks=5): 3}
    assert throughput.counted(asked(weeks="12"))["extracted"]


def test_a_claim_that_a_person_marked_was_not_extracted_and_a_restored_one_was_dismissed() -> None:
    claim = factories.make_claim()
    checker = factories.make_user()
    dismiss_claim(claim, by=checker, reason="No.")
    restore_claim(claim, by=checker)
    found = throughput.counted(asked())
    assert found["extracted"] == {}
    assert list(found["dismissed"].values()) == [1]


def test_only_the_desks_that_one_sees_count_and_one_can_be_chosen(client: Client, story: Any) -> None:
    world = factories.make_desk("world")
    dismiss_claim(
        story.claim.__class__.objects.filter(state="suggested").latest("id"), by=_checker(), reason="No."
    )
    stranger = factories.make_user(Role.EDITOR, desk=world)
    assert not any(throughput.counted(asked(stranger)).values())
    both = asked(factories.make_user(Role.MODERATOR), desk="world")
    assert both.desk == world
    assert not any(throughput.counted(both).values())
    assert not backlog.open_by_age(both)
    assert not balance.groups(both)
    assert not extraction.kept_and_dismissed(both)
    assert asked(stranger, desk="politics").desk_ids == [world.pk]


def _checker() -> Any:
    return factories.make_user(Role.CHECKER)


def test_medians_are_of_what_ended_and_what_runs_is_counted_beside_it() -> None:
    now = timezone.now()
    for hours in (2, 4, 12):
        author = factories.make_user()
        verdict = factories.make_submitted_verdict(author)
        research = ReviewTask.objects.filter(claim=verdict.claim, kind="research")
        _run(
            "UPDATE reviews_reviewtask SET created_at = %s, taken_at = %s, finished_at = %s WHERE id = %s",
            [now - timedelta(hours=hours + 1), now - timedelta(hours=hours), now, research.get().pk],
        )
    waiting = factories.make_task()
    take_task(factories.make_task(), by=factories.make_user())
    found, still = times.took(asked()), times.running(asked())
    (queue,), (research_took,) = found["queue"].values(), found["research"].values()
    assert queue.count == 3
    assert _hours(queue.median) == pytest.approx(1)
    assert (_hours(research_took.median), _hours(research_took.p90)) == pytest.approx((4, 10.4))
    assert found["second_review"] == {}
    assert {step: one.count for step, one in still.items()} == {
        "queue": 1,
        "research": 1,
        "second_review": 3,
        "publishing": 0,
    }
    assert still["queue"].since == waiting.created_at


def test_an_approved_verdict_waits_for_publishing_until_it_goes_out() -> None:
    author, editor = factories.make_user(), factories.make_user(Role.EDITOR)
    factories.make_approved_verdict(author, editor)
    assert times.running(asked())["publishing"].count == 1
    factories.make_publication()
    found = times.took(asked())["publishing"]
    assert [one.count for one in found.values()] == [1]


def test_open_tasks_stand_by_age_and_the_oldest_are_linked(lead: Client) -> None:
    old, new = factories.make_task(), factories.make_task()
    late = timezone.now() - timedelta(days=1)
    ReviewTask.objects.filter(pk=old.pk).update(created_at=timezone.now() - timedelta(days=30), due_at=late)
    (line,) = backlog.open_by_age(asked())
    assert (line.bands["day"], line.bands["older"], line.total, line.late) == (1, 1, 2, 1)
    page = lead.get("/insight/backlog/")
    assert [task.pk for task in backlog.oldest(asked())] == [old.pk, new.pk]
    assert f'href="/claims/{old.claim_id}/"' in page.text
    assert "1.0 days late" in page.text or "24.0 hours late" in page.text
    (row,) = sheet(lead, "backlog/backlog.csv")
    assert (row["desk"], row["kind"], row["older"], row["late"]) == ("Politics", "research", "1", "1")


def test_ages_have_no_gap_and_no_overlap() -> None:
    for days in (0, 1, 3, 7, 14, 28):
        task = factories.make_task()
        ReviewTask.objects.filter(pk=task.pk).update(
            created_at=timezone.now() - timedelta(days=days, minutes=1)
        )
    (line,) = backlog.open_by_age(asked())
    assert list(line.bands.values()) == [1] * 6


def test_claims_are_kept_or_dismissed_by_version_and_reason(story: Any) -> None:
    lines = {line.version: line for line in extraction.kept_and_dismissed(asked())}
    first, second = lines["e-1"], lines["e-2"]
    assert (first.found, first.kept, first.dismissed, first.undecided) == (2, 1, 1, 0)
    assert (second.found, second.kept, second.undecided) == (1, 0, 1)
    factories.make_claim(extractor_version="e-1")
    dismiss_claim(Claim.objects.latest("id"), by=_checker(), reason="too vague to check ")
    assert extraction.reasons(asked()) == [("e-1", "too vague to check", 2)]


def test_the_balance_counts_groups_that_people_set_and_says_what_nobody_told(
    lead: Client, story: Any
) -> None:
    editor = factories.make_user(Role.EDITOR)
    group_claimant(Claimant.objects.get(name="Ann Lee"), by=editor, group="  Government ")
    factories.make_publication(claim=factories.make_claim(claimant="Cy Day"), rating="true")
    found = {group.key: group for group in balance.groups(asked())}
    government = found["Government"]
    assert (government.checked.count, government.checked.total) == (1, 2)
    assert government.checked.low == pytest.approx(0.0945, abs=1e-3)
    assert [(one.label, one.share.count) for one in government.ratings] == [("False", 1)]
    assert found["not told"].checked.count == 1
    assert found["not told"].offered.count == 2  # Bo Roy and Cy Day; the dismissed claim counts nowhere
    assert "no claimant" not in found
    page = lead.get("/insight/balance/")
    assert "with fewer than 30 no share" in page.text
    assert "Government: 50%, between 9% and 91% (1 checks)" in page.text
    ratings = sheet(lead, "balance/balance-ratings.csv")
    assert {row["too_few"] for row in ratings} == {"yes"}


def test_a_retracted_check_counts_in_no_balance(story: Any) -> None:
    factories.make_retraction(story.claim.publications.latest("number"))
    assert sum(group.checked.count for group in balance.groups(asked())) == 0


def test_editors_put_claimants_into_groups_and_the_ledger_says_who(client: Client) -> None:
    claim = factories.make_claim(claimant="=Ann")
    editor = factories.make_user(Role.EDITOR)
    client.force_login(editor)
    sent = {"claimant": str(claim.claimant_id), "group": "Party A", "weeks": "12"}
    answer = client.post("/insight/balance/claimants/", sent)
    assert answer["Location"] == "/insight/balance/claimants/?weeks=12"
    claim.claimant.refresh_from_db()
    assert str(claim.claimant.group) == "Party A"
    entry = AuditEntry.objects.get(verb="claimant.grouped")
    assert entry.details == {"before": None, "after": claim.claimant.group_id}
    client.post("/insight/balance/claimants/", {**sent, "group": "party a"})
    assert (
        AuditEntry.objects.filter(verb="claimant.grouped").count() == 1
    )  # the same group, whatever its case
    refused = client.post("/insight/balance/claimants/", {**sent, "group": "x" * 61})
    assert refused.status_code == 422
    assert "has 61 characters; 60 are the limit" in refused.text
    client.post("/insight/balance/claimants/", {**sent, "group": ""})
    claim.claimant.refresh_from_db()
    assert claim.claimant.group is None


def test_claimants_of_other_desks_are_not_found_and_checkers_do_not_group(client: Client) -> None:
    claim = factories.make_claim()
    client.force_login(factories.make_user(Role.LEAD, desk=factories.make_desk("world")))
    sent = {"claimant": str(claim.claimant_id), "group": "X"}
    assert client.post("/insight/balance/claimants/", sent).status_code == 404
    with pytest.raises(NotPermitted, match="Only editors, leads and moderators say"):
        group_claimant(claim.claimant, by=factories.make_user(), group="X")
    with pytest.raises(ActionRefused, match="60 are the limit"):
        group_claimant(claim.claimant, by=factories.make_user(Role.EDITOR), group="x" * 99)


def test_more_of_everything_costs_no_more_queries(lead: Client) -> None:
    def cost(path: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert lead.get(f"/insight/{path}").status_code == 200
        return len(queries)

    def more(number: int) -> None:
        for n in range(number):
            claim = factories.make_claim(
                claimant=f"Speaker {Claim.objects.count()}", extractor_version=f"e-{n}"
            )
            factories.make_task(claim)
        factories.make_publication()
        factories.make_submitted_verdict(factories.make_user())
        dismiss_claim(factories.make_claim(extractor_version="e-1"), by=_checker(), reason=f"No {number}.")

    more(1)
    for path in PAGES:
        cost(path)
    few = {path: cost(path) for path in PAGES}
    more(4)
    assert {path: cost(path) for path in PAGES} == few
    # three of the session, the person and the menus beside the page's own
    assert few["backlog/"] <= 10
    assert max(few.values()) <= 22


@pytest.mark.parametrize(
    ("minutes", "words"), [(1, "1 minute"), (59, "59 minutes"), (90, "1.5 hours"), (2 * 1440, "2.0 days")]
)
def test_a_length_is_told_in_the_unit_that_fits(minutes: int, words: str) -> None:
    assert length(timedelta(minutes=minutes)) == words


def _hours(span: timedelta | None) -> float:
    assert span is not None
    return span.total_seconds() / 3600


def _run(sql: str, values: list[Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


@pytest.fixture
def keeping(settings: Any) -> Any:
    cache.clear()
    settings.INSIGHT_KEPT_SECONDS = 60
    yield settings
    cache.clear()


@pytest.mark.parametrize("path", PAGES)
def test_what_was_counted_stands_for_a_while_for_who_sees_the_same(
    client: Client, story: Any, keeping: Any, path: str
) -> None:
    people = [factories.make_user(Role.MODERATOR) for _number in range(2)]
    client.force_login(people[0])
    with CaptureQueriesContext(connection) as first:
        counted = client.get(f"/insight/{path}")
    factories.make_task(factories.make_claim(claimant="Cy Day", extractor_version="e-3"))
    client.force_login(people[1])
    with CaptureQueriesContext(connection) as second:
        kept = client.get(f"/insight/{path}")
    assert len(second) < len(first)
    assert kept.context["counted_at"] == counted.context["counted_at"]
    assert "the figures are kept for a short while" in kept.text
    assert "Cy Day" not in kept.text
    keeping.INSIGHT_KEPT_SECONDS = 0
    assert client.get(f"/insight/{path}").context["counted_at"] > kept.context["counted_at"]


def test_kept_figures_are_not_shown_to_who_sees_other_desks(client: Client, story: Any, keeping: Any) -> None:
    def shown(user: Any, **query: str) -> Any:
        client.force_login(user)
        report = client.get("/insight/throughput/", query).context["report"]
        return report.table("throughput").values

    everything = shown(factories.make_user(Role.MODERATOR))
    elsewhere = factories.make_user(Role.LEAD, factories.make_desk("elsewhere"))
    assert sum(row[1] for row in everything) == 3
    assert sum(row[1] for row in shown(elsewhere)) == 0
    assert shown(factories.make_user(Role.MODERATOR), weeks="12") != everything


def test_who_groups_a_claimant_sees_it_at_once(client: Client, story: Any, keeping: Any) -> None:
    lead = factories.make_user(Role.LEAD)
    client.force_login(lead)
    client.get("/insight/balance/claimants/")
    group_claimant(Claimant.objects.get(name="Ann Lee"), by=lead, group="Council")
    assert "Council" in client.get("/insight/balance/claimants/").text


def test_the_file_is_of_the_same_figures_as_the_page(lead: Client, story: Any, keeping: Any) -> None:
    shown = lead.get("/insight/throughput/").context["report"].table("throughput")
    factories.make_claim(extractor_version="e-3")
    rows = sheet(lead, "throughput/throughput.csv")
    assert [list(row.values()) for row in rows] == [[str(value) for value in line] for line in shown.values]
