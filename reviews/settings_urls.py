"""What leads set."""

from django.urls import path

from .views import settings

patterns = [
    path("settings/", settings.landing, name="settings"),
    path("settings/changes/", settings.changes, name="settings_changes"),
    path("settings/blind-review/", settings.sampling_list, name="settings_samplings"),
    path("settings/blind-review/<slug:slug>/", settings.sampling, name="settings_sampling"),
]
