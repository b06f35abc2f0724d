"""Where readers' lists find a fact check: worked out from publications, and never more than they say."""

from __future__ import annotations

import pgtrigger
from django.db import models

from claims.models import Claim

from .publication import Publication

# worked out by the database at each writing, so that nobody who writes a line can forget it
AS_RESTRICTED = (
    "NEW.is_withheld = EXISTS (SELECT 1 FROM claims_restrictedclaim r "
    "WHERE r.claim_id = NEW.claim_id AND r.withheld_at IS NOT NULL); RETURN NEW;"
)


class PublicTopicQuerySet(models.QuerySet["PublicTopic"]):
    def shown(self) -> PublicTopicQuerySet:
        """Without those of which there is nothing but what is hidden or taken down."""
        lines = PublicCheckTopic.objects.filter(topic=models.OuterRef("pk"))
        hidden = models.Exists(lines.filter(check_line__is_withheld=True))
        return self.exclude(hidden & ~models.Exists(lines.filter(check_line__is_withheld=False)))


class PublicTopic(models.Model):
    """A topic that a published check is about, under the name that readers see."""

    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=60)

    objects = PublicTopicQuerySet.as_manager()

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class PublicCheckQuerySet(models.QuerySet["PublicCheck"]):
    def newest_first(self) -> PublicCheckQuerySet:
        """With what a list shows of each: the snapshot, not what is written for machines."""
        rows = self.select_related("publication").order_by("-publication_id")
        return rows.defer("publication__claim_review", "publication__findings")

    def by(self, claimant_slug: str) -> PublicCheckQuerySet:
        return self.exclude(claimant_slug="").filter(claimant_slug=claimant_slug)


class ShownCheckManager(models.Manager["PublicCheck"]):
    """Without what is hidden or taken down: who lists checks for readers cannot forget it."""

    def get_queryset(self) -> PublicCheckQuerySet:
        return PublicCheckQuerySet(self.model, using=self._db).filter(is_withheld=False)


class PublicCheck(models.Model):
    """The one line of a published claim in readers' lists, from its newest ``publication``. Written in the
    transaction that published, and rebuilt by ``manage.py rebuild_public_checks``.

    A retracted check keeps its line and has no rating: what we took back counts in no balance. One that is
    hidden or taken down keeps it too and ``is_withheld``: ``objects`` leaves it out, ``everything`` has it.
    """

    claim = models.OneToOneField(Claim, on_delete=models.PROTECT, related_name="public_check")
    publication = models.OneToOneField(Publication, on_delete=models.PROTECT, related_name="line")
    slug = models.SlugField(max_length=100, unique=True)
    claimant_slug = models.SlugField(max_length=80, blank=True)
    claimant_name = models.CharField(max_length=300, blank=True)
    language = models.CharField(max_length=8, blank=True)
    rating_slug = models.SlugField(blank=True)
    rating_label = models.CharField(max_length=60, blank=True)
    rating_step = models.PositiveSmallIntegerField(null=True, blank=True)
    is_retracted = models.BooleanField(default=False)
    is_withheld = models.BooleanField(default=False, db_default=False)
    restricted_at = models.DateTimeField(null=True, blank=True)  # when it was last hidden or shown again
    month = models.CharField(max_length=7)
    first_published_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    topics = models.ManyToManyField(PublicTopic, through="PublicCheckTopic", related_name="checks")

    objects = ShownCheckManager.from_queryset(PublicCheckQuerySet)()
    everything = PublicCheckQuerySet.as_manager()

    class Meta:
        ordering = ["-publication_id"]
        triggers = [
            pgtrigger.Trigger(
                name="a_line_is_withheld_with_its_claim",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func=AS_RESTRICTED,
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(is_retracted=False) ^ models.Q(rating_slug=""),
                name="a_retracted_check_counts_in_no_balance",
            ),
        ]
        indexes = [
            # each of readers' lists, newest first
            models.Index(
                fields=["claimant_slug", "-publication"],
                condition=~models.Q(claimant_slug=""),
                name="public_check_claimant",
            ),
            models.Index(fields=["rating_slug", "-publication"], name="public_check_rating"),
            models.Index(fields=["language", "-publication"], name="public_check_language"),
            # the API's list of what was taken back, newest first
            models.Index(
                fields=["-publication"], condition=models.Q(is_retracted=True), name="public_check_retracted"
            ),
            # the API: what is hidden or taken down, and what was shown again since
            models.Index(
                fields=["-publication"], condition=models.Q(is_withheld=True), name="public_check_withheld"
            ),
            models.Index(
                fields=["-restricted_at"],
                condition=models.Q(restricted_at__isnull=False),
                name="public_check_restricted_at",
            ),
            # the sitemap: a month's pages, and when the last of them changed
            models.Index(fields=["month", "-changed_at"], name="public_check_month"),
            # the sitemap of the last two days
            models.Index(fields=["-first_published_at"], name="public_check_first"),
        ]

    def __str__(self) -> str:
        return self.slug


class PublicCheckTopic(models.Model):
    """That a check is about a topic. ``newest`` repeats the id of its publication, by which lists are
    ordered."""

    topic = models.ForeignKey(PublicTopic, on_delete=models.CASCADE, related_name="lines")
    check_line = models.ForeignKey(PublicCheck, on_delete=models.CASCADE, related_name="topic_lines")
    newest = models.BigIntegerField()

    class Meta:
        ordering = ["-newest"]
        constraints = [
            models.UniqueConstraint(fields=["check_line", "topic"], name="a_check_has_a_topic_once")
        ]
        indexes = [
            # one topic's list, newest first
            models.Index(fields=["topic", "-newest"], name="public_check_topic_newest")
        ]

    def __str__(self) -> str:
        return f"check {self.check_line_id} about topic {self.topic_id}"
