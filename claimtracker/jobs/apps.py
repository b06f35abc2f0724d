from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "claimtracker.jobs"
    label = "jobs"

    def ready(self) -> None:
        from . import signals  # noqa: F401 - connects the worker's start-up sweep
