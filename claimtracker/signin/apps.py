from django.apps import AppConfig


class SigninConfig(AppConfig):
    name = "claimtracker.signin"
    label = "signin"

    def ready(self) -> None:
        from . import telling  # noqa: F401 - its import connects it to what allauth says
