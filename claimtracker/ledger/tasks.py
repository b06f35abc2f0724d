"""The beat's sealer."""

from celery import shared_task

from .sealing import seal_entries


@shared_task(name="ledger.seal", ignore_result=True)
def seal_ledger() -> None:
    seal_entries()
