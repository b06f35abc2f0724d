"""Sources and what they say about a claim."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pgtrigger
from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from claims.models import Claim
from claims.models.holding import kept_under_hold
from claimtracker.accounts.access import APPROVING, CHECKING, has_role, roles_by_desk, sees_everything
from claimtracker.accounts.models import Desk
from claimtracker.kernel import full_text
from claimtracker.kernel.at_rest.fields import EncryptedCharField, EncryptedTextField
from claimtracker.kernel.at_rest.index import DigestField
from claimtracker.kernel.at_rest.sometimes import (
    CharFieldAtRestWhen,
    URLFieldAtRestWhen,
    fields_at_times,
)

from .. import states

FLAG = "is_confidential"  # the attribute of a source by which its words are encrypted


class SourceQuerySet(models.QuerySet["Source"]):
    def visible_to(self, user: Any) -> SourceQuerySet:
        """Sources that are cited on a claim which the person sees, or that the person brought in.

        A confidential one is seen by fewer: who brought it in or cited it, who has a task of a claim that
        cites it, and editors and leads of its desk and of those claims' desks. Nobody else: no moderator.
        """
        if not (sees_everything(user) or roles_by_desk(user)):
            return self.none()
        # one EXISTS each: chained filters over the same join would each find another row
        cited = Evidence.objects.filter(source=models.OuterRef("pk"))
        mine = models.Q(added_by_id=user.pk)
        seen = cited.filter(claim__in=Claim.objects.visible_to(user))
        is_open = models.Q(is_confidential=False) & (mine | models.Q(models.Exists(seen)))
        if not has_role(user, CHECKING):
            return self.filter(is_open)
        approving = [desk for desk, role in roles_by_desk(user).items() if role in APPROVING]
        named = cited.filter(
            models.Q(added_by_id=user.pk)
            | models.Q(claim__desk__in=approving)
            | models.Q(claim__review_tasks__assignee_id=user.pk, claim__review_tasks__state=states.TAKEN)
        )
        return self.filter(is_open | mine | models.Q(desk__in=approving) | models.Q(models.Exists(named)))

    def named(self) -> SourceQuerySet:
        """Those that may stand in public."""
        return self.filter(is_confidential=False)

    def protected_at(self, address: str | Collection[str]) -> SourceQuerySet:
        """Confidential ones of this address, or without one of this citation; of several, any."""
        any_of = [address] if isinstance(address, str) else list(address)
        # in plain letters: from before they were encrypted, for some minutes after the upgrade
        in_plain = models.Q(url__in=any_of) | models.Q(url="", citation__in=any_of)
        return self.filter(models.Q(address_digest__matches=any_of) | in_plain, is_confidential=True)


class Source(models.Model):
    """Where evidence comes from, once per address. A source without an address needs its full citation.

    A confidential one belongs to a desk and says why; it is a record of that desk alone, so that nobody
    learns of it by citing the same address. Its text form names nothing, and its words are encrypted at rest.
    """

    class Kind(models.TextChoices):
        PRIMARY = "primary", _("Primary")
        SECONDARY = "secondary", _("Secondary")
        EXPERT = "expert", _("Expert")
        DATASET = "dataset", _("Data set")

    class Condition(models.TextChoices):
        ALIVE = "alive", _("As it was")
        CHANGED = "changed", _("Changed")
        GONE = "gone", _("Gone")
        AWAY = "away", _("Did not answer")
        REFUSED = "refused", _("Not kept")

    url = URLFieldAtRestWhen(max_length=2000, blank=True, when=FLAG)
    title = CharFieldAtRestWhen(max_length=300, when=FLAG)
    publisher = CharFieldAtRestWhen(max_length=200, when=FLAG)
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.SECONDARY)
    citation = CharFieldAtRestWhen(max_length=500, blank=True, when=FLAG)
    accessed_at = models.DateTimeField(auto_now_add=True)
    interest_note = CharFieldAtRestWhen(max_length=300, blank=True, when=FLAG)
    is_confidential = models.BooleanField(default=False)
    confidential_because = EncryptedCharField(max_length=500, blank=True)
    # a confidential one is found again by it
    address_digest = DigestField(of=["url", "citation"], when=FLAG, fold=False)
    desk = models.ForeignKey(
        Desk, null=True, blank=True, on_delete=models.PROTECT, related_name="confidential_sources"
    )
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    # what the last look at its page found; empty before the first. Written by actions.source_checks
    condition = models.CharField(max_length=10, choices=Condition.choices, blank=True)
    condition_message = models.CharField(max_length=500, blank=True)
    failures = models.PositiveSmallIntegerField(default=0)
    checked_at = models.DateTimeField(null=True, blank=True)
    changed_at = models.DateTimeField(null=True, blank=True)
    next_check_at = models.DateTimeField(null=True, blank=True)
    # where a look that is under way was redirected to, and how often; as it stands after the last hop
    at_url = models.URLField(max_length=2000, blank=True, db_default="", default="")
    hops = models.PositiveSmallIntegerField(default=0, db_default=0)
    moved_at = models.DateTimeField(null=True, blank=True)
    # it was added by its address alone: title and publisher are its address until its page names them
    is_undescribed = models.BooleanField(default=False, db_default=False)
    last_snapshot = models.ForeignKey(
        "reviews.SourceSnapshot", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = SourceQuerySet.as_manager()

    class Meta:
        ordering = ["title"]
        constraints = [
            models.UniqueConstraint(
                fields=["url"],
                condition=~models.Q(url="") & models.Q(is_confidential=False),
                name="one_source_per_address",
            ),
            models.UniqueConstraint(
                fields=["desk", "address_digest"],
                condition=~models.Q(url="") & ~models.Q(address_digest=""),
                name="one_confidential_source_per_desk_and_digest",
            ),
            models.CheckConstraint(
                condition=models.Q(is_confidential=False)
                | (~models.Q(confidential_because="") & models.Q(desk__isnull=False)),
                name="a_confidential_source_has_a_desk_and_says_why",
            ),
            models.CheckConstraint(
                condition=models.Q(is_confidential=False) | models.Q(next_check_at__isnull=True, at_url=""),
                name="a_confidential_source_is_never_looked_at",
            ),
            models.CheckConstraint(
                condition=~models.Q(url="") | ~models.Q(citation=""), name="a_source_can_be_found_again"
            ),
            models.CheckConstraint(
                condition=models.Q(is_undescribed=False) | ~models.Q(url=""),
                name="only_a_page_describes_its_source",
            ),
        ]

        indexes = [
            # search, by words
            GinIndex(full_text.document("title", "publisher", "citation"), name="source_by_words"),
            # whose page is due for another look
            models.Index(
                fields=["next_check_at"],
                condition=models.Q(next_check_at__isnull=False),
                name="source_due",
            ),
            # whose pages changed, newest first
            models.Index(
                fields=["-changed_at", "-id"],
                condition=models.Q(changed_at__isnull=False),
                name="source_changed",
            ),
        ]

    def __str__(self) -> str:
        if self.is_confidential:
            return f"Confidential source {self.pk}"
        return f"{self.title} ({self.publisher})"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Who makes it confidential, or no more, writes its words anew, and its digest with its address."""
        if (fields := kwargs.get("update_fields")) is not None:
            named = set(fields)
            if FLAG in named:
                named |= {field.name for field in fields_at_times(Source)}
            if named & {FLAG, "url", "citation"}:
                named.add("address_digest")
            kwargs["update_fields"] = named
        super().save(*args, **kwargs)

    @staticmethod
    def words_of(address: str) -> tuple[str, str]:
        """Title and publisher of what is known by its address alone."""
        parts = urlsplit(address)
        host = (parts.hostname or "").removeprefix("www.")
        return f"{host}{parts.path.rstrip('/')}"[:300], host[:200]

    @property
    def _is_under_way(self) -> bool:
        """A redirect of long ago, whose look was never finished, says nothing any more."""
        return self.moved_at is not None and timezone.now() - self.moved_at < timedelta(days=1)

    @property
    def next_url(self) -> str:
        """The address that the next request of a look goes to."""
        return self.at_url if self.at_url and self._is_under_way else self.url

    @property
    def next_hops(self) -> int:
        """How many redirects it is when that address redirects again."""
        return self.hops + 1 if self.at_url and self._is_under_way else 1


