"""Claims, who made them, and each place where they stand."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from typing import Any

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models.functions import Lower, Now, Upper
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from claimtracker.accounts.access import sees_everything, visible_desk_ids
from claimtracker.accounts.models import Desk
from claimtracker.kernel import full_text
from claimtracker.kernel.triggers import legal_transitions, says_when_it_changed

from .. import states
from .article import ArticleVersion
from .sandbox import OutsideSandbox, sandbox_field, stays_in_or_out
from .stored_json import is_json


class ClaimantGroup(models.Model):
    """What claimants have in common for the balance of one's own checks: a party, the government, companies.
    People name them and put claimants in; no machine does."""

    name = models.CharField(max_length=60)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(Lower("name"), name="one_claimant_group_per_name"),
            models.CheckConstraint(condition=~models.Q(name=""), name="a_claimant_group_has_a_name"),
        ]

    def __str__(self) -> str:
        return self.name


class Claimant(models.Model):
    """Who said it: a person, group, organisation or document, by the fullest name that was found."""

    name = models.CharField(max_length=300)
    group = models.ForeignKey(
        ClaimantGroup, null=True, blank=True, on_delete=models.PROTECT, related_name="claimants"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    is_sandbox = sandbox_field()

    objects = OutsideSandbox()
    everything: models.Manager[Claimant] = models.Manager()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["name", "is_sandbox"], name="one_claimant_per_name"),
        ]
        indexes = [
            # the queue's query: part of a name, however it is written
            GinIndex(OpClass(Upper("name"), name="gin_trgm_ops"), name="claimant_by_part_of_name"),
        ]

    def __str__(self) -> str:
        return self.name


class ClaimKind(models.TextChoices):
    QUANTITY = "quantity", _("Quantity")
    EVENT = "event", _("Event")
    CAUSE = "cause", _("Cause")
    COMPARISON = "comparison", _("Comparison")
    QUOTATION = "quotation", _("Quotation")
    LEGAL = "legal", _("Legal")
    SCIENTIFIC = "scientific", _("Scientific")
    OTHER = "other", _("Other")


class Attribution(models.TextChoices):
    QUOTED = "quoted", _("quoted")
    REPORTED = "reported", _("reported")
    AUTHOR = "author", _("the reporter's own voice")


class ClaimQuerySet(models.QuerySet["Claim"]):
    def visible_to(self, user: Any) -> ClaimQuerySet:
        """Claims of the person's desks, and those that stand in an article of one of them."""
        if sees_everything(user):
            return self
        return self.seen_by(visible_desk_ids(user))

    def seen_by(self, desks: Collection[int]) -> ClaimQuerySet:
        """What the members of these desks (by id) see."""
        if not desks:
            return self.none()
        in_our_article = models.Exists(
            Appearance.objects.filter(claim=models.OuterRef("pk"), version__article__desk__in=desks)
        )
        return self.filter(models.Q(desk__in=desks) | in_our_article)

    def standing(self) -> ClaimQuerySet:
        """Neither dismissed by a person nor withdrawn by a newer reading."""
        return self.exclude(state__in=states.SET_ASIDE)

    def family_of(self, claim: Claim) -> ClaimQuerySet:
        """The canonical claim of ``claim`` and all its members, ``claim`` among them."""
        root = claim.canonical_id or claim.pk
        return self.filter(models.Q(pk=root) | models.Q(canonical=root))


