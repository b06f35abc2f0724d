"""What the schema shows as an example is what it says of the answer."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from .test_openapi import SNAPSHOT

SCHEMA = yaml.safe_load(SNAPSHOT.read_text(encoding="utf-8"))
READING = {
    operation["operationId"]: operation
    for item in SCHEMA["paths"].values()
    for method, operation in item.items()
    if method == "get"
}
OURS = [
    *("list_articles", "read_article", "read_annotations", "list_versions", "read_version"),
    *("list_claims", "read_claim", "list_appearances", "list_corrections"),
    *("list_publications", "read_publication", "read_claim_review"),
    *("list_claimants", "read_claimant", "list_rating_scales", "read_rating_scale"),
]


def validator(schema: Any) -> Draft202012Validator:
    return Draft202012Validator({**schema, "components": SCHEMA["components"]})


@pytest.mark.parametrize("operation_id", OURS)
def test_every_answer_has_an_example_that_is_one(operation_id: str) -> None:
    operation = READING[operation_id]
    assert operation["summary"] and len(operation["description"]) > 30
    assert "What all have in common" not in operation["description"]
    for media_type, content in operation["responses"]["200"]["content"].items():
        assert content["examples"], media_type
        for example in content["examples"].values():
            faults = [error.message for error in validator(content["schema"]).iter_errors(example["value"])]
            assert faults == []
            known = closed(content["schema"])
            if known is not None:
                rows = example["value"]["results"] if "results" in example["value"] else [example["value"]]
                assert all(set(row) == known for row in rows), "every field, and no other"


def closed(schema: dict[str, Any]) -> set[str] | None:
    """The names of the fields of a row; None for answers that are another's standard."""
    if "$ref" not in schema:
        return None
    named = SCHEMA["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    if "results" in named["properties"]:
        named = SCHEMA["components"]["schemas"][
            named["properties"]["results"]["items"]["$ref"].rpartition("/")[2]
        ]
    return set(named["properties"])


@pytest.mark.parametrize("operation_id", OURS)
def test_every_parameter_is_described_and_its_example_fits(operation_id: str) -> None:
    for parameter in READING[operation_id].get("parameters", []):
        if parameter["in"] == "query":
            assert parameter["description"], parameter["name"]
        for example in parameter.get("examples", {}).values():
            faults = [error.message for error in validator(parameter["schema"]).iter_errors(example["value"])]
            assert faults == [], parameter["name"]
