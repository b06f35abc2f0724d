"""Articles and their immutable versions."""

from __future__ import annotations

import uuid
from typing import Any

import pgtrigger
from django.conf import settings
from django.contrib.postgres.functions import RandomUUID
from django.contrib.postgres.indexes import GinIndex, HashIndex
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from claimtracker.accounts.access import sees_everything, visible_desk_ids
from claimtracker.accounts.models import Desk
from claimtracker.kernel import full_text
from claimtracker.kernel.triggers import append_only, legal_transitions, says_when_it_changed
from claimtracker.ledger.models import AuditActor

from .. import states
from .sandbox import OutsideSandbox, sandbox_field, stays_in_or_out
from .stored_json import is_json


class ArticleQuerySet(models.QuerySet["Article"]):
    def visible_to(self, user: Any) -> ArticleQuerySet:
        """Articles of the person's desks, and those with a claim that was routed to one of them."""
        if sees_everything(user):
            return self
        desks = visible_desk_ids(user)
        if not desks:
            return self.none()
        # EXISTS rather than a join: a join would list an article once per claim
        routed_here = models.Exists(
            ArticleVersion.objects.filter(article=models.OuterRef("pk"), appearances__claim__desk__in=desks)
        )
        return self.filter(models.Q(desk__in=desks) | routed_here)

    def held(self) -> ArticleQuerySet:
        return self.filter(state=states.HELD)


class Channel(models.TextChoices):
    PASTE = "paste", _("pasted")
    UPLOAD = "upload", _("uploaded")
    URL = "url", _("from the web")
    API = "api", _("sent by a partner")
    COMMAND = "command", _("command line")
    FEED = "feed", _("from a watched source")


