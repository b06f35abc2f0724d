"""What people are told about claims, and how each wants to be told of what."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from claims.models import Claim
from claimtracker.kernel.at_rest.fields import EncryptedCharField

from .blind import may_know_finding
from .comment import Comment
from .review_task import ReviewTask


class NoticeKind(models.TextChoices):
    """What a notice is about; each is one line of a person's preferences."""

    ASSIGNED = "assigned", _("A task was given to you")
    HANDED_OVER = "handed_over", _("A task was handed over")
    HALF_TIME = "half_time", _("Half of the time is over")
    DUE = "due", _("Due")
    ESCALATED = "escalated", _("Late")
    LEASE_EXPIRED = "lease_expired", _("Went back to the queue")
    REVIEW_WANTED = "review_wanted", _("A review is wanted from you")
    RETURNED = "returned", _("Returned to you")
    APPROVED = "approved", _("Your verdict was approved")
    DISSENT = "dissent", _("Reviewers disagree")
    ADJUDICATED = "adjudicated", _("A lead decided")
    PUBLISHED = "published", _("Published")
    CORRECTED = "corrected", _("Corrected or retracted")
    RECHECK = "recheck", _("To be checked again")
    TEXT_REMOVED = "text_removed", _("An article no longer says what was checked")
    EVIDENCE_CHANGED = "evidence_changed", _("A source changed or is gone")
    REPLY = "reply", _("A reply from the person concerned")
    COMPLAINT = "complaint", _("A reader's complaint")
    RESTRICTION = "restriction", _("A check was hidden, taken down or held")
    FLAGGED = "flagged", _("Something was told to the moderators")
    MENTIONED = "mentioned", _("Somebody mentioned you")
    COMMENTED = "commented", _("A comment in your conversation")


# Notices of these kinds say, or let one guess, what the first reviewer found.
TELLING = frozenset(
    {
        NoticeKind.RETURNED,
        NoticeKind.APPROVED,
        NoticeKind.DISSENT,
        NoticeKind.ADJUDICATED,
        NoticeKind.PUBLISHED,
        NoticeKind.CORRECTED,
    }
)


class EmailWish(models.TextChoices):
    AT_ONCE = "at_once", _("At once")
    DAILY = "daily", _("Once a day")
    WEEKLY = "weekly", _("Once a week")
    NEVER = "never", _("Never")


# How a person who chose nothing is told by e-mail; what is not named here waits for the daily mail.
USUAL_EMAIL = {
    NoticeKind.ASSIGNED: EmailWish.AT_ONCE,
    NoticeKind.HANDED_OVER: EmailWish.AT_ONCE,
    NoticeKind.DUE: EmailWish.AT_ONCE,
    NoticeKind.RETURNED: EmailWish.AT_ONCE,
    NoticeKind.DISSENT: EmailWish.AT_ONCE,
    NoticeKind.REPLY: EmailWish.AT_ONCE,
    NoticeKind.COMPLAINT: EmailWish.AT_ONCE,
    NoticeKind.RESTRICTION: EmailWish.AT_ONCE,
    NoticeKind.FLAGGED: EmailWish.AT_ONCE,
    NoticeKind.MENTIONED: EmailWish.AT_ONCE,
    NoticeKind.HALF_TIME: EmailWish.NEVER,
}


def usual_email(kind: str) -> str:
    return USUAL_EMAIL.get(NoticeKind(kind), EmailWish.DAILY).value


def notice_kinds() -> list[tuple[str, Any]]:
    """A callable, so that a new kind is no migration."""
    return list(NoticeKind.choices)


