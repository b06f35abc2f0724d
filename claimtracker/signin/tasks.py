"""The jobs of this room: look up, call."""

from celery import shared_task

from claimtracker.jobs import letters as told_once
from claimtracker.jobs.registry import job
from claimtracker.jobs.runner import Run

from . import letters, tidying
from .models import AccountLetter


@job(letters.SEND)
def send_letter(run: Run) -> None:
    """``object_id`` is an AccountLetter's."""
    told_once.tell(run, AccountLetter, letters.message_of)


@shared_task(name="signin.tidy", ignore_result=True)
def tidy() -> None:
    tidying.tidy()
