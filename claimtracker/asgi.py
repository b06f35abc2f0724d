"""ASGI entry point, for a server that streams."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "claimtracker.settings.prod")
application = get_asgi_application()
