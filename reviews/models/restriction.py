"""Who had a published check hidden, taken down or held, why, and who agreed: the record, which stays."""

from __future__ import annotations

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from claims.models import Claim
from claimtracker.kernel.at_rest.fields import EncryptedCharField, EncryptedTextField
from claimtracker.kernel.at_rest.triggers import kept_words
from claimtracker.kernel.triggers import legal_transitions

from .. import states
from .publication import Publication

AS_ORDERED = (
    "claim_id", "publication_id", "kind", "reason", "legal_basis", "reference", "public_reason",
    "ordered_by_id", "ordered_at",
)  # fmt: skip
AGREED = ("in_force", "lifting", "lifted")


class RestrictionKind(models.TextChoices):
    HIDDEN = "hidden", _("Hidden")
    TAKEDOWN = "takedown", _("Takedown")
    LEGAL_HOLD = "legal_hold", _("Legal hold")


class RestrictionReason(models.TextChoices):
    PRIVACY = "privacy", _("Privacy of a person")
    DEFAMATION = "defamation", _("Somebody says that it defames them")
    COURT_ORDER = "court_order", _("Order of a court or an authority")
    COPYRIGHT = "copyright", _("Copyright")
    SAFETY = "safety", _("Safety of a person")
    OTHER = "other", _("Something else")


class RestrictionQuerySet(models.QuerySet["Restriction"]):
    def open(self) -> RestrictionQuerySet:
        """What holds now, or waits for a second person."""
        return self.filter(state__in=states.OPEN_RESTRICTION)

    def wait(self) -> RestrictionQuerySet:
        """Those that a second person has to decide on."""
        return self.filter(state__in=(states.ORDERED, states.LIFTING))


class Restriction(models.Model):
    """``hidden``: kept from readers at once, by one moderator, until somebody shows it again. ``takedown``:
    by an order or an agreement, which a second person confirms; the check is kept from readers meanwhile.
    ``legal_hold``: nothing of the claim may be changed or deleted until a second person lifts it.

    ``note`` is for colleagues, ``public_reason`` for readers. ``lift_asked_by`` is who wants it lifted,
    ``ended_by`` who did so, refused it or had a takedown take its place. What was ordered never changes, and
    no row goes; each step is a :class:`RestrictionStep`.
    """

    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="restrictions")
    publication = models.ForeignKey(
        Publication, null=True, blank=True, on_delete=models.PROTECT, related_name="restrictions"
    )
    kind = models.CharField(max_length=12, choices=RestrictionKind.choices)
    state = models.CharField(
        max_length=10, choices=[(s, s.replace("_", " ")) for s in states.RESTRICTION.states]
    )
    reason = models.CharField(max_length=12, choices=RestrictionReason.choices)
    note = EncryptedTextField()
    legal_basis = models.CharField(max_length=300, blank=True)
    demanded_by = EncryptedCharField(max_length=300, blank=True)
    reference = models.CharField(max_length=200, blank=True)
    public_reason = models.TextField(blank=True)
    ordered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    ordered_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    confirmed_at = models.DateTimeField(null=True, blank=True)
    escalated_to = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    lift_asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    lift_asked_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = RestrictionQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["claim", "kind"],
                condition=Q(state__in=states.OPEN_RESTRICTION),
                name="one_open_restriction_per_claim_and_kind",
            ),
            models.CheckConstraint(condition=~Q(note=""), name="a_restriction_says_why"),
            models.CheckConstraint(
                condition=~Q(kind="takedown")
                | ~Q(legal_basis="") & ~Q(demanded_by="") & ~Q(reference="") & ~Q(public_reason=""),
                name="a_takedown_says_by_what_right",
            ),
            models.CheckConstraint(
                condition=Q(kind="legal_hold") | Q(publication__isnull=False),
                name="only_what_is_published_is_hidden",
            ),
            models.CheckConstraint(
                condition=~Q(kind="hidden") | Q(state__in=("in_force", "lifted", "replaced")),
                name="what_is_hidden_waits_for_nobody",
            ),
            models.CheckConstraint(
                condition=~Q(kind="legal_hold") | Q(state__in=AGREED), name="a_hold_is_in_force_at_once"
            ),
            models.CheckConstraint(
                condition=~Q(kind="takedown")
                | ~Q(state__in=AGREED)
                | Q(confirmed_by__isnull=False) & ~Q(confirmed_by=F("ordered_by")),
                name="two_people_behind_every_takedown",
            ),
            models.CheckConstraint(
                condition=Q(kind="hidden")
                | ~Q(state="lifted")
                | Q(lift_asked_by__isnull=False) & ~Q(lift_asked_by=F("ended_by")),
                name="two_people_lift_what_the_law_asked_for",
            ),
            models.CheckConstraint(
                condition=Q(state__in=states.OPEN_RESTRICTION, ended_by__isnull=True, ended_at__isnull=True)
                | ~Q(state__in=states.OPEN_RESTRICTION) & Q(ended_by__isnull=False, ended_at__isnull=False),
                name="an_ended_restriction_says_by_whom",
            ),
        ]
        indexes = [
            # what holds of a claim now, on its pages and under its lock
            models.Index(
                fields=["claim"],
                condition=Q(state__in=states.OPEN_RESTRICTION),
                name="restriction_open_of_claim",
            ),
            # the administration: what waits, the oldest first
            models.Index(
                fields=["ordered_at"],
                condition=Q(state__in=(states.ORDERED, states.LIFTING)),
                name="restriction_waiting",
            ),
        ]
        triggers = [
            *legal_transitions(states.RESTRICTION, name="restriction"),
            kept_words(
                name="restriction_stays_as_ordered", encrypted=["note", "demanded_by"], plain=AS_ORDERED
            ),
            pgtrigger.Protect(name="restriction_is_kept", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} of claim {self.claim_id}"

    @property
    def is_open(self) -> bool:
        return self.state in states.OPEN_RESTRICTION

    @property
    def keeps_from_readers(self) -> bool:
        return self.is_open and self.kind != RestrictionKind.LEGAL_HOLD


class RestrictionStep(models.Model):
    """Something that a person did about a restriction, and what they wrote down with it."""

    class Act(models.TextChoices):
        ORDERED = "ordered", _("ordered it")
        CONFIRMED = "confirmed", _("confirmed it")
        REFUSED = "refused", _("refused it")
        ESCALATED = "escalated", _("asked somebody else")
        LIFT_ASKED = "lift_asked", _("asked for it to be lifted")
        KEPT = "kept", _("kept it in force")
        LIFTED = "lifted", _("lifted it")
        REPLACED = "replaced", _("had a takedown take its place")

    restriction = models.ForeignKey(Restriction, on_delete=models.PROTECT, related_name="steps")
    act = models.CharField(max_length=12, choices=Act.choices)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    to = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    note = EncryptedTextField()
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=~Q(note=""), name="a_step_of_a_restriction_says_why"),
            models.CheckConstraint(
                condition=Q(act="escalated", to__isnull=False) | ~Q(act="escalated") & Q(to__isnull=True),
                name="only_what_is_escalated_goes_to_somebody",
            ),
        ]
        triggers = [
            kept_words(
                name="restriction_step_stays_as_written",
                encrypted=["note"],
                plain=["restriction_id", "act", "by_id", "to_id", "at"],
            ),
            pgtrigger.Protect(name="restriction_step_is_kept", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.get_act_display()}, restriction {self.restriction_id}"
