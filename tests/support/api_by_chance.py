"""Requests of the partner API as schemathesis makes them up: some for the tests, very many for the bench.

``LEFT_OUT`` names every check that is not made, and why; every other check of schemathesis is.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import hypothesis
import schemathesis
import yaml
from hypothesis import HealthCheck, strategies
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import (
    negative_data_rejection,
    positive_data_acceptance,
    response_schema_conformance,
)

from claims.actions.batches import Sent, bring_batch
from claims.actions.check_requests import ask_for_check
from claims.actions.submitting import Sender
from claimtracker.ledger import audit
from claimtracker.partners.actions import send_test
from claimtracker.partners.models import Partner
from reviews.reader_facts import claimant_slug
from tests.factories import make_claim, make_endpoint, make_publication, make_submission

SNAPSHOT = Path(__file__).resolve().parents[1] / "api" / "openapi.yaml"
QUIET = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large]

Check = Callable[..., Any]
WORDS: dict[Check, str] = {positive_data_acceptance: "no schema says that a text has words in it, or which"}
# what the HTTP server answers by itself, before any code of ours: nothing is checked of it
BEFORE_THE_API = {
    414: "gunicorn reads no request line of over 4,094 bytes, which a filter of rare letters may need",
    431: "gunicorn reads no header of more than 8,190 bytes",
}
VERSIONS: dict[Check, str] = {positive_data_acceptance: "only the versions that there are can be read"}
ADDRESSES: dict[Check, str] = {positive_data_acceptance: "no schema says which addresses can be reached"}
LEFT_OUT: dict[str, dict[Check, str]] = {
    "read_version": VERSIONS,
    "read_annotations": VERSIONS,
    **dict.fromkeys(
        ("submit_article", "extract_claims", "match_text", "ask_for_check", "vote_for_request"), WORDS
    ),
    "change_article": {positive_data_acceptance: "only the state that there is can be changed"},
    "submit_articles": {
        positive_data_acceptance: "a key that was sent with something else is refused",
        negative_data_rejection: "a faulty article is its own item's fault, and stops no other",
    },
    "create_webhook_endpoint": ADDRESSES,
    "change_webhook_endpoint": ADDRESSES,
    "acknowledge_publication": ADDRESSES,
    "rotate_webhook_secret": {positive_data_acceptance: "one Idempotency-Key comes with several bodies"},
    "replay_deliveries": {positive_data_acceptance: "one Idempotency-Key comes with several bodies"},
    "test_webhook_endpoint": {positive_data_acceptance: "one Idempotency-Key comes with several bodies"},
    "replay_delivery": {positive_data_acceptance: "only what failed can be sent again"},
}
# of lists, and of requests with the parameter "fields"
OF_LISTS: dict[Check, str] = {
    positive_data_acceptance: "a cursor is a string, but only those that we gave out are cursors"
}
OF_SOME_FIELDS: dict[Check, str] = {
    response_schema_conformance: "no schema says that an answer has the fields that were named; "
    "tests/api/test_sparse_fields.py does"
}


def operations() -> dict[str, str]:
    """The id of every operation in the schema, and its path."""
    schema = yaml.safe_load(SNAPSHOT.read_text(encoding="utf-8"))
    return {
        operation["operationId"]: path
        for path, methods in schema["paths"].items()
        for operation in methods.values()
    }


def left_out_of(operation_id: str) -> dict[Check, str]:
    return LEFT_OUT.get(operation_id, OF_LISTS if operation_id.startswith("list_") else {})


def make_rows(partner: Partner) -> dict[str, dict[str, str]]:
    """What there is to ask for: by operation, the parameters of a path that leads to something."""
    claim = make_claim(article=make_submission(partner))
    publication = make_publication(claim=claim)
    article = claim.appearances.get().version.article
    sender = Sender(partner.origin, audit.partner_actor(f"partner:{partner.pk}", partner.name))
    asked = ask_for_check(claim.text, sender=sender).request
    job = bring_batch([Sent({"body": claim.text})], sender=sender)
    endpoint = make_endpoint(partner)
    delivery = send_test(endpoint, by="system")
    of_endpoint = {"id": str(endpoint.public_id)}
    return {
        "acknowledge_publication": {"id": str(publication.public_id)},
        "read_webhook_endpoint": of_endpoint,
        "change_webhook_endpoint": of_endpoint,
        "remove_webhook_endpoint": {"id": str(make_endpoint(partner, url="https://b.example/").public_id)},
        "rotate_webhook_secret": of_endpoint,
        "test_webhook_endpoint": of_endpoint,
        "replay_deliveries": of_endpoint,
        "list_deliveries": of_endpoint,
        "read_delivery": {"id": delivery.message_id},
        "replay_delivery": {"id": delivery.message_id},
        "read_article": {"id": str(article.public_id)},
        "change_article": {"id": str(article.public_id)},
        "withdraw_article": {"id": str(make_submission(partner).public_id)},
        "read_annotations": {"id": str(article.public_id)},
        "read_job": {"id": str(job.public_id)},
        "read_request": {"id": str(asked.public_id)},
        "vote_for_request": {"id": str(asked.public_id)},
        "read_claim": {"id": str(claim.public_id)},
        "read_publication": {"id": str(publication.public_id)},
        "read_claim_review": {"id": str(publication.public_id)},
        "list_versions": {"id": str(article.public_id)},
        "read_version": {"id": str(article.public_id), "number": "1"},
        "list_appearances": {"id": str(claim.public_id)},
        "read_claimant": {"id": claimant_slug(claim.claimant.name)},
        "read_rating_scale": {"id": "truth"},
    }


def ask_by_chance(
    schema: Any,
    operation_id: str,
    mode: GenerationMode,
    cases: int,
    *,
    headers: dict[str, str],
    rows: dict[str, dict[str, str]],
    seed: int = 0,
    **transport: Any,
) -> None:
    """Send up to ``cases`` requests of one operation and hold every answer to the schema. Half of those that
    are well-formed are about something that there is. Raises what schemathesis finds."""
    strategy = schema.find_operation_by_id(operation_id).as_strategy(mode)

    @hypothesis.seed(seed)
    @hypothesis.settings(
        max_examples=cases, deadline=None, database=None, derandomize=not seed, suppress_health_check=QUIET
    )
    @hypothesis.given(case=strategy, known=strategies.booleans())
    def ask(case: schemathesis.Case, known: bool) -> None:
        if known and operation_id in rows and mode is GenerationMode.POSITIVE:
            case.path_parameters.update(rows[operation_id])
        response = case.call(headers=headers, **transport)
        if response.status_code in BEFORE_THE_API:
            return
        left_out = [*left_out_of(operation_id), *(OF_SOME_FIELDS if "fields" in (case.query or {}) else ())]
        case.validate_response(response, headers=headers, excluded_checks=left_out)

    ask()
