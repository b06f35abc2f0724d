"""What the search for known claims reads: words, how often each occurs, and vectors. All of it can be made
anew from claims and known claims (``manage.py rebuild_match_index``)."""

from __future__ import annotations

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.utils.translation import gettext_lazy as _
from pgvector.django import HalfVectorField, HnswIndex

from .claim import Claim
from .known_claim import KnownClaim
from .sandbox import never_of_a_sandbox
from .stored_json import is_json

DIMENSIONS = 384  # of every encoder that may fill a slot


class MatchEntry(models.Model):
    """One statement that can be found: a known claim, or a standing claim of ours.

    The change that makes a source findable, changes its words or takes it away marks its entry as
    ``is_stale`` in the same transaction; the indexer then brings ``words``, ``parts`` and vectors in line.
    ``is_offered`` is false from the moment it must not be found any more until the indexer removes the row.
    ``revision`` counts the marks, so that a slow reading never overwrites a newer one. ``weight`` counts the
    lexemes of ``words`` with repeats. ``parts`` holds what agreement is judged by.
    """

    known_claim = models.OneToOneField(
        KnownClaim, null=True, blank=True, on_delete=models.CASCADE, related_name="match_entry"
    )
    claim = models.OneToOneField(
        Claim, null=True, blank=True, on_delete=models.CASCADE, related_name="match_entry"
    )
    is_offered = models.BooleanField(default=True)
    is_stale = models.BooleanField(default=True)
    revision = models.PositiveIntegerField(default=1)
    words = SearchVectorField(null=True, editable=False)
    weight = models.PositiveIntegerField(default=0)
    parts: models.JSONField[dict[str, object], dict[str, object]] = models.JSONField(
        default=dict, db_default={}, blank=True
    )
    indexed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        verbose_name_plural = "match entries"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(known_claim__isnull=False, claim__isnull=True)
                | models.Q(known_claim__isnull=True, claim__isnull=False),
                name="a_match_entry_is_of_one_statement",
            ),
            models.CheckConstraint(
                condition=is_json("parts", "object"), name="the_entry_parts_are_an_object"
            ),
        ]
        triggers = [never_of_a_sandbox("matchentry")]
        indexes = [
            # the lexical half of a search: entries that hold a word
            GinIndex(fields=["words"], name="match_entry_by_word", fastupdate=False),
            # the indexer: what waits, our own newest claims first, then what was known last
            models.Index(
                models.F("claim").desc(nulls_last=True),
                models.F("id").desc(),
                condition=models.Q(is_stale=True),
                name="match_entry_stale",
            ),
        ]

    def __str__(self) -> str:
        return str(self.known_claim or self.claim)


class MatchTerm(models.Model):
    """In how many indexed entries a lexeme occurs. Only the indexer writes it, with each batch."""

    lexeme = models.TextField(primary_key=True)
    entries = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(entries__gte=1), name="a_match_term_occurs"),
        ]

    def __str__(self) -> str:
        return self.lexeme


class MatchTotals(models.Model):
    """One row: how many entries are indexed, and their weights' sum. Only the indexer writes it."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    entries = models.PositiveIntegerField(default=0)
    weight = models.PositiveBigIntegerField(default=0)

    class Meta:
        verbose_name_plural = "match totals"
        constraints = [
            models.CheckConstraint(condition=models.Q(pk=1), name="one_row_of_match_totals"),
        ]

    def __str__(self) -> str:
        return f"{self.entries} entries"


class EmbeddingSlot(models.Model):
    """One of two places for vectors, each of one model version. One is searched; the other is filled by a
    background re-embedding, or spare."""

    class State(models.TextChoices):
        SPARE = "spare", _("spare")
        FILLING = "filling", _("being filled")
        CURRENT = "current", _("searched")
        EMPTYING = "emptying", _("being emptied")

    number = models.PositiveSmallIntegerField(primary_key=True)
    model_version = models.CharField(max_length=80, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.SPARE)
    since = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.CheckConstraint(condition=models.Q(number__in=(0, 1)), name="two_embedding_slots"),
            models.UniqueConstraint(
                fields=["state"], condition=models.Q(state="current"), name="one_embedding_slot_is_searched"
            ),
            models.CheckConstraint(
                condition=models.Q(state="spare", model_version="")
                | ~models.Q(state="spare") & ~models.Q(model_version=""),
                name="a_used_embedding_slot_names_its_model",
            ),
        ]

    def __str__(self) -> str:
        return f"slot {self.number}: {self.model_version or 'spare'} ({self.state})"


class MatchEmbedding(models.Model):
    """An entry's vector (384 half-precision numbers of length 1) by the model of its slot."""

    entry = models.ForeignKey(MatchEntry, on_delete=models.CASCADE, related_name="embeddings")
    slot = models.PositiveSmallIntegerField()
    vector = HalfVectorField(dimensions=DIMENSIONS)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["entry", "slot"], name="one_embedding_per_entry_and_slot"),
            models.CheckConstraint(condition=models.Q(slot__in=(0, 1)), name="an_embedding_is_in_a_slot"),
        ]
        indexes = [
            # the semantic half of a search: the nearest vectors of the slot that is searched
            *(
                HnswIndex(
                    fields=["vector"],
                    name=f"match_embedding_near_{number}",
                    opclasses=["halfvec_l2_ops"],
                    m=16,
                    ef_construction=100,
                    condition=models.Q(slot=number),
                )
                for number in (0, 1)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.entry_id} in slot {self.slot}"
