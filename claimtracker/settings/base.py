"""Settings shared by every environment. One variable is read in one place; docs/operations.md lists them
all."""

from pathlib import Path
from typing import Any

from .api import *  # noqa: F403 - one module of settings, in several files
from .environment import env
from .events import *  # noqa: F403 - one module of settings, in several files
from .feeds import *  # noqa: F403 - one module of settings, in several files
from .intake import *  # noqa: F403 - one module of settings, in several files
from .intake import INTAKE_BEAT_SCHEDULE
from .logging import logging_settings
from .matching import *  # noqa: F403 - one module of settings, in several files
from .oidc import *  # noqa: F403 - one module of settings, in several files
from .partners import *  # noqa: F403 - one module of settings, in several files
from .partners import PARTNER_BEAT_SCHEDULE, PARTNER_JOB_QUEUES
from .prioritising import *  # noqa: F403 - one module of settings, in several files
from .publishing import *  # noqa: F403 - one module of settings, in three files
from .reviewing import *  # noqa: F403 - one module of settings, in two files
from .signin import *  # noqa: F403 - the same
from .signin import SIGNIN_BEAT_SCHEDULE, SIGNIN_JOB_QUEUES
from .snapshots import *  # noqa: F403 - the same
from .webhooks import *  # noqa: F403 - the same
from .webhooks import WEBHOOK_BEAT_SCHEDULE

BASE_DIR = Path(__file__).resolve().parent.parent.parent

SECRET_KEY = env.str("SECRET_KEY", default="")
DEBUG = False
ALLOWED_HOSTS: list[str] = env.list("ALLOWED_HOSTS", default=[])
CSRF_TRUSTED_ORIGINS: list[str] = env.list("CSRF_TRUSTED_ORIGINS", default=[])
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", default=0)
SITE_URL = env.str("SITE_URL", default="http://localhost:8000").rstrip("/")
SITE_NAME = env.str("SITE_NAME", default="Claimtracker")
PUBLISHER_NAME = env.str("PUBLISHER_NAME", default="Claimtracker Demo Newsroom")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "claimtracker.accounts",
    "claimtracker.accounts.admin_config.ModerationAdminConfig",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "django_htmx",
    "heroicons",
    "pgtrigger",
    "csp",
    "django_prometheus",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "claimtracker.jobs",
    "claimtracker.ledger",
    "claimtracker.intake",
    "claims",
    "reviews",
    "claimtracker.partners",
    "claimtracker.signin",
    "claimtracker.api",
    "claimtracker.web",
]

MIDDLEWARE = [
    "django_prometheus.middleware.PrometheusBeforeMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "claimtracker.web.headers.DefensiveHeaders",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",  # pads at random: lengths tell no secret
    "csp.middleware.CSPMiddleware",
    "claimtracker.web.bodies.BoundedBodies",
    "claimtracker.web.pages_only.PageSessions",  # pages_only: not before the partner API
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "claimtracker.web.pages_only.PagePeople",
    "claimtracker.web.pages_only.PageClock",
    "claimtracker.ledger.context.RequestContextMiddleware",
    "claimtracker.web.pages_only.PageMessages",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "claimtracker.web.pages_only.PageSessionsSeen",
    "claimtracker.web.pages_only.PageSecondFactor",
    "claimtracker.web.pages_only.PageHtmx",
    "claimtracker.web.pages_only.PageRefusals",
    "django_prometheus.middleware.PrometheusAfterMiddleware",
]

ROOT_URLCONF = "claimtracker.urls"
WSGI_APPLICATION = "claimtracker.wsgi.application"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "claimtracker.web.context.site",
            ],
        },
    }
]

# --- database: two roles. "default" is the application's, "owner" migrates (docs/adr/0001).
DATABASE_OPTIONS: dict[str, Any] = {
    "CONN_MAX_AGE": 60,
    "CONN_HEALTH_CHECKS": True,
    "ATOMIC_REQUESTS": False,
}


def database_from(url: str) -> dict[str, Any]:
    """Django's settings for one database URL; the name may be overridden for a test's worker."""
    config: dict[str, Any] = {**env.db_url_config(url), **DATABASE_OPTIONS}
    config["ENGINE"] = "django.db.backends.postgresql"
    options = config.setdefault("OPTIONS", {})
    for name in ("host", "port"):  # a unix socket stands in the URL's query
        if value := options.pop(name, ""):
            config[name.upper()] = str(value)
    if name := env.str("DATABASE_NAME", default=""):
        config["NAME"] = name
    return config


DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- accounts
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]

# --- time, language
LANGUAGE_CODE = "en"
TIME_ZONE = env.str("TIME_ZONE", default="UTC")
USE_I18N = True
USE_TZ = True

