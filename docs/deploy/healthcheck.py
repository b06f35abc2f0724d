"""Exit code 0 when the web server of this container is ready. Standard library only, so that it is quick."""

import os
import sys
import urllib.request

host = os.environ.get("ALLOWED_HOSTS", "").split(",")[0].strip().lstrip(".")
request = urllib.request.Request(
    "http://127.0.0.1:8000/health/ready",
    # as the proxy in front would: otherwise we would be sent to https, or refused for the wrong name
    headers={"Host": host if host not in ("", "*") else "localhost", "X-Forwarded-Proto": "https"},
)
try:
    with urllib.request.urlopen(request, timeout=8) as response:  # noqa: S310 - a fixed http address
        sys.exit(0 if response.status == 200 else 1)
except OSError as error:
    sys.stderr.write(f"{error}\n")
    sys.exit(1)
