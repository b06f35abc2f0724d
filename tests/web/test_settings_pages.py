"""What leads set: who gets in, what is shown before it counts, and that every change leaves its trace."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from claimtracker.accounts.models import Role, User
from claimtracker.kernel.errors import ActionRefused, NotPermitted
from claimtracker.ledger import audit
from claimtracker.ledger.models import AuditEntry
from reviews.actions.blind_review import sample
from reviews.actions.routing_rules import (
    RuleFields,
    change_otherwise,
    change_rule,
    create_rule,
    move_rule,
    remove_rule,
    switch_rule,
)
from reviews.actions.sampling import set_sampling
from reviews.models import DeskSampling, Rulebook
from reviews.selectors.sampling import Sampling, last_month, sampling_of
from tests import factories

pytestmark = pytest.mark.django_db
SAMPLING = "/settings/blind-review/politics/"
PAGES = ["/settings/", "/settings/changes/", "/settings/blind-review/", SAMPLING]


@pytest.mark.parametrize("path", PAGES)
def test_who_leads_nothing_is_refused_with_a_sentence(client: Client, path: str) -> None:
    factories.make_desk()
    assert client.get(path)["Location"].startswith("/account/login/")
    for role in (Role.REPORTER, Role.CHECKER, Role.EDITOR):
        client.force_login(factories.make_user(role))
        refused = client.get(path)
        assert refused.status_code == 403
        assert "Only leads of a desk, and moderators, open the settings." in refused.text
    assert 'href="/settings/"' not in client.get("/").text
    for role in (Role.LEAD, Role.MODERATOR):
        client.force_login(factories.make_user(role))
        assert client.get(path).status_code == 200
    assert 'href="/settings/"' in client.get("/").text


def test_leads_of_other_desks_do_not_set_this_one(client: Client) -> None:
    factories.make_desk()
    stranger = factories.make_user(Role.LEAD, desk=factories.make_desk("world"))
    client.force_login(stranger)
    refused = client.post(SAMPLING, {"percent": "50", "revision": "0", "save": "1"})
    assert refused.status_code == 403
    assert "Only leads of the Politics desk" in refused.text
    assert "Politics" not in client.get("/settings/blind-review/").text
    with pytest.raises(NotPermitted, match="Only leads of the Politics desk"):
        set_sampling(factories.make_desk(), by=stranger, rate=0.5, topics=None, revision=0)


def test_one_navigation_leads_to_everything_that_leads_set(client: Client, lead: User) -> None:
    for path in (*PAGES, "/desks/", "/ratings/", "/routing/", "/routing/topics/", "/desks/politics/people/"):
        page = client.get(path).text
        for target in ("/settings/", "/desks/", "/ratings/", "/routing/", "/settings/changes/"):
            assert f'class="tab" href="{target}"' in page, (path, target)
    client.force_login(factories.make_user(Role.CHECKER))
    assert 'class="tab" href="/settings/"' not in client.get("/ratings/").text


def test_a_share_is_shown_before_it_counts(client: Client, lead: User, settings: Any) -> None:
    settings.REVIEW_BLIND_RATE, settings.REVIEW_BLIND_TOPICS = 0.0, []
    for _number in range(4):
        factories.make_submitted_verdict(factories.make_user())
    shown = client.post(SAMPLING, {"percent": "50", "topics": "", "revision": "0"})
    assert shown.status_code == 200
    assert "About 2 verdicts a month reviewed blind, of 4; 0 as it is now." in shown.text
    assert not DeskSampling.objects.exists()
    saved = client.post(SAMPLING, {"percent": "50", "topics": "", "revision": "0", "save": "1"})
    assert saved["Location"] == SAMPLING
    assert sampling_of(factories.make_desk().pk).rate == 0.5
    entry = AuditEntry.objects.get(verb="desk.sampling_set")
    assert entry.details == {
        "desk": "politics",
        "before": {"rate": None, "topics": None},
        "after": {"rate": 0.5, "topics": None},
    }
    trail = client.get("/settings/changes/").text
    assert "Lena Roe" in trail
    assert "share: as for the whole site → 50%" in trail


def test_topics_of_a_desk_take_the_place_of_those_of_the_environment(
    client: Client, lead: User, settings: Any
) -> None:
    settings.REVIEW_BLIND_RATE, settings.REVIEW_BLIND_TOPICS = 0.0, ["roads"]
    claim = factories.make_claim()
    assert sample(claim) == "topic"
    sent = {
        "percent": "",
        "own_topics": "on",
        "topics": "hospitals\r\n\r\nschools",
        "revision": "0",
        "save": "1",
    }
    client.post(SAMPLING, sent)
    assert sampling_of(claim.desk_id).topics == ("hospitals", "schools")
    assert sample(claim) == "not_chosen"
    other = factories.make_claim(article=factories.make_article(desk=factories.make_desk("world")))
    assert sample(other) == "topic"


def test_a_rate_of_a_desk_takes_the_place_of_that_of_the_environment(settings: Any) -> None:
    settings.REVIEW_BLIND_RATE, settings.REVIEW_BLIND_TOPICS = 1.0, []
    claim = factories.make_claim()
    assert sample(claim) == "chance"
    moderator = factories.make_user(Role.MODERATOR)
    row = set_sampling(claim.desk, by=moderator, rate=0.0, topics=None, revision=0)
    assert sample(claim) == "not_chosen"
    set_sampling(claim.desk, by=moderator, rate=None, topics=None, revision=row.revision)
    assert sample(claim) == "chance"


def test_what_somebody_changed_meanwhile_is_not_overwritten(client: Client, lead: User) -> None:
    set_sampling(factories.make_desk(), by=lead, rate=0.1, topics=None, revision=0)
    late = client.post(SAMPLING, {"percent": "50", "revision": "0", "save": "1"})
    assert late.status_code == 409
    assert "Somebody changed the sampling of this desk meanwhile." in late.text
    assert sampling_of(factories.make_desk().pk).rate == 0.1
    set_sampling(factories.make_desk(), by=lead, rate=0.1, topics=None, revision=1)
    assert AuditEntry.objects.filter(verb="desk.sampling_set").count() == 1  # nothing changed


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"percent": "101"}, "Give a share from 0 to 100 percent."),
        ({"percent": "many"}, "Write the share as a number, such as 10."),
        ({"own_topics": "on", "topics": "x" * 61, "save": "1"}, "has 61 characters; 60 are the limit"),
        ({"own_topics": "on", "topics": "\n".join(map(str, range(51))), "save": "1"}, "50 are the limit"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(
    client: Client, lead: User, sent: dict[str, str], words: str
) -> None:
    refused = client.post(SAMPLING, {"revision": "0", **sent})
    assert refused.status_code == 422
    assert words in refused.text


def test_the_database_holds_a_share_to_nought_and_one() -> None:
    with pytest.raises(IntegrityError, match="a_sampling_rate_is_a_share"), transaction.atomic():
        DeskSampling.objects.create(desk=factories.make_desk(), blind_rate=1.5)
    with pytest.raises(ActionRefused, match="from 0 to 100"):
        set_sampling(
            factories.make_desk(), by=factories.make_user(Role.LEAD), rate=2, topics=None, revision=0
        )


def test_a_preview_counts_topics_once_and_chance_among_the_rest() -> None:
    for _number in range(3):
        factories.make_submitted_verdict(factories.make_user())
    claim = factories.make_claim(article=factories.make_article("Of hospitals, Ann Lee said much.\n"))
    factories.make_submitted_verdict(factories.make_user(), claim=claim)
    (found,) = last_month(factories.make_desk(), [Sampling(0.5, ("hospitals",))])
    assert (found.verdicts, found.by_topic, found.by_chance, found.blind) == (4, 1, 1.5, 3)


def test_the_trail_is_of_ones_own_desks_and_of_what_all_share(client: Client, lead: User) -> None:
    world = factories.make_desk("world")
    set_sampling(world, by=factories.make_user(Role.LEAD, desk=world), rate=0.25, topics=None, revision=0)
    assert "25%" not in client.get("/settings/changes/").text
    client.force_login(factories.make_user(Role.MODERATOR))
    assert "25%" in client.get("/settings/changes/").text


def test_a_longer_trail_costs_no_more_queries_and_has_pages(client: Client, lead: User) -> None:
    def cost(path: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get(path)
        return len(queries)

    desk = factories.make_desk()
    set_sampling(desk, by=lead, rate=0.01, topics=None, revision=0)
    few = {path: cost(path) for path in PAGES}
    few = {path: cost(path) for path in PAGES}
    for number in range(1, 60):
        set_sampling(desk, by=lead, rate=number / 100 + 0.01, topics=None, revision=number)
    assert {path: cost(path) for path in PAGES} == few
    page = client.get("/settings/changes/")
    assert len(page.context["lines"]) == 50
    rest = client.get("/settings/changes/" + page.context["next_url"])
    assert len(rest.context["lines"]) == 10
    assert rest.context["next_url"] == ""


def test_the_trail_names_the_rule_and_what_changed_in_it(client: Client, lead: User) -> None:
    desk, topic = factories.make_desk(), factories.make_topic("Health")
    wanted = RuleFields(name="Hospitals", desk=desk, keywords=("bed",), deadline_hours=48)
    rule, other = create_rule(wanted, by=lead), create_rule(replace(wanted, name="Schools"), by=lead)
    later = replace(wanted, deadline_hours=4, topics=[topic.pk], reviewers=[lead.pk], approval="named")
    rule = change_rule(rule, later, by=lead, revision=rule.revision)
    move_rule(other, by=lead, before=rule)
    switch_rule(rule, by=lead, is_active=False)
    remove_rule(rule, by=lead)
    change_otherwise(by=lead, desk=desk, deadline_hours=9, first_step="triage", revision=newest_revision())
    lines = client.get("/settings/changes/").context["lines"]
    told = {line.what: (line.about, line.changes) for line in lines}
    about, changes = told["changed a routing rule"]
    assert about == "“Hospitals”"
    assert changes == [
        "topics: none → Health",
        "hours until the deadline: 48 → 4",
        "approved by: Any editor or lead of the desk → One of the people named below, or a lead",
        "approved by the people: none → Lena Roe",
    ]
    assert told["moved a routing rule"][0] == "“Schools”, from place: 2, to place: 1"
    assert told["switched a routing rule"][0] == "“Hospitals”, counts: no"
    assert told["removed a routing rule"][0].startswith("“Hospitals”")
    assert "desk: none → politics" in told["changed where everything else goes"][1]


def test_an_older_entry_without_a_name_is_of_the_rule_as_it_is_called_now(client: Client, lead: User) -> None:
    rule = factories.make_rule(name="Hospitals")
    audit.record("routing_rule.switched", by=lead, subject=rule, details={"is_active": True})
    assert client.get("/settings/changes/").context["lines"][0].about == "“Hospitals”, counts: yes"


def newest_revision() -> int:
    return Rulebook.objects.get().revision
