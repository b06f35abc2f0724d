"""Addresses that allauth has too, under its names: these stand before its own."""

from django.urls import path

from . import views

urlpatterns = [
    path("2fa/totp/deactivate/", views.switch_app_off, name="mfa_deactivate_totp"),
    path("2fa/webauthn/add/", views.add_key, name="mfa_add_webauthn"),
    path("2fa/webauthn/keys/<int:pk>/remove/", views.remove_key, name="mfa_remove_webauthn"),
    path("email/", views.addresses, name="account_email"),
    path("sessions/", views.sessions, name="usersessions_list"),
]
