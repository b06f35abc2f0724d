from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in


class WebConfig(AppConfig):
    name = "claimtracker.web"
    label = "web"

    def ready(self) -> None:
        from .clock import set_clock  # models are there by now
        from .permissions import checks  # noqa: F401 - registers itself

        user_logged_in.connect(set_clock, dispatch_uid="web.set_clock")
