"""The help pages: which there are, what each shows, and finding one by words."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.html import strip_tags
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from reviews.views.queue_words import GUIDE

from .help_keys import KEY_GROUPS


@dataclass(frozen=True, slots=True)
class Topic:
    slug: str
    title: Promise
    summary: Promise

    @property
    def template(self) -> str:
        return f"help/pages/{self.slug}.html"


TOPICS: tuple[Topic, ...] = (
    Topic(
        "check-a-claim",
        _("Take a task and check a claim"),
        _("From the queue to a verdict that a second person approves."),
    ),
    Topic(
        "what-is-a-claim",
        _("What is a claim"),
        _("A statement of fact that evidence could show to be right or wrong, and that matters."),
    ),
    Topic(
        "ratings-and-standards",
        _("Ratings and standards"),
        _("What a rating says, and what a check needs before it goes out."),
    ),
    Topic(
        "two-people",
        _("Two people behind a verdict"),
        _("Second review, blind review, and who decides where two people differ."),
    ),
    Topic(
        "corrections",
        _("Corrections and retraction"),
        _("How a published check is corrected, looked at again, or taken back."),
    ),
    Topic(
        "article-changes",
        _("When an article changes"),
        _("What becomes of its claims and of the verdicts about them."),
    ),
    Topic("watched-sources", _("Watched sources"), _("Articles that come in by themselves.")),
    Topic("drafts", _("Drafts before publication"), _("A text of your own, looked at before it goes out.")),
    Topic(
        "queue", _("The language of the queue"), _("Narrow the list by what you type, and keep it as a view.")
    ),
    Topic("keys", _("Keys"), _("Nearly everything goes without the mouse.")),
    Topic(
        "partners-and-moderators",
        _("Partners and moderators"),
        _("Where the administration is, and what is done there."),
    ),
)
BY_SLUG = {topic.slug: topic for topic in TOPICS}


def shown() -> dict[str, Any]:
    """What the pages show besides their own words, from where the product itself takes it."""
    return {"queue_guide": GUIDE, "key_groups": KEY_GROUPS, "take_hours": settings.REVIEW_TAKE_HOURS}


def matching(words: str, *, most: int = len(TOPICS)) -> list[Topic]:
    """The pages in which all ``words`` stand, as a whole or as a beginning; those with one in their title go
    first. All of them for no words."""
    wanted = _folded(words).split()
    found = [
        (not all(word in _folded(str(topic.title)) for word in wanted), number, topic)
        for number, topic in enumerate(TOPICS)
        if _has_all(_text(topic.slug, get_language() or ""), wanted)
    ]
    return [topic for _later, _number, topic in sorted(found, key=lambda one: one[:2])][:most]


def _has_all(text: str, wanted: Iterable[str]) -> bool:
    return all(re.search(rf"(?<!\w){re.escape(word)}", text) for word in wanted)


@lru_cache(maxsize=256)
def _text(slug: str, language: str) -> str:
    """All words of a page in one language (which is the active one), made once."""
    topic = BY_SLUG[slug]
    page = render_to_string(topic.template, shown()).replace("<", " <")  # cells and lines stay apart
    body = html.unescape(strip_tags(page))
    return _folded(f"{topic.title} {topic.summary} {body}")


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())
