"""Whose clock a page goes by."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from claimtracker.accounts.models import Role
from reviews.actions.preferences import set_mail_times
from reviews.models import NoticeKind, Publication, ReviewTask
from tests import factories

pytestmark = pytest.mark.django_db
NOON = datetime(2027, 1, 15, 12, 0, tzinfo=UTC)


def test_pages_go_by_the_clock_of_who_is_signed_in(client: Client) -> None:
    lead = factories.make_user(Role.LEAD)
    task = factories.make_task()
    ReviewTask.objects.filter(pk=task.pk).update(due_at=NOON)
    address = reverse("reviews:claim_detail", args=[task.claim_id])
    client.force_login(lead)
    assert "15 Jan 12:00" in client.get(address).text, "the newsroom's until they choose"
    set_mail_times(lead, time_zone="Asia/Tokyo", hour=8, weekday=0)
    client.force_login(lead)
    assert "15 Jan 21:00" in client.get(address).text
    assert timezone.get_current_timezone_name() == "UTC", "the next request begins anew"


def test_a_new_choice_holds_at_once_in_this_session(client: Client) -> None:
    lead, task = factories.make_user(Role.LEAD), factories.make_task()
    ReviewTask.objects.filter(pk=task.pk).update(due_at=NOON)
    client.force_login(lead)
    wishes = {f"email_{kind}": "never" for kind in NoticeKind}
    chosen = {"time_zone": "America/New_York", "hour": "8", "weekday": "0", **wishes}
    assert client.post(reverse("web:notice_preferences"), chosen).status_code == 302
    assert "15 Jan 07:00" in client.get(reverse("reviews:claim_detail", args=[task.claim_id])).text


def test_a_deadline_that_is_typed_is_of_the_same_clock(client: Client) -> None:
    lead, task = factories.make_user(Role.LEAD), factories.make_task()
    set_mail_times(lead, time_zone="Asia/Tokyo", hour=8, weekday=0)
    client.force_login(lead)
    later = timezone.now().replace(hour=3, minute=0, second=0, microsecond=0) + timezone.timedelta(days=3)
    sent = {"due_at": later.strftime("%Y-%m-%dT12:00"), "reason": "The office is closed."}
    assert client.post(reverse("reviews:task_deadline", args=[task.pk]), sent).status_code == 302
    task.refresh_from_db()
    assert task.due_at == later


def test_public_pages_are_the_same_for_everybody(client: Client) -> None:
    publication = factories.make_publication()
    address = reverse("reviews:public_claim", args=[publication.slug])
    lead = factories.make_user(Role.LEAD)
    set_mail_times(lead, time_zone="Pacific/Kiritimati", hour=8, weekday=0)
    before = client.get(address)
    client.force_login(lead)
    after = client.get(address)
    assert after.content == before.content
    assert "Cookie" not in after.get("Vary", "")
    assert Publication.objects.count() == 1
