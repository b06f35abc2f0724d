"""The schema is complete, stands in the repository as it is, and what we do is what it says."""

from __future__ import annotations

import functools
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest
import schemathesis
import yaml
from django.core.management import call_command
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, strategies
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import positive_data_acceptance, response_schema_conformance

from claimtracker.partners.actions import send_test
from claimtracker.partners.models import Delivery, Partner
from reviews.reader_facts import claimant_slug
from tests.factories import make_claim, make_endpoint, make_publication, make_submission

from .conftest import Asker

SNAPSHOT = Path(__file__).parent / "openapi.yaml"
COMMAND = "python manage.py spectacular --fail-on-warn --validate --file tests/api/openapi.yaml"


def current_schema() -> str:
    output = io.StringIO()
    call_command("spectacular", validate=True, fail_on_warn=True, stdout=output)
    return output.getvalue()


def test_the_snapshot_is_the_schema() -> None:
    assert current_schema().strip() == SNAPSHOT.read_text(encoding="utf-8").strip(), (
        f"The API's schema changed. If that is meant, rebuild the snapshot and read its diff:\n    {COMMAND}"
    )


def test_every_operation_has_words_and_every_error_its_shape() -> None:
    schema = yaml.safe_load(current_schema())
    operations = [
        (path, method, operation)
        for path, item in schema["paths"].items()
        for method, operation in item.items()
    ]
    assert len(operations) == len(OPERATIONS)
    for path, method, operation in operations:
        assert not path.endswith("/"), path
        assert operation["summary"]
        assert operation["security"] == [{"apiKey": []}], path
        statuses = set(operation["responses"])
        assert {"401", "403", "406", "429"} <= statuses
        assert statuses & {"200", "201", "202", "204"}, path
        assert ("404" in statuses) == ("{id}" in path)
        for status, response in operation["responses"].items():
            if int(status) >= 400:
                assert list(response["content"]) == ["application/problem+json"], (path, method, status)


OPERATIONS = [
    "list_articles",
    "submit_article",
    "read_article",
    "read_annotations",
    "list_versions",
    "read_version",
    "list_claims",
    "read_claim",
    "list_appearances",
    "list_publications",
    "read_publication",
    "read_claim_review",
    "acknowledge_publication",
    "list_receipts",
    "list_events",
    "list_event_types",
    "list_webhook_endpoints",
    "create_webhook_endpoint",
    "read_webhook_endpoint",
    "change_webhook_endpoint",
    "remove_webhook_endpoint",
    "rotate_webhook_secret",
    "test_webhook_endpoint",
    "replay_deliveries",
    "list_deliveries",
    "read_delivery",
    "replay_delivery",
    "list_corrections",
    "list_claimants",
    "read_claimant",
    "list_rating_scales",
    "read_rating_scale",
    "read_key",
    "rotate_key",
    "read_usage",
]
# What of schemathesis' checks cannot hold, and why; every other check of it does.
OPAQUE = [positive_data_acceptance]  # a cursor is a string, but only those that we gave out are cursors
LEFT_OUT = {
    **{operation: OPAQUE for operation in OPERATIONS if operation.startswith("list_")},
    "read_version": OPAQUE,  # only the versions that there are can be read
    # no schema says which addresses can be reached, or which are registered already
    "create_webhook_endpoint": [positive_data_acceptance],
    "change_webhook_endpoint": [positive_data_acceptance],
    "rotate_webhook_secret": [positive_data_acceptance],  # one Idempotency-Key comes with several bodies
    "test_webhook_endpoint": [positive_data_acceptance],  # only one that is on
    "replay_deliveries": [positive_data_acceptance],
    "replay_delivery": [positive_data_acceptance],  # only what failed
    "acknowledge_publication": [positive_data_acceptance],  # an address of the web, of the newest version
    "read_annotations": OPAQUE,  # only the versions that there are can be read
    "submit_article": [positive_data_acceptance],  # no schema says that a text has words in it
}
# no schema says that an answer holds what the parameter fields names; test_sparse_fields does
BY_FIELDS = [response_schema_conformance]
NAMED = {"read_claimant": claimant_slug("Ann Lee"), "read_rating_scale": "truth"}
CASES = 20  # for each operation and mode: 680 together
QUIET = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large]


def test_the_generated_cases_cover_every_operation() -> None:
    schema = yaml.safe_load(current_schema())
    named = [operation["operationId"] for item in schema["paths"].values() for operation in item.values()]
    assert sorted(named) == sorted(OPERATIONS)


@functools.cache
def loaded_schema() -> Any:
    return schemathesis.openapi.from_wsgi("/api/v1/schema/", get_wsgi_application())


@pytest.fixture
def kept_connection() -> Iterator[None]:
    """The application must not close the test's connection after a request: what Django's own client does."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.mark.usefixtures("kept_connection")
@pytest.mark.parametrize("mode", list(GenerationMode), ids=str)
@pytest.mark.parametrize("operation_id", OPERATIONS)
def test_generated_requests_get_what_the_schema_promises(
    partner: Partner, operation_id: str, mode: GenerationMode
) -> None:
    asker = Asker(partner)
    claim = make_claim(article=make_submission(partner))
    publication = make_publication(claim=claim)
    article = claim.appearances.get().version.article
    rows = {"read_article": article, "read_annotations": article, "read_claim": claim}
    of_publications = ["read_publication", "read_claim_review", "acknowledge_publication"]
    rows |= dict.fromkeys(of_publications, publication)
    endpoint = make_endpoint(partner)
    rows |= {
        f"{verb}_webhook_{what}": endpoint
        for verb, what in [
            ("read", "endpoint"), ("change", "endpoint"), ("test", "endpoint"), ("rotate", "secret"),
        ]
    }  # fmt: skip
    rows |= dict.fromkeys(["replay_deliveries", "list_deliveries"], endpoint)
    rows |= dict.fromkeys(["read_delivery", "replay_delivery"], send_test(endpoint, by="system"))
    rows |= {"list_versions": article, "read_version": article, "list_appearances": claim}
    strategy = loaded_schema().find_operation_by_id(operation_id).as_strategy(mode)
    # the transport in this process reads no compressed answers
    headers = {"Authorization": f"Bearer {asker.plain}", "Accept-Encoding": "identity"}

    @hypothesis.settings(
        max_examples=CASES, deadline=None, database=None, derandomize=True, suppress_health_check=QUIET
    )
    @hypothesis.given(case=strategy, known=strategies.booleans())
    def ask(case: schemathesis.Case, known: bool) -> None:
        if known and operation_id in rows and mode is GenerationMode.POSITIVE:
            row = rows[operation_id]
            case.path_parameters["id"] = row.message_id if isinstance(row, Delivery) else str(row.public_id)
        if known and operation_id in NAMED and mode is GenerationMode.POSITIVE:
            case.path_parameters["id"] = NAMED[operation_id]
        response = case.call(headers=headers)
        left_out = [*LEFT_OUT.get(operation_id, []), *(BY_FIELDS if "fields" in (case.query or {}) else ())]
        case.validate_response(response, headers=headers, excluded_checks=left_out)

    ask()
