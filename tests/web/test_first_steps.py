"""A colleague's first steps: by role, ticked by what happened, put away and brought back."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from claimtracker.accounts.first_steps import note_look
from claimtracker.accounts.models import FirstSteps, Look, Role, User, WorkingHours
from claimtracker.web.first_steps import KINDS, STEPS, progress_of
from reviews.actions.handover import give_task
from reviews.actions.preferences import set_mail_times
from reviews.actions.verdicts import submit_verdict
from tests import factories

pytestmark = pytest.mark.django_db
HOME = "/"


def done(user: User) -> set[str]:
    return {step.name for step in progress_of(user).steps if step.is_done}


def test_every_role_has_a_few_steps_of_its_own() -> None:
    assert set(STEPS) == set(Role)
    assert all(4 <= len(names) <= 6 for names in STEPS.values())
    assert set(KINDS) == {name for names in STEPS.values() for name in names}
    assert progress_of(factories.make_user(None)).steps == ()
    assert not progress_of(factories.make_user(None)).is_shown


def test_a_checkers_steps_are_ticked_by_what_they_did() -> None:
    checker = factories.make_user()
    assert done(checker) == set()
    task = factories.make_taken_task(checker)
    assert done(checker) == {"take"}
    factories.make_evidence(task.claim, checker)
    assert done(checker) == {"take"}, "a source without its words"
    factories.make_evidence(task.claim, checker, quotation="The city spent 1.7 million.")
    assert done(checker) == {"take", "source"}
    summary = "The accounts show a third of that."
    reason = "The audited accounts list the spending line by line."
    submit_verdict(task, by=checker, rating=factories.make_rating(), summary=summary, rationale=reason)
    assert done(checker) == {"take", "source", "propose"}
    set_mail_times(checker, time_zone="Europe/Lisbon", hour=7, weekday=0)
    note_look(checker, Look.ARTICLE)
    note_look(checker, Look.KEYS)
    note_look(checker, Look.KEYS)
    assert FirstSteps.objects.get().looked == ["article", "keys"], "once is enough"
    progress = progress_of(checker)
    assert progress.is_over
    assert not progress.is_shown


def test_editors_leads_reporters_and_moderators_have_theirs() -> None:
    publication = factories.make_publication()
    assert done(publication.approved_by) == {"take", "decide", "publish"}
    lead, desk = factories.make_user(Role.LEAD), publication.claim.desk
    give_task(factories.make_task(), by=lead, to=factories.make_user(), note="")
    WorkingHours.objects.create(desk=factories.make_desk("world"), weekday=0, opens=540, closes=1020)
    assert done(lead) == {"give"}, "another desk's hours are not theirs"
    WorkingHours.objects.create(desk=desk, weekday=0, opens=540, closes=1020)
    assert done(lead) == {"give", "hours"}
    reporter = factories.make_user(Role.REPORTER)
    factories.make_article(by=reporter)
    assert done(reporter) == {"bring"}
    assert done(factories.make_user(Role.MODERATOR)) == {"let_in"}
    root = User.objects.create_superuser("root@example.org", name="Root")
    assert [step.name for step in progress_of(root).steps] == list(STEPS[Role.MODERATOR])


def test_pages_that_were_looked_at_are_ticked(client: Client) -> None:
    lead, article = factories.make_user(Role.LEAD), factories.make_article()
    client.force_login(lead)
    for address in (
        reverse("web:article_detail", args=[article.pk]),
        reverse("web:drafts"),
        reverse("reviews:routing_rules"),
    ):
        assert client.get(address).status_code == 200
    assert client.post(reverse("web:keys_seen")).status_code == 204
    assert client.get(reverse("web:keys_seen")).status_code == 405
    assert set(FirstSteps.objects.get(user=lead).looked) == {"article", "drafts", "rules", "keys"}
    assert done(lead) == {"rules", "keys"}


def test_looking_again_writes_nothing(signed_in: Client) -> None:
    address = reverse("web:article_detail", args=[factories.make_article().pk])
    signed_in.get(address)
    with CaptureQueriesContext(connection) as captured:
        signed_in.get(address)
    assert not [query for query in captured if "accounts_firststeps" in query["sql"]]


def test_the_list_is_put_away_and_brought_back(signed_in: Client, checker: User) -> None:
    assert "First steps</h2>" in signed_in.get(HOME).text
    address = reverse("web:first_steps")
    page = signed_in.post(address, {"away": "yes"}, follow=True).text
    assert "First steps</h2>" not in page
    assert "brings it back" in page
    assert "First steps</h2>" in signed_in.post(address, follow=True).text
    assert progress_of(checker).is_shown


def test_a_step_of_a_claim_leads_to_the_task_in_hand(signed_in: Client, checker: User) -> None:
    queue = reverse("reviews:queue") + "?show=mine"
    assert f'<a href="{queue}">Propose a verdict</a>' in signed_in.get(HOME).text
    claim = reverse("reviews:claim_detail", args=[factories.make_taken_task(checker).claim_id])
    assert f'<a href="{claim}">Propose a verdict</a>' in signed_in.get(HOME).text


def test_every_step_leads_somewhere() -> None:
    for role in Role:
        for step in progress_of(factories.make_user(role)).steps:
            assert step.url or step.by_key, step.name


def test_any_number_of_steps_is_one_query() -> None:
    for role in (Role.CHECKER, Role.MODERATOR):
        user = factories.make_user(role)
        progress_of(user)  # the roles are kept with the person
        with CaptureQueriesContext(connection) as captured:
            progress_of(user)
        assert len(captured) == 1