# --- static files
STATIC_URL = "/static/"
STATIC_ROOT = env.str("STATIC_ROOT", default="") or str(BASE_DIR / "staticfiles")
STATICFILES_DIRS = [BASE_DIR / "claimtracker" / "static"]
DATA_UPLOAD_MAX_MEMORY_SIZE = 6_000_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 2_500_000

# --- security headers
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
        "form-action": ["'self'"],
    }
}

# --- jobs (DESIGN: the row is the truth, Celery is the muscle)
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_ACKS_LATE = False
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_MAX_TASKS_PER_CHILD = 500
CELERY_TASK_SOFT_TIME_LIMIT, CELERY_TASK_TIME_LIMIT = 120, 150  # of the beat's own tasks; jobs: JOB_LIMIT
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_BEAT_SCHEDULER = "claimtracker.jobs.clock.OneClock"  # one of however many beats keeps the time
CELERY_TIMEZONE = "UTC"
# A publish must fail fast: the row is already safe and the sweep will send it again.
CELERY_TASK_PUBLISH_RETRY_POLICY = {
    "max_retries": 1,
    "interval_start": 0,
    "interval_step": 0.2,
    "interval_max": 0.2,
}
# It would have the worker's loop read from a channel on which nothing may ever come after the broker was
# away, whatever socket_timeout says. So does gossip, which is switched off where workers are started.
CELERY_WORKER_ENABLE_REMOTE_CONTROL = False
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "global_keyprefix": env.str("BROKER_PREFIX", default="claimtracker:"),
    "visibility_timeout": 3600,
    "socket_timeout": 5,
    "socket_connect_timeout": 2,
    "retry_on_timeout": True,
    # connecting for a publish: without these kombu goes on trying for the whole connection timeout
    "max_retries": 1,
    "interval_start": 0,
    "interval_step": 0.2,
    "interval_max": 0.2,
}
WORKER_ALIVE_FILE = env.str("WORKER_ALIVE_FILE", default="")
JOB_LEASE_SECONDS = env.int("JOB_LEASE_SECONDS", default=30)
JOB_MAX_ATTEMPTS = env.int("JOB_MAX_ATTEMPTS", default=5)
# After how many seconds a job is told to stop (an exception in its own code), and after how many its process
# is ended. Both are well below the visibility timeout.
JOB_LIMIT = (300, 330)
JOB_LIMITS = {
    "claims.fetch_article": (90, 105),
    "claims.visit_host": (90, 105),
    "claims.import_known_claims": (1200, 1260),
    "claims.work_off_batch": (120, 150),  # works for half a minute at a time
    "claims.index_entries": (120, 150),  # works for ten seconds at a time
    "claims.match_claim": (60, 75),
    "claims.alert_watchers": (60, 75),
    "claims.follow_version": (60, 75),
    "reviews.route_claim": (60, 75),
    "reviews.follow_family": (60, 75),
    "reviews.follow_article": (60, 75),
    "reviews.reread_all": (60, 75),
    "partners.fan_out": (60, 75),
    "partners.deliver": (60, 75),
    "partners.tell_switched_off": (90, 105),
    "signin.send_letter": (90, 105),
    "api.make_dumps": (1800, 1860),
    "reviews.gather_mail": (60, 75),
    "reviews.send_mail": (90, 105),
}
JOB_QUEUES = {
    **PARTNER_JOB_QUEUES,
    **SIGNIN_JOB_QUEUES,
    "claims.extract_article": "nlp",
    "claims.fetch_article": "ingest",
    "claims.visit_host": "ingest",
    "claims.import_known_claims": "ingest",
    "claims.work_off_batch": "ingest",
    "claims.follow_version": "review",
    "claims.read_draft": "nlp",
    "claims.look_up_draft": "match",
    # a queue of its own: an article that is read for a minute, or a slow web server, never keeps a new claim
    # from being found, and the encoder is loaded by its workers only
    "claims.index_entries": "match",
    "claims.reembed_entries": "match",
    "claims.match_claim": "match",
    "claims.match_recent": "match",
    "claims.alert_watchers": "review",
    "reviews.look_at_source": "ingest",
    "reviews.look_at_page": "ingest",
    "reviews.check_quotation": "ingest",
    "reviews.route_claim": "review",
    "reviews.follow_family": "review",
    "reviews.follow_article": "review",
    "reviews.follow_retraction": "review",
    "reviews.weigh_tasks": "review",
    "reviews.answer_requests": "review",
    # a slow mail server holds up nothing else
    "reviews.gather_mail": "mail",
    "reviews.send_mail": "mail",
    "reviews.reread_version": "nlp",
    "reviews.reread_all": "review",
    "reviews.empty_desk": "review",
    "partners.fan_out": "default",  # not behind slow receivers: events get their place in the order by it
    "partners.deliver": "deliver",
    "partners.tell_switched_off": "mail",
    "api.make_dumps": "ingest",
}
CELERY_BEAT_SCHEDULE = {
    **INTAKE_BEAT_SCHEDULE,
    **PARTNER_BEAT_SCHEDULE,
    **WEBHOOK_BEAT_SCHEDULE,
    **SIGNIN_BEAT_SCHEDULE,
    "reviews.recheck_sources": {
        "task": "reviews.recheck_sources",
        "schedule": 300.0,
        "options": {"expires": 300, "queue": "review"},
    },
    "jobs.reencrypt": {
        "task": "jobs.reencrypt",
        "schedule": 300.0,
        "options": {"expires": 300, "queue": "default"},
    },
    "jobs.sweep": {"task": "jobs.sweep", "schedule": 5.0, "options": {"expires": 10, "queue": "default"}},
    "claims.wake_hosts": {
        "task": "claims.wake_hosts",
        "schedule": 30.0,
        "options": {"expires": 30, "queue": "ingest"},
    },
    "claims.purge_drafts": {
        "task": "claims.purge_drafts",
        "schedule": 60.0,
        "options": {"expires": 60, "queue": "default"},
    },
    "claims.purge_batches": {
        "task": "claims.purge_batches",
        "schedule": 3600.0,
        "options": {"expires": 3600, "queue": "default"},
    },
    "claims.look_after_index": {
        "task": "claims.look_after_index",
        "schedule": 5.0,
        "options": {"expires": 10, "queue": "match"},
    },
    "reviews.expire_leases": {
        "task": "reviews.expire_leases",
        "schedule": 30.0,
        "options": {"expires": 60, "queue": "review"},
    },
    "reviews.remind": {
        "task": "reviews.remind",
        "schedule": 60.0,
        "options": {"expires": 60, "queue": "review"},
    },
    "reviews.close_replies": {
        "task": "reviews.close_replies",
        "schedule": 60.0,
        "options": {"expires": 60, "queue": "review"},
    },
    "reviews.open_expired": {
        "task": "reviews.open_expired",
        "schedule": 300.0,
        "options": {"expires": 300, "queue": "review"},
    },
    "reviews.escalate": {
        "task": "reviews.escalate",
        "schedule": 60.0,
        "options": {"expires": 60, "queue": "review"},
    },
    "reviews.route_missing": {
        "task": "reviews.route_missing",
        "schedule": 60.0,
        "options": {"expires": 60, "queue": "review"},
    },
    "reviews.refresh_priorities": {
        "task": "reviews.refresh_priorities",
        "schedule": 60.0,
        "options": {"expires": 60, "queue": "review"},
    },
    "reviews.plan_digests": {
        "task": "reviews.plan_digests",
        "schedule": 60.0,
        "options": {"expires": 60, "queue": "mail"},
    },
    "reviews.forget_passing": {
        "task": "reviews.forget_passing",
        "schedule": 600.0,
        "options": {"expires": 600, "queue": "default"},
    },
    "api.plan_dumps": {
        "task": "api.plan_dumps",
        "schedule": 300.0,
        "options": {"expires": 300, "queue": "default"},
    },
    "partners.forget_answers": {
        "task": "partners.forget_answers",
        "schedule": 600.0,
        "options": {"expires": 600, "queue": "default"},
    },
    "ledger.seal": {"task": "ledger.seal", "schedule": 10.0, "options": {"expires": 20, "queue": "default"}},
}

