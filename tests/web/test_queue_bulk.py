"""The pages around what is done to several tasks, and around saved views: all of it without script."""

from __future__ import annotations

import re
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from claimtracker.accounts.models import Role, User
from reviews.actions.saved_views import save_view, set_default_view
from reviews.models import BulkChange, ReviewTask, SavedView
from tests import factories

pytestmark = pytest.mark.django_db


def send(client: Client, verb: str, *tasks: ReviewTask, **fields: Any) -> Any:
    data = {"verb": verb, "tasks": [task.pk for task in tasks], "key": uuid.uuid4(), **fields}
    return client.post("/queue/change/?show=all&q=city", data)


@pytest.fixture
def lead(client: Client) -> User:
    user = factories.make_user(Role.LEAD)
    client.force_login(user)
    return user


def test_the_result_stands_above_the_same_list_in_one_line(client: Client, lead: User) -> None:
    free, theirs = factories.make_task(), factories.make_taken_task(factories.make_user(name="Ada Brandt"))
    response = send(client, "take", free, theirs)
    done = BulkChange.objects.get()
    assert response["Location"] == f"/queue/?show=all&q=city&done={done.pk}"
    page = client.get(response["Location"]).text
    words = " ".join(re.sub(r"<[^>]+>", " ", page).split())
    assert "1 task is yours now. 1 was refused:" in words
    assert "Ada has this task already." in words
    assert f'action="/queue/undo/{done.pk}/?show=all&amp;q=city"' in page
    undone = client.post(f"/queue/undo/{done.pk}/?show=all&q=city", follow=True).text
    assert "Undone: 1 task is as it was." in undone
    assert "data-undo-ms" not in undone
    assert ReviewTask.objects.get(pk=free.pk).state == "queued"


def test_too_late_is_said(client: Client, lead: User) -> None:
    send(client, "take", factories.make_task())
    done = BulkChange.objects.get()
    BulkChange.objects.update(finished_at=timezone.now() - timedelta(seconds=20))
    page = client.post(f"/queue/undo/{done.pk}/?show=all", follow=True).text
    assert "The ten seconds to undo this are over." in page
    assert "data-undo-ms" not in page


def test_what_others_did_is_not_there(client: Client, lead: User) -> None:
    send(client, "take", factories.make_task())
    done = BulkChange.objects.get()
    client.force_login(factories.make_user(Role.LEAD))
    assert client.post(f"/queue/undo/{done.pk}/").status_code == 404
    assert client.get(f"/queue/?done={done.pk}").context["result"] is None


def test_a_form_that_lacks_something_keeps_what_was_ticked_and_typed(client: Client, lead: User) -> None:
    task = factories.make_task()
    response = send(client, "deadline", task, why_moved="The office is closed.")
    assert response.status_code == 422
    assert "Choose day and time." in response.text
    assert 'value="The office is closed."' in response.text
    assert re.search(rf'name="tasks" value="{task.pk}"[^>]* checked', response.text)
    assert send(client, "take").status_code == 422
    assert send(client, "nonsense", task).status_code == 422
    assert send(client, "take", task, key="x").status_code == 422
    assert not BulkChange.objects.exists()


def test_a_lead_gives_moves_and_dismisses(client: Client, lead: User) -> None:
    ada, task = factories.make_user(name="Ada Brandt"), factories.make_task()
    send(client, "give", task, to=ada.pk)
    assert ReviewTask.objects.get(pk=task.pk).assignee == ada
    send(client, "deadline", task, due_at="2027-01-05T17:00", why_moved="The office is closed.")
    assert ReviewTask.objects.get(pk=task.pk).due_at.year == 2027
    page = client.get(send(client, "dismiss", task, why_dismissed="Nobody can check this.")["Location"]).text
    assert "1 claim was dismissed." in page


def test_who_may_not_is_offered_less(client: Client) -> None:
    factories.make_task()
    client.force_login(factories.make_user(Role.REPORTER))
    assert 'id="bulk"' not in client.get("/queue/?show=all").text
    client.force_login(factories.make_user(Role.CHECKER))
    page = client.get("/queue/?show=all").text
    assert 'value="take"' in page
    assert 'value="dismiss"' in page
    assert 'value="give"' not in page
    assert 'value="deadline"' not in page


