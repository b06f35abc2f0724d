"""What pages ask about articles: whose desks, which fetch, how far a job is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from claimtracker.accounts.access import sees_everything, visible_desk_ids
from claimtracker.accounts.models import Desk
from claimtracker.jobs import states as job_states
from claimtracker.jobs.models import Job

from .models import ArticleFetch


def desks_for(user: Any) -> QuerySet[Desk]:
    """The desks to which this person may add articles."""
    desks = Desk.objects.all()
    return desks if sees_everything(user) else desks.filter(pk__in=visible_desk_ids(user))


def get_fetch(user: Any, pk: int) -> ArticleFetch:
    """A fetch that this person or their desk asked for. Raises Http404 outside that."""
    fetches = ArticleFetch.objects.select_related("desk", "article")
    if not sees_everything(user):
        fetches = fetches.filter(desk__in=visible_desk_ids(user))
    return get_object_or_404(fetches, pk=pk)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the job for an object is: ``queued``, ``running``, ``retrying``, ``stuck`` or ``unknown``.

    ``ahead`` is the number of jobs of its kind that are queued before it.
    """

    state: str
    ahead: int = 0


def progress_of(kind: str, object_id: int) -> Progress:
    """Read from the newest job row of this kind and object; ``unknown`` when there is none."""
    job = Job.objects.filter(kind=kind, object_id=str(object_id)).order_by("-id").first()
    if job is None or job.state == job_states.DONE:
        return Progress("unknown")
    if job.state == job_states.DEAD:
        return Progress("stuck")
    if job.state == job_states.RUNNING:
        return Progress("running")
    if job.attempt:
        return Progress("retrying")
    return Progress("queued", ahead=Job.objects.due().filter(kind=kind, pk__lt=job.pk).count())
