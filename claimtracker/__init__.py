"""Claimtracker: the platform and composition root. The Celery app is loaded with Django so that
jobs find it."""

from .celery import app as celery_app

__all__ = ("celery_app",)
