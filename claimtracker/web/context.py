"""What every page needs to know."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from claims.models import ClaimAlert
from claims.policies import can_see_acceptance
from claimtracker.accounts.access import sees_everything
from reviews.models import Notification
from reviews.policies.people import leads_a_desk
from reviews.policies.routing import can_read_rules
from reviews.views.public_about import where_to_suggest

MOST_COUNTED = 100  # the bell says 99+ from there


def site(request: HttpRequest) -> dict[str, Any]:
    theme = request.COOKIES.get("theme", "")
    return {
        "site_name": settings.SITE_NAME,
        "publisher_name": settings.PUBLISHER_NAME,
        "suggest_url": where_to_suggest(),
        # lazy: pages without a user menu ask nothing
        "may_moderate": SimpleLazyObject(lambda: sees_everything(request.user)),
        "may_lead": SimpleLazyObject(lambda: leads_a_desk(request.user)),
        "may_read_rules": SimpleLazyObject(lambda: bool(can_read_rules(request.user))),
        "may_see_insight": SimpleLazyObject(lambda: bool(can_see_acceptance(request.user))),
        "alert_count": SimpleLazyObject(lambda: _unseen_alerts(request.user)),
        "notice_count": SimpleLazyObject(lambda: _unread_notices(request.user)),
        "theme": theme if theme in {"light", "dark"} else "",
    }


def _unseen_alerts(user: Any) -> int:
    return ClaimAlert.objects.for_desks_of(user).unseen().count()


def _unread_notices(user: Any) -> int:
    return Notification.objects.unread_by(user)[:MOST_COUNTED].count()