class Claim(models.Model):
    """A checkable statement. ``text`` is its wording for people; the exact words are in its appearances.

    ``score`` (0 to 1) is the check-worthiness of its first appearance, made by ``extractor_version``;
    a claim that a person marked has ``extractor_version`` empty. ``changes`` marks the words of ``text``
    that the extractor put for others, as ``{"start", "end", "was", "why"}`` with positions in ``text``.
    ``edited_at`` is when a person last reworded it; ``withdrawn_by`` the reading that found it no
    more, or "its sender";
    ``changed_at`` when something of it changed that partners are shown.
    Claims of one meaning form a family: one of them is ``canonical`` to all others, which nothing else is.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    text = models.TextField()
    changes: models.JSONField[list[dict[str, Any]], list[dict[str, Any]]] = models.JSONField(
        default=list, db_default=[], blank=True
    )
    claimant = models.ForeignKey(
        Claimant, null=True, blank=True, on_delete=models.PROTECT, related_name="claims"
    )
    kind = models.CharField(max_length=20, choices=ClaimKind.choices, default=ClaimKind.OTHER)
    score = models.FloatField(default=0)
    state = models.CharField(
        max_length=10, choices=[(s, s) for s in states.CLAIM.states], default=states.SUGGESTED
    )
    dismissed_because = models.TextField(blank=True)
    withdrawn_by = models.CharField(max_length=40, blank=True, db_default="")
    edited_at = models.DateTimeField(null=True, blank=True)
    desk = models.ForeignKey(Desk, on_delete=models.PROTECT, related_name="claims")
    extractor_version = models.CharField(max_length=40, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(default=timezone.now, db_default=Now(), editable=False)
    canonical = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="members", db_constraint=False
    )
    # with the composite foreign key of migration 0005: what is canonical for others has no canonical itself
    is_canonical = models.GeneratedField(
        expression=models.Q(canonical__isnull=True),  # type: ignore[arg-type] # the stubs know no Q here
        output_field=models.BooleanField(),
        db_persist=True,
    )
    canonical_stands = models.GeneratedField(
        expression=models.Case(models.When(canonical__isnull=False, then=models.Value(True))),
        output_field=models.BooleanField(null=True),
        db_persist=True,
    )

    is_sandbox = sandbox_field()

    objects = OutsideSandbox.from_queryset(ClaimQuerySet)()
    everything = ClaimQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(score__gte=0, score__lte=1), name="a_score_is_a_probability"
            ),
            models.CheckConstraint(
                condition=models.Q(canonical__isnull=True) | ~models.Q(canonical=models.F("id")),
                name="a_claim_is_not_its_own_canonical",
            ),
            models.UniqueConstraint(fields=["id", "is_canonical"], name="claim_by_id_and_is_canonical"),
            models.CheckConstraint(
                condition=models.Q(canonical__isnull=True) | ~models.Q(state__in=states.SET_ASIDE),
                name="a_claim_of_a_family_stands",
            ),
            models.CheckConstraint(
                condition=~models.Q(state=states.DISMISSED) | ~models.Q(dismissed_because=""),
                name="a_dismissed_claim_says_why",
            ),
            models.CheckConstraint(
                condition=models.Q(state=states.WITHDRAWN, edited_at__isnull=True)
                & ~models.Q(withdrawn_by="")
                | ~models.Q(state=states.WITHDRAWN) & models.Q(withdrawn_by=""),
                name="only_untouched_claims_are_withdrawn_by_a_reading",
            ),
        ]
        indexes = [
            # a desk's claims, newest first
            models.Index(fields=["desk", "-id"], name="claim_by_desk"),
            # insight: what came in during some weeks, read from the index alone
            models.Index(
                fields=["created_at"],
                include=["id", "desk", "state", "extractor_version", "claimant", "is_sandbox"],
                name="claim_by_arrival",
            ),
            # search, by words whatever their endings
            GinIndex(full_text.document("text"), name="claim_by_stems"),
            # the API's lists: what changed since, one kind, the most checkworthy, what will not be checked
            models.Index(fields=["changed_at"], name="claim_by_change"),
            models.Index(fields=["kind", "-id"], name="claim_by_kind"),
            models.Index(fields=["-score"], name="claim_by_score"),
            models.Index(
                fields=["-id"], condition=models.Q(state__in=states.SET_ASIDE), name="claim_set_aside"
            ),
            # the queue's query: a word of its wording
            GinIndex(OpClass(Upper("text"), name="gin_trgm_ops"), name="claim_by_words"),
        ]
        triggers = [
            *legal_transitions(states.CLAIM, name="claim"),
            says_when_it_changed("text", "changes", "claimant_id", "kind", "score", "state", name="claim"),
            stays_in_or_out("claim"),
            pgtrigger.Trigger(
                name="claim_changes_lie_in_its_wording",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("text", "changes"),
                func=(
                    "IF jsonb_typeof(NEW.changes) IS DISTINCT FROM 'array' THEN "
                    "RAISE EXCEPTION 'the changes of a claim are a list' USING ERRCODE = 'check_violation'; "
                    "END IF; "
                    "IF EXISTS (SELECT 1 FROM jsonb_array_elements(NEW.changes) AS one WHERE "
                    "COALESCE((one->>'start')::int < 0 OR (one->>'end')::int < (one->>'start')::int "
                    "OR (one->>'end')::int > char_length(NEW.text), true)) THEN "
                    "RAISE EXCEPTION 'a change lies outside of the wording of the claim' "
                    "USING ERRCODE = 'check_violation'; END IF; RETURN NEW;"
                ),
            ),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def was_taken_back(self) -> bool:
        """Withdrawn with its article, by whoever sent that."""
        return self.withdrawn_by == states.BY_ITS_SENDER


class Appearance(models.Model):
    """The claim's exact words in one article version, with the speaker as the text gives him or her.

    ``start`` and ``end`` are code points into the version's body; ``prefix`` and ``suffix`` (up to 32)
    help to
    find the words again in a changed text. The database refuses a quote that is not what stands there.
    ``rank`` is its place among what the reading found in the article, from 1; none for a person's claim.
    ``parts`` holds ``quantities``, ``dates`` and ``names``, each with its positions in the body.
    """

    claim = models.ForeignKey(Claim, on_delete=models.CASCADE, related_name="appearances")
    version = models.ForeignKey(ArticleVersion, on_delete=models.PROTECT, related_name="appearances")
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    quote = models.TextField()
    prefix = models.CharField(max_length=32, blank=True)
    suffix = models.CharField(max_length=32, blank=True)
    claimant_name = models.CharField(max_length=300, blank=True)
    claimant_start = models.PositiveIntegerField(null=True, blank=True)
    claimant_end = models.PositiveIntegerField(null=True, blank=True)
    attribution = models.CharField(max_length=10, choices=Attribution.choices)
    cue = models.CharField(max_length=100, blank=True)
    score = models.FloatField(default=0)
    rank = models.PositiveIntegerField(null=True, blank=True)
    parts: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(
        default=dict, db_default={}, blank=True
    )
    reasons = ArrayField(models.CharField(max_length=200), default=list, blank=True)
    extractor_version = models.CharField(max_length=40, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["version_id", "start", "end"]
        constraints = [
            models.UniqueConstraint(fields=["version", "start", "end"], name="one_claim_per_span"),
            models.CheckConstraint(condition=models.Q(end__gt=models.F("start")), name="a_span_is_not_empty"),
            models.CheckConstraint(
                condition=models.Q(rank__isnull=True) | models.Q(rank__gte=1), name="a_rank_counts_from_one"
            ),
            models.CheckConstraint(condition=is_json("parts", "object"), name="the_parts_are_an_object"),
        ]
        indexes = [
            # the API's list of claims: what came to stand somewhere since
            models.Index(fields=["created_at"], name="appearance_by_time"),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="appearance_quotes_the_text",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                declare=[("body", "text"), ("sandbox", "boolean")],
                func=(
                    "SELECT v.body, v.is_sandbox INTO body, sandbox "
                    "FROM claims_articleversion v WHERE v.id = NEW.version_id; "
                    "IF sandbox IS DISTINCT FROM "
                    "(SELECT c.is_sandbox FROM claims_claim c WHERE c.id = NEW.claim_id) THEN "
                    "RAISE EXCEPTION 'a claim of the newsroom and a text of a sandbox never meet' "
                    "USING ERRCODE = 'check_violation'; END IF; "
                    'IF substr(body, NEW.start + 1, NEW."end" - NEW.start) IS DISTINCT FROM NEW.quote THEN '
                    "RAISE EXCEPTION 'the quote is not what stands at % to % of version %', "
                    'NEW.start, NEW."end", '
                    "NEW.version_id USING ERRCODE = 'check_violation'; END IF; RETURN NEW;"
                ),
            )
        ]

    def __str__(self) -> str:
        return f"“{self.quote[:60]}” at {self.start}"
