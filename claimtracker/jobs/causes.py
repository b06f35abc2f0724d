"""Why a job failed. What may be well at the next try is tried again; the rest is a dead letter at once."""

from __future__ import annotations

import smtplib
import socket

import psycopg
import redis
from celery.exceptions import SoftTimeLimitExceeded
from django.db import IntegrityError, InterfaceError, OperationalError, models
from django.utils.translation import gettext_lazy as _

from claimtracker.kernel.outbound_errors import OutboundRefused

# what a lost connection looks like, through Django and through psycopg alone
AWAY = (OperationalError, InterfaceError, psycopg.OperationalError, psycopg.InterfaceError)
NETWORK = (
    redis.RedisError,
    ConnectionError,
    TimeoutError,
    socket.gaierror,
    smtplib.SMTPServerDisconnected,
    smtplib.SMTPConnectError,
)
TWICE_THE_SAME = (psycopg.errors.UniqueViolation, psycopg.errors.ExclusionViolation)


class Cause(models.TextChoices):
    DATABASE_AWAY = "database_away", _("the database was away")
    CONFLICT = "conflict", _("somebody wrote the same at the same moment")
    NETWORK = "network", _("somebody else's server did not answer")
    TIME_LIMIT = "time_limit", _("it ran longer than it may")
    WORKER_LOST = "worker_lost", _("its worker was lost")
    PASSING = "passing", _("what its kind names as passing")
    FAULT = "fault", _("a fault, which no further try would mend")


def cause_of(error: BaseException, *, passing: tuple[type[Exception], ...] = ()) -> Cause:
    """The cause of a failure. ``passing`` are the exceptions that the job's kind names."""
    if isinstance(error, SoftTimeLimitExceeded):
        return Cause.TIME_LIMIT
    if isinstance(error, AWAY):
        return Cause.DATABASE_AWAY
    if isinstance(error, IntegrityError) and isinstance(error.__cause__, TWICE_THE_SAME):
        return Cause.CONFLICT
    if isinstance(error, NETWORK) or (isinstance(error, OutboundRefused) and error.may_heal):
        return Cause.NETWORK
    return Cause.PASSING if passing and isinstance(error, passing) else Cause.FAULT
