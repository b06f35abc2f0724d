"""What the guide holds: its sections, and the examples, which are the very files that the tests run."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

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
    Section("poll", "Poll for its claims", "poll"),
    Section("webhooks", "Verify a webhook", "webhook"),
    Section("corrections", "Handle a correction", "correct"),
    Section("errors", "Errors", "errors"),
    Section("limits", "Limits"),
    Section("idempotency", "Sending twice"),
    Section("pagination", "Pages, filters, and what changed", "pages"),
    Section("dumps", "Everything as files", "dumps"),
    Section("search", "The search that Google’s clients know", "search"),
    Section("changelog", "Changes of the API"),
)


@lru_cache
def examples_of(name: str) -> list[Example]:
    return [
        Example(suffix, language, (EXAMPLES / f"{name}.{suffix}").read_text(encoding="utf-8").strip())
        for suffix, language in LANGUAGES
    ]
