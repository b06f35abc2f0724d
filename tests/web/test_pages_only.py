"""What pages need is not looked for where a key is what opens."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import Client

from tests.factories import make_key, make_user

pytestmark = pytest.mark.django_db


def test_the_api_has_no_session_and_pages_have_one() -> None:
    _key, plain = make_key()
    client = Client()
    client.force_login(make_user(), backend="django.contrib.auth.backends.ModelBackend")
    page = client.get("/")
    answer = client.get("/api/v1/claims", headers={"Authorization": f"Bearer {plain}"})
    assert (page.status_code, answer.status_code) == (200, 200)
    for name in ("session", "htmx", "_messages"):
        assert hasattr(page.wsgi_request, name), name
        assert not hasattr(answer.wsgi_request, name), name


def test_a_signed_in_person_opens_nothing_there_without_a_key() -> None:
    client = Client()
    client.force_login(make_user(), backend="django.contrib.auth.backends.ModelBackend")
    assert client.get("/api/v1/claims").status_code == 401


def test_a_form_still_needs_its_token() -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(make_user(), backend="django.contrib.auth.backends.ModelBackend")
    assert client.post("/account/logout/").status_code == 403


def test_django_finds_the_middleware_that_it_asks_for() -> None:
    assert not any(name.startswith("django.contrib.sessions") for name in settings.MIDDLEWARE)
    call_command("check")
