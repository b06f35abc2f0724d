"""How claims of one meaning came together and apart, and who wants to hear of them."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from claimtracker.accounts.access import visible_desk_ids
from claimtracker.accounts.models import Desk
from claimtracker.kernel.triggers import append_only

from .. import states
from .claim import Appearance, Claim
from .claim_match import ClaimMatch


class FamilyChange(models.Model):
    """One claim moved from the canonical claim ``before`` to ``after`` (none: it stands for itself).

    All moves of one action share its ``action`` id; ``because_of`` is the claim with which this one came
    along. With it detaching a claim brings back those that it brought. An undo names the action that it
    ``undoes``: the two cancel each other. A person's words about it stand in the audit, where they can be
    erased, never here.
    """

    append_only = True

    class Cause(models.TextChoices):
        CONFIRM = "confirm", _("match confirmed")
        MERGE = "merge", _("families merged")
        DETACH = "detach", _("detached")
        SPLIT = "split", _("split off")
        UNDO = "undo", _("undone")

    action = models.UUIDField(default=uuid.uuid4)
    cause = models.CharField(max_length=10, choices=Cause.choices)
    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="family_changes")
    before = models.ForeignKey(Claim, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    after = models.ForeignKey(Claim, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    because_of = models.ForeignKey(Claim, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    match = models.ForeignKey(ClaimMatch, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    undoes = models.UUIDField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(before__isnull=True, after__isnull=False)
                | models.Q(before__isnull=False, after__isnull=True)
                | models.Q(before__isnull=False, after__isnull=False) & ~models.Q(before=models.F("after")),
                name="a_family_change_moves_the_claim",
            ),
            models.CheckConstraint(
                condition=models.Q(cause="undo", undoes__isnull=False)
                | ~models.Q(cause="undo") & models.Q(undoes__isnull=True),
                name="an_undo_names_what_it_undoes",
            ),
            models.UniqueConstraint(fields=["action", "claim"], name="an_action_moves_a_claim_once"),
        ]
        triggers = append_only(name="familychange")

    def __str__(self) -> str:
        return f"{self.cause} of claim {self.claim_id}"


class ClaimWatchQuerySet(models.QuerySet["ClaimWatch"]):
    def running(self) -> ClaimWatchQuerySet:
        return self.filter(ended_at__isnull=True)

    def on_family_of(self, claim: Claim) -> ClaimWatchQuerySet:
        """On the claim or on another of its family."""
        return self.filter(claim__in=Claim.objects.family_of(claim).order_by())


class ClaimWatch(models.Model):
    """A desk wants to hear when this claim, or another of its family, appears again."""

    claim = models.ForeignKey(Claim, on_delete=models.CASCADE, related_name="watches")
    desk = models.ForeignKey(Desk, on_delete=models.CASCADE, related_name="watches")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = ClaimWatchQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        verbose_name_plural = "claim watches"
        constraints = [
            models.UniqueConstraint(
                fields=["claim", "desk"],
                condition=models.Q(ended_at__isnull=True),
                name="one_running_watch_per_claim_and_desk",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.desk} watches claim {self.claim_id}"


class ClaimAlertQuerySet(models.QuerySet["ClaimAlert"]):
    def for_desks_of(self, user: Any) -> ClaimAlertQuerySet:
        """Of watches of the person's own desks; what others watch is no news for them."""
        return self.filter(watch__desk__in=visible_desk_ids(user))

    def unseen(self) -> ClaimAlertQuerySet:
        """Nobody of the desk has seen them, and they still hold: a suggestion that was rejected or lapsed,
        and an appearance of a claim that left the family since, are no news any more."""
        watched = Coalesce("watch__claim__canonical_id", "watch__claim_id")
        appeared = Coalesce("appearance__claim__canonical_id", "appearance__claim_id")
        standing = [states.PROPOSED, states.ACCEPTED_MATCH]
        return self.filter(seen_at__isnull=True).filter(
            models.Q(match__state__in=standing) | models.Q(IsTheSame(watched, appeared))
        )


class IsTheSame(models.Func):
    """One value equals the other; unknown where one is missing."""

    template = "(%(expressions)s)"
    arg_joiner = " = "
    output_field = models.BooleanField()
    conditional = True


class ClaimAlert(models.Model):
    """A watched claim appeared again: at ``appearance``, or, as a suggestion still open, by ``match``."""

    watch = models.ForeignKey(ClaimWatch, on_delete=models.CASCADE, related_name="alerts")
    appearance = models.ForeignKey(
        Appearance, null=True, blank=True, on_delete=models.CASCADE, related_name="alerts"
    )
    match = models.ForeignKey(
        ClaimMatch, null=True, blank=True, on_delete=models.CASCADE, related_name="alerts"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    seen_at = models.DateTimeField(null=True, blank=True)
    seen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects = ClaimAlertQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(appearance__isnull=False, match__isnull=True)
                | models.Q(appearance__isnull=True, match__isnull=False),
                name="an_alert_is_of_one_sighting",
            ),
            models.UniqueConstraint(
                fields=["watch", "appearance"], name="one_alert_per_watch_and_appearance"
            ),
            models.UniqueConstraint(fields=["watch", "match"], name="one_alert_per_watch_and_match"),
        ]
        indexes = [
            # a desk's alerts that nobody has seen
            models.Index(fields=["watch"], condition=models.Q(seen_at__isnull=True), name="alert_unseen"),
        ]

    def __str__(self) -> str:
        return f"alert {self.pk} of {self.watch}"
