from django.apps import AppConfig
from django.utils.translation import gettext

from .standards import rules


class ReviewsConfig(AppConfig):
    name = "reviews"

    def ready(self) -> None:
        rules.translate = gettext
