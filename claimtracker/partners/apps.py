from django.apps import AppConfig


class PartnersConfig(AppConfig):
    name = "claimtracker.partners"
    label = "partners"
