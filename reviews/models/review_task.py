"""Work on a claim: routed to a desk, taken by one person, finished or cancelled."""

from __future__ import annotations

from typing import Any

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models.functions import Coalesce, Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from claims.models import Claim
from claims.models.sandbox import never_of_a_sandbox
from claimtracker.accounts.access import sees_everything, visible_desk_ids
from claimtracker.accounts.models import Desk
from claimtracker.kernel.triggers import legal_transitions, says_when_it_changed

from .. import states
from .conflict_triggers import not_with_a_conflict
from .roles import ROLES_OF_KIND, only_with_role


class TaskKind(models.TextChoices):
    TRIAGE = "triage", _("Triage")
    RESEARCH = "research", _("Research")
    SECOND_REVIEW = "second_review", _("Second review")
    BLIND_REVIEW = "blind_review", _("Blind review")
    ADJUDICATION = "adjudication", _("Adjudication")
    RECHECK = "recheck", _("Recheck")


PROPOSING = (TaskKind.RESEARCH, TaskKind.RECHECK)  # a verdict is proposed from these
SEEING = (*PROPOSING, TaskKind.SECOND_REVIEW, TaskKind.ADJUDICATION)  # who has one reads the verdict


class RecheckCause(models.TextChoices):
    """What made somebody, or the system, look at a decided check again."""

    CORRECTION = "correction", _("A correction was asked for")
    ARTICLE_CHANGED = "article_changed", _("The article changed")
    EVIDENCE_CHANGED = "evidence_changed", _("The evidence changed")
    EXPIRED = "expired", _("The verdict expired")
    REPLY = "reply", _("The claimant replied")
    COMPLAINT = "complaint", _("A complaint was upheld")


class ReviewTaskQuerySet(models.QuerySet["ReviewTask"]):
    def visible_to(self, user: Any) -> ReviewTaskQuerySet:
        if sees_everything(user):
            return self
        return self.filter(desk__in=visible_desk_ids(user))

    def open(self) -> ReviewTaskQuerySet:
        return self.filter(state__in=states.OPEN)

    def queued(self) -> ReviewTaskQuerySet:
        return self.filter(state=states.QUEUED)

    def taken_by(self, user: Any) -> ReviewTaskQuerySet:
        return self.filter(state=states.TAKEN, assignee=user)

    def overdue(self) -> ReviewTaskQuerySet:
        return self.open().filter(due_at__lt=timezone.now())


