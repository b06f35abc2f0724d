"""Which desk gets which claims, and why a claim is where it is."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from claims.models import Claim
from claims.models.claim import ClaimKind
from claimtracker.accounts.models import Desk

from ..placement import rules
from .review_task import ReviewTask

MOST_LIFT = 100


class FirstStep(models.TextChoices):
    """Which task a claim gets first."""

    RESEARCH = rules.RESEARCH, _("Research at once")
    TRIAGE = rules.TRIAGE, _("Triage first: check, dismiss or merge")


class Approval(models.TextChoices):
    """Who has to be the second person. A lead of the desk always may, so that nothing gets stuck."""

    ANYONE = rules.ANYONE, _("Any editor or lead of the desk")
    LEAD = rules.LEAD, _("A lead of the desk")
    NAMED = rules.NAMED, _("One of the people named below, or a lead")


class Harm(models.IntegerChoices):
    """How much harm a false claim on a topic does."""

    NONE = 0, _("little")
    SOME = 1, _("some")
    SERIOUS = 2, _("serious")
    GRAVE = 3, _("grave")

    @property
    def share(self) -> float:
        return self.value / Harm.GRAVE


class Topic(models.Model):
    """What claims are about, by words that stand in them or in the headline above."""

    name = models.CharField(max_length=60, unique=True)
    slug = models.SlugField(max_length=60, unique=True)
    words = ArrayField(models.CharField(max_length=60), default=list)
    harm = models.PositiveSmallIntegerField(choices=Harm.choices, default=Harm.NONE)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(condition=models.Q(harm__in=Harm.values), name="a_topic_has_a_known_harm")
        ]

    def __str__(self) -> str:
        return self.name


class Rulebook(models.Model):
    """The one row under whose lock rules, their order and topics change. ``revision`` counts the changes.

    The other fields say where claims go that no rule matches: to ``desk``, or without one to the desk of
    their article.
    """

    ONLY = 1

    desk = models.ForeignKey(Desk, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    deadline_hours = models.PositiveIntegerField(null=True, blank=True)
    first_step = models.CharField(max_length=10, choices=FirstStep.choices, default=FirstStep.RESEARCH)
    revision = models.PositiveIntegerField(default=0)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name_plural = "rulebook"
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="there_is_one_rulebook")]

    def __str__(self) -> str:
        return f"Rulebook, revision {self.revision}"


class RoutingRule(models.Model):
    """Which desk gets which claims. The first active rule that matches, by position, decides; empty
    conditions match all, and of several values one has to hold.

    ``lift`` is added to the priority. ``approval`` says who has to be the second person: with ``named`` one
    of ``reviewers``. ``selection_reason`` is what readers are told of why such claims are checked.
    ``revision`` counts the changes, so that nobody overwrites what they have not seen.
    """

    position = models.PositiveIntegerField(default=0)
    name = models.CharField(max_length=100)
    note = models.CharField(max_length=300, blank=True)
    # conditions
    topics = models.ManyToManyField(Topic, blank=True, related_name="rules")
    came_in_at = models.ManyToManyField(Desk, blank=True, related_name="+")
    claimants = ArrayField(models.CharField(max_length=100), default=list, blank=True)
    kinds = ArrayField(models.CharField(max_length=20, choices=ClaimKind.choices), default=list, blank=True)
    min_score = models.FloatField(default=0)
    max_score = models.FloatField(default=1)
    languages = ArrayField(models.CharField(max_length=10), default=list, blank=True)
    partners = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    keywords = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    # what follows
    desk = models.ForeignKey(Desk, on_delete=models.CASCADE, related_name="routing_rules")
    deadline_hours = models.PositiveIntegerField(default=48, validators=[MinValueValidator(1)])
    lift = models.SmallIntegerField(
        default=0, validators=[MinValueValidator(-MOST_LIFT), MaxValueValidator(MOST_LIFT)]
    )
    first_step = models.CharField(max_length=10, choices=FirstStep.choices, default=FirstStep.RESEARCH)
    approval = models.CharField(max_length=10, choices=Approval.choices, default=Approval.ANYONE)
    reviewers = models.ManyToManyField(settings.AUTH_USER_MODEL, blank=True, related_name="+")
    selection_reason = models.CharField(max_length=300, blank=True)
    is_active = models.BooleanField(default=True)
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            # deferred, because a move changes many places in one transaction
            models.UniqueConstraint(
                fields=["position"], name="one_rule_at_each_position", deferrable=models.Deferrable.DEFERRED
            ),
            models.CheckConstraint(
                condition=models.Q(min_score__gte=0, max_score__lte=1, min_score__lte=models.F("max_score")),
                name="a_rule_asks_for_a_score_there_is",
            ),
            models.CheckConstraint(
                condition=models.Q(lift__gte=-MOST_LIFT, lift__lte=MOST_LIFT), name="a_lift_is_within_bounds"
            ),
            models.CheckConstraint(
                condition=models.Q(deadline_hours__gte=1), name="a_rule_gives_time_for_the_work"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ClaimRoute(models.Model):
    """How a claim came to its desk, as routing decided last: the rule as it was then, and its conditions.

    ``selection_reason`` is what readers are told of why the claim was chosen (IFCN 5.2): the rule's words, or
    those of ``selected_by``.
    """

    claim = models.OneToOneField(Claim, on_delete=models.CASCADE, related_name="route")
    rule = models.ForeignKey(
        RoutingRule, null=True, blank=True, on_delete=models.SET_NULL, related_name="routes"
    )
    rule_name = models.CharField(max_length=100, blank=True)
    rulebook_revision = models.PositiveIntegerField(default=0)
    why = models.CharField(max_length=500)
    topics = models.ManyToManyField(Topic, blank=True, related_name="routes")
    lift = models.SmallIntegerField(default=0)
    approval = models.CharField(max_length=10, choices=Approval.choices, default=Approval.ANYONE)
    reviewer_ids = ArrayField(models.BigIntegerField(), default=list, blank=True)
    selection_reason = models.CharField(max_length=300, blank=True)
    selected_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    routed_at = models.DateTimeField()

    class Meta:
        ordering = ["-routed_at"]
        indexes = [
            # the API's list of claims: whose topics changed since
            models.Index(fields=["routed_at"], include=["claim"], name="route_by_time"),
        ]

    def __str__(self) -> str:
        return self.why


class TriageOutcome(models.TextChoices):
    CHECK = "check", _("Check it")
    DISMISS = "dismiss", _("Dismiss it")
    MERGE = "merge", _("Merge it")


class TriageDecision(models.Model):
    """What a person decided on a claim before anybody researched it. Their words stand where they act: with
    the dismissed claim, in the route's selection reason, in the audit."""

    task = models.OneToOneField(ReviewTask, on_delete=models.CASCADE, related_name="triage")
    claim = models.ForeignKey(Claim, on_delete=models.CASCADE, related_name="triage_decisions")
    outcome = models.CharField(max_length=10, choices=TriageOutcome.choices)
    into = models.ForeignKey(Claim, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(outcome__in=TriageOutcome.values), name="a_triage_outcome_is_known"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_outcome_display()}, claim {self.claim_id}"