def test_news_are_counted_in_this_list_only(client: Client, lead: User) -> None:
    first = factories.make_task()
    assert client.get(f"/queue/news/?show=all&since={first.pk}").text.strip() == ""
    factories.make_task()
    factories.make_task(factories.make_claim(score=0.1))
    assert "2 new tasks" in client.get(f"/queue/news/?show=all&since={first.pk}").text
    one = client.get(f"/queue/news/?show=all&q=score:>0.5&since={first.pk}").text
    assert "1 new task" in one
    assert 'href="/queue/?show=all&amp;q=score%3A%3E0.5"' in one
    assert client.get("/queue/news/?since=x").status_code == 200
    client.logout()
    assert client.get(f"/queue/news/?show=all&since={first.pk}").status_code == 286, "the page stops asking"


def test_a_view_is_kept_shown_and_begun_with(client: Client, lead: User) -> None:
    factories.make_task()
    desk = factories.make_desk()
    response = client.post(
        "/queue/views/", {"name": "Fresh", "show": "all", "q": "score:>0.5", "desk": desk.pk}
    )
    assert response["Location"] == "/queue/?show=all&q=score%3A%3E0.5"
    page = client.get(response["Location"])
    assert [(line.view.name, line.current) for line in page.context["views"]] == [("Fresh", True)]
    view = SavedView.objects.get()
    checker = factories.make_user()
    client.force_login(checker)
    client.post(f"/queue/views/{view.pk}/", {"act": "default"})
    assert [chip.label for chip in client.get("/queue/").context["chips"]] == ["Check-worthiness: over 0.5"]
    assert client.get("/queue/?show=takeable").context["chips"] == []
    listed = client.get("/queue/views/").text
    assert "the queue begins with it" in listed
    assert 'value="rename"' not in listed
    assert client.post(f"/queue/views/{view.pk}/", {"act": "remove"}).status_code == 403
    client.post(f"/queue/views/{view.pk}/", {"act": "no_default"})
    assert client.get("/queue/").context["chips"] == []


def test_a_view_is_renamed_and_removed(client: Client, lead: User) -> None:
    save_view(by=lead, name="Other", show="all", query="")
    view = save_view(by=lead, name="Late", show="late", query="")
    assert client.post(f"/queue/views/{view.pk}/", {"act": "rename", "name": "other"}).status_code == 422
    client.post(f"/queue/views/{view.pk}/", {"act": "rename", "name": "Very late"})
    assert SavedView.objects.get(pk=view.pk).name == "Very late"
    client.post(f"/queue/views/{view.pk}/", {"act": "remove"})
    assert not SavedView.objects.filter(pk=view.pk).exists()
    refused = client.post("/queue/views/", {"name": "", "show": "all", "q": "late:yes"})
    assert refused.status_code == 422
    assert 'name="q" value="late:yes"' in refused.text
    client.force_login(factories.make_user())
    other = SavedView.objects.get()
    assert client.post(f"/queue/views/{other.pk}/", {"act": "remove"}).status_code == 404


def test_results_and_views_cost_the_same_however_many(client: Client, lead: User) -> None:
    def cost(many: int) -> int:
        tasks = [factories.make_task() for _ in range(many)]
        for n in range(many):
            view = save_view(by=lead, name=f"View {many} {n}", show="all", query="city")
        set_default_view(view, by=lead)
        send(client, "take", *tasks)
        with CaptureQueriesContext(connection) as queries:
            response = client.get(f"/queue/?show=all&done={BulkChange.objects.latest('pk').pk}")
        assert response.context["result"].worked == many
        return len(queries)

    few = cost(3)
    assert cost(25) == few
    assert few <= 17


def test_a_lead_sets_priorities_with_a_reason(client: Client, lead: User) -> None:
    task = factories.make_task()
    assert send(client, "priority", task, level="urgent").status_code == 422
    send(client, "priority", task, level="urgent", why_prioritised="It is on air at six.")
    page = client.get(f"/queue/?show=all&done={BulkChange.objects.get().pk}").text
    assert "The priority of 1 task was set." in page
    assert "by hand" in page
    assert "It is on air at six." in client.get(f"/claims/{task.claim_id}/").text
    client.force_login(factories.make_user())
    assert "Priority…" not in client.get("/queue/?show=all").text


def test_what_broke_off_is_said_and_undone_from_the_queue(client: Client, lead: User) -> None:
    task, never = factories.make_task(), factories.make_task()
    send(client, "take", task, never)
    change = BulkChange.objects.get()
    change.items.get(task=never).delete()
    BulkChange.objects.update(finished_at=None, reached_at=timezone.now() - timedelta(seconds=20))
    page = client.get("/queue/?show=all").text
    assert "1 task is yours now. It broke off: 1 of 2 were looked at." in page
    assert "data-undo-ms" not in page
    client.post(f"/queue/undo/{change.pk}/?show=all")
    assert ReviewTask.objects.get(pk=task.pk).state == "queued"
    assert "broke off" not in client.get("/queue/?show=all").text
