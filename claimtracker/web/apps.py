from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "claimtracker.web"
    label = "web"
