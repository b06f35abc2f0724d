"""What gunicorn serves in tests: the site with the endpoint that counts (counting_urls)."""

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from claimtracker.kernel.closing import closing

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "claimtracker.settings.test")
settings.ROOT_URLCONF = "tests.support.counting_urls"
application = closing(get_wsgi_application())
