"""The pages of routing: who reads and who writes, what a dry run shows, at a constant cost."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from claims.models import Claim
from claimtracker.accounts.models import Role
from reviews.models import RoutingRule, Rulebook, Topic
from reviews.selectors import dry_run as dry_runs
from tests import factories

pytestmark = pytest.mark.django_db
RULES, NEW, PREVIEW = "/routing/", "/routing/rules/new/", "/routing/preview/"


@pytest.fixture
def lead(client: Client) -> Client:
    client.force_login(factories.make_user(Role.LEAD))
    return client


def written(**fields: Any) -> dict[str, Any]:
    """A rule as a browser sends it."""
    return {
        "name": "Beds",
        "keywords": "bed, ward",
        "min_score": "0",
        "max_score": "1",
        "desk": factories.make_desk().pk,
        "deadline_hours": "12",
        "lift": "0",
        "first_step": "research",
        "approval": "anyone",
        **fields,
    }


def beds(number: int = 1, **options: Any) -> Claim:
    article = factories.make_article(f"The hospital lost {number} beds, Ann Lee said.", **options)
    return factories.make_claim(f"The hospital lost {number} beds", article=article)


@pytest.mark.parametrize("path", [RULES, "/routing/topics/", "/routing/everything-else/caught/"])
def test_members_of_a_desk_read_the_rules(client: Client, path: str) -> None:
    factories.make_rule(name="Hospitals")
    assert client.get(path)["Location"].startswith("/account/login/")
    client.force_login(factories.make_user(None))
    assert client.get(path).status_code == 403
    for role in Role.values:
        client.force_login(factories.make_user(role))
        assert client.get(path).status_code == 200, role


@pytest.mark.parametrize(
    "path", [NEW, "/routing/rules/{rule}/", "/routing/topics/new/", "/routing/topics/{topic}/"]
)
def test_leads_and_moderators_write_them(client: Client, path: str) -> None:
    path = path.format(rule=factories.make_rule().pk, topic=factories.make_topic().pk)
    assert client.get(path)["Location"].startswith("/account/login/")
    for role in (Role.REPORTER, Role.CHECKER, Role.EDITOR):
        client.force_login(factories.make_user(role))
        refused = client.get(path)
        assert refused.status_code == 403
        assert "Only leads of a desk" in refused.text
    for role in (Role.LEAD, Role.MODERATOR):
        client.force_login(factories.make_user(role))
        assert client.get(path).status_code == 200


def test_who_may_not_write_gets_no_buttons_and_is_refused(client: Client) -> None:
    rule, topic = factories.make_rule(), factories.make_topic()
    client.force_login(factories.make_user(Role.EDITOR))
    page = client.get(RULES).text
    assert "Only leads of a desk, and moderators, change the routing rules." in page
    assert f"/routing/rules/{rule.pk}/move/" not in page
    posts = {
        NEW: written(),
        f"/routing/rules/{rule.pk}/": written(revision=1),
        f"/routing/rules/{rule.pk}/move/": {"before": "0"},
        f"/routing/rules/{rule.pk}/switch/": {"on": "0"},
        f"/routing/rules/{rule.pk}/remove/": {},
        "/routing/everything-else/": {"first_step": "triage", "revision": "0"},
        PREVIEW: written(),
        "/routing/topics/new/": {"name": "Law", "words": "court", "harm": "0"},
        f"/routing/topics/{topic.pk}/remove/": {},
    }
    for path, sent in posts.items():
        response = client.post(path, sent)
        assert response.status_code == 403, path
    assert (RoutingRule.objects.count(), Topic.objects.count()) == (1, 1)
    assert not Rulebook.objects.exists()


def test_a_lead_writes_a_rule(lead: Client) -> None:
    topic = factories.make_topic()
    response = lead.post(NEW, written(topics=[topic.pk], claimants="Ann Lee\nBo Ray\nAnn Lee", lift="5"))
    assert response["Location"] == RULES
    rule = RoutingRule.objects.get()
    assert (rule.keywords, rule.claimants, rule.lift) == (["bed", "ward"], ["Ann Lee", "Bo Ray"], 5)
    page = lead.get(RULES).text
    for said in ("Beds", "bed, ward", "Ann Lee, Bo Ray", "Health", "12 hours", "priority +5"):
        assert said in page


def test_a_rule_opens_with_what_it_says_and_is_changed(lead: Client) -> None:
    rule = factories.make_rule(name="Hospitals", keywords=["bed"], topics=[factories.make_topic()])
    form = lead.get(f"/routing/rules/{rule.pk}/").context["form"]
    assert (form["name"].value(), form["keywords"].value(), form["revision"].value()) == (
        "Hospitals",
        "bed",
        1,
    )
    assert "bed</textarea>" in lead.get(f"/routing/rules/{rule.pk}/").text
    assert lead.post(f"/routing/rules/{rule.pk}/", written(revision=1)).status_code == 302
    rule.refresh_from_db()
    assert (rule.name, rule.revision, rule.topics.count()) == ("Beds", 2, 0)


def test_what_was_typed_is_kept_when_somebody_was_faster(lead: Client) -> None:
    rule = factories.make_rule(revision=2)
    response = lead.post(f"/routing/rules/{rule.pk}/", written(revision=1, name="My rule"))
    assert response.status_code == 409
    assert "Somebody changed this since you opened it." in response.text
    assert 'value="My rule"' in response.text


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"name": ""}, "Give the rule a name."),
        ({"min_score": "0.9", "max_score": "0.1"}, "the lower one first"),
        ({"languages": "english!"}, "is not a language code"),
        ({"partners": "City Wire!"}, "is not a partner’s short name"),
        ({"approval": "named"}, "Name at least one person."),
        ({"keywords": "x" * 61}, "is longer than 60 characters"),
        ({"keywords": ",".join(f"w{n}" for n in range(101))}, "more than 100"),
        ({"desk": "999999"}, "Select a valid choice"),
        ({"deadline_hours": "0"}, "greater than or equal to 1"),
        ({"lift": "200"}, "less than or equal to 100"),
        ({"min_score": "nan"}, "Enter a number"),
    ],
)
def test_what_cannot_be_is_said_at_its_field(lead: Client, fields: dict[str, str], said: str) -> None:
    response = lead.post(NEW, written(**fields))
    assert response.status_code == 422
    assert said in response.text
    assert not RoutingRule.objects.exists()


def test_a_preview_shows_what_the_rule_would_catch_and_saves_nothing(lead: Client) -> None:
    beds(1)
    beds(2)
    factories.make_claim()
    response = lead.post(PREVIEW, written())
    preview = response.context["preview"]
    assert (preview.total, preview.catch.count, preview.gained, preview.lost) == (3, 2, 2, 0)
    assert "The hospital lost 2 beds" in response.text
    assert not RoutingRule.objects.exists()


def test_a_preview_compares_with_what_is_in_force(lead: Client) -> None:
    beds(1)
    factories.make_claim()
    above = factories.make_rule(keywords=["bed"])
    rule = factories.make_rule()
    preview = lead.post(PREVIEW, written(rule=rule.pk, keywords="bed")).context["preview"]
    assert (preview.catch.count, preview.lost, preview.catch.shadowed) == (0, 1, 1)
    off = factories.make_rule(position=above.position - 1, is_active=False)
    tried = lead.post(PREVIEW, written(rule=off.pk, keywords="bed")).context["preview"]
    assert (tried.catch.count, tried.gained) == (1, 1)


def test_a_preview_warns_of_a_rule_that_takes_everything(lead: Client) -> None:
    assert "rules below it get nothing" in lead.post(PREVIEW, written(keywords="")).text
    assert "rules below it get nothing" not in lead.post(PREVIEW, written()).text


def test_a_preview_of_an_unfinished_rule_waits(lead: Client) -> None:
    assert "Once the rule has a name" in lead.post(PREVIEW, written(name="")).text


def test_a_preview_works_without_script(lead: Client) -> None:
    beds(1)
    response = lead.post(NEW, written(preview="1"))
    assert response.context["preview"].catch.count == 1
    assert not RoutingRule.objects.exists()


def test_a_dry_run_says_which_claims_of_last_week_each_rule_would_have_caught(lead: Client) -> None:
    beds(1)
    old, gone = beds(2), beds(3)
    other = factories.make_claim()
    Claim.objects.filter(pk=old.pk).update(created_at=timezone.now() - timedelta(days=8))
    Claim.objects.filter(pk=gone.pk).update(state="dismissed", dismissed_because="A joke.")
    rule = factories.make_rule(factories.make_desk("health"), name="Hospitals", keywords=["bed"])
    page = lead.get(RULES)
    (line,) = page.context["lines"]
    assert (line.catch.count, page.context["otherwise"].count, page.context["total"]) == (1, 1, 2)
    caught = lead.get(f"/routing/rules/{rule.pk}/caught/").text
    assert "The hospital lost 1 beds" in caught
    assert "“bed”" in caught
    assert other.text not in caught
    assert other.text in lead.get("/routing/everything-else/caught/").text


def test_a_dry_run_names_no_claim_of_a_desk_that_one_does_not_see(client: Client) -> None:
    ours = beds(1)
    theirs = beds(2, desk=factories.make_desk("world"))
    rule = factories.make_rule(keywords=["bed"])
    client.force_login(factories.make_user(Role.LEAD))
    for path, post in ((f"/routing/rules/{rule.pk}/caught/", None), (PREVIEW, written(rule=rule.pk))):
        response = client.get(path) if post is None else client.post(path, post)
        assert ours.text in response.text
        assert theirs.text not in response.text
        assert "1 is at a desk whose work you do not see." in response.text
    client.force_login(factories.make_user(Role.MODERATOR))
    assert theirs.text in client.get(f"/routing/rules/{rule.pk}/caught/").text


def test_pages_of_caught_claims_follow_each_other(lead: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    claims = [beds(number).pk for number in range(1, 36)]
    rule = factories.make_rule(keywords=["bed"])
    first = lead.get(f"/routing/rules/{rule.pk}/caught/").context["page"]
    second = lead.get(f"/routing/rules/{rule.pk}/caught/?after={first.next_cursor}").context["page"]
    assert [row.claim.pk for row in [*first.rows, *second.rows]] == claims[::-1]
    assert second.next_cursor == ""
    assert lead.get(f"/routing/rules/{rule.pk}/caught/?after=x").status_code == 200


def test_a_dry_run_of_very_many_claims_takes_the_newest(
    lead: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dry_runs, "MOST", 2)
    for number in range(3):
        beds(number)
    page = lead.get(RULES)
    assert (page.context["total"], page.context["is_cut"]) == (2, True)
    assert "There were more; these are the newest." in page.text


def test_rules_are_moved_switched_and_removed(lead: Client) -> None:
    a, b, c = (factories.make_rule(name=name) for name in "abc")
    lines = {line.rule.name: (line.up, line.down) for line in lead.get(RULES).context["lines"]}
    assert lines == {"a": (None, c.pk), "b": (a.pk, 0), "c": (b.pk, None)}
    lead.post(f"/routing/rules/{c.pk}/move/", {"before": a.pk})
    lead.post(f"/routing/rules/{a.pk}/move/", {"before": "0"})
    assert [line.rule.name for line in lead.get(RULES).context["lines"]] == ["c", "b", "a"]
    lead.post(f"/routing/rules/{b.pk}/switch/", {"on": "0"})
    b.refresh_from_db()
    assert not b.is_active
    assert lead.get(f"/routing/rules/{b.pk}/caught/").status_code == 404
    lead.post(f"/routing/rules/{b.pk}/remove/")
    assert not RoutingRule.objects.filter(pk=b.pk).exists()
    assert lead.post(f"/routing/rules/{a.pk}/move/", {"before": "x"}).status_code == 404


def test_everything_else_goes_where_a_lead_says(lead: Client) -> None:
    night = factories.make_desk("night")
    sent = {"desk": night.pk, "deadline_hours": "6", "first_step": "triage", "revision": "0"}
    assert lead.post("/routing/everything-else/", sent).status_code == 302
    assert factories.make_task().desk == night
    stale = lead.post("/routing/everything-else/", sent)
    assert stale.status_code == 409
    assert "Somebody changed this" in stale.text
    assert lead.post("/routing/everything-else/", {**sent, "deadline_hours": "0"}).status_code == 422


def test_topics_are_written_and_removed(lead: Client) -> None:
    sent = {"name": "Health", "words": "bed\nward", "harm": "3"}
    assert lead.post("/routing/topics/new/", sent).status_code == 302
    topic = Topic.objects.get()
    assert (topic.words, topic.harm) == (["bed", "ward"], 3)
    assert "bed, ward" in lead.get("/routing/topics/").text
    assert lead.post("/routing/topics/new/", sent).status_code == 422
    assert lead.post("/routing/topics/new/", {**sent, "words": " "}).status_code == 422
    assert lead.post(f"/routing/topics/{topic.pk}/", {**sent, "name": "Wards"}).status_code == 302
    rule = factories.make_rule(topics=[topic])
    assert lead.post(f"/routing/topics/{topic.pk}/remove/").status_code == 409
    rule.delete()
    lead.post(f"/routing/topics/{topic.pk}/remove/")
    assert not Topic.objects.exists()


def test_many_rules_and_claims_cost_the_same_queries(lead: Client) -> None:
    def cost(path: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert lead.get(path).status_code == 200
        return len(queries)

    def grow(number: int) -> None:
        for n in range(number):
            topic = factories.make_topic(f"Topic {Topic.objects.count()}")
            factories.make_rule(topics=[topic], came_in_at=[factories.make_desk()], keywords=["bed"])
            factories.make_rule(approval="named", reviewers=[factories.make_user(Role.EDITOR)])
            beds(Claim.objects.count() + n + 1)

    grow(1)
    first = RoutingRule.objects.first()
    assert first is not None
    paths = (
        RULES,
        f"/routing/rules/{first.pk}/caught/",
        "/routing/everything-else/caught/",
        "/routing/topics/",
        NEW,
    )
    lead.get(RULES)  # the first look in a session is noted
    few = [cost(path) for path in paths]
    grow(9)
    assert [cost(path) for path in paths] == few
    assert max(few) <= 24
