"""A worker that starts looks at the rows first: whatever was lost while it was away is sent again."""

from typing import Any

import structlog
from celery.signals import worker_ready
from django.db import DatabaseError, connection

log = structlog.get_logger(__name__)


@worker_ready.connect(dispatch_uid="claimtracker.jobs.sweep_at_start")
def sweep_at_start(**_kwargs: Any) -> None:
    from .sweep import sweep

    try:
        sweep(resend_all=True)
    except DatabaseError as error:
        log.warning("no sweep at start, the beat's sweep will do it", error=str(error))
    finally:
        connection.close()
