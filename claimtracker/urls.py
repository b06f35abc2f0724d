"""Every address, from the rooms that own them."""

from django.contrib import admin
from django.urls import include, path

from claimtracker.web import health

urlpatterns = [
    path("health/live", health.live, name="health_live"),
    path("health/ready", health.ready, name="health_ready"),
    path("api/", include("claimtracker.api.urls")),
    path("", include("claimtracker.web.urls")),
    path("", include("claims.urls")),
    path("", include("reviews.urls")),
    path("admin/", admin.site.urls),
    path("account/", include("allauth.urls")),
]
