"""The jobs of webhooks: look up, call."""

from celery import shared_task

from claimtracker.jobs.registry import job
from claimtracker.jobs.runner import Run
from claimtracker.ledger.models import OutboxEvent

from . import actions, answering_once, delivery


@job("partners.fan_out")
def fan_out(run: Run) -> None:
    """``object_id`` is an OutboxEvent's."""
    event = OutboxEvent.objects.get(pk=run.object_id)
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


@shared_task(name="partners.forget_answers", ignore_result=True)
def forget_answers() -> None:
    answering_once.forget_answers()
