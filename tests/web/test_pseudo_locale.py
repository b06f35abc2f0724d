"""The main pages in a language of brackets: whatever stands outside of them is data, or was forgotten."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from claimtracker.accounts.models import Role
from tests import factories
from tests.support.pseudo_locale import LANGUAGE, messages, outside, write_catalog

pytestmark = pytest.mark.django_db
DATA = "§"  # stands in every word that the test puts in
WORD = re.compile(r"[^\W\d_]{2,}")
KNOWN = {
    "Claimtracker", "ClaimReview", "IFCN", "API", "JSON", "CSV", "Atom", "UTC", "Claim", "tracker",
    # what Django's own catalog has, and what forms and addresses hold
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
    "November", "December", "Jan", "Feb", "Mar", "Apr", "Jun", "Jul", "Aug", "Sept", "Oct", "Nov", "Dec",
    "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday",
}  # fmt: skip


@pytest.fixture
def brackets(settings: Any, tmp_path: Path) -> Iterator[None]:
    settings.LOCALE_PATHS = [str(tmp_path)]
    settings.LANGUAGES = [("en", "English"), (LANGUAGE, "Brackets")]
    settings.PUBLISHER_NAME = f"Desk{DATA}"
    write_catalog(tmp_path)
    with translation.override(LANGUAGE):
        yield


# sentences of rooms that are plain Python (tests/house/test_gettext.py), and of Django's own catalogs
OTHERS = re.compile(
    r"(a second|a minute|\d+.(seconds?|minutes?)|now)( ago| from now)?$|^[A-Z]\w+/[\w/ -]+$|^https://$"
    r"|[Aa] number: |no topic known|no partner sent|last appeared|stands in no article|outlets?$"
    r"|^No other office counts this\.$"  # the test's own note
)


def forgotten(page: str) -> list[str]:
    return [
        piece
        for piece in outside(page)
        if DATA not in piece and set(WORD.findall(piece)) - KNOWN and not OTHERS.search(piece)
    ]


def test_there_are_messages_with_and_without_plurals(brackets: None) -> None:
    found = messages()
    assert len(found) > 1500
    assert translation.gettext("Queue") == "⟦Queue⟧"
    assert translation.ngettext("%d task is yours now.", "%d tasks are yours now.", 2) % 2 == (
        "⟦2 tasks are yours now.⟧"
    )


def test_what_is_outside_of_brackets_is_found() -> None:
    page = '<p title="Take">⟦By <a href="/">⟦Ann⟧</a> and</p> ⟧ left<img alt="⟦x⟧">'
    assert outside(page) == ["left", "Take"]


@pytest.fixture
def desk(brackets: None) -> Any:
    return factories.make_desk(name=f"Politics{DATA}")


def pages() -> list[tuple[str, str]]:
    return [
        (role, name)
        for role, names in {
            Role.CHECKER: (
                "home",
                "queue",
                "article_list",
                "article",
                "claim",
                "drafts",
                "sources",
                "notices",
            ),
            Role.LEAD: ("home", "queue", "claim", "feeds", "told", "availability", "conflicts", "help"),
        }.items()
        for name in names
    ]


def address(name: str, task: Any) -> str:
    article = task.claim.appearances.get().version.article_id
    return {
        "home": reverse("web:home"),
        "queue": reverse("reviews:queue") + "?show=all",
        "article_list": reverse("web:article_list"),
        "article": reverse("web:article_detail", args=[article]),
        "claim": reverse("reviews:claim_detail", args=[task.claim_id]),
        "drafts": reverse("web:drafts"),
        "sources": reverse("reviews:source_list"),
        "notices": reverse("web:notices"),
        "feeds": reverse("web:feed_list"),
        "told": reverse("web:notice_preferences"),
        "availability": reverse("reviews:my_availability"),
        "conflicts": reverse("reviews:my_conflicts"),
        "help": reverse("web:help_page", args=["two-people"]),
    }[name]


@pytest.mark.parametrize(("role", "name"), pages())
def test_nothing_on_a_page_is_left_in_english(desk: Any, client: Client, role: str, name: str) -> None:
    person = factories.make_user(role, desk, name=f"Mara{DATA}", email=f"mara{DATA}@example.org")
    article = factories.make_article(
        f"The{DATA} city{DATA} spent{DATA} 4m,{DATA} she{DATA} said{DATA}.\n", title=f"Roads{DATA}", desk=desk
    )
    claim = factories.make_claim(article=article, claimant=f"Ann{DATA}")
    task = factories.make_taken_task(person, claim)
    factories.make_evidence(claim, person, title=f"Table{DATA}", publisher=f"Office{DATA}")
    client.force_login(person)
    page = client.get(address(name, task))
    assert page.status_code == 200
    found = forgotten(page.text)
    assert not found, "\n".join(found)
