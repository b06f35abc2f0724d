from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "claimtracker.ledger"
    label = "ledger"
