"""Development and the demo: embedded services unless DATABASE_URL and REDIS_URL say otherwise."""

from claimtracker import embedded

from .base import *  # noqa: F403 - a settings module is its base plus what differs
from .base import LEDGER_HEAD_PATH, SECRET_KEY, database_from, env

DEBUG = env.bool("DEBUG", default=True)
SECRET_KEY = SECRET_KEY or "development-only-key-that-protects-nothing-at-all-0123456789"
ALLOWED_HOSTS = ["*"]

_app_url = env.str("DATABASE_URL", default="")
_owner_url = env.str("DATABASE_OWNER_URL", default=_app_url)
DATABASES = {
    "default": database_from(_app_url or embedded.database_url(role="app")),
    "owner": database_from(_owner_url or embedded.database_url(role="owner")),
}
CELERY_BROKER_URL = env.str("REDIS_URL", default="") or embedded.redis_url()
LEDGER_KEY = env.str("LEDGER_KEY", default="development-only-ledger-key")
FIELD_KEY = env.str("FIELD_KEY", default="development-only-field-key")
LEDGER_HEAD_PATH = LEDGER_HEAD_PATH or str(embedded.state_dir() / "ledger-head.jsonl")
SNAPSHOT_DIR = env.str("SNAPSHOT_DIR", default="") or str(embedded.state_dir() / "snapshots")
DUMP_DIR = env.str("DUMP_DIR", default="") or str(embedded.state_dir() / "dumps")
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
