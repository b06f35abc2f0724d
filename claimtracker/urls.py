"""Every address, from the rooms that own them."""

from django.contrib import admin
from django.urls import include, path

from claimtracker.api.dumps.views import feed as claimreview_feed
from claimtracker.web import health
from claimtracker.web.security_txt import security_txt

urlpatterns = [
    path("health/live", health.live, name="health_live"),
    path("health/ready", health.ready, name="health_ready"),
    path(".well-known/security.txt", security_txt, name="security_txt"),
    path("api/", include("claimtracker.api.urls")),
    path("factcheck/", include("claimtracker.api.factcheck.urls")),
    path("dumps/", include("claimtracker.api.dumps.urls")),
    path("feeds/claimreview.json", claimreview_feed, name="claimreview-feed"),
    path("", include("claimtracker.web.urls")),
    path("", include("claims.urls")),
    path("", include("reviews.urls")),
    path("admin/", admin.site.urls),
    path("account/", include("claimtracker.signin.instead")),
    path("account/", include("claimtracker.signin.urls")),
    # what allauth.urls holds, without the pages of its third-party accounts: our own stand for them
    path("account/", include("allauth.account.urls")),
    path("account/2fa/", include("allauth.mfa.urls")),
    path("account/sessions/", include("allauth.usersessions.urls")),
]
