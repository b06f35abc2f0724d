from django.apps import AppConfig


class IntakeConfig(AppConfig):
    name = "claimtracker.intake"
    label = "intake"
