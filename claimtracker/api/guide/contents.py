"""What the guide holds: its sections, and the examples, which are the very files that the tests run."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from claims.actions.batches import MOST_ITEMS
from claims.extraction.languages import readers
from claimtracker.partners.event_types import DESCRIBED
from reviews.claimreview import CLAIM_REVIEWED_MAX

EXAMPLES = Path(__file__).parent / "examples"
LANGUAGES = (("sh", "curl"), ("py", "Python"), ("mjs", "JavaScript"))


@dataclass(frozen=True, slots=True)
class Example:
    """``suffix`` is that of its file."""

    suffix: str
    language: str
    code: str


@dataclass(frozen=True, slots=True)
class Section:
    """``example`` is the name of its files; empty for a section without any."""

    slug: str
    title: str
    example: str = ""

    @property
    def template(self) -> str:
        return f"api/guide/{self.slug}.html"

    @property
    def examples(self) -> list[Example]:
        return examples_of(self.example) if self.example else []


SECTIONS = (
    Section("key", "Get a key"),
    Section("first-request", "Your first request", "first"),
    Section("submit", "Submit an article", "submit"),
    Section("address", "Send only its address", "address"),
    Section("poll", "Poll for its claims", "poll"),
    Section("bulk", "Many articles at once", "bulk"),
    Section("change", "Change an article", "change"),
    Section("versions", "The versions of its text", "versions"),
    Section("annotations", "Claims as annotations", "annotations"),
    Section("claims", "Find claims", "claims"),
    Section("match", "What is known of a text", "match"),
    Section("extract", "The claims of a text", "extract"),
    Section("requests", "Ask for a check", "request"),
    Section("votes", "Ask for what others ask for", "vote"),
    Section("webhooks", "Verify a webhook", "webhook"),
    Section("testing", "Test your receiver", "replay"),
    Section("corrections", "Handle a correction", "correct"),
    Section("errors", "Errors", "errors"),
    Section("limits", "Limits"),
    Section("idempotency", "Sending twice"),
    Section("pagination", "Pages, filters, and what changed", "pages"),
    Section("dumps", "Everything as files", "dumps"),
    Section("search", "The search that Google’s clients know", "search"),
    Section("changelog", "Changes of the API"),
)


@dataclass(frozen=True, slots=True)
class Vector:
    """A message with its signature, for whoever writes the check of signatures anew."""

    secret: str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"  # noqa: S105 - of nobody: made for the page
    id: str = "msg_5d8e5d1c5f0b4f7f9a3b2c1d0e9f8a7b"
    timestamp: int = 1795167001
    body: str = (
        '{"type":"webhook.test","timestamp":"2026-11-20T09:30:00Z",'
        '"data":{"endpoint":"3a1f2f8e-90cf-4a51-b0cf-7a2f8c1f6d10","message":"This is a test."}}'
    )
    signature: str = "v1,ABvR5ThMr8DaX/wmVRQ/OPXtWYHe4dJAuvvtvIunLzQ="


def facts() -> dict[str, Any]:
    """What the texts of the guide take from the code, so that they cannot say anything else."""
    return {
        "event_types": [(described.type, _with_code(described.description)) for described in DESCRIBED],
        "vector": Vector(),
        "languages_read": [reader.name for reader in readers()],
        "claim_reviewed_max": CLAIM_REVIEWED_MAX,
        "most_at_once": MOST_ITEMS,
    }


def _with_code(text: str) -> SafeString:
    """``text``, in whose Markdown nothing but `code` is marked."""
    parts = enumerate(text.split("`"))
    marked = ((format_html("<code>{}</code>", part) if place % 2 else part,) for place, part in parts)
    return format_html_join("", "{}", marked)


@lru_cache
def examples_of(name: str) -> list[Example]:
    return [
        Example(suffix, language, (EXAMPLES / f"{name}.{suffix}").read_text(encoding="utf-8").strip())
        for suffix, language in LANGUAGES
    ]
