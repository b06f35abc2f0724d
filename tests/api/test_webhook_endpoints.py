"""Endpoints over the API: registered, changed, tried, given a new secret and removed by the partner."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from claimtracker.jobs.models import Job
from claimtracker.ledger.models import AuditEntry, OutboxEvent
from claimtracker.partners.endpoints import MOST_ENDPOINTS, disable_endpoint
from claimtracker.partners.models import Delivery, WebhookEndpoint
from tests.factories import make_endpoint, make_partner

from .conftest import Asker, assert_problem

URL = "https://receiver.example/hook"


def made(asker: Asker, **fields: Any) -> dict[str, Any]:
    response = asker.post("webhook-endpoints", {"url": URL, **fields})
    assert response.status_code == 201, response.content
    return dict(response.json())


def patched(asker: Asker, endpoint: dict[str, Any], fields: Any) -> Any:
    return asker.ask("PATCH", f"webhook-endpoints/{endpoint['id']}", json.dumps(fields).encode())


def test_a_new_endpoint_shows_its_secret_once(asker: Asker) -> None:
    response = asker.post(
        "webhook-endpoints",
        {"url": URL, "event_types": ["claim.verdict_corrected"], "description": " Production "},
    )
    assert response.status_code == 201
    endpoint = response.json()
    assert endpoint["secret"].startswith("whsec_")
    assert (endpoint["url"], endpoint["description"]) == (URL, "Production")
    assert (endpoint["event_types"], endpoint["is_active"]) == (["claim.verdict_corrected"], True)
    assert response["Location"].endswith(f"/api/v1/webhook-endpoints/{endpoint['id']}")
    row = WebhookEndpoint.objects.get(public_id=endpoint["id"])
    assert (row.partner, row.secret) == (asker.partner, endpoint["secret"])
    read = asker.get(f"webhook-endpoints/{endpoint['id']}")
    listed = asker.get("webhook-endpoints")
    assert "secret" not in read.json()
    for later in (read, listed):
        assert endpoint["secret"] not in later.content.decode()
    assert [one["id"] for one in listed.json()["results"]] == [endpoint["id"]]
    entry = AuditEntry.objects.about(row).get()
    assert entry.verb == "webhook_endpoint.created"


@pytest.mark.parametrize(
    ("sent", "pointer", "says"),
    [
        ({}, "#/url", "missing"),
        ({"url": 5}, "#/url", "JSON string"),
        ({"url": "http://receiver.example/"}, "#/url", "https only"),
        ({"url": "https://localhost/hook"}, "#/url", "cannot reach it"),
        ({"url": "https://127.0.0.1/hook"}, "#/url", "name instead of a bare IP"),
        ({"url": URL, "event_types": ["claim.dreamt"]}, "#/event_types", "no event type"),
        ({"url": URL, "event_types": "claim.dreamt"}, "#/event_types", "list of event types"),
        ({"url": URL, "events": []}, "#/events", "no such field"),
    ],
)
def test_what_cannot_be_registered_is_named(asker: Asker, sent: Any, pointer: str, says: str) -> None:
    problem = assert_problem(asker.post("webhook-endpoints", sent), 400, says)
    assert problem["errors"][0]["pointer"] == pointer
    assert not WebhookEndpoint.objects.exists()


def test_one_address_once_and_again_after_it_was_removed(asker: Asker) -> None:
    first = made(asker)
    problem = assert_problem(asker.post("webhook-endpoints", {"url": URL}), 409, "registered already")
    assert problem["code"] == "duplicate_url"
    assert asker.ask("DELETE", f"webhook-endpoints/{first['id']}").status_code == 204
    assert made(asker)["id"] != first["id"]


def test_there_is_an_end_to_how_many_one_partner_has(asker: Asker) -> None:
    for number in range(MOST_ENDPOINTS):
        made(asker, url=f"https://receiver.example/{number}")
    problem = assert_problem(asker.post("webhook-endpoints", {"url": URL}), 409, "Remove one")
    assert problem["code"] == "too_many"


def test_changes_are_audited_and_what_is_left_out_stays(asker: Asker) -> None:
    endpoint = made(asker, description="Old")
    changed = patched(asker, endpoint, {"url": "https://receiver.example/new", "description": "New"}).json()
    assert (changed["url"], changed["description"]) == ("https://receiver.example/new", "New")
    assert changed["event_types"] == endpoint["event_types"]
    assert changed["updated_at"] > endpoint["updated_at"]
    row = WebhookEndpoint.objects.get(public_id=endpoint["id"])
    entry = AuditEntry.objects.about(row).first()
    assert entry is not None
    assert (entry.verb, entry.details) == ("webhook_endpoint.changed", {"fields": ["description", "url"]})
    patched(asker, endpoint, {"description": "New"})
    assert AuditEntry.objects.about(row).count() == 2, "a change that changes nothing is none"
    problem = assert_problem(patched(asker, endpoint, {"url": "https://me.local/"}), 400, "cannot reach it")
    assert problem["errors"][0]["pointer"] == "#/url"
    assert_problem(patched(asker, endpoint, {"is_active": "yes"}), 400, "true or false")
    assert_problem(patched(asker, endpoint, {"secret": "whsec_mine"}), 400, "no such field")


def test_off_and_on_over_the_api(asker: Asker) -> None:
    endpoint = made(asker)
    off = patched(asker, endpoint, {"is_active": False}).json()
    assert (off["is_active"], off["disabled_because"]) == (False, "Switched off over the API.")
    assert off["disabled_at"]
    assert patched(asker, endpoint, {"is_active": False}).status_code == 200
    on = patched(asker, endpoint, {"is_active": True}).json()
    assert (on["is_active"], on["disabled_because"], on["disabled_at"]) == (True, "", None)


def test_why_we_switched_it_off_stands_there(asker: Asker) -> None:
    endpoint = make_endpoint(asker.partner)
    disable_endpoint(endpoint, reason="10 tries of msg_1 failed; the last: 500", by="system")
    shown = asker.get(f"webhook-endpoints/{endpoint.public_id}").json()
    assert shown["disabled_because"] == "10 tries of msg_1 failed; the last: 500"


def test_a_removed_endpoint_is_gone_and_its_secrets_with_it(asker: Asker) -> None:
    endpoint = made(asker)
    asker.post(f"webhook-endpoints/{endpoint['id']}/rotations", {})
    assert asker.ask("DELETE", f"webhook-endpoints/{endpoint['id']}").status_code == 204
    assert_problem(asker.get(f"webhook-endpoints/{endpoint['id']}"), 404)
    assert_problem(asker.get(f"webhook-endpoints/{endpoint['id']}/deliveries"), 404)
    assert asker.get("webhook-endpoints").json()["results"] == []
    row = WebhookEndpoint.objects.get(public_id=endpoint["id"])
    assert (row.is_active, row.secret, row.previous_secret) == (False, "", "")


def test_a_rotation_keeps_the_old_secret_for_a_while(asker: Asker) -> None:
    endpoint = made(asker)
    path = f"webhook-endpoints/{endpoint['id']}/rotations"
    rotated = asker.post(path, {}).json()
    assert rotated["secret"] not in ("", endpoint["secret"])
    row = WebhookEndpoint.objects.get(public_id=endpoint["id"])
    assert (row.secret, row.previous_secret) == (rotated["secret"], endpoint["secret"])
    assert row.previous_secret_until is not None
    left = row.previous_secret_until - timezone.now()
    assert timedelta(hours=23, minutes=59) < left <= timedelta(hours=24)
    at_once = asker.post(path, {"overlap_hours": 0}).json()
    assert at_once["previous_secret_ends_at"] is None
    row.refresh_from_db()
    assert (row.secret, row.previous_secret) == (at_once["secret"], "")
    assert_problem(asker.post(path, {"overlap_hours": 169}), 400)
    verbs = list(AuditEntry.objects.about(row).values_list("verb", flat=True))
    assert verbs.count("webhook_endpoint.secret_rotated") == 2


def test_a_test_message_goes_to_this_endpoint_only(asker: Asker) -> None:
    endpoint = made(asker, event_types=["claim.verdict_corrected"])
    made(asker, url="https://receiver.example/other")
    make_endpoint(make_partner("stranger"))
    response = asker.post(f"webhook-endpoints/{endpoint['id']}/tests", None)
    assert response.status_code == 202
    sent = response.json()
    assert (sent["event_type"], sent["state"]) == ("webhook.test", "pending")
    delivery = Delivery.objects.get()
    assert (delivery.message_id, str(delivery.endpoint.public_id)) == (sent["id"], endpoint["id"])
    assert OutboxEvent.objects.get(type="webhook.test").audience == asker.partner.origin
    assert Job.objects.filter(kind="partners.deliver", object_id=str(delivery.pk)).exists()
    assert not Job.objects.filter(kind="partners.fan_out").exists()
    patched(asker, endpoint, {"is_active": False})
    assert_problem(asker.post(f"webhook-endpoints/{endpoint['id']}/tests", None), 409, "switched off")


def test_every_offered_type_is_described_with_an_example(asker: Asker) -> None:
    types = asker.get("event-types").json()["results"]
    assert {"claim.verdict_published", "claim.verdict_retracted"} <= {one["type"] for one in types}
    assert all(one["description"] and one["example"] for one in types)


def test_the_list_costs_the_same_at_3_and_at_12_endpoints(asker: Asker) -> None:
    def queries() -> tuple[int, int]:
        with CaptureQueriesContext(connection) as captured:
            rows = len(asker.get("webhook-endpoints").json()["results"])
        return rows, len(captured)

    asker.get("webhook-endpoints")
    for number in range(3):
        made(asker, url=f"https://receiver.example/{number}")
    few = queries()
    for number in range(3, 12):
        made(asker, url=f"https://receiver.example/{number}")
    many = queries()
    assert (few[0], many[0]) == (3, 12)
    assert few[1] == many[1]
