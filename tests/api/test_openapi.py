"""The schema is complete, stands in the repository as it is, and what we do is what it says."""

from __future__ import annotations

import functools
import inspect
import io
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import jsonschema
import pytest
import schemathesis
import yaml
from django.core.management import call_command
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from django.urls import resolve
from schemathesis import GenerationMode

from claimtracker.api.v1.base import PartnerView
from claimtracker.partners.event_types import BY_NAME, DESCRIBED, TEST, offered_event_types
from claimtracker.partners.models import Partner
from tests.support.api_by_chance import LEFT_OUT, SNAPSHOT, ask_by_chance, make_rows, operations

from .conftest import Asker

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


def test_every_operation_is_described_for_partners() -> None:
    schema = yaml.safe_load(current_schema())
    for path, item in schema["paths"].items():
        for method, operation in item.items():
            said = operation.get("description", "")
            assert said, f"{method} {path} has no description"
            assert "``" not in said and "What all have in common" not in said, (method, path)
            assert said not in docstrings(), f"{method} {path} is described by the docstring of a class"


def docstrings() -> set[str]:
    """Of all views and of what they are made of."""
    found, classes = set(), [PartnerView]
    while classes:
        each = classes.pop()
        classes += each.__subclasses__()
        found.add(inspect.getdoc(each) or "")
    return found


def test_every_type_of_event_is_a_webhook_whose_example_fits() -> None:
    schema = yaml.safe_load(current_schema())
    assert set(schema["webhooks"]) == {described.type for described in DESCRIBED}
    assert {*offered_event_types(), TEST} == set(schema["webhooks"])
    for name, item in schema["webhooks"].items():
        content = item["post"]["requestBody"]["content"]["application/json"]
        jsonschema.validate(content["example"], content["schema"])
        assert content["example"]["data"] == BY_NAME[name].example
        for wrong in ({**content["example"], "type": "claim.dreamt"}, {**content["example"], "data": {}}):
            with pytest.raises(jsonschema.ValidationError):
                jsonschema.validate(wrong, content["schema"])
    published = schema["webhooks"]["claim.verdict_published"]["post"]["requestBody"]["content"]
    page = published["application/json"]["example"]["data"]["url"]
    assert resolve(urlsplit(page).path).url_name == "public_claim"


OPERATIONS = operations()
CASES = max(3, -(-300 // (2 * len(OPERATIONS))))  # for each operation and mode: 300 together, or a few more


def test_every_check_that_is_left_out_is_of_an_operation_and_says_why() -> None:
    assert set(LEFT_OUT) <= set(OPERATIONS)
    assert all(reason for checks in LEFT_OUT.values() for reason in checks.values())


def test_there_is_something_to_ask_for_at_every_address_of_one_thing(partner: Partner) -> None:
    rows = make_rows(partner)
    assert set(rows) == {name for name, path in OPERATIONS.items() if "{" in path}
    for name, parameters in rows.items():
        assert OPERATIONS[name].format(**parameters)


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
    # the transport in this process reads no compressed answers
    headers = {"Authorization": f"Bearer {asker.plain}", "Accept-Encoding": "identity"}
    ask_by_chance(loaded_schema(), operation_id, mode, CASES, headers=headers, rows=make_rows(partner))
