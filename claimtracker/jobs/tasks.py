"""The beat's sweep, and its look after encrypted fields."""

import structlog
from celery import shared_task

from claimtracker.kernel.at_rest.rotating import reencrypt

from .sweep import sweep

SECONDS = 60.0  # below the limit of a beat's task; the next one goes on
log = structlog.get_logger(__name__)


@shared_task(name="jobs.sweep", ignore_result=True)
def sweep_jobs() -> None:
    sweep()


@shared_task(name="jobs.reencrypt", ignore_result=True)
def reencrypt_fields() -> None:
    for done in reencrypt(seconds=SECONDS, counting=False):
        if done.rewritten or done.unreadable:
            log.info("fields.reencrypted", place=done.place, rewritten=done.rewritten)
        for row, sentence in done.unreadable.items():
            log.error("fields.unreadable", row=row, what=sentence)
