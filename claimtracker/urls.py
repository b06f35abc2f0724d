"""Every address, from the rooms that own them."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("api/", include("claimtracker.api.urls")),
    path("", include("claimtracker.web.urls")),
    path("", include("claims.urls")),
    path("", include("reviews.urls")),
    path("admin/", admin.site.urls),
    path("account/", include("allauth.urls")),
]
