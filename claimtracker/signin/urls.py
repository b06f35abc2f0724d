"""Addresses of our own under account/."""

from django.urls import path

from . import invitation_views, oidc_views, views

app_name = "signin"
urlpatterns = [
    path("sessions/<int:pk>/end/", views.session_end, name="session_end"),
    path("sessions/end-others/", views.sessions_end, name="sessions_end"),
    path("invitations/", invitation_views.invitations, name="invitations"),
    path("invitations/<int:pk>/", invitation_views.settle, name="invitation_settle"),
    path("invitation/<str:token>/", invitation_views.invitation, name="invitation"),
    path("sso/", oidc_views.start, name="sso_start"),
    path("sso/callback/", oidc_views.callback, name="sso_callback"),
]