# --- drafts
DRAFT_HOURS = env.int("DRAFT_HOURS", default=24)

# --- ledger
LEDGER_KEY = env.str("LEDGER_KEY", default="")
LEDGER_KEYS_BEFORE = env.list("LEDGER_KEYS_BEFORE", default=[])
LEDGER_HEAD_PATH = env.str("LEDGER_HEAD_PATH", default="")

# --- confidential fields (claimtracker/kernel/at_rest)
FIELD_KEY = env.str("FIELD_KEY", default="")
FIELD_KEYS_BEFORE = env.list("FIELD_KEYS_BEFORE", default=[])

# --- outside world
EMAIL_HOST = env.str("EMAIL_HOST", default="")
EMAIL_PORT = env.int("EMAIL_PORT", default=25)
EMAIL_HOST_USER = env.str("EMAIL_HOST_USER", default="")
EMAIL_HOST_PASSWORD = env.str("EMAIL_HOST_PASSWORD", default="")
EMAIL_USE_TLS = env.bool("EMAIL_USE_TLS", default=False)
EMAIL_TIMEOUT = env.int("EMAIL_TIMEOUT", default=20)  # seconds for each step with the mail server
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if EMAIL_HOST else 'console'}.EmailBackend"
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="claimtracker@localhost")
SENTRY_DSN = env.str("SENTRY_DSN", default="")

LOG_LEVEL = env.str("LOG_LEVEL", default="INFO")
LOGGING = logging_settings(level=LOG_LEVEL, style=env.str("LOG_FORMAT", default=""))