class ReviewTask(models.Model):
    """``why`` says in one sentence why the task is at this desk; ``priority`` (0 to 100) orders the queue.
    ``priority_parts`` is what it is made of, a list of ``{"part", "value", "points", "why"}``; at
    ``priority_until`` a part of it changes by itself.

    ``changed_at`` is when its state changed. ``proposed_by`` is set on a review of a verdict: its author, who
    may never be the assignee. ``cause`` is set on a recheck.
    """

    claim = models.ForeignKey(Claim, on_delete=models.CASCADE, related_name="review_tasks")
    kind = models.CharField(max_length=20, choices=TaskKind.choices)
    desk = models.ForeignKey(Desk, on_delete=models.PROTECT, related_name="review_tasks")
    state = models.CharField(
        max_length=10, choices=[(s, s) for s in states.REVIEW_TASK.states], default=states.QUEUED
    )
    priority = models.PositiveSmallIntegerField(default=0)
    priority_parts: models.JSONField[list[dict[str, Any]], list[dict[str, Any]]] = models.JSONField(
        default=list, db_default=[], blank=True
    )
    priority_until = models.DateTimeField(null=True, blank=True)
    why = models.CharField(max_length=500)
    cause = models.CharField(max_length=20, choices=RecheckCause.choices, blank=True)
    due_at = models.DateTimeField()
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="review_tasks"
    )
    taken_at = models.DateTimeField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    # when to tell whom, and when it was told; worked out by the reminder job, and anew for a new due_at
    half_time_at = models.DateTimeField(null=True, blank=True)
    escalate_at = models.DateTimeField(null=True, blank=True)
    half_time_told_at = models.DateTimeField(null=True, blank=True)
    due_told_at = models.DateTimeField(null=True, blank=True)
    escalated_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(default=timezone.now, db_default=Now(), editable=False)

    objects = ReviewTaskQuerySet.as_manager()

    class Meta:
        ordering = ["-priority", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["claim", "kind"],
                condition=models.Q(state__in=states.OPEN) & ~models.Q(kind=TaskKind.BLIND_REVIEW),
                name="one_open_review_task_per_claim",
            ),
            # one waits for a reviewer at most, and each reviewer has one at most
            models.UniqueConstraint(
                "claim",
                Coalesce("assignee", 0),
                condition=models.Q(state__in=states.OPEN, kind=TaskKind.BLIND_REVIEW),
                name="one_open_blind_review_per_claim_and_reviewer",
            ),
            models.CheckConstraint(
                condition=models.Q(kind=TaskKind.RECHECK) ^ models.Q(cause=""),
                name="a_recheck_has_a_cause",
            ),
            models.CheckConstraint(
                condition=~models.Q(state=states.TAKEN)
                | models.Q(assignee__isnull=False, lease_until__isnull=False),
                name="a_taken_task_has_an_assignee_and_a_lease",
            ),
            models.CheckConstraint(
                condition=~models.Q(state=states.QUEUED) | models.Q(assignee__isnull=True),
                name="a_queued_task_has_no_assignee",
            ),
            models.CheckConstraint(
                condition=models.Q(assignee__isnull=True)
                | models.Q(proposed_by__isnull=True)
                | ~models.Q(assignee=models.F("proposed_by")),
                name="nobody_reviews_their_own_verdict",
            ),
        ]
        indexes = [
            # the desk queue, most important first
            models.Index(
                fields=["desk", "-priority", "id"],
                condition=models.Q(state__in=states.OPEN),
                name="task_desk_queue",
            ),
            # the same for one kind
            models.Index(
                fields=["desk", "kind", "-priority", "id"],
                condition=models.Q(state__in=states.OPEN),
                name="task_desk_kind",
            ),
            # what is late, the latest first
            models.Index(
                fields=["desk", "due_at", "id"],
                condition=models.Q(state__in=states.OPEN),
                name="task_desk_due",
            ),
            # "mine"
            models.Index(fields=["assignee"], condition=models.Q(state="taken"), name="task_mine"),
            # insight: what was taken, what was finished and how long each step took, what is oldest
            models.Index(
                fields=["kind", "taken_at"],
                include=["desk"],
                condition=models.Q(taken_at__isnull=False),
                name="task_taken",
            ),
            models.Index(
                fields=["kind", "finished_at"],
                include=["desk", "created_at", "taken_at"],
                condition=models.Q(state=states.DONE),
                name="task_finished",
            ),
            models.Index(
                fields=["created_at", "id"], condition=models.Q(state__in=states.OPEN), name="task_oldest"
            ),
            # leases that ran out
            models.Index(fields=["lease_until"], condition=models.Q(state="taken"), name="task_leased"),
            # what is late
            models.Index(fields=["due_at"], condition=models.Q(state__in=states.OPEN), name="task_due"),
            # the API's list of claims: which of them somebody took or finished since
            models.Index(fields=["changed_at"], include=["claim"], name="task_by_change"),
            # reminders and escalation: what has to be worked out, and what has to be told
            models.Index(
                fields=["id"],
                condition=models.Q(state__in=states.OPEN, half_time_at__isnull=True),
                name="task_unplanned",
            ),
            models.Index(
                fields=["half_time_at"],
                condition=models.Q(state="taken", half_time_told_at__isnull=True),
                name="task_half_time",
            ),
            models.Index(
                fields=["due_at"],
                condition=models.Q(state="taken", due_told_at__isnull=True),
                name="task_due_untold",
            ),
            models.Index(
                fields=["due_at"],
                condition=models.Q(state__in=states.OPEN, escalated_at__isnull=True),
                name="task_unescalated",
            ),
            # whose priority changes by itself
            models.Index(
                fields=["priority_until"],
                condition=models.Q(state__in=states.OPEN, priority_until__isnull=False),
                name="task_priority_until",
            ),
        ]
        triggers = [
            *legal_transitions(states.REVIEW_TASK, name="reviewtask"),
            says_when_it_changed("state", name="reviewtask"),
            never_of_a_sandbox("reviewtask"),
            pgtrigger.Trigger(
                name="a_blind_reviewer_has_not_seen_the_verdict",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("assignee_id"),
                condition=pgtrigger.Condition("NEW.kind = 'blind_review' AND NEW.assignee_id IS NOT NULL"),
                func=(
                    "IF EXISTS (SELECT 1 FROM reviews_taskholder h WHERE h.claim_id = NEW.claim_id "
                    "AND h.kind NOT IN ('blind_review', 'triage') AND h.user_id = NEW.assignee_id) THEN "
                    "RAISE EXCEPTION 'who worked on the verdict does not review it blind' "
                    "USING ERRCODE = 'check_violation'; END IF; RETURN NEW;"
                ),
            ),
            pgtrigger.Trigger(
                name="a_closed_desk_gets_no_task",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("desk_id"),
                declare=[("is_closed", "boolean")],
                # locked, so that a desk that is closed at this moment is seen as closed
                func=(
                    # what is there already is moved by a job, and worked on until then
                    "IF TG_OP = 'UPDATE' THEN IF OLD.desk_id = NEW.desk_id THEN RETURN NEW; END IF; END IF; "
                    "SELECT d.closed_at IS NOT NULL INTO is_closed FROM accounts_desk d "
                    "WHERE d.id = NEW.desk_id FOR SHARE; "
                    "IF is_closed THEN RAISE EXCEPTION 'this desk is closed' "
                    "USING ERRCODE = 'check_violation'; END IF; RETURN NEW;"
                ),
            ),
            only_with_role(
                name="tasks_are_by_role",
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("assignee_id"),
                condition="NEW.assignee_id IS NOT NULL",
                person="NEW.assignee_id",
                desk="NEW.desk_id",
                roles=ROLES_OF_KIND,
                says="this person may not have this task",
            ),
            not_with_a_conflict(
                name="tasks_are_without_conflict",
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("assignee_id"),
                condition="NEW.assignee_id IS NOT NULL",
                # what somebody has already, they may end: declaring a conflict gives it back
                begin=(
                    "IF TG_OP = 'UPDATE' THEN IF OLD.assignee_id = NEW.assignee_id THEN RETURN NULL; "
                    "END IF; END IF; "
                ),
                person="NEW.assignee_id",
                claim="NEW.claim_id",
            ),
            pgtrigger.Trigger(
                name="every_holder_is_kept",
                when=pgtrigger.After,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("assignee_id"),
                condition=pgtrigger.Condition("NEW.assignee_id IS NOT NULL"),
                func=(
                    "INSERT INTO reviews_taskholder (task_id, claim_id, user_id, kind) "
                    "VALUES (NEW.id, NEW.claim_id, NEW.assignee_id, NEW.kind) "
                    "ON CONFLICT (task_id, user_id) DO NOTHING; RETURN NULL;"
                ),
            ),
            # whoever moves a deadline, it is announced anew
            pgtrigger.Trigger(
                name="reviewtask_new_deadline",
                when=pgtrigger.Before,
                operation=pgtrigger.UpdateOf("due_at"),
                condition=pgtrigger.Condition("OLD.due_at IS DISTINCT FROM NEW.due_at"),
                func=(
                    "NEW.half_time_at = NULL; NEW.escalate_at = NULL; NEW.half_time_told_at = NULL; "
                    "NEW.due_told_at = NULL; NEW.escalated_at = NULL; RETURN NEW;"
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} of claim {self.claim_id} ({self.state})"


class TaskHolder(models.Model):
    """Who ever had a task, also after they gave it back: they may have read the verdict that it holds. The
    database writes these rows, so that no action can forget it."""

    task = models.ForeignKey(ReviewTask, on_delete=models.CASCADE, related_name="holders")
    claim = models.ForeignKey(Claim, on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=20, choices=TaskKind.choices)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["task", "user"], name="each_holder_of_a_task_is_kept_once")
        ]
        indexes = [models.Index(fields=["claim", "user"], name="holder_by_claim")]

    def __str__(self) -> str:
        return f"{self.user_id} had task {self.task_id}"
