"""A worker that starts looks at the rows first: whatever was lost while it was away is sent again. Between
tasks it keeps its connection as a web request does."""

from typing import Any

import structlog
from celery.signals import task_postrun, task_prerun, worker_ready
from django.db import DatabaseError, close_old_connections, connection

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


@task_prerun.connect(dispatch_uid="claimtracker.jobs.connection_before")
@task_postrun.connect(dispatch_uid="claimtracker.jobs.connection_after")
def keep_a_good_connection(sender: Any, **_kwargs: Any) -> None:
    """Close a connection that is broken or old; before the next use of one that is kept, it is tried."""
    if not sender.request.is_eager:
        close_old_connections()
