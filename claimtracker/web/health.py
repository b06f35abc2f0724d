"""Two questions of whoever watches this site: does it run, and can it serve?"""

from __future__ import annotations

import structlog
from celery import current_app
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

log = structlog.get_logger(__name__)


@never_cache
@require_safe
def live(request: HttpRequest) -> HttpResponse:
    """200 while this process answers at all. Asks nobody else."""
    return HttpResponse("ok\n", content_type="text/plain")


@never_cache
@require_safe
def ready(request: HttpRequest) -> JsonResponse:
    """503 while the database is away. A broker that is away is named but is no reason to take the site off:
    what needs it is kept as job rows, and readers are served without it."""
    database, broker = _database_answers(), _broker_answers()
    answer = {"database": "ok" if database else "away", "broker": "ok" if broker else "away"}
    return JsonResponse(answer, status=200 if database else 503)


def _database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            return bool(cursor.fetchone() == (1,))
    except Exception as error:  # noqa: BLE001 - whatever it is, the answer is that it does not answer
        log.warning("database does not answer", error=str(error))
        return False


def _broker_answers() -> bool:
    try:
        with current_app.connection_for_write() as broker:
            return bool(broker.default_channel.client.ping())
    except Exception as error:  # noqa: BLE001 - the same
        log.warning("broker does not answer", error=str(error))
        return False
