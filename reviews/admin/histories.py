"""What belongs to the history of a claim, a complaint, a person or a desk beside what bears its own name."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from claims.models import Claim, ClaimMatch
from claimtracker.accounts.models import Desk, Leave, Membership, User
from claimtracker.ledger.histories import about_rows, happened_to
from claimtracker.ledger.models import AuditActor

from ..models import (
    Comment,
    Complaint,
    ConflictOfInterest,
    Publication,
    ReviewTask,
    SavedView,
    Verdict,
)

OF_A_CLAIM: tuple[type[models.Model], ...] = (ReviewTask, Verdict, Publication, ClaimMatch, Comment)


@happened_to(Claim)
def to_a_claim(key: int) -> Q:
    found = Q()
    for model in OF_A_CLAIM:
        found |= about_rows(model, model._default_manager.filter(claim=key).values_list("pk", flat=True))
    return found


@happened_to(Complaint)
def to_a_complaint(key: int) -> Q:
    """It is written to the history of its claim."""
    claims = Complaint.objects.filter(pk=key).values_list("claim_id", flat=True)
    return about_rows(Claim, claims) & Q(details__complaint=key)


@happened_to(User)
def to_a_person(key: int) -> Q:
    """Roles are told by the person, because a row that was taken away has no key any more."""
    actor = AuditActor.objects.filter(user=key).first()
    found = about_rows(AuditActor, [actor.pk] if actor else [])
    if actor:
        found |= Q(subject_type=Membership._meta.label_lower, details__of=str(actor.ref))
    found |= about_rows(SavedView, SavedView.objects.filter(owner=key).values_list("pk", flat=True))
    for model in (ConflictOfInterest, Leave):
        found |= about_rows(model, model._default_manager.filter(user=key).values_list("pk", flat=True))
    return found


@happened_to(Desk)
def to_a_desk(key: int) -> Q:
    slugs = Desk.objects.filter(pk=key).values_list("slug", flat=True)
    return Q(subject_type=Membership._meta.label_lower, details__desk__in=list(slugs))
