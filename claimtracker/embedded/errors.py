"""What goes wrong with the embedded services, in one line for people."""

INSTEAD = "set DATABASE_URL and REDIS_URL to your own PostgreSQL and Redis instead"


class EmbeddedUnavailable(RuntimeError):
    """The embedded services cannot run here; the message names the variables to set instead."""


class ServiceFailed(EmbeddedUnavailable):
    """A service that could run here did not start or stop; the message ends with its log."""
