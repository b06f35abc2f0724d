"""Puts our site in the place of Django's admin site."""

from django.contrib.admin.apps import AdminConfig


class ModerationAdminConfig(AdminConfig):
    default_site = "claimtracker.accounts.moderation.ModerationSite"