class Article(models.Model):
    """One text that came in. ``origin`` is who sent it (``desk:<slug>``, ``partner:<slug>``, ``sample``);
    within an
    origin ``external_id`` is the sender's own name for it, or, where it has none, its first content.
    ``channel`` is the way. ``title``, ``byline`` and ``language`` are those of the newest version;
    ``last_seen_at`` is when its text came in again, changed or not; ``changed_at`` when something of this row
    changed that its sender is shown."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    origin = models.CharField(max_length=80)
    channel = models.CharField(max_length=10, choices=Channel.choices)
    external_id = models.CharField(max_length=500, blank=True)
    url = models.URLField(max_length=2000, blank=True)
    title = models.CharField(max_length=500)
    byline = models.CharField(max_length=300, blank=True)
    site_name = models.CharField(max_length=200, blank=True)
    language = models.CharField(max_length=10, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    desk = models.ForeignKey(Desk, on_delete=models.PROTECT, related_name="articles")
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    state = models.CharField(
        max_length=10, choices=[(s, s) for s in states.INTAKE.states], default=states.ACCEPTED
    )
    intake_reason = models.TextField(blank=True)
    content_sha256 = models.CharField(max_length=64, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    last_seen_at = models.DateTimeField(null=True, blank=True, editable=False)
    changed_at = models.DateTimeField(default=timezone.now, db_default=Now(), editable=False)
    is_sandbox = sandbox_field()

    objects = OutsideSandbox.from_queryset(ArticleQuerySet)()
    everything = ArticleQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["origin", "external_id"],
                condition=~models.Q(external_id=""),
                name="one_article_per_origin_and_external_id",
            ),
            models.UniqueConstraint(
                fields=["origin", "content_sha256"],
                condition=models.Q(external_id=""),
                name="one_article_per_origin_and_content",
            ),
        ]
        indexes = [
            # a desk's articles, newest first
            models.Index(fields=["desk", "-id"], name="article_by_desk"),
            # is this very text here, whatever it was called?
            models.Index(fields=["origin", "content_sha256"], name="article_by_content"),
            # the API's list of a sender's articles, newest first: all, in one state, in one language
            models.Index(fields=["origin", "-id"], name="article_by_origin"),
            models.Index(fields=["origin", "state", "-id"], name="article_by_origin_and_state"),
            models.Index(fields=["origin", "language", "-id"], name="article_by_origin_language"),
            # the same by address, which may be longer than an ordered index takes, and since when it changed
            HashIndex(fields=["url"], name="article_by_url"),
            models.Index(fields=["changed_at"], name="article_by_change"),
            # moderators: what partners sent and nobody has looked at
            models.Index(fields=["id"], condition=models.Q(state="held"), name="article_held"),
            # what is erased after some days
            models.Index(
                fields=["created_at"], condition=models.Q(is_sandbox=True), name="article_of_a_sandbox"
            ),
        ]
        triggers = [
            *legal_transitions(states.INTAKE, name="article"),
            says_when_it_changed(
                *("external_id", "url", "title", "byline", "language", "published_at"),
                *("state", "intake_reason"),
                name="article",
            ),
            stays_in_or_out("article"),
        ]

    def __str__(self) -> str:
        return self.title


class ArticleVersionQuerySet(models.QuerySet["ArticleVersion"]):
    def newest(self) -> ArticleVersionQuerySet:
        """The last version of each article."""
        later = ArticleVersion.objects.filter(
            article=models.OuterRef("article"), number__gt=models.OuterRef("number")
        )
        return self.filter(~models.Exists(later))

    def read_before(self, extractor_version: str) -> ArticleVersionQuerySet:
        """The newest versions of articles that were read, but last by another extractor than this one."""
        runs = ExtractionRun.objects.filter(version=models.OuterRef("pk")).order_by("-id")
        rows = (
            self.newest()
            .filter(is_sandbox=False)
            .exclude(article__state=states.WITHDRAWN_ARTICLE)
            .annotate(last_read_by=models.Subquery(runs.values("extractor_version")[:1]))
        )
        return rows.filter(last_read_by__isnull=False).exclude(last_read_by=extractor_version)


class ArticleVersion(models.Model):
    """The exact text of one moment. Every position in the product counts code points into ``body``.

    ``blocks`` is a list of ``{"kind", "start", "end"}``: headline, byline, caption, credit, paragraph and
    so on. ``note`` says how a later version came in.
    """

    append_only = True

    article = models.ForeignKey(Article, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField(default=1)
    title = models.CharField(max_length=500)
    body = models.TextField()
    blocks: models.JSONField[list[dict[str, Any]], list[dict[str, Any]]] = models.JSONField(default=list)
    sha256 = models.CharField(max_length=64)
    note = models.CharField(max_length=200, blank=True, db_default="", default="")
    created_at = models.DateTimeField(auto_now_add=True)
    is_sandbox = sandbox_field()

    objects = ArticleVersionQuerySet.as_manager()

    class Meta:
        ordering = ["article_id", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["article", "number"], name="one_version_per_article_and_number"),
            models.CheckConstraint(condition=~models.Q(body=""), name="a_version_has_a_body"),
        ]
        indexes = [
            # a text that comes in without a name: is it here already?
            models.Index(fields=["sha256"], name="version_by_content"),
            # search, by words of title and text
            GinIndex(full_text.long_document("title", "body"), name="version_by_words"),
            # the API's list of articles: what has a new text since
            models.Index(fields=["created_at"], name="version_by_time"),
        ]
        triggers = [
            # what a sandbox sent is erased, by a function of the owner's (migration 0016)
            *append_only(name="articleversion", unless=pgtrigger.Q(old__is_sandbox=True)),
            pgtrigger.Trigger(
                name="a_version_is_where_its_article_is",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=(
                    "IF NEW.is_sandbox IS DISTINCT FROM "
                    "(SELECT a.is_sandbox FROM claims_article a WHERE a.id = NEW.article_id) THEN "
                    "RAISE EXCEPTION 'a version is in the sandbox with its article, or neither' "
                    "USING ERRCODE = 'check_violation'; END IF; RETURN NEW;"
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} (version {self.number})"


class ExtractionRunQuerySet(models.QuerySet["ExtractionRun"]):
    def without_sentences(self) -> ExtractionRunQuerySet:
        """For everything but the one page that shows them: half a megabyte in the longest articles."""
        return self.defer("passed_over")


class ExtractionRun(models.Model):
    """What one extractor version made of one article version. The row is the proof that it happened, once.

    ``model`` names the weights behind the scores; empty where rules gave them, which are no probabilities.
    ``passed_over`` is a list of ``{"start", "end", "reason", "score"}``: sentences that were not offered.
    ``left_out`` counts claims that had no room in the offer. A run after the first re-read the article:
    ``claims_new``, ``claims_refreshed``, ``claims_kept`` and ``claims_withdrawn`` say what came of it.
    """

    class Outcome(models.TextChoices):
        EXTRACTED = "extracted", _("claims extracted")
        REFUSED = "refused", _("not extracted")

    version = models.ForeignKey(ArticleVersion, on_delete=models.PROTECT, related_name="extraction_runs")
    extractor_version = models.CharField(max_length=40)
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    message = models.TextField(blank=True)
    language = models.CharField(max_length=10, blank=True)
    sentences = models.PositiveIntegerField(default=0)
    claims_found = models.PositiveIntegerField(default=0)
    claims_new = models.PositiveIntegerField(default=0, db_default=0)
    claims_refreshed = models.PositiveIntegerField(default=0, db_default=0)
    claims_kept = models.PositiveIntegerField(default=0, db_default=0)
    claims_withdrawn = models.PositiveIntegerField(default=0, db_default=0)
    left_out = models.PositiveIntegerField(default=0, db_default=0)
    passed_over: models.JSONField[list[dict[str, Any]], list[dict[str, Any]]] = models.JSONField(
        default=list, db_default=[], blank=True
    )
    model = models.CharField(max_length=200, blank=True, db_default="")
    seconds = models.FloatField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ExtractionRunQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["version", "extractor_version"], name="one_run_per_version_and_extractor"
            ),
            models.CheckConstraint(
                condition=is_json("passed_over", "array"), name="what_was_passed_over_is_a_list"
            ),
        ]
        indexes = [
            # the API's list of articles: what was read since
            models.Index(fields=["created_at"], name="extraction_run_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.version} by {self.extractor_version}: {self.outcome}"


class ArticleFetchQuerySet(models.QuerySet["ArticleFetch"]):
    def waiting(self) -> ArticleFetchQuerySet:
        return self.filter(state=ArticleFetch.State.WAITING)


class ArticleFetch(models.Model):
    """A page that somebody asked for. A job fetches it, so that nothing waits on a slow site and no
    request is lost.

    A sender outside the newsroom is the ``actor`` and has an ``origin`` and ``external_id``, as the article
    will; ``told`` is what it says of the article. A new article gets the ``public_id``, so that who asked
    finds it where they were told to look.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        FETCHED = "fetched", _("fetched")
        FAILED = "failed", _("failed")

    url = models.URLField(max_length=2000)
    public_id = models.UUIDField(default=uuid.uuid4, db_default=RandomUUID(), unique=True, editable=False)
    desk = models.ForeignKey(Desk, on_delete=models.PROTECT, related_name="+")
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    actor = models.ForeignKey(
        AuditActor, null=True, blank=True, on_delete=models.PROTECT, related_name="article_fetches"
    )
    origin = models.CharField(max_length=80, blank=True, default="", db_default="")
    external_id = models.CharField(max_length=500, blank=True, default="", db_default="")
    told: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(
        default=dict, db_default={}, blank=True, encoder=DjangoJSONEncoder
    )
    held = models.BooleanField(default=False, db_default=False)
    is_sandbox = sandbox_field()
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    message = models.TextField(blank=True)
    article = models.ForeignKey(
        Article, null=True, blank=True, on_delete=models.CASCADE, related_name="fetches"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = OutsideSandbox.from_queryset(ArticleFetchQuerySet)()
    everything = ArticleFetchQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        verbose_name_plural = "article fetches"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(requested_by__isnull=False, actor__isnull=True, origin="")
                | models.Q(requested_by__isnull=True, actor__isnull=False) & ~models.Q(origin=""),
                name="a_fetch_was_asked_for_by_a_person_or_a_sender",
            ),
            models.UniqueConstraint(
                fields=["origin", "external_id"],
                condition=models.Q(state="waiting") & ~models.Q(origin=""),
                name="one_waiting_fetch_per_origin_and_external_id",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="fetched") | models.Q(article__isnull=False),
                name="a_fetched_page_is_an_article",
            ),
        ]
        indexes = [
            # the API: what of a sender is being fetched, or could not be, newest first
            models.Index(
                fields=["origin", "state", "-id"],
                condition=models.Q(article__isnull=True) & ~models.Q(origin=""),
                name="fetch_by_origin_and_state",
            )
        ]

    def __str__(self) -> str:
        return self.url
