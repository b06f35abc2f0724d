"""What leads set."""

from django.urls import path

from .views import settings, settings_desks

patterns = [
    path("settings/", settings.landing, name="settings"),
    path("settings/changes/", settings.changes, name="settings_changes"),
    path("settings/desks/new/", settings_desks.desk_new, name="desk_new"),
    path("desks/<slug:slug>/change/", settings_desks.desk_change, name="desk_change"),
    path("desks/<slug:slug>/close/", settings_desks.desk_close, name="desk_close"),
    path("desks/<slug:slug>/roles/", settings_desks.members, name="desk_members"),
    path("desks/<slug:slug>/roles/<int:pk>/", settings_desks.member, name="desk_member"),
    path("settings/blind-review/", settings.sampling_list, name="settings_samplings"),
    path("settings/blind-review/<slug:slug>/", settings.sampling, name="settings_sampling"),
]
