"""The bell, the list behind it, how one is told, and stopping mail by one click."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from claimtracker.accounts.models import Role, User
from reviews.actions.discussion import add_comment
from reviews.actions.letters import stop_url
from reviews.actions.notifying import all_wishes_of, notify
from reviews.models import MailTimes, NoticeKind, Notification
from tests import factories

pytestmark = pytest.mark.django_db
LIST, PREFERENCES = "/notices/", "/notices/preferences/"


def tell(person: User, text: str = "It is due.", **options: Any) -> Notification:
    claim = options.pop("claim", None) or factories.make_claim()
    key = str(Notification.objects.count())
    assert notify([person], "due", text=text, claim=claim, key=key, **options) == 1
    return Notification.objects.get(user=person, key=key)


def bell(client: Client) -> str:
    """What the bell says on any page."""
    html = client.get(PREFERENCES).content.decode()
    found = re.search(r"topbar__count\">([^<]*)<", html)
    return found[1] if found else ""


def test_strangers_sign_in_first(client: Client) -> None:
    for address in (LIST, PREFERENCES, "/notices/1/"):
        assert client.get(address)["Location"].startswith(reverse("account_login"))


def test_the_bell_counts_and_the_list_marks_what_was_read(signed_in: Client, checker: User) -> None:
    assert "Nothing yet" in signed_in.get(LIST).content.decode()
    assert bell(signed_in) == ""
    first, second = tell(checker, "First thing"), tell(checker, "Second thing")
    tell(factories.make_user(), "Not yours")
    html = signed_in.get(LIST).content.decode()
    assert html.index("Second thing") < html.index("First thing")
    assert "Not yours" not in html
    assert bell(signed_in) == "2"
    response = signed_in.get(f"/notices/{first.pk}/")
    assert response["Location"] == reverse("reviews:claim_detail", args=[first.claim_id])
    assert bell(signed_in) == "1"
    unread = signed_in.get(f"{LIST}?show=unread").content.decode()
    assert "Second thing" in unread
    assert "First thing" not in unread
    posted = signed_in.post("/notices/read/", {"notice": second.pk, "back": "notices"})
    assert posted["Location"] == LIST
    assert "You have read everything" in signed_in.get(f"{LIST}?show=unread").content.decode()
    tell(checker)
    signed_in.post("/notices/read/", {"back": "notices"})
    assert bell(signed_in) == ""


def test_a_notice_leads_to_the_comment_it_tells_of(signed_in: Client, checker: User) -> None:
    claim = factories.make_claim()
    comment = add_comment(claim, by=factories.make_user(), text=f"Look, @{checker.email}").comment
    notice = Notification.objects.get(user=checker)
    response = signed_in.get(f"/notices/{notice.pk}/")
    assert response["Location"] == reverse("reviews:comment_detail", args=[claim.pk, comment.pk])
    assert f'id="comment-{comment.pk}"' in signed_in.get(response["Location"]).content.decode()


def test_what_one_may_not_see_any_more_is_gone_from_list_and_bell(signed_in: Client, checker: User) -> None:
    notice, other = tell(checker, "Now elsewhere"), tell(factories.make_user())
    assert signed_in.get(f"/notices/{other.pk}/").status_code == 404
    checker.memberships.update(desk=factories.make_desk("health"))
    assert "Now elsewhere" not in signed_in.get(LIST).content.decode()
    assert bell(signed_in) == ""
    assert signed_in.get(f"/notices/{notice.pk}/").status_code == 404
    assert "Now elsewhere" not in signed_in.get("/").content.decode()


def test_what_one_does_not_want_in_the_app_is_not_there(signed_in: Client, checker: User) -> None:
    Notification.objects.filter(pk=tell(checker, "By mail only").pk).update(in_app=False)
    assert "By mail only" not in signed_in.get(LIST).content.decode()
    assert bell(signed_in) == ""


def test_pages_of_notices_cost_the_same_and_none_is_lost(signed_in: Client, checker: User) -> None:
    claim = factories.make_claim()

    def cost() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert signed_in.get(LIST).status_code == 200
        return len(captured)

    for _ in range(3):
        tell(checker, claim=claim, by=factories.make_user())
    signed_in.get(LIST)
    few = cost()
    for number in range(30):
        tell(checker, f"Number {number}", claim=claim, by=factories.make_user())
    assert cost() == few <= 15
    first = signed_in.get(LIST).context["page"]
    second = signed_in.get(f"{LIST}{first.older_url}").context["page"]
    seen = [row.pk for row in (*first.rows, *second.rows)]
    assert len(seen) == len(set(seen)) == 33
    assert not second.older_url


def test_wishes_are_kept_and_shown_again(signed_in: Client, checker: User) -> None:
    sent = {f"email_{kind}": "weekly" for kind in NoticeKind} | {"app_due": "on"}
    sent |= {"time_zone": "Asia/Tokyo", "hour": "18", "weekday": "4"}
    assert signed_in.post(PREFERENCES, sent)["Location"] == PREFERENCES
    wishes = all_wishes_of(checker)
    assert (wishes["due"].in_app, wishes["due"].email) == (True, "weekly")
    assert (wishes["mentioned"].in_app, wishes["mentioned"].email) == (False, "weekly")
    times = MailTimes.objects.get(user=checker)
    assert (times.time_zone, times.hour, times.weekday) == ("Asia/Tokyo", 18, 4)
    html = signed_in.get(PREFERENCES).content.decode()
    assert '<option value="Asia/Tokyo" selected>' in html
    assert html.count('<option value="weekly" selected>') == len(NoticeKind)
    for wrong in ({"time_zone": "Mars/Base"}, {"hour": "25"}, {"email_due": "hourly"}):
        assert signed_in.post(PREFERENCES, sent | wrong).status_code == 422
    assert MailTimes.objects.get(user=checker).hour == 18


def test_every_kind_of_notice_can_be_chosen(signed_in: Client, checker: User) -> None:
    html = signed_in.get(PREFERENCES).content.decode()
    for kind in NoticeKind:
        assert f'name="app_{kind}"' in html
        assert f'name="email_{kind}"' in html


# --- stopping mail


def path_of(url: str) -> str:
    return url.removeprefix("http://localhost:8000")


def test_one_click_stops_one_kind_without_signing_in() -> None:
    person = factories.make_user()
    address = path_of(stop_url(person.pk, "mentioned"))
    stranger = Client(enforce_csrf_checks=True)
    asked = stranger.get(address)
    assert "Somebody mentioned you" in asked.content.decode()
    assert "no-store" in asked["Cache-Control"]
    assert all_wishes_of(person)["mentioned"].email == "at_once", "scanners follow links"
    # exactly what RFC 8058 has a mail program send
    stopped = stranger.post(
        address, "List-Unsubscribe=One-Click", content_type="application/x-www-form-urlencoded"
    )
    assert stopped.status_code == 200
    wishes = all_wishes_of(person)
    assert (wishes["mentioned"].email, wishes["mentioned"].in_app) == ("never", True)
    assert wishes["due"].email == "at_once"
    assert stranger.post(address).status_code == 200, "twice is as good as once"


def test_a_link_stops_nobody_elses_mail_and_no_other_kind() -> None:
    person, other = factories.make_user(), factories.make_user()
    address = path_of(stop_url(person.pk, "mentioned"))
    foreign = path_of(stop_url(other.pk, "due"))
    token, foreign_token = address.split("/")[2], foreign.split("/")[2]
    forged = foreign_token.split(":")[0] + ":" + token.split(":", 1)[1]
    for wrong in (forged, token[:-1], "nonsense"):
        response = Client().post(f"/unsubscribe/{wrong}/")
        assert response.status_code == 404
        assert "This link is not whole" in response.content.decode()
    assert all_wishes_of(other)["due"].email == "at_once"
    assert not Notification.objects.exists()


def test_a_person_who_left_can_still_stop_mail() -> None:
    person = factories.make_user(Role.EDITOR, is_active=False)
    assert Client().post(path_of(stop_url(person.pk, "daily"))).status_code == 200
    assert "daily" not in {wish.email for wish in all_wishes_of(person).values()}


def test_reading_is_by_form_only(signed_in: Client, checker: User) -> None:
    notice = tell(checker)
    assert signed_in.get("/notices/read/").status_code == 405
    notice.refresh_from_db()
    assert notice.read_at is None
