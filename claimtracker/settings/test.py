"""Tests: the same real parts with a state folder of their own, faster password hashing, nothing beyond
loopback."""

import os

from claimtracker import embedded

# All must be set before the development settings ask where the services are.
os.environ.setdefault("CLAIMTRACKER_EMBEDDED_FAST", "1")
os.environ.setdefault("CLAIMTRACKER_STATE", f"{embedded.state_dir()}-test")
os.environ.setdefault("BROKER_PREFIX", "claimtracker-test:")
_runner = os.environ.get("PYTEST_XDIST_WORKER", "")  # runners side by side kill their own services only
if _runner and not os.environ["CLAIMTRACKER_STATE"].endswith(f"-{_runner}"):
    os.environ["CLAIMTRACKER_STATE"] += f"-{_runner}"

from .dev import *  # noqa: E402, F403 - see above
from .dev import INSTALLED_APPS, JOB_LIMITS, JOB_QUEUES, LOGGING  # noqa: E402 - see above

DEBUG = False
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
if "EMAIL_HOST" not in os.environ:
    EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
INSTALLED_APPS = [*INSTALLED_APPS, "tests.support"]
WHITENOISE_AUTOREFRESH = True
# vectors from the letters of a text: no model is loaded where only their storing and finding is tested
MATCHING_ENCODER_MODULE = os.environ.get("MATCHING_ENCODER_MODULE", "tests.support.embedders")
INSIGHT_KEPT_SECONDS = 0  # a test looks at what it has just made
ACCOUNT_RATE_LIMITS = False  # an empty dict would leave the usual limits
if "LOG_LEVEL" not in os.environ:
    LOGGING["root"]["level"] = "ERROR"
OWNERSHIP_FUNDING_URL = "https://newsroom.example/funding"
ETHICS_POLICY_URL = "https://newsroom.example/ethics"
STAFF_URL = "https://newsroom.example/people"
CORRECTIONS_CONTACT = "mailto:corrections@newsroom.example"
JOB_QUEUES = {
    **JOB_QUEUES,
    **{
        f"tests.mark_{queue}": queue
        for queue in ("ingest", "nlp", "match", "review", "deliver", "mail", "default")
    },
    "tests.slow": "nlp",
    "tests.poison": "nlp",
    "tests.fail": "default",
    "tests.hang": "default",
}
JOB_LIMITS = {**JOB_LIMITS, "tests.hang": (1, 2)}
