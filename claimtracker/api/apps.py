from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "claimtracker.api"
    label = "api"

    def ready(self) -> None:
        from .v1 import openapi  # noqa: F401 - tells drf-spectacular about our keys