class NoticePreference(models.Model):
    """How a person wants to be told of one kind; without a row, in the app and by the usual e-mail."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notice_preferences"
    )
    kind = models.CharField(max_length=30, choices=notice_kinds)
    in_app = models.BooleanField(default=True)
    email = models.CharField(max_length=10, choices=EmailWish.choices)

    class Meta:
        ordering = ["user", "kind"]
        constraints = [
            models.UniqueConstraint(fields=["user", "kind"], name="one_preference_per_person_and_kind"),
            models.CheckConstraint(
                condition=models.Q(email__in=EmailWish.values), name="an_email_wish_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.kind} by e-mail {self.email}"


class NotificationQuerySet(models.QuerySet["Notification"]):
    def in_app(self) -> NotificationQuerySet:
        return self.filter(in_app=True)

    def unread(self) -> NotificationQuerySet:
        return self.filter(read_at__isnull=True, in_app=True)

    def unread_by(self, user: Any) -> NotificationQuerySet:
        """What ``user`` has not read and may see. Every page asks: who has nothing unread is answered by an
        index, before the long question who may see what is even put together."""
        if not self.filter(user=user).unread().exists():
            return self.none()
        return self.visible_to(user).unread()

    def to_be_mailed(self) -> NotificationQuerySet:
        """Not mailed yet, and not seen in the app meanwhile."""
        return self.filter(mailing__isnull=True, read_at__isnull=True).exclude(email=EmailWish.NEVER)

    def visible_to(self, user: Any) -> NotificationQuerySet:
        """The person's own, of claims and comments that they see; while a blind review of the claim is open,
        nothing that tells of a finding which they may not know."""
        mine = self.filter(user=user, claim__in=Claim.objects.visible_to(user))
        readable = models.Q(comment__isnull=True) | models.Q(comment__in=Comment.objects.visible_to(user))
        return mine.filter(readable).filter(~models.Q(kind__in=TELLING) | may_know_finding(user))


class Notification(models.Model):
    """A line for one person about one claim. ``key`` says what happened: for each person, kind and key there
    is one row, so that nobody is told twice.

    ``in_app`` and ``email`` are the person's wishes when it was written; ``by`` is whose act it tells of,
    empty for Claimtracker's own.
    """

    Kind = NoticeKind

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notifications")
    claim = models.ForeignKey(Claim, on_delete=models.CASCADE, related_name="notifications")
    review_task = models.ForeignKey(
        ReviewTask, null=True, blank=True, on_delete=models.CASCADE, related_name="notifications"
    )
    comment = models.ForeignKey(
        Comment, null=True, blank=True, on_delete=models.CASCADE, related_name="notices"
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    kind = models.CharField(max_length=30, choices=notice_kinds)
    key = models.CharField(max_length=120)
    text = EncryptedCharField(max_length=500)  # it may quote a comment
    in_app = models.BooleanField(default=True)
    email = models.CharField(max_length=10, choices=EmailWish.choices, default=EmailWish.NEVER)
    created_at = models.DateTimeField(auto_now_add=True)
    read_at = models.DateTimeField(null=True, blank=True)
    mailing = models.ForeignKey(
        "reviews.Mailing", null=True, blank=True, on_delete=models.SET_NULL, related_name="notices"
    )

    objects = NotificationQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["user", "kind", "key"], name="each_notice_arrives_once"),
            models.CheckConstraint(
                condition=models.Q(email__in=EmailWish.values), name="a_notice_has_a_known_email_wish"
            ),
            models.CheckConstraint(
                condition=models.Q(by__isnull=True) | ~models.Q(by=models.F("user")),
                name="nobody_is_told_of_their_own_act",
            ),
        ]
        indexes = [
            # the bell and the home page
            models.Index(
                fields=["user", "-id"],
                condition=models.Q(read_at__isnull=True, in_app=True),
                name="notification_unread",
            ),
            # the page of all notices
            models.Index(fields=["user", "-id"], condition=models.Q(in_app=True), name="notification_page"),
            # what the mail of a person has to say
            models.Index(
                fields=["email", "user"],
                condition=models.Q(mailing__isnull=True, read_at__isnull=True) & ~models.Q(email="never"),
                name="notification_to_mail",
            ),
        ]

    def __str__(self) -> str:
        return self.text
