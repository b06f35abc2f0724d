"""Giving tasks, one's own availability and declarations, a desk's people and hours: who sees what, what is
refused and where."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from claimtracker.accounts.models import DayOff, Leave, Membership, Role, WorkingHours
from reviews.actions.conflicts import declare_conflict
from reviews.actions.handover import give_task
from reviews.models import ConflictOfInterest, Handover, ReviewTask
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead():
    return factories.make_user(Role.LEAD, name="Lena Kovač")


@pytest.fixture
def ana():
    return factories.make_user(name="Ana Ruiz")


def give_url(task):
    return f"/review-tasks/{task.pk}/give/"


# --- the ladder

MINE = ["/me/availability/", "/me/conflicts/", "/desks/"]
DESK = ["/desks/politics/people/", "/desks/politics/hours/"]


@pytest.mark.parametrize("path", [*MINE, *DESK])
def test_the_anonymous_are_sent_to_sign_in(client, path):
    factories.make_desk()
    assert client.get(path)["Location"].startswith("/account/login/")
    assert client.post(path, {})["Location"].startswith("/account/login/")


@pytest.mark.parametrize("path", MINE)
def test_everybody_has_pages_of_their_own(client, path):
    client.force_login(factories.make_user(Role.REPORTER))
    assert client.get(path).status_code == 200


@pytest.mark.parametrize("path", DESK)
def test_a_desks_pages_are_for_its_leads_and_moderators(client, lead, path):
    for user, status in (
        (factories.make_user(Role.LEAD, factories.make_desk("world")), 404),
        (factories.make_user(Role.EDITOR), 403),
        (lead, 200),
        (factories.make_user(Role.MODERATOR, factories.make_desk("world")), 200),
    ):
        client.force_login(user)
        assert client.get(path).status_code == status, user


def test_a_moderator_looks_but_changes_no_hours(client):
    member = factories.make_user()
    client.force_login(factories.make_user(Role.MODERATOR, factories.make_desk("world")))
    page = client.get("/desks/politics/hours/")
    assert "Only leads of the Politics desk change its hours" in page.text
    assert client.post("/desks/politics/hours/", {"time_zone": "UTC"}).status_code == 403
    refused = client.post(
        "/desks/politics/people/", {"membership": member.memberships.get().pk, "capacity": "3"}
    )
    assert refused.status_code == 403
    assert client.post("/desks/politics/days-off/", {"day": "2026-12-25", "name": "x"}).status_code == 403
    day = DayOff.objects.create(desk=factories.make_desk(), day=date(2026, 12, 25), name="Christmas Day")
    assert client.post(f"/desks/politics/days-off/{day.pk}/remove/").status_code == 403
    assert member.memberships.get().capacity is None


def test_giving_is_for_leads_and_the_holder(client, lead, ana):
    task = factories.make_task()
    for user, status in (
        (factories.make_user(Role.LEAD, factories.make_desk("world")), 404),
        (ana, 403),
        (lead, 200),
    ):
        client.force_login(user)
        assert client.get(give_url(task)).status_code == status
        if status != 200:
            assert client.post(give_url(task), {"to": ana.pk}).status_code == status
    assert ReviewTask.objects.get().state == "queued"


# --- giving


def test_a_lead_assigns_and_the_claim_shows_it(client, lead, ana):
    task = factories.make_task()
    client.force_login(lead)
    assert "Ana Ruiz" in client.get(give_url(task)).text
    done = client.post(give_url(task), {"to": ana.pk, "note": "You know the accounts."}, follow=True)
    assert done.redirect_chain[-1][0] == f"/claims/{task.claim_id}/"
    assert "Ana Ruiz has the task now." in done.text
    assert "Given to Ana Ruiz by Lena Kovač" in done.text
    assert "You know the accounts." in done.text
    assert "Not accepted yet" in done.text
    assert "gave the task to Ana Ruiz" in done.text
    assert f"/review-tasks/{task.pk}/accept/" not in done.text


def test_the_receiver_accepts_on_the_claims_page(client, lead, ana):
    task = give_task(factories.make_task(), by=lead, to=ana)
    client.force_login(ana)
    assert f"/review-tasks/{task.pk}/accept/" in client.get(f"/claims/{task.claim_id}/").text
    done = client.post(f"/review-tasks/{task.pk}/accept/", follow=True)
    assert "Accepted. The task is yours." in done.text
    assert "Not accepted yet" not in done.text
    assert client.post(f"/review-tasks/{task.pk}/accept/").status_code == 409


def test_the_receiver_declines_with_a_reason(client, lead, ana):
    task = give_task(factories.make_task(), by=lead, to=ana)
    client.force_login(ana)
    empty = client.post(f"/review-tasks/{task.pk}/decline/", {"reason": ""})
    assert (empty.status_code, "Say why, so that it finds the right person." in empty.text) == (422, True)
    assert client.post(f"/review-tasks/{task.pk}/decline/", {"reason": "I wrote it."}).status_code == 302
    assert Handover.objects.get().decline_reason == "I wrote it."
    assert ReviewTask.objects.get().state == "queued"


def test_handing_over_without_a_note_keeps_the_choice(client, ana):
    ben = factories.make_user(name="Ben Ode")
    task = factories.make_taken_task(ana)
    client.force_login(ana)
    refused = client.post(give_url(task), {"to": ben.pk, "note": ""})
    assert refused.status_code == 422
    assert "Say in a note where the work stands." in refused.text
    assert f'value="{ben.pk}" checked' in refused.text
    assert client.post(give_url(task), {}).status_code == 422
    assert client.post(give_url(task), {"to": ben.pk, "note": "Page 4 is open."}).status_code == 302
    assert ReviewTask.objects.get().assignee == ben


def test_who_cannot_have_it_stands_there_with_the_reason(client, lead, ana):
    task = factories.make_task()
    declare_conflict(by=ana, kind="party", subject="Ann Lee", reason="She is my aunt")
    busy = factories.make_user(name="Bo Hart")
    Membership.objects.filter(user=busy).update(capacity=0)
    client.force_login(lead)
    page = client.get(give_url(task))
    assert "Ana Ruiz declared a conflict of interest with “Ann Lee”: She is my aunt." in page.text
    assert "Bo has 0 of 0 tasks in hand" in page.text
    refused = client.post(give_url(task), {"to": ana.pk})
    assert (refused.status_code, "She is my aunt" in refused.text) == (422, True)
    assert client.post(give_url(task), {"to": busy.pk}).status_code == 422
    assert (
        client.post(give_url(task), {"to": busy.pk, "note": "Only he knows it.", "despite": "on"}).status_code
        == 302
    )


def test_somebody_of_another_desk_cannot_be_chosen(client, lead):
    stranger = factories.make_user(Role.CHECKER, factories.make_desk("world"))
    task = factories.make_task()
    client.force_login(lead)
    refused = client.post(give_url(task), {"to": stranger.pk})
    assert refused.status_code == 422
    assert ReviewTask.objects.get().state == "queued"


def test_three_people_and_thirty_cost_the_same_queries(client, lead):
    verdict = factories.make_submitted_verdict(factories.make_user())
    task = ReviewTask.objects.get(claim=verdict.claim, kind="second_review")
    client.force_login(lead)

    def cost(path):
        with CaptureQueriesContext(connection) as queries:
            assert client.get(path).status_code == 200
        return len(queries)

    def fill(number):
        for n in range(number):
            person = factories.make_user(Role.EDITOR)
            declare_conflict(by=person, kind="topic", subject=f"subject {n}", reason="Shares")
            factories.make_taken_task(person)

    fill(3)
    few = cost(give_url(task)), cost("/desks/politics/people/")
    fill(27)
    assert (cost(give_url(task)), cost("/desks/politics/people/")) == few


def test_the_next_task_from_the_queue(client, ana):
    task = factories.make_task()
    client.force_login(ana)
    assert "Take the next task" in client.get("/queue/").text
    assert client.post("/queue/next/")["Location"] == f"/claims/{task.claim_id}/"
    assert "Take the next task" not in client.get("/queue/").text
    assert "No task waits that you may take." in client.post("/queue/next/", follow=True).text
    assert client.get("/queue/next/")["Location"] == "/queue/"


def test_the_queue_says_why_a_task_is_not_for_you_now(client, ana):
    task = factories.make_task()
    Membership.objects.update(capacity=0)
    client.force_login(ana)
    assert "your limit is 0" in client.get("/queue/").text
    refused = client.post("/queue/", {"task": task.pk})
    assert refused.status_code == 409
    assert "your limit is 0" in client.get(f"/claims/{task.claim_id}/").text


# --- oneself


def test_leave_is_noted_and_removed(client, ana):
    client.force_login(ana)
    today = timezone.localdate()
    days = {"first_day": today.isoformat(), "last_day": (today + timedelta(days=3)).isoformat()}
    assert client.post("/me/availability/", days).status_code == 302
    leave = Leave.objects.get(user=ana)
    assert "End it" in client.get("/me/availability/").text
    again = client.post("/me/availability/", days)
    assert (again.status_code, "You are on leave from" in again.text) == (422, True)
    backwards = client.post("/me/availability/", {"first_day": "2027-02-02", "last_day": "2027-02-01"})
    assert "The last day comes before the first." in backwards.text
    client.force_login(factories.make_user())
    assert client.post(f"/me/leave/{leave.pk}/remove/").status_code == 404
    client.force_login(ana)
    assert client.post(f"/me/leave/{leave.pk}/remove/").status_code == 302
    assert not Leave.objects.exists()


def test_a_language_that_nobody_reads_articles_in_is_no_choice(client, ana):
    client.force_login(ana)
    assert client.post("/me/availability/", {"languages": ["xx"]}).status_code == 422
    assert client.post("/me/availability/", {"languages": ["en"]}).status_code == 302
    ana.refresh_from_db()
    assert ana.languages == ["en"]


def test_a_conflict_is_declared_shown_and_ended(client, ana):
    client.force_login(ana)
    empty = client.post("/me/conflicts/", {"kind": "party", "subject": "", "reason": ""})
    assert (empty.status_code, "Name the person, organisation, subject or site." in empty.text) == (422, True)
    words = {"kind": "party", "subject": "Acme Ltd", "reason": "<b>My brother</b> works there."}
    page = client.post("/me/conflicts/", words, follow=True)
    assert "&lt;b&gt;My brother&lt;/b&gt;" in page.text
    twice = client.post("/me/conflicts/", words)
    assert (twice.status_code, "You declared this already." in twice.text) == (422, True)
    row = ConflictOfInterest.objects.get()
    client.force_login(factories.make_user(Role.LEAD))
    assert client.post(f"/me/conflicts/{row.pk}/end/").status_code == 404
    client.force_login(ana)
    assert client.post(f"/me/conflicts/{row.pk}/end/").status_code == 302
    row.refresh_from_db()
    assert row.ended_at is not None


def test_a_stake_in_one_claim_is_declared_on_its_page(client, ana):
    task = factories.make_taken_task(ana)
    client.force_login(ana)
    path = f"/claims/{task.claim_id}/conflict/"
    assert path in client.get(f"/claims/{task.claim_id}/").text
    assert "It goes back to the queue" in client.get(path).text
    assert client.post(path, {"reason": " "}).status_code == 422
    assert client.post(path, {"reason": "I wrote the article."}).status_code == 302
    task.refresh_from_db()
    assert (task.state, task.assignee) == ("queued", None)
    page = client.get(f"/claims/{task.claim_id}/")
    assert "You declared a conflict of interest with this claim: I wrote the article." in page.text
    client.force_login(factories.make_user(Role.LEAD, factories.make_desk("world")))
    assert client.get(path).status_code == 404


def test_what_people_declared_is_for_their_leads_only(client, lead, ana):
    declare_conflict(by=ana, kind="topic", subject="fishing quotas", reason="I own a boat.")
    client.force_login(lead)
    assert "I own a boat." in client.get("/desks/politics/people/").text
    for user in (
        factories.make_user(Role.EDITOR),
        factories.make_user(Role.LEAD, factories.make_desk("world")),
    ):
        client.force_login(user)
        for path in ("/me/conflicts/", "/desks/politics/people/", "/desks/world/people/"):
            assert "I own a boat." not in client.get(path).text


def test_declarations_come_in_pages(client, ana, monkeypatch):
    monkeypatch.setattr("reviews.views.me.PAGE_SIZE", 2)
    for n in range(3):
        declare_conflict(by=ana, kind="topic", subject=f"subject {n}", reason="Shares")
    client.force_login(ana)
    first = client.get("/me/conflicts/")
    assert [row.subject for row in first.context["rows"]] == ["subject 2", "subject 1"]
    second = client.get("/me/conflicts/" + first.context["next_url"])
    assert [row.subject for row in second.context["rows"]] == ["subject 0"]
    assert second.context["next_url"] == ""
    assert client.get("/me/conflicts/?before=x").status_code == 404


# --- the desk


def test_a_lead_sets_hours_in_the_words_of_people(client, lead):
    client.force_login(lead)
    form = {"time_zone": "Europe/Berlin", "day_0": "9:00-12:30, 13:30–18:00", "day_5": "22.00 - 24:00"}
    assert client.post("/desks/politics/hours/", form).status_code == 302
    spans = WorkingHours.objects.values_list("weekday", "opens", "closes")
    assert list(spans) == [(0, 540, 750), (0, 810, 1080), (5, 1320, 1440)]
    page = client.get("/desks/politics/hours/").text
    assert 'value="09:00–12:30, 13:30–18:00"' in page
    assert "round the clock" not in page


def test_a_desk_without_hours_is_not_said_to_be_closed(client, lead):
    client.force_login(lead)
    page = client.get("/desks/politics/hours/").text
    assert "works round the clock" in page
    assert 'placeholder="closed"' not in page and page.count('placeholder="all day"') == 7
    client.post("/desks/politics/hours/", {"time_zone": "UTC", "day_0": "09:00-17:00"})
    page = client.get("/desks/politics/hours/").text
    assert 'placeholder="all day"' not in page and page.count('placeholder="closed"') == 7


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("nine to five", "Write the hours as 09:00–17:00"),
        ("09:00–17:75", "Write the hours as 09:00–17:00"),
        ("17:00–09:00", "A span ends after it begins."),
        ("09:00–12:00, 11:00–14:00", "Two spans of this day overlap."),
        ("09:00–25:00", "A span ends after it begins."),
    ],
)
def test_hours_that_cannot_be_are_refused_at_their_day(client, lead, words, sentence):
    client.force_login(lead)
    refused = client.post("/desks/politics/hours/", {"time_zone": "UTC", "day_2": words})
    assert refused.status_code == 422
    assert sentence in refused.text
    assert words in refused.text
    assert not WorkingHours.objects.exists()


def test_days_off_come_and_go(client, lead):
    client.force_login(lead)
    day = (timezone.now() + timedelta(days=30)).date()
    assert client.post("/desks/politics/days-off/", {"day": day, "name": "Feast"}).status_code == 302
    assert "Feast" in client.get("/desks/politics/hours/").text
    twice = client.post("/desks/politics/days-off/", {"day": day, "name": "Feast"})
    assert (twice.status_code, "This day is off already." in twice.text) == (422, True)
    assert client.post(f"/desks/politics/days-off/{DayOff.objects.get().pk}/remove/").status_code == 302
    assert not DayOff.objects.exists()


def test_a_lead_sets_a_capacity_and_a_wrong_one_is_refused_at_the_person(client, lead, ana):
    client.force_login(lead)
    member = ana.memberships.get()
    assert (
        client.post("/desks/politics/people/", {"membership": member.pk, "capacity": "4"}).status_code == 302
    )
    refused = client.post("/desks/politics/people/", {"membership": member.pk, "capacity": "-1"})
    assert (refused.status_code, "Give a number from 0 to 500" in refused.text) == (422, True)
    assert (
        client.post("/desks/politics/people/", {"membership": member.pk, "capacity": ""}).status_code == 302
    )
    member.refresh_from_db()
    assert member.capacity is None
    elsewhere = factories.make_user(Role.CHECKER, factories.make_desk("world")).memberships.get()
    assert client.post("/desks/politics/people/", {"membership": elsewhere.pk}).status_code == 404


def test_people_come_in_pages_in_order_of_their_names(client, lead, monkeypatch):
    monkeypatch.setattr("reviews.views.desks.PAGE_SIZE", 2)
    for name in ("Abe Low", "Abe Low", "Cy Dow"):
        factories.make_user(name=name)
    client.force_login(lead)
    names, path = [], "/desks/politics/people/"
    while path:
        page = client.get(path)
        names += [line.membership.user.name for line in page.context["lines"]]
        path = page.context["next_url"] and "/desks/politics/people/" + page.context["next_url"]
    assert names == ["Abe Low", "Abe Low", "Cy Dow", "Lena Kovač"]
