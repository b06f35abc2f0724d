"""What is mailed, when, and that nothing is mailed twice: against a real SMTP server on loopback."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

import reviews.tasks  # noqa: F401 - registers the jobs
from claimtracker.accounts.models import Role, User
from claimtracker.jobs import runner
from claimtracker.jobs.models import Job
from claimtracker.kernel.errors import ActionRefused, LeaseLost
from claimtracker.ledger.models import AuditEntry
from reviews import states
from reviews.actions import mailing
from reviews.actions.discussion import add_comment, remove_comment
from reviews.actions.notifying import Wish, notify
from reviews.actions.preferences import set_mail_times, set_wishes, unsubscribe
from reviews.models import EmailWish, Mailing, MailTimes, Notification
from reviews.selectors.mail_times import last_slot
from tests import factories
from tests.support.mail_server import MailServer

pytestmark = pytest.mark.django_db


@pytest.fixture
def ana(db: None) -> User:
    return factories.make_user(name="Ana Lind", email="ana@desk.example")


def tell(
    person: User, kind: str = "due", *, text: str = "It is due.", key: str = "1", **options: Any
) -> None:
    claim = options.pop("claim", None) or factories.make_claim()
    assert notify([person], kind, text=text, claim=claim, key=key, **options) == 1


def work() -> None:
    """Run the mail jobs that are due, as a worker would."""
    for _round in range(3):
        due = Job.objects.due().filter(kind__in=("reviews.gather_mail", "reviews.send_mail"))
        for job_id in list(due.values_list("pk", flat=True)):
            runner.run(job_id)


def later() -> None:
    Job.objects.filter(state="queued").update(due_at=timezone.now())


# --- at once


def test_a_notice_goes_out_at_once_as_one_mail(ana: User, mail_server: MailServer):
    tell(ana, "mentioned", text="Ben mentioned you: “Look, über”.")
    work()
    work()
    (message,) = mail_server.messages
    row = Mailing.objects.get()
    assert (row.state, row.kind, row.tries) == ("sent", "mentioned", 1)
    assert message["To"] == "Ana Lind <ana@desk.example>"
    assert message["Subject"].startswith("[Claimtracker] Somebody mentioned you: ")
    assert message["Message-ID"] == f"<{row.public_id}@localhost>"
    body = message.get_content()
    assert "Ben mentioned you: “Look, über”." in body
    assert f"http://localhost:8000/notices/{Notification.objects.get().pk}/" in body


def test_the_headers_for_one_click_are_as_rfc_8058_wants_them(ana: User, mail_server: MailServer):
    tell(ana)
    work()
    (message,) = mail_server.messages
    link = message["List-Unsubscribe"].strip()  # a long header is folded
    assert link.startswith("<http://localhost:8000/unsubscribe/")
    assert link.endswith("/>")
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert link[1:-1] in message.get_content()


def test_a_burst_of_one_kind_is_one_mail_and_other_kinds_have_their_own(
    ana: User,
    mail_server: MailServer,
):
    claim = factories.make_claim()
    for key in "123":
        tell(ana, claim=claim, key=key)
    tell(ana, "mentioned", claim=claim)
    work()
    assert sorted(message["Subject"] for message in mail_server.messages) == [
        "[Claimtracker] Due (3)",
        f"[Claimtracker] Somebody mentioned you: {claim}"[:140],
    ]


def test_what_was_read_removed_or_hidden_meanwhile_is_not_mailed(ana: User, mail_server: MailServer):
    ben = factories.make_user(name="Ben")
    tell(ana)
    claim = factories.make_claim()
    comment = add_comment(claim, by=ben, text="A libel, @Ana Lind").comment
    gone = factories.make_user(name="Gus")
    tell(gone)
    work_gathers_only()
    Notification.objects.filter(user=ana, kind="due").update(read_at=timezone.now())
    remove_comment(comment, by=ben)
    gone.memberships.all().delete()
    work()
    assert mail_server.messages == []
    assert set(Mailing.objects.values_list("state", flat=True)) == {"dropped"}


def work_gathers_only() -> None:
    for job_id in list(Job.objects.due().filter(kind="reviews.gather_mail").values_list("pk", flat=True)):
        runner.run(job_id)


def test_nobody_is_mailed_who_chose_never_or_has_left(ana: User, mail_server: MailServer):
    set_wishes(ana, wishes={"due": Wish(in_app=True, email="never")})
    tell(ana)
    left = factories.make_user()
    tell(left)
    User.objects.filter(pk=left.pk).update(is_active=False)
    work()
    assert mail_server.messages == []


# --- never twice


@pytest.mark.parametrize("step", ["MAIL", "RCPT", "DATA", "WORDS"])
def test_a_refusal_for_now_is_tried_again_and_arrives_once(step: str, ana: User, mail_server: MailServer):
    mail_server.answers[step] = "451 later, please"
    tell(ana)
    work()
    row = Mailing.objects.get()
    assert (row.state, row.tries) == ("queued", 1)
    assert "451 later, please" in row.last_error
    job = Job.objects.get(kind="reviews.send_mail")
    assert (job.state, job.due_at > timezone.now()) == ("queued", True)
    mail_server.answers.clear()
    mail_server.messages.clear()  # a server that says 451 has not kept it
    later()
    work()
    assert len(mail_server.messages) == 1
    row.refresh_from_db()
    assert (row.state, row.tries, row.last_error) == ("sent", 2, "")


def test_a_refusal_for_good_is_the_end_until_a_moderator_sends_it_again(
    ana: User,
    mail_server: MailServer,
):
    mail_server.answers["RCPT"] = "550 nobody here"
    tell(ana)
    work()
    row = Mailing.objects.get()
    assert (row.state, "550 nobody here" in row.last_error) == ("failed", True)
    assert not Job.objects.open().filter(kind="reviews.send_mail").exists()
    mail_server.answers.clear()
    mailing.send_again(row, by=factories.make_user(Role.MODERATOR))
    work()
    row.refresh_from_db()
    assert (row.state, len(mail_server.messages)) == ("sent", 1)
    assert AuditEntry.objects.get(verb="mailing.sent_again").details["was"] == "failed"
    with pytest.raises(ActionRefused, match="Only a mail that failed"):
        mailing.send_again(row, by=ana)


def test_a_server_that_is_away_is_tried_for_a_day(ana: User, settings: Any, mail_server: MailServer):
    settings.EMAIL_PORT = 1
    tell(ana)
    work()
    row = Mailing.objects.get()
    assert row.state == "queued"
    Mailing.objects.update(created_at=timezone.now() - timedelta(hours=25))
    later()
    work()
    row.refresh_from_db()
    assert row.state == "failed"
    assert mail_server.messages == []


def test_a_connection_that_breaks_after_the_words_is_not_tried_again(ana: User, mail_server: MailServer):
    mail_server.answers["WORDS"] = ""
    tell(ana)
    work()
    later()
    work()
    assert Mailing.objects.get().state == "unknown"
    assert len(mail_server.messages) == 1


def test_what_a_lost_worker_was_handing_over_is_never_sent_again_by_itself(
    ana: User,
    mail_server: MailServer,
):
    tell(ana)
    work_gathers_only()
    Mailing.objects.update(state=states.HANDING_OVER, tries=1)
    work()
    row = Mailing.objects.get()
    assert (row.state, "may have arrived" in row.last_error) == ("unknown", True)
    assert mail_server.messages == []


def test_a_worker_that_lost_its_job_stops_before_the_words(ana: User, mail_server: MailServer):
    tell(ana)
    work_gathers_only()
    letter = mailing.open_letter(Mailing.objects.get().pk)
    assert letter is not None
    with pytest.raises(LeaseLost):
        mailing.hand_over(letter, is_ours=lambda: False)
    assert mail_server.messages == []
    assert mailing.hand_over(letter, is_ours=lambda: True).state == "sent"
    with pytest.raises(LeaseLost):  # another who read it at the same time comes too late
        mailing.hand_over(letter, is_ours=lambda: True)
    assert len(mail_server.messages) == 1


# --- collected mail


def at(*moment: int) -> datetime:
    return datetime(*moment, tzinfo=UTC)  # type: ignore[misc] # year, month, day and so on


@pytest.mark.parametrize(
    ("zone", "hour", "cadence", "now", "name", "due"),
    [
        ("UTC", 8, "daily", at(2026, 11, 26, 7, 59), "2026-11-25", at(2026, 11, 25, 8)),
        ("UTC", 8, "daily", at(2026, 11, 26, 8), "2026-11-26", at(2026, 11, 26, 8)),
        ("Asia/Tokyo", 8, "daily", at(2026, 11, 25, 23), "2026-11-26", at(2026, 11, 25, 23)),
        ("America/New_York", 18, "daily", at(2026, 11, 26, 22), "2026-11-25", at(2026, 11, 25, 23)),
        # the night in which the clock jumps from 2 to 3
        ("Europe/Berlin", 2, "daily", at(2026, 3, 29, 1, 30), "2026-03-29", at(2026, 3, 29, 1)),
        ("UTC", 8, "weekly", at(2026, 11, 26, 12), "2026-11-23", at(2026, 11, 23, 8)),
        ("UTC", 8, "weekly", at(2026, 11, 23, 7), "2026-11-16", at(2026, 11, 16, 8)),
    ],
)
def test_collected_mail_is_due_by_the_persons_clock(
    zone: str, hour: int, cadence: str, now: datetime, name: str, due: datetime
):
    slot = last_slot(MailTimes(time_zone=zone, hour=hour), cadence, now=now)
    assert (slot.name, slot.at.astimezone(UTC)) == (name, due)


def test_the_daily_mail_collects_a_day_and_comes_once(ana: User, mail_server: MailServer):
    set_mail_times(ana, time_zone="Asia/Tokyo", hour=8, weekday=0)
    for key in "12":
        tell(ana, "commented", text=f"Remark {key}", key=key)
    tell(ana, "escalated", text="Late one")
    yesterday = at(2026, 11, 25, 12)
    Notification.objects.update(created_at=yesterday)
    assert mailing.plan_digests(now=at(2026, 11, 25, 22, 59)) == 0
    tell(ana, "commented", text="Too late for today", key="3")
    Notification.objects.filter(key="3").update(created_at=at(2026, 11, 25, 23, 30))
    assert mailing.plan_digests(now=at(2026, 11, 25, 23)) == 1
    assert mailing.plan_digests(now=at(2026, 11, 26, 1)) == 0
    work()
    (message,) = mail_server.messages
    assert message["Subject"] == "[Claimtracker] Your day: 3 notices"
    body = message.get_content()
    for words in ("Remark 1", "Remark 2", "Late one", "A comment in your conversation"):
        assert words in body
    assert "Too late for today" not in body
    # a line to stop each kind, and one for the collected mail itself
    assert body.count("/unsubscribe/") == 3
    assert mailing.plan_digests(now=at(2026, 11, 26, 23)) == 1


def test_each_person_has_one_mail_for_a_slot_whatever_comes_late(ana: User, mail_server: MailServer):
    tell(ana, "commented")
    Notification.objects.update(created_at=at(2026, 11, 25, 12))
    now = at(2026, 11, 26, 9)
    assert mailing.plan_digests(now=now) == 1
    tell(ana, "commented", key="2")  # written before the slot, committed after it was planned
    Notification.objects.filter(key="2").update(created_at=at(2026, 11, 26, 7))
    assert mailing.plan_digests(now=now) == 0
    assert mailing.plan_digests(now=now + timedelta(days=1)) == 1


def test_weekly_mail_waits_for_its_day(ana: User):
    set_wishes(ana, wishes={"commented": Wish(in_app=False, email="weekly")})
    tell(ana, "commented")
    Notification.objects.update(created_at=at(2026, 11, 24, 12))
    assert mailing.plan_digests(now=at(2026, 11, 29, 23)) == 0
    assert mailing.plan_digests(now=at(2026, 11, 30, 8)) == 1
    assert Mailing.objects.get().cadence == "weekly"


# --- wishes


def test_a_changed_wish_holds_for_what_waits(ana: User):
    tell(ana, "commented")
    set_wishes(ana, wishes={"commented": Wish(in_app=True, email="weekly"), "due": Wish(True, "at_once")})
    assert Notification.objects.get().email == "weekly"
    entry = AuditEntry.objects.get(verb="notice_preferences.changed")
    assert entry.details == {"commented": [True, "weekly"]}
    set_wishes(ana, wishes={"commented": Wish(in_app=True, email="weekly")})
    assert AuditEntry.objects.filter(verb="notice_preferences.changed").count() == 1
    for wrong in ({"gossip": Wish(True, "never")}, {"due": Wish(True, "hourly")}):
        with pytest.raises(ActionRefused, match="Choose from the list"):
            set_wishes(ana, wishes=wrong)


@pytest.mark.parametrize(
    ("zone", "hour", "weekday", "field"),
    [("Mars/Base", 8, 0, "time_zone"), ("UTC", 24, 0, "hour"), ("UTC", 8, 7, "weekday")],
)
def test_impossible_times_are_refused_at_their_field(
    ana: User, zone: str, hour: int, weekday: int, field: str
):
    with pytest.raises(ActionRefused) as refused:
        set_mail_times(ana, time_zone=zone, hour=hour, weekday=weekday)
    assert refused.value.field == field


def test_stopping_one_kind_leaves_the_others_and_the_app(ana: User, mail_server: MailServer):
    tell(ana)
    tell(ana, "mentioned")
    work_gathers_only()  # both are in a mail that was not sent yet
    assert unsubscribe(ana, what="due") == ["due"]
    assert unsubscribe(ana, what="due") == []
    tell(ana, key="2")
    work()
    assert [message["Subject"][:39] for message in mail_server.messages] == [
        "[Claimtracker] Somebody mentioned you: "
    ]
    assert Notification.objects.filter(user=ana, kind="due").unread().count() == 2
    with pytest.raises(ActionRefused, match="no mail that we send"):
        unsubscribe(ana, what="everything")


def test_stopping_the_daily_mail_stops_what_comes_with_it(ana: User):
    set_wishes(ana, wishes={"due": Wish(in_app=True, email=EmailWish.WEEKLY)})
    stopped = unsubscribe(ana, what="daily")
    assert "commented" in stopped
    assert not {"due", "mentioned", "half_time"} & set(stopped)
