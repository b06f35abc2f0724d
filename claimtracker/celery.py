"""The Celery application. Queues and limits are settings; the jobs themselves are rows (claimtracker.jobs)."""

import os

from celery import Celery
from kombu import Queue

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "claimtracker.settings.dev")

app = Celery("claimtracker")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.task_queues = [Queue(name) for name in ("ingest", "nlp", "review", "deliver", "default")]
app.autodiscover_tasks()
