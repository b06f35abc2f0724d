"""Settings of webhooks, of the events that partners read, and of the record of what they hold."""

from typing import Any

from .environment import env

WEBHOOK_TIMEOUT_SECONDS = env.float("WEBHOOK_TIMEOUT_SECONDS", default=20.0)
# the waits between a delivery's tries: 5 s, 5 and 30 min, 2, 5, 10, 14, 20 and 24 h
WEBHOOK_RETRY_SECONDS = env.list(
    "WEBHOOK_RETRY_SECONDS",
    default=["5", "300", "1800", "7200", "18000", "36000", "50400", "72000", "86400"],
)
WEBHOOK_LOG_DAYS = env.int("WEBHOOK_LOG_DAYS", default=30)
EVENT_DAYS = env.int("EVENT_DAYS", default=30)
CORRECTION_REMINDER_DAYS = env.int("CORRECTION_REMINDER_DAYS", default=7)

WEBHOOK_BEAT_SCHEDULE: dict[str, dict[str, Any]] = {
    "partners.remind_of_corrections": {
        "task": "partners.remind_of_corrections",
        "schedule": 3600.0,
        "options": {"expires": 3600, "queue": "default"},
    },
    "partners.tidy": {
        "task": "partners.tidy",
        "schedule": 3600.0,
        "options": {"expires": 3600, "queue": "default"},
    },
}
