"""How well blind reviewers and authors agree, for editors and leads."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from claimtracker.accounts.access import sees_everything, visible_desk_ids

from ..agreement import ENOUGH
from ..policies.ratings import can_see_agreement
from ..selectors.agreement import agreement_by_desk
from .access import signed_in

RANGES = {90: _("Three months"), 365: _("A year"), 1095: _("Three years")}


@signed_in
@require_safe
def agreement(request: HttpRequest) -> HttpResponse:
    can_see_agreement(request.user).enforce()
    given = request.GET.get("days", "")
    days = int(given) if given in {str(number) for number in RANGES} else 365
    desks = None if sees_everything(request.user) else visible_desk_ids(request.user)
    context = {
        "rows": agreement_by_desk(desks, since=timezone.now() - timedelta(days=days)),
        "days": days,
        "ranges": RANGES.items(),
        "enough": ENOUGH,
    }
    return render(request, "reviews/agreement.html", context)
