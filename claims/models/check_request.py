"""What partners ask us to check: the words, who asks, and what became of it."""

from __future__ import annotations

import uuid

import pgtrigger
from django.conf import settings
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models

from claimtracker.kernel.at_rest.fields import EncryptedTextField, EncryptedURLField
from claimtracker.kernel.triggers import legal_transitions
from claimtracker.ledger.models import AuditActor

from .. import states
from .claim import Claim
from .sandbox import OutsideSandbox, sandbox_field


class CheckRequestQuerySet(models.QuerySet["CheckRequest"]):
    def received(self) -> CheckRequestQuerySet:
        """Those on which nobody has decided."""
        return self.filter(state=states.RECEIVED_REQUEST)

    def seen_by(self, origin: str) -> CheckRequestQuerySet:
        """What this partner asked, and what others asked and let all partners see."""
        own = RequestVote.objects.filter(request=models.OuterRef("pk"), origin=origin)
        return self.filter(models.Q(is_shared=True) | models.Exists(own))


class CheckRequest(models.Model):
    """Somebody outside asks us to check a statement; who asks for the same later counts as one more vote.

    ``text`` are the words as they were first asked, of a partner who lets others see them where there is one
    (``is_shared``). ``claim`` is what an accepted request is about, ``publication`` (its public id) what
    answers it. ``digest`` is of the words in plain letters: the same words are one request.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    text = models.TextField()
    digest = models.CharField(max_length=64, unique=True, editable=False)
    language = models.CharField(max_length=10, blank=True)
    is_shared = models.BooleanField(default=True)
    is_sandbox = sandbox_field()
    state = models.CharField(
        max_length=10,
        choices=[(s, s) for s in states.CHECK_REQUEST.states],
        default=states.RECEIVED_REQUEST,
    )
    reason = models.TextField(blank=True)
    claim = models.ForeignKey(
        Claim, null=True, blank=True, on_delete=models.PROTECT, related_name="check_requests"
    )
    publication = models.UUIDField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = OutsideSandbox.from_queryset(CheckRequestQuerySet)()
    everything = CheckRequestQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(is_sandbox=False)
                | models.Q(is_shared=False, state=states.RECEIVED_REQUEST, claim__isnull=True),
                name="nobody_sees_or_decides_a_request_of_a_sandbox",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=[states.RECEIVED_REQUEST, states.DECLINED_REQUEST])
                | models.Q(claim__isnull=False),
                name="an_accepted_request_has_a_claim",
            ),
            models.CheckConstraint(
                condition=~models.Q(state=states.DECLINED_REQUEST) | ~models.Q(reason=""),
                name="a_declined_request_says_why",
            ),
            models.CheckConstraint(
                condition=models.Q(state=states.ANSWERED_REQUEST, publication__isnull=False)
                | ~models.Q(state=states.ANSWERED_REQUEST) & models.Q(publication__isnull=True),
                name="an_answered_request_has_a_publication",
            ),
        ]
        indexes = [
            # who asks: was the same asked in other words?
            GinIndex(OpClass("text", name="gin_trgm_ops"), name="check_request_by_words"),
            # moderators: what nobody has decided on
            models.Index(
                fields=["-id"],
                condition=models.Q(state="received", is_sandbox=False),
                name="check_request_waiting",
            ),
            # the API: those of one state, newest first
            models.Index(fields=["state", "-id"], name="check_request_by_state"),
        ]
        triggers = legal_transitions(states.CHECK_REQUEST, name="checkrequest")

    def __str__(self) -> str:
        return self.text


class RequestVote(models.Model):
    """One partner who asks: in its own words, which no other partner sees, nor its ``note`` and ``url``.
    Encrypted at rest."""

    request = models.ForeignKey(CheckRequest, on_delete=models.CASCADE, related_name="votes")
    origin = models.CharField(max_length=80)
    actor = models.ForeignKey(AuditActor, on_delete=models.PROTECT, related_name="request_votes")
    text = EncryptedTextField(blank=True)
    note = EncryptedTextField(blank=True)
    url = EncryptedURLField(max_length=2000, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["request", "origin"], name="one_vote_per_request_and_partner")
        ]
        indexes = [
            # the API: what a partner asked, newest first
            models.Index(fields=["origin", "-request"], name="request_vote_by_origin")
        ]
        triggers = [
            pgtrigger.Protect(name="requestvote_stays", operation=pgtrigger.UpdateOf("request_id", "origin"))
        ]

    def __str__(self) -> str:
        return f"{self.origin} asks for {self.request_id}"
