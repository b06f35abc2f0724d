"""Production. Every secret comes from the environment or from a file that it names, and one that is missing
or weak stops the start with its name."""

from django.core.exceptions import ImproperlyConfigured

from .base import *  # noqa: F403 - a settings module is its base plus what differs
from .base import ALLOWED_HOSTS, CELERY_BROKER_TRANSPORT_OPTIONS, EMAIL_HOST, SENTRY_DSN, database_from, env
from .oidc import OIDC_CLIENT_SECRET, check_client_secret
from .signin import mfa_roles
from .weak_secrets import weaknesses

REQUIRED = (
    "SECRET_KEY",
    "DATABASE_URL",
    "REDIS_URL",
    "ALLOWED_HOSTS",
    "SITE_URL",
    "LEDGER_KEY",
    "LEDGER_HEAD_PATH",
    "FIELD_KEY",
)
_missing = [name for name in REQUIRED if not env.str(name, default="")]
if _missing:
    raise ImproperlyConfigured(
        f"Set {', '.join(_missing)} in the environment (docs/operations.md says what each is for). "
        "The embedded services are for development and are refused here."
    )
_weak = weaknesses({name: env.str(name) for name in ("SECRET_KEY", "LEDGER_KEY", "FIELD_KEY")})
if _weak:
    raise ImproperlyConfigured(f"{' '.join(_weak)} Make each anew, for example with: openssl rand -hex 32")
check_client_secret(OIDC_CLIENT_SECRET)
if env.str("CLAIMTRACKER_OUTBOUND_ALLOW", default=""):
    raise ImproperlyConfigured(
        "Unset CLAIMTRACKER_OUTBOUND_ALLOW: it opens private addresses and is for tests only."
    )

if "*" in ALLOWED_HOSTS:
    raise ImproperlyConfigured(
        "Name the site's own hosts in ALLOWED_HOSTS: under * the links of mails lead wherever a request says."
    )

DATABASES = {"default": database_from(env.str("DATABASE_URL"))}
if _owner := env.str("DATABASE_OWNER_URL", default=""):
    DATABASES["owner"] = database_from(_owner)
CELERY_BROKER_URL = env.str("REDIS_URL")
CELERY_BROKER_TRANSPORT_OPTIONS = {**CELERY_BROKER_TRANSPORT_OPTIONS}
EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST = EMAIL_HOST or "localhost"

CACHES = {
    "default": {"BACKEND": "claimtracker.kernel.caching.CacheThatMayBeAway", "LOCATION": env.str("REDIS_URL")}
}
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
MFA_ROLES = mfa_roles(["lead", "moderator", "superuser"])
SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=True)
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", default=1)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True

if SENTRY_DSN:
    import sentry_sdk

    from claimtracker.kernel.secret_addresses import mask_everywhere

    # what people typed and what variables hold may be a confidential source, or the key of a reply page
    sentry_sdk.init(
        dsn=SENTRY_DSN,
        send_default_pii=False,
        include_local_variables=False,
        max_request_body_size="never",
        before_send=lambda event, _hint: mask_everywhere(event),
    )
