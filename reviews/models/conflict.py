"""What a person has a stake in, as they declared it themselves."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models.functions import Lower, StrIndex
from django.db.models.lookups import GreaterThan
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from claims.models import Appearance, Claim
from claimtracker.kernel.at_rest.fields import EncryptedCharField

WORDS = "(' ' || btrim(lower(regexp_replace(unaccent(%(expressions)s), '[^[:alnum:]]+', ' ', 'g'))) || ' ')"


class Words(models.Func):
    """A text as its words only, small and without accents, a space around each: “Acme, Ltd.” is “ acme ltd ”,
    and is found in “the Acme Ltd’s plans”, not in “Acmeland”."""

    template = WORDS
    arity = 1
    output_field = models.TextField()


class ConflictQuerySet(models.QuerySet["ConflictOfInterest"]):
    def in_force(self) -> ConflictQuerySet:
        return self.filter(ended_at__isnull=True)

    def of(self, user: Any) -> ConflictQuerySet:
        return self.filter(user=user)


class ConflictOfInterest(models.Model):
    """``subject`` is whom or what it is about, ``reason`` the stake. It holds until the person ends it; rows
    are kept, since a past check is judged by what was declared then."""

    class Kind(models.TextChoices):
        PARTY = "party", _("A person or organisation")
        TOPIC = "topic", _("A subject")
        OUTLET = "outlet", _("A publisher or site")
        CLAIM = "claim", _("One claim")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="conflicts_of_interest"
    )
    kind = models.CharField(max_length=10, choices=Kind.choices)
    subject = models.CharField(max_length=200, blank=True)
    claim = models.ForeignKey(
        Claim, null=True, blank=True, on_delete=models.CASCADE, related_name="conflicts_of_interest"
    )
    reason = EncryptedCharField(max_length=500)
    declared_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = ConflictQuerySet.as_manager()

    class Meta:
        ordering = ["-declared_at", "-id"]
        verbose_name_plural = "conflicts of interest"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind="claim", claim__isnull=False, subject="")
                | models.Q(kind__in=("party", "topic", "outlet"), claim__isnull=True) & ~models.Q(subject=""),
                name="a_conflict_is_about_something",
            ),
            models.CheckConstraint(condition=~models.Q(reason=""), name="a_conflict_says_why"),
            models.UniqueConstraint(
                models.F("user"),
                models.F("kind"),
                Lower("subject"),
                condition=models.Q(ended_at__isnull=True, claim__isnull=True),
                name="a_conflict_is_declared_once",
            ),
            models.UniqueConstraint(
                fields=["user", "claim"],
                condition=models.Q(ended_at__isnull=True, claim__isnull=False),
                name="a_conflict_with_a_claim_is_declared_once",
            ),
        ]
        indexes = [
            # asked with every task that somebody takes
            models.Index(fields=["user"], condition=models.Q(ended_at__isnull=True), name="conflict_in_force")
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.subject or f'claim {self.claim_id}'}"

    def touches(self) -> models.Q:
        """The claims that it concerns, as a condition on Claim: those that name its subject in their wording,
        their exact words, their speaker or their headline; for an outlet, those that stand there."""
        if self.kind == self.Kind.CLAIM:
            return models.Q(pk=self.claim_id)
        needle = Words(models.Value(self.subject))
        places = Appearance.objects.filter(claim=models.OuterRef("pk"))
        if self.kind == self.Kind.OUTLET:
            site = rf"^https?://([^/?#]*\.)?{re.escape(self.subject.strip().lower())}(:[0-9]+)?([/?#]|$)"
            named = models.Q(_names("version__article__site_name", needle))
            return models.Q(
                models.Exists(places.filter(named | models.Q(version__article__url__iregex=site)))
            )
        own = models.Q(_names("text", needle)) | models.Q(_names("claimant__name", needle))
        there = models.Q()
        for field in ("quote", "claimant_name", "version__title"):
            there |= models.Q(_names(field, needle))
        return own | models.Q(models.Exists(places.filter(there)))


Declared = Sequence[ConflictOfInterest]


def declared_by(*users: Any) -> Declared:
    """What these people declared and did not end, the oldest first."""
    found = ConflictOfInterest.objects.in_force().filter(user__in=users)
    return list(found.select_related("user").order_by("declared_at", "pk"))


def touching(declared: Declared, claim_ids: Collection[int]) -> dict[tuple[int, int], ConflictOfInterest]:
    """(person, claim) → the first of these declarations that the claim touches. One query, none for no
    declaration."""
    if not declared or not claim_ids:
        return {}
    names = {f"touched_{one.pk}": one for one in declared}
    marks = {name: _as_value(one.touches()) for name, one in names.items()}
    found: dict[tuple[int, int], ConflictOfInterest] = {}
    for row in Claim.objects.filter(pk__in=claim_ids).order_by().annotate(**marks).values("pk", *marks):
        for name, one in names.items():
            if row[name]:
                found.setdefault((one.user_id, row["pk"]), one)
    return found


def without_conflict(declared: Declared) -> models.Q:
    """For lists of tasks: what these declarations do not touch. Costs nothing where there is none.

    Asked for each task as a value, not with IN or EXISTS: those PostgreSQL would answer by reading the words
    of every claim there is, ten seconds at 100,000, for the sake of a page of fifty.
    """
    touched = models.Q()
    for one in declared:
        touched |= one.touches()
    if not touched:
        return models.Q()
    claim = Claim.objects.filter(pk=models.OuterRef("claim")).order_by()
    return ~models.Q(models.Subquery(claim.values(is_touched=_as_value(touched))))


def _as_value(condition: models.Q) -> models.Case:
    return models.Case(
        models.When(condition, then=models.Value(True)),
        default=models.Value(False),
        output_field=models.BooleanField(),
    )


def _names(field: str, needle: Words) -> GreaterThan:
    return GreaterThan(StrIndex(Words(models.F(field)), needle), 0)