class Stance(models.TextChoices):
    SUPPORTS = "supports", _("Supports")
    REFUTES = "refutes", _("Refutes")
    CONTEXT = "context", _("Context")


class Evidence(models.Model):
    """One source's word on one claim; ``carried_from`` where it came with a verdict that was carried over."""

    claim = models.ForeignKey(Claim, on_delete=models.CASCADE, related_name="evidence")
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="evidence")
    stance = models.CharField(max_length=10, choices=Stance.choices)
    quotation = EncryptedTextField(blank=True)
    note = EncryptedTextField(blank=True)
    # where the quotation was picked: the copy's text by its digest, and its first code point in it
    place_text = models.CharField(max_length=64, blank=True, default="", db_default="")
    place_start = models.PositiveIntegerField(null=True, blank=True)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    carried_from = models.ForeignKey(
        "reviews.Publication",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="carried_evidence",
    )
    created_at = models.DateTimeField(auto_now_add=True)

    # how often in a row its words were not where they had been; the last comparison, and the one that counts
    doubts = models.PositiveSmallIntegerField(default=0)
    last_quote = models.ForeignKey(
        "reviews.QuotationCheck", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    basis_quote = models.ForeignKey(
        "reviews.QuotationCheck", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    # set by selectors.cited on rows that were blanked for who may not see them
    is_withheld: bool = False
    # set by views.source_words: what is said of its page on the board
    page_line: Any = None

    class Meta:
        ordering = ["claim_id", "id"]
        verbose_name_plural = "evidence"
        constraints = [
            models.UniqueConstraint(
                fields=["claim", "source", "stance"], name="one_evidence_per_source_and_stance"
            ),
            models.CheckConstraint(
                condition=models.Q(place_text="", place_start__isnull=True)
                | ~models.Q(place_text="") & models.Q(place_start__isnull=False),
                name="a_picked_quotation_has_a_text_and_a_place",
            ),
        ]
        triggers = [
            kept_under_hold(
                "evidence",
                operation=pgtrigger.Update,
                changed=("claim_id", "source_id", "stance"),
                encrypted=("quotation", "note"),
            ),
            kept_under_hold("evidence_row", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.stance}"
