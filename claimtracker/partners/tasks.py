"""The jobs of this room: look up, call."""

from celery import shared_task

from claimtracker.jobs import letters
from claimtracker.jobs.registry import job
from claimtracker.jobs.runner import Run
from claimtracker.ledger.models import OutboxEvent

from . import (
    acknowledging,
    actions,
    answering_once,
    delivery,
    endpoints,
    key_notices,
    notices,
    ordering,
    tidying,
    usage,
)
from .models import EndpointNotice, KeyNotice


@job("partners.fan_out")
def fan_out(run: Run) -> None:
    """``object_id`` is an OutboxEvent's."""
    event = OutboxEvent.objects.get(pk=run.object_id)
    ordering.place_event(event)  # in a short transaction of its own: one event after another
    with run.commit():
        actions.fan_out(event)


@job("partners.deliver")
def deliver(run: Run) -> None:
    """``object_id`` is a Delivery's."""
    message = delivery.begin(run.object_id)
    if message is None:
        return
    if isinstance(message, delivery.Waiting):
        with run.commit(again_at=message.until):
            return
    outcome = delivery.send(message)
    again_at = delivery.again_at(message, outcome)
    with run.commit(again_at=again_at):
        delivery.record(message, outcome, again_at=again_at)


@job(endpoints.TELL)
def tell_switched_off(run: Run) -> None:
    """``object_id`` is an EndpointNotice's."""
    letters.tell(run, EndpointNotice, notices.message_of)


@shared_task(name="partners.remind_of_corrections", ignore_result=True)
def remind_of_corrections() -> None:
    acknowledging.remind_all()


@shared_task(name="partners.tidy", ignore_result=True)
def tidy() -> None:
    tidying.tidy()


@job(key_notices.SEND)
def send_key_notice(run: Run) -> None:
    """``object_id`` is a KeyNotice's."""
    letters.tell(run, KeyNotice, key_notices.message_of)


@shared_task(name="partners.warn_of_expiring", ignore_result=True)
def warn_of_expiring() -> None:
    key_notices.warn_of_expiring()


@shared_task(name="partners.bring_usage", ignore_result=True)
def bring_usage() -> None:
    usage.bring_usage()


@shared_task(name="partners.forget_answers", ignore_result=True)
def forget_answers() -> None:
    answering_once.forget_answers()
