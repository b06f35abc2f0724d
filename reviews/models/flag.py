"""What colleagues told the moderators of a claim or a comment, and what the moderators decided."""

from __future__ import annotations

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from claims.models import Claim
from claimtracker.kernel.at_rest.fields import EncryptedTextField
from claimtracker.kernel.at_rest.triggers import kept_words
from claimtracker.kernel.triggers import legal_transitions

from .. import states
from .comment import Comment


class FlagReason(models.TextChoices):
    PERSONAL_DATA = "personal_data", _("Personal data that should not be here")
    DEFAMATION = "defamation", _("It may defame somebody")
    THREAT = "threat", _("Possible incitement or threat")
    MISTAKEN = "mistaken", _("Wrong person, mistaken identity")
    COPYRIGHT = "copyright", _("Copyright")
    SPAM = "spam", _("Spam or abuse")
    CONDUCT = "conduct", _("Conduct of a colleague")


class FlagCaseQuerySet(models.QuerySet["FlagCase"]):
    def open(self) -> FlagCaseQuerySet:
        """What somebody has to decide on."""
        return self.filter(state__in=states.OPEN_FLAG_CASE)


class FlagCase(models.Model):
    """One thing that was flagged, by however many people: a claim, or a ``comment`` on it. ``escalated_to``
    is who was asked to decide, by name. A thing has one open case; nothing is hidden by it. What was flagged
    never changes, and no row goes; each flag is a :class:`Flag`, each step a :class:`FlagStep`."""

    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="flag_cases")
    comment = models.ForeignKey(
        Comment, null=True, blank=True, on_delete=models.PROTECT, related_name="flag_cases"
    )
    state = models.CharField(max_length=10, choices=[(state, state) for state in states.FLAG_CASE.states])
    opened_at = models.DateTimeField()
    escalated_to = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)

    objects = FlagCaseQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["claim"],
                condition=Q(comment__isnull=True, state__in=states.OPEN_FLAG_CASE),
                name="one_open_flag_case_per_claim",
            ),
            models.UniqueConstraint(
                fields=["comment"],
                condition=Q(comment__isnull=False, state__in=states.OPEN_FLAG_CASE),
                name="one_open_flag_case_per_comment",
            ),
            models.CheckConstraint(
                condition=Q(state__in=states.OPEN_FLAG_CASE, decided_by__isnull=True, decided_at__isnull=True)
                | ~Q(state__in=states.OPEN_FLAG_CASE) & Q(decided_by__isnull=False, decided_at__isnull=False),
                name="a_decided_flag_case_says_by_whom",
            ),
            models.CheckConstraint(
                condition=~Q(state=states.ESCALATED) | Q(escalated_to__isnull=False),
                name="an_escalated_flag_case_says_to_whom",
            ),
        ]
        indexes = [
            # the claim's page: what is open of it
            models.Index(
                fields=["claim"], condition=Q(state__in=states.OPEN_FLAG_CASE), name="flag_case_open_of_claim"
            ),
            # the moderators' home: what waits for any of them, and for somebody by name
            models.Index(fields=["id"], condition=Q(state=states.FLAGGED), name="flag_case_waiting"),
            models.Index(fields=["id"], condition=Q(state=states.ESCALATED), name="flag_case_escalated"),
        ]
        triggers = [
            *legal_transitions(states.FLAG_CASE, name="flag_case"),
            kept_words(
                name="flag_case_stays_of_its_thing",
                encrypted=[],
                plain=["claim_id", "comment_id", "opened_at"],
            ),
            pgtrigger.Protect(name="flag_case_is_kept", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        of = {"claim": self.claim_id, "comment": self.comment_id}
        if self.comment_id:
            return str(_("Comment %(comment)s on claim %(claim)s") % of)
        return str(_("Claim %(claim)s") % of)

    @property
    def is_open(self) -> bool:
        return self.state in states.OPEN_FLAG_CASE


class Flag(models.Model):
    """One person told the moderators, once while the case is open. It stays as it was written, though
    another key may come to encrypt it."""

    case = models.ForeignKey(FlagCase, on_delete=models.PROTECT, related_name="flags")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=15, choices=FlagReason.choices)
    note = EncryptedTextField()
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["case", "by"], name="one_flag_per_person_and_case"),
            models.CheckConstraint(condition=~Q(note=""), name="a_flag_says_why"),
            models.CheckConstraint(
                condition=Q(reason__in=FlagReason.values), name="the_reason_of_a_flag_is_known"
            ),
        ]
        triggers = [
            kept_words(
                name="flag_stays_as_written", encrypted=["note"], plain=["case_id", "by_id", "reason", "at"]
            ),
            pgtrigger.Protect(name="flag_is_kept", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.get_reason_display()}, flag {self.pk}"


class FlagStep(models.Model):
    """What a moderator, or whom one asked, did about a case, and why. It stays as it was written, too."""

    class Act(models.TextChoices):
        ESCALATED = "escalated", _("asked somebody else to decide")
        DISMISSED = "dismissed", _("decided that nothing is to be done")
        RESOLVED = "resolved", _("dealt with it")
        REOPENED = "reopened", _("took the decision back")

    case = models.ForeignKey(FlagCase, on_delete=models.PROTECT, related_name="steps")
    act = models.CharField(max_length=12, choices=Act.choices)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    to = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    note = EncryptedTextField(blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(act="reopened") | ~Q(note=""), name="a_step_of_a_flag_case_says_why"
            ),
            models.CheckConstraint(
                condition=Q(act="escalated", to__isnull=False) | ~Q(act="escalated") & Q(to__isnull=True),
                name="only_an_escalated_flag_case_goes_to_somebody",
            ),
        ]
        triggers = [
            kept_words(
                name="flag_step_stays_as_written",
                encrypted=["note"],
                plain=["case_id", "act", "by_id", "to_id", "at"],
            ),
            pgtrigger.Protect(name="flag_step_is_kept", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.get_act_display()}, flag case {self.case_id}"
