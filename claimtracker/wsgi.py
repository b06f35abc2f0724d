"""WSGI entry point for gunicorn."""

import os

from django.core.wsgi import get_wsgi_application

from claimtracker.kernel.closing import closing

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "claimtracker.settings.prod")
application = closing(get_wsgi_application())
