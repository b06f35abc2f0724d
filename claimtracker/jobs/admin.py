"""Jobs: rows that workers own. A moderator may give a dead letter its attempts back."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from claimtracker.accounts.admin_base import ModerationAdmin
from claimtracker.accounts.moderation import Waiting, waiting, waiting_rows

from . import states
from .actions import run_again
from .causes import Cause
from .models import Job


class KindFilter(admin.SimpleListFilter):
    """From the settings: the distinct kinds of a large table are slow to find."""

    title = _("kind")
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(kind, kind) for kind in sorted(settings.JOB_QUEUES)]

    def queryset(self, request: HttpRequest, queryset: models.QuerySet[Job]) -> models.QuerySet[Job]:
        return queryset.filter(kind=self.value()) if self.value() else queryset


class CauseFilter(admin.SimpleListFilter):
    """Why the last attempt failed. Dead letters of one cause are mended, and run again, together."""

    title = _("cause")
    parameter_name = "cause"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(Cause.choices)

    def queryset(self, request: HttpRequest, queryset: models.QuerySet[Job]) -> models.QuerySet[Job]:
        return queryset.filter(cause=self.value()) if self.value() else queryset


@admin.register(Job)
class JobAdmin(ModerationAdmin):
    list_display = ("id", "kind", "object_id", "state", "attempt", "cause", "finished_at", "error_line")
    list_filter = ("state", KindFilter, CauseFilter)
    search_fields = ("kind", "last_error")
    actions = ("run_again",)
    keys = {"run_again": "a"}
    finals = {"run_again": _("This cannot be undone: a worker takes the job.")}

    @admin.display(description=_("last error"))
    def error_line(self, job: Job) -> str:
        lines = job.last_error.strip().splitlines()
        return lines[-1][:120] if lines else ""

    def offered_actions(self, obj: Job) -> list[str]:
        return ["run_again"] if obj.state == states.DEAD else []

    @admin.action(description=_("Run again"), permissions=["moderate"])
    def run_again(self, request: HttpRequest, queryset: models.QuerySet[Job]) -> None:
        self.apply(
            request,
            queryset,
            lambda job: run_again(job, by=request.user),
            done=ngettext_lazy("%d job is queued again.", "%d jobs are queued again."),
        )


@waiting
def dead_letters() -> Waiting:
    return waiting_rows(
        Job.objects.dead(),
        label=str(_("Dead jobs")),
        query="state__exact=dead",
        note=str(_("gave up after their last attempt")),
        urgent=True,
        since="finished_at",
    )
