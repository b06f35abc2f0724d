"""Every moment that goes out is RFC 3339 in UTC with a Z, whatever clock the newsroom has."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import yaml
from django.utils import timezone

from claimtracker.accounts.models import Role
from reviews.actions.publishing import publish_verdict
from reviews.actions.replies import ask_for_reply, receive_reply
from reviews.actions.reply_decisions import show_reply
from tests import factories
from tests.factories import make_claim, make_correction, make_submission, make_version

from .conftest import Asker
from .test_openapi import SNAPSHOT

pytestmark = pytest.mark.django_db

UTC_MOMENT = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$")
LOOKS_LIKE_ONE = re.compile(r"^\d{4}-\d\d-\d\d[T ]\d\d:\d\d")


def strings_in(content: Any, at: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(content, dict):
        for name, value in content.items():
            yield from strings_in(value, f"{at}/{name}")
    elif isinstance(content, list):
        for value in content:
            yield from strings_in(value, f"{at}/-")
    elif isinstance(content, str):
        yield at, content


def moments_in(content: Any) -> dict[str, str]:
    return {at: text for at, text in strings_in(content) if LOOKS_LIKE_ONE.match(text)}


def date_times_of(schema: Any, named: dict[str, Any], at: str = "", deep: int = 0) -> Iterator[str]:
    """Where values of this schema hold a date-time."""
    if deep > 12 or not isinstance(schema, dict):
        return
    if "$ref" in schema:
        yield from date_times_of(named[schema["$ref"].rpartition("/")[2]], named, at, deep + 1)
    if schema.get("format") == "date-time":
        yield at
    for name, part in schema.get("properties", {}).items():
        yield from date_times_of(part, named, f"{at}/{name}", deep + 1)
    yield from date_times_of(schema.get("items"), named, f"{at}/-", deep + 1)
    for part in [*schema.get("oneOf", []), *schema.get("anyOf", []), *schema.get("allOf", [])]:
        yield from date_times_of(part, named, at, deep + 1)


@pytest.fixture
def answers(asker: Asker, settings: Any) -> dict[str, Any]:
    """By operation, an answer with every moment filled, of a newsroom in Kathmandu."""
    settings.TIME_ZONE = "Asia/Kathmandu"
    timezone.get_default_timezone.cache_clear()
    author, editor = factories.make_user(), factories.make_user(Role.EDITOR)
    sent = timezone.now() - timedelta(days=2)
    article = make_submission(asker.partner, published_at=sent, url="https://wire.example/1")
    claim = make_claim(article=article)
    verdict = factories.make_approved_verdict(author, editor, claim=claim)
    _request, token = ask_for_reply(
        claim, by=author, person="Ann Lee", channel="email", question="Why?", hours=48
    )
    show_reply(receive_reply(token, name="Ann Lee", role="Mayor", text="From the budget."), by=editor)
    make_correction(publish_verdict(verdict, by=editor))
    published = make_correction(
        claim.publications.get(number=2), change="rechecked", note="The table is the same."
    )
    make_version(article, "Nothing of it stands here any more, the desk says.\n")
    claimant = asker.get("claimants").json()["results"][0]["id"]
    paths = {
        "list_articles": "articles",
        "read_article": f"articles/{article.public_id}",
        "list_versions": f"articles/{article.public_id}/versions",
        "read_version": f"articles/{article.public_id}/versions/1",
        "read_annotations": f"articles/{article.public_id}/annotations?version=1",
        "list_claims": "claims",
        "read_claim": f"claims/{claim.public_id}",
        "list_appearances": f"claims/{claim.public_id}/appearances",
        "list_publications": "publications",
        "read_publication": f"publications/{published.public_id}",
        "list_corrections": "corrections",
        "list_claimants": "claimants",
        "read_claimant": f"claimants/{claimant}",
    }
    return {operation: asker.get(path).json() for operation, path in paths.items()}


@pytest.fixture(autouse=True)
def usual_clock() -> Iterator[None]:
    yield
    timezone.get_default_timezone.cache_clear()


def test_every_moment_of_every_answer(answers: dict[str, Any]) -> None:
    for operation, answer in answers.items():
        found = moments_in(answer)
        assert found, operation
        for at, text in found.items():
            assert UTC_MOMENT.match(text), f"{operation} {at}: {text}"


def test_what_the_schema_calls_a_date_time_is_one_and_nothing_else_is(answers: dict[str, Any]) -> None:
    schema = yaml.safe_load(SNAPSHOT.read_text(encoding="utf-8"))
    operations = {
        operation["operationId"]: operation
        for item in schema["paths"].values()
        for operation in item.values()
    }
    for operation, answer in answers.items():
        content = operations[operation]["responses"]["200"]["content"]
        if "application/ld+json" in content:
            continue
        told = set(date_times_of(content["application/json"]["schema"], schema["components"]["schemas"]))
        assert set(moments_in(answer)) <= told, operation


def test_every_moment_of_every_example() -> None:
    schema = yaml.safe_load(SNAPSHOT.read_text(encoding="utf-8"))
    examples = [
        (at, text)
        for at, text in strings_in(schema["paths"])
        if "/examples/" in at and LOOKS_LIKE_ONE.match(text)
    ]
    assert len(examples) > 20
    for at, text in examples:
        assert UTC_MOMENT.match(text), f"{at}: {text}"
