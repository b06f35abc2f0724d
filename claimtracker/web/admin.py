"""Pages of the administration that join rooms."""

from .views import people_privacy

__all__ = ["people_privacy"]
