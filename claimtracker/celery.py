"""The Celery application. Limits are settings; the jobs themselves are rows (claimtracker.jobs)."""

import os
import sys
from typing import Any

from celery import Celery
from celery.app.amqp import AMQP
from celery.signals import setup_logging
from kombu import Connection, Queue
from kombu.transport import redis

from claimtracker.jobs.alive import Alive
from claimtracker.jobs.steady_transport import SteadyTransport

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "claimtracker.settings.dev")

QUEUES = ("ingest", "nlp", "match", "review", "deliver", "mail", "default")


class PatientConnection(Connection):
    """Knocks once a second at a broker that is away; Celery's pause grows to 30 s and has no setting."""

    def ensure_connection(self, *args: Any, **kwargs: Any) -> Any:
        return super().ensure_connection(
            *args, **{"interval_start": 0.5, "interval_step": 0.5, "interval_max": 1, **kwargs}
        )

    def get_transport_cls(self) -> Any:
        usual = super().get_transport_cls()
        return SteadyTransport if usual is redis.Transport else usual


class Wiring(AMQP):
    Connection = PatientConnection


app = Celery("claimtracker", amqp=Wiring)
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.task_queues = [Queue(name) for name in QUEUES]
# Else Celery closes the database's connection after every task, and a new one costs more than most jobs do.
# CONN_MAX_AGE and CONN_HEALTH_CHECKS hold instead (claimtracker.jobs.signals).
app.conf["CELERY_DB_REUSE_MAX"] = sys.maxsize
app.steps["consumer"].add(Alive)
app.autodiscover_tasks()


@setup_logging.connect(dispatch_uid="claimtracker.django_configures_logging")
def leave_logging_to_django(**_kwargs: Any) -> None:
    """With a receiver here Celery adds no handlers: workers and beat log as settings.LOGGING says."""
