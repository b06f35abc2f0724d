"""How people want to be told, and how they stop a kind of mail."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from claimtracker.accounts.models import User
from claimtracker.kernel.errors import ActionRefused
from claimtracker.ledger import audit

from ..models import EmailWish, MailTimes, NoticePreference, Notification
from ..models.mailing import time_zones
from ..models.notification import NoticeKind
from .notifying import Wish, all_wishes_of

COLLECTED = (EmailWish.DAILY.value, EmailWish.WEEKLY.value)


@transaction.atomic
def set_wishes(user: User, *, wishes: Mapping[str, Wish]) -> None:
    """Keep how the person wants to be told of each kind in ``wishes``; what waits to be mailed follows.

    Locks the person. Only one's own: views pass who is signed in. Raises ActionRefused for an unknown kind
    or wish. Audits notice_preferences.changed, when something did.
    """
    for kind, wish in wishes.items():
        if kind not in NoticeKind.values or wish.email not in EmailWish.values:
            raise ActionRefused(_("Choose from the list."), code="bad_wish", field=kind)
    _lock(user)
    before = all_wishes_of(user)
    changed = {kind: wish for kind, wish in wishes.items() if before[kind] != wish}
    for kind, wish in changed.items():
        _keep(user, kind, wish)
    if changed:
        told = {kind: [wish.in_app, wish.email] for kind, wish in sorted(changed.items())}
        audit.record("notice_preferences.changed", by=user, subject=user, details=told)


@transaction.atomic
def set_mail_times(user: User, *, time_zone: str, hour: int, weekday: int) -> MailTimes:
    """When the person's collected mail comes. Locks the person. Raises ActionRefused naming the field."""
    if time_zone not in dict(time_zones()):
        raise ActionRefused(_("Choose a time zone from the list."), code="bad_zone", field="time_zone")
    if not 0 <= hour <= 23:
        raise ActionRefused(_("Choose an hour from 0 to 23."), code="bad_hour", field="hour")
    if not 0 <= weekday <= 6:
        raise ActionRefused(_("Choose a day of the week."), code="bad_day", field="weekday")
    _lock(user)
    times, _created = MailTimes.objects.update_or_create(
        user=user, defaults={"time_zone": time_zone, "hour": hour, "weekday": weekday}
    )
    return times


@transaction.atomic
def unsubscribe(user: User, *, what: str) -> list[str]:
    """Stop the mail of ``what``: one kind, or every kind that comes with the ``daily`` or ``weekly`` mail.
    In the app all stays as it is. Returns the kinds that were stopped; none when they were before.

    For whoever holds the signed link, signed in or not. Locks the person. Raises ActionRefused for what is no
    kind of mail. Audits mail.unsubscribed.
    """
    if what not in (*NoticeKind.values, *COLLECTED):
        raise ActionRefused(_("This link is of no mail that we send."), code="bad_kind")
    _lock(user)
    wishes = all_wishes_of(user)
    meant = [kind for kind, wish in wishes.items() if what in (kind, wish.email)]
    stopped = [kind for kind in meant if wishes[kind].email != EmailWish.NEVER]
    for kind in stopped:
        _keep(user, kind, Wish(in_app=wishes[kind].in_app, email=EmailWish.NEVER.value))
    if stopped:
        audit.record("mail.unsubscribed", by=user, subject=user, details={"kinds": stopped, "what": what})
    return stopped


def _lock(user: User) -> None:
    User.objects.select_for_update().get(pk=user.pk)


def _keep(user: User, kind: str, wish: Wish) -> None:
    NoticePreference.objects.update_or_create(
        user=user, kind=kind, defaults={"in_app": wish.in_app, "email": wish.email}
    )
    waiting = Notification.objects.filter(user=user, kind=kind)
    waiting.to_be_mailed().update(email=wish.email)
    if wish.email == EmailWish.NEVER:  # also what is in a mail that was not sent yet
        waiting.filter(mailing__state="queued").update(email=wish.email)
