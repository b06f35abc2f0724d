"""The typed query above the queue: what each word finds, what is said of one that cannot be read."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from claimtracker.accounts.models import Membership, Role
from reviews.actions.assignment import take_task
from reviews.models import ClaimRoute, ReviewTask
from reviews.queue_query import parse
from reviews.queue_query.terms import NAMES
from reviews.selectors.queue import QueueFilter, queue_page
from reviews.selectors.queue_terms import last_changed_by
from reviews.views.queue_words import GUIDE
from tests import factories

pytestmark = pytest.mark.django_db


def found(person, text, show="all"):
    return {task.pk for task in queue_page(person, QueueFilter(show, parse(text).terms)).tasks}


def task_of(text, **fields):
    article = factories.make_article(
        f"{text}, it was said.\n", **{k: fields.pop(k) for k in ("desk", "origin") if k in fields}
    )
    return factories.make_task(factories.make_claim(text, article=article, **fields))


def test_each_word_finds_its_tasks() -> None:
    politics, world = factories.make_desk("politics"), factories.make_desk("world")
    lead = factories.make_user(Role.LEAD, desk=politics, name="Ines Duarte")
    Membership.objects.create(user=lead, desk=world, role=Role.LEAD)
    roads = task_of("The city spent 5 million on roads", score=0.9, claimant="Ann Lee", origin="partner:wire")
    rates = task_of("Rates doubled since May", score=0.3, claimant="Bo Ek", desk=world)
    ReviewTask.objects.filter(pk=roads.pk).update(due_at=timezone.now() + timedelta(hours=30))
    ReviewTask.objects.filter(pk=rates.pk).update(due_at=timezone.now() - timedelta(hours=1))
    version = roads.claim.appearances.get().version
    type(version.article).objects.filter(pk=version.article_id).update(language="de")
    ClaimRoute.objects.get(claim=roads.claim).topics.add(factories.make_topic("Health"))
    take_task(rates, by=lead)
    only_roads = (
        "roads", "ROADS", '"on roads"', "desk:politics", "state:queued", "score:>0.7", "lang:de",
        "claimant:ann", "claimant:lee claimant:nobody", "partner:wire", "topic:health", "due:>2h", "late:no",
        "mine:no", "changed-by:not-me", "desk:politics city spent",
    )  # fmt: skip
    for text in only_roads:
        assert found(lead, text) == {roads.pk}, text
    only_rates = ("desk:world", "state:taken", "score:<=0.3", "due:<2h", "late:yes", "mine:yes", "with:ines",
                  "changed-by:me", "score:<0.5 may")  # fmt: skip
    for text in only_rates:
        assert found(lead, text) == {rates.pk}, text
    for text in (
        "desk:politics desk:world",
        "kind:research",
        "score:>0.1 score:<0.95",
        "state:queued state:taken",
    ):
        assert found(lead, text) == {roads.pk, rates.pk}, text
    for text in ("kind:triage", "roads rates", "with:mara", "score:>0.5 score:<0.4", "100%", "under_score"):
        assert found(lead, text) == set(), text


def test_last_changed_is_told_of_claim_task_and_verdict() -> None:
    checker, editor = factories.make_user(), factories.make_user(Role.EDITOR)
    verdict = factories.make_submitted_verdict(checker)
    assert last_changed_by(checker) == [verdict.claim_id], "the proposal is the last change"
    assert last_changed_by(editor) == []
    take_task(ReviewTask.objects.get(kind="second_review"), by=editor)
    assert (last_changed_by(checker), last_changed_by(editor)) == ([], [verdict.claim_id])


def test_a_query_that_asks_for_taken_tasks_looks_at_all_open_ones(client: Client) -> None:
    checker = factories.make_user()
    task = factories.make_taken_task(checker)
    client.force_login(checker)
    response = client.get("/queue/?q=mine:yes")
    assert [row.task for row in response.context["rows"]] == [task]
    assert [tab.label for tab in response.context["tabs"] if tab.current] == ["All"]


def test_what_applies_stands_there_as_chips_that_can_be_removed(client: Client) -> None:
    factories.make_task()
    client.force_login(factories.make_user())
    response = client.get("/queue/", {"q": 'score:>0.7 claimant:"Ann Lee" city'})
    chips = {chip.label: chip.url for chip in response.context["chips"]}
    assert list(chips) == ["Check-worthiness: over 0.7", "Claimant: Ann Lee", "“city”"]
    assert chips["“city”"] == "?show=takeable&q=score%3A%3E0.7+claimant%3A%22Ann+Lee%22"
    assert 'value="score:&gt;0.7 claimant:&quot;Ann Lee&quot; city"' in response.text


def test_a_word_that_cannot_be_read_is_named_and_the_rest_applies(client: Client) -> None:
    task = factories.make_task()
    client.force_login(factories.make_user())
    response = client.get("/queue/", {"q": "desk:politcs kind:reserch colour:red city"})
    assert [row.task for row in response.context["rows"]] == [task]
    assert [(one.says, one.mend) for one in response.context["problems"]] == [
        ("“kind:reserch”: there is no such value.", "kind:research"),
        (
            "“colour:red”: there is no such filter. There are desk, state, kind, score, lang, claimant, due, "
            "late, mine, with, changed-by, topic, partner.",
            "",
        ),
        ("“desk:politcs”: you see nothing of this name.", "desk:politics"),
    ]
    mended = client.get("/queue/" + response.context["problems"][0].url)
    assert "kind:research" in mended.context["typed"]
    assert 'value="desk:politcs kind:reserch colour:red city"' in response.text, "what was typed stays"
    assert 'aria-invalid="true"' in response.text


def test_a_desk_of_others_is_as_if_it_were_not_there(client: Client) -> None:
    factories.make_desk("secret")
    client.force_login(factories.make_user())
    for slug in ("secret", "nosuch"):
        problems = client.get("/queue/", {"q": f"desk:{slug}"}).context["problems"]
        assert [one.says for one in problems] == [
            f"“desk:{slug}”: you see nothing of this name. There are politics."
        ]


def test_what_cannot_be_read_goes_along_to_the_other_tabs_and_is_said_there(client: Client) -> None:
    factories.make_task()
    client.force_login(factories.make_user())
    typed = "city nosuch:thing score:>0.1"
    first = client.get("/queue/", {"q": typed})
    for tab in first.context["tabs"]:
        page = client.get(f"/queue/{tab.url}")
        assert page.context["typed"] == typed, tab.label
        assert [one.says for one in page.context["problems"]], tab.label
    for chip in first.context["chips"]:
        assert "nosuch:thing" in client.get(f"/queue/{chip.url}").context["typed"], chip.label
    assert client.get(f"/queue/{first.context['clear_url']}").context["typed"] == ""
    read = client.get("/queue/", {"q": "city"})
    assert client.get(f"/queue/{read.context['tabs'][1].url}").context["typed"] == "city"


def test_an_empty_list_says_what_to_take_away(client: Client) -> None:
    factories.make_task()
    client.force_login(factories.make_user())
    page = client.get("/queue/", {"q": "kind:triage late:yes"}).text
    assert "No task fits this query" in page
    assert "Without Kind: triage" in page
    assert "Without Late" in page
    assert "Search all open tasks" in page


@pytest.mark.parametrize(
    "text", ["'; DROP TABLE x; --", '%s %(a)s {0} "\\"', 'claimant:"%_\\\'"', "\x00\ud800 :::"]
)
def test_nothing_typed_is_taken_for_sql(client: Client, text: str) -> None:
    factories.make_task()
    client.force_login(factories.make_user())
    assert client.get("/queue/", {"q": text.encode("utf-8", "replace").decode()}).status_code == 200


EVERYTHING = (
    "desk:politics state:queued score:>0.1 kind:research lang:en claimant:Ann due:<9w late:no mine:no "
    "changed-by:not-me topic:health partner:wire city"
)


def test_a_query_of_everything_costs_the_same_at_3_and_at_30_rows(client: Client) -> None:
    client.force_login(factories.make_user(Role.EDITOR))
    topic = factories.make_topic("Health")

    def fill(count: int) -> None:
        for _ in range(count):
            task = factories.make_task(
                factories.make_claim(article=factories.make_article(origin="partner:wire"))
            )
            ClaimRoute.objects.get(claim=task.claim).topics.add(topic)

    def cost() -> tuple[int, int]:
        with CaptureQueriesContext(connection) as queries:
            response = client.get("/queue/", {"q": EVERYTHING})
        return len(response.context["rows"]), len(queries)

    fill(3)
    type(ReviewTask.objects.first().claim.appearances.get().version.article).objects.update(language="en")
    shown, few = cost()
    assert shown == 3
    fill(27)
    type(ReviewTask.objects.first().claim.appearances.get().version.article).objects.update(language="en")
    assert cost() == (30, few)
    assert few <= 20


def test_the_guide_stands_in_the_docs_and_names_every_filter() -> None:
    docs = (Path(__file__).resolve().parents[2] / "docs" / "queue.md").read_text(encoding="utf-8")
    assert [name for name, example, _says in GUIDE if f"`{example}`" not in docs] == []
    assert {name for name, _example, _says in GUIDE} == {*NAMES, ""}
    for _name, example, _says in GUIDE:
        assert parse(example.replace("…", "")).problems == ()
