from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "claimtracker.ledger"
    label = "ledger"

    def ready(self) -> None:
        from . import listening  # noqa: F401 - connects the receivers
