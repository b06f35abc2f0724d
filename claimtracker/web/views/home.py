"""The first page of the day."""

from __future__ import annotations

from typing import Any, cast

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from claimtracker.accounts.access import APPROVING, CHECKING, has_role, roles_by_desk, sees_everything
from claimtracker.accounts.models import User

from .. import selectors
from ..alerts import unseen_alerts
from ..context import MOST_COUNTED
from ..first_steps import progress_of
from ..task_rows import task_rows


@login_required
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    user = request.user
    newest = list(selectors.article_rows(user).order_by("-pk")[: selectors.HOME_ROWS])
    checks, approves = has_role(user, CHECKING), has_role(user, APPROVING)
    brought = [] if checks else selectors.articles_of(user)
    for article in (*newest, *brought):
        article.reading = selectors.reading_state(article)  # type: ignore[attr-defined] # shown in the row
    sections = _task_sections(user)
    first = next((row.task.claim_id for row in sections["mine"]["rows"]), None)
    notices, alerts = selectors.unread_notices(user), unseen_alerts(user)
    context = {
        "now": timezone.now(),
        **sections,
        "first_steps": progress_of(cast(User, user), claim=first),
        "notices": notices,
        "notice_count": min(notices.total, MOST_COUNTED),
        "alerts": alerts,
        "alert_count": alerts.total,
        "newest": newest,
        "since": selectors.since_yesterday(user),
        "brought": brought,
        "complaints": selectors.complaints_to_answer(user) if approves else [],
        "checks": checks,
        "approves": approves,
        "take_hours": settings.REVIEW_TAKE_HOURS,
        "has_desk": bool(roles_by_desk(user)) or sees_everything(user),
    }
    return render(request, "web/home.html", context)


def _task_sections(user: Any) -> dict[str, dict[str, Any]]:
    sections = {
        "mine": selectors.my_tasks(user),
        "takeable": selectors.takeable_tasks(user),
        "to_decide": selectors.tasks_to_decide(user),
        "to_approve": selectors.tasks_to_approve(user),
        "late": selectors.late_tasks(user),
    }
    return {
        name: {"rows": task_rows(found, user), "total": found.total, "told": found.told}
        for name, found in sections.items()
    }
