"""What we and other publishers have found already, so that nobody checks the same thing twice."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import HashIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from claimtracker.accounts.access import roles_by_desk, sees_everything
from claimtracker.kernel.triggers import legal_transitions

from .. import states
from ..sources.claim_reviews import Format, host_of
from .claim import Claim
from .stored_json import is_json


class Origin(models.TextChoices):
    OWN = "own", _("our own publication")
    IMPORTED = "imported", _("imported")


class KnownClaimImport(models.Model):
    """One file or address of claim reviews, and what came of it.

    ``written`` counts the reviews, of those whose digest is ``reviews_sha256``, that are stored: an import
    that was killed goes on there. The four values after ``format`` stood in for what reviews left open.
    ``problems`` is a list of ``{"where", "field", "message"}``, the first of ``problem_count``.
    """

    source = models.CharField(max_length=2000)
    format = models.CharField(
        max_length=20, choices=[(each.value, each.value) for each in Format], blank=True
    )
    publisher_name = models.CharField(max_length=300, blank=True)
    publisher_site = models.CharField(max_length=253, blank=True)
    licence = models.CharField(max_length=500, blank=True)
    language = models.CharField(max_length=35, blank=True)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    state = models.CharField(
        max_length=10, choices=[(s, s) for s in states.KNOWN_CLAIM_IMPORT.states], default=states.BEGUN
    )
    message = models.TextField(blank=True)
    reviews_sha256 = models.CharField(max_length=64, blank=True)
    written = models.PositiveIntegerField(default=0)
    new_count = models.PositiveIntegerField(default=0)
    updated_count = models.PositiveIntegerField(default=0)
    unchanged_count = models.PositiveIntegerField(default=0)
    refused_count = models.PositiveIntegerField(default=0)
    repeated_count = models.PositiveIntegerField(default=0)
    problem_count = models.PositiveIntegerField(default=0)
    problems: models.JSONField[list[dict[str, str]], list[dict[str, str]]] = models.JSONField(
        default=list, blank=True
    )
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(state=states.FAILED) | ~models.Q(message=""),
                name="a_failed_import_says_why",
            ),
            models.CheckConstraint(condition=is_json("problems", "array"), name="the_problems_are_a_list"),
        ]
        triggers = legal_transitions(states.KNOWN_CLAIM_IMPORT, name="knownclaimimport")

    def __str__(self) -> str:
        return self.source

    @property
    def is_address(self) -> bool:
        """Whether a job fetched it. Files are read at once and not kept."""
        return self.source.startswith(("https://", "http://"))


class KnownClaimQuerySet(models.QuerySet["KnownClaim"]):
    def visible_to(self, user: Any) -> KnownClaimQuerySet:
        """What publishers found is public: everybody at a desk sees what stands, moderators the rest too."""
        if sees_everything(user):
            return self
        return self.standing() if roles_by_desk(user) else self.none()

    def standing(self) -> KnownClaimQuerySet:
        """Not withdrawn by a moderator."""
        return self.filter(withdrawn_at__isnull=True)

    def own(self) -> KnownClaimQuerySet:
        return self.filter(origin=Origin.OWN)

    def imported(self) -> KnownClaimQuerySet:
        return self.filter(origin=Origin.IMPORTED)


class KnownClaim(models.Model):
    """A claim and one publisher's review of it. Any value but the claim's words may be missing.

    ``rating`` is in the publisher's own words: never a truth value, and its numbers say nothing without
    their scale. ``identity`` stays the same when a review is seen again, by whatever way; ``external_id`` is
    the publisher's own name for it. Our own have their ``claim``, and one row for all their publications.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    origin = models.CharField(max_length=10, choices=Origin.choices)
    text = models.TextField()
    claimant = models.CharField(max_length=300, blank=True)
    claimed_on = models.DateField(null=True, blank=True)
    publisher_name = models.CharField(max_length=300, blank=True)
    publisher_site = models.CharField(max_length=253, blank=True)
    url = models.TextField(blank=True)
    title = models.CharField(max_length=500, blank=True)
    rating = models.CharField(max_length=300, blank=True)
    rating_value = models.FloatField(null=True, blank=True)
    rating_best = models.FloatField(null=True, blank=True)
    rating_worst = models.FloatField(null=True, blank=True)
    reviewed_on = models.DateField(null=True, blank=True)
    language = models.CharField(max_length=35, blank=True)
    licence = models.CharField(max_length=500, blank=True)
    first_appearance = models.TextField(blank=True)
    appearances = ArrayField(models.TextField(), default=list, blank=True)
    external_id = models.CharField(max_length=500, blank=True)
    claim = models.OneToOneField(
        Claim, null=True, blank=True, on_delete=models.PROTECT, related_name="known_claim"
    )
    identity = models.CharField(max_length=64, editable=False)
    content_sha256 = models.CharField(max_length=64, editable=False)
    last_import = models.ForeignKey(
        KnownClaimImport, null=True, blank=True, on_delete=models.PROTECT, related_name="known_claims"
    )
    first_seen_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()
    last_changed_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_because = models.TextField(blank=True)
    # we took our own check back: it stands again with the next publication, and by nobody's word alone
    is_retracted = models.BooleanField(default=False, db_default=False)

    objects = KnownClaimQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["origin", "identity"], name="one_known_claim_per_origin_and_identity"
            ),
            models.CheckConstraint(condition=~models.Q(text=""), name="a_known_claim_says_what_was_claimed"),
            models.CheckConstraint(
                condition=~models.Q(url="") | ~models.Q(publisher_name="") | ~models.Q(publisher_site=""),
                name="a_known_claim_names_its_page_or_publisher",
            ),
            models.CheckConstraint(
                condition=models.Q(origin=Origin.OWN, claim__isnull=False, last_import__isnull=True)
                | models.Q(origin=Origin.IMPORTED, claim__isnull=True, last_import__isnull=False),
                name="a_known_claim_comes_from_our_claim_or_an_import",
            ),
            models.CheckConstraint(
                condition=models.Q(withdrawn_at__isnull=True, withdrawn_because="")
                | models.Q(withdrawn_at__isnull=False) & ~models.Q(withdrawn_because=""),
                name="a_withdrawn_known_claim_says_why",
            ),
            models.CheckConstraint(
                condition=models.Q(is_retracted=False)
                | models.Q(origin=Origin.OWN, withdrawn_at__isnull=False),
                name="a_retracted_known_claim_is_ours_and_withdrawn",
            ),
        ]
        indexes = [
            # a moderator looks for the review at an address; a hash, since addresses outgrow a tree's page;
            # without the many that have none, which would all stand in one chain of it
            HashIndex(fields=["url"], condition=~models.Q(url=""), name="known_claim_by_address"),
            # what one publisher has found, newest first
            models.Index(fields=["publisher_site", "-id"], name="known_claim_by_site"),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def publisher(self) -> str:
        """Who found it, by the best name that is known."""
        return self.publisher_name or self.publisher_site or host_of(self.url)
