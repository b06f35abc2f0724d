"""The help pages: found by words, linked from what they are about, and never of what is not there."""

from __future__ import annotations

import html
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils.html import strip_tags
from django.utils.translation import get_language

from claimtracker.accounts.models import Role, User
from claimtracker.web import help as help_pages
from claimtracker.web.first_steps import progress_of
from claimtracker.web.help import TOPICS, matching
from claimtracker.web.help_keys import KEY_GROUPS
from tests import factories

pytestmark = pytest.mark.django_db
ROOT = Path(settings.BASE_DIR)
SLUGS = [topic.slug for topic in TOPICS]
EXAMPLES = {"what-is-a-claim"}  # quotes sentences of newspapers, not of the product


@pytest.fixture
def everywhere() -> Client:
    """Somebody who may open every page that the help leads to."""
    client = Client()
    client.force_login(User.objects.create_superuser("root@example.org", factories.PASSWORD, name="Root"))
    return client


def body(client: Client, slug: str) -> str:
    page = client.get(reverse("web:help_page", args=[slug]))
    assert page.status_code == 200
    return page.text.split('<article class="help__text', 1)[1].split("</article>", 1)[0]


def test_strangers_sign_in_first_and_what_is_not_there_is_not_there(client: Client) -> None:
    assert client.get(reverse("web:help")).status_code == 302
    client.force_login(factories.make_user(Role.REPORTER))
    assert client.get(reverse("web:help")).status_code == 200
    assert client.get(reverse("web:help_page", args=["no-such-page"])).status_code == 404


@pytest.mark.parametrize("slug", SLUGS)
def test_every_link_of_the_help_leads_to_a_page(slug: str, everywhere: Client) -> None:
    factories.make_desk()
    for address in re.findall(r'href="(/[^"]*)"', body(everywhere, slug)):
        assert everywhere.get(html.unescape(address)).status_code == 200, address


def test_every_page_leads_somewhere() -> None:
    pages = ROOT / "templates" / "help" / "pages"
    assert {path.stem for path in pages.glob("*.html")} == set(SLUGS)
    nowhere = [slug for slug in SLUGS if "{% url" not in (pages / f"{slug}.html").read_text(encoding="utf-8")]
    assert nowhere == ["keys"]


def sources() -> str:
    """Every word that the product itself shows, the help apart."""
    templates = [path for path in (ROOT / "templates").rglob("*.html") if "help" not in path.parts]
    code = [*(ROOT / "reviews").rglob("*.py"), *(ROOT / "claimtracker").rglob("*.py")]
    code = [path for path in code if "help" not in path.stem]
    return "\n".join(path.read_text(encoding="utf-8") for path in [*templates, *code])


def test_every_button_that_the_help_names_has_that_name(everywhere: Client) -> None:
    known = sources()
    wrong = [
        (slug, name)
        for slug in SLUGS
        if slug not in EXAMPLES
        for name in re.findall("“([^”]+)”", html.unescape(strip_tags(body(everywhere, slug))))
        if name not in known and name not in ("he said", "Forgot your password?")
    ]
    assert wrong == []


def test_every_key_that_a_page_binds_is_in_the_help() -> None:
    told = {" ".join(keys).lower() for group in KEY_GROUPS for keys, _says in group.keys}
    told |= {key for keys in told for key in keys.split()}
    bound = set()
    for path in (ROOT / "templates").rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        bound |= set(re.findall(r'data-(?:bulk-)?key="([^"{]+)"', text))
        if "{% block shortcuts %}" in text:
            rows = text.split("{% block shortcuts %}", 1)[1].split("{% endblock", 1)[0]
            bound |= {key.lower() for key in re.findall(r"<kbd>([^<]+)</kbd>", rows)}
    assert bound - told == set()


def test_words_of_a_page_find_it() -> None:
    assert [topic.slug for topic in matching("blind")] == ["two-people"]
    assert matching("claims:nothing") == []
    assert len(matching("")) == len(TOPICS)
    assert matching("retract")[0].slug == "corrections", "in the title goes first"
    understood = {topic.slug for topic in matching("changed-by")}
    assert "queue" in understood, help_pages._text("queue", get_language() or "")
    assert "queue" in {topic.slug for topic in matching("due within two")}, "a word that begins a cell"


def test_the_palette_and_the_index_search_the_help(signed_in: Client) -> None:
    address = reverse("web:help_page", args=["two-people"])
    assert address in signed_in.get(reverse("web:palette"), {"q": "blind rev"}).text
    index = signed_in.get(reverse("web:help"), {"q": "blind"}).text
    assert address in index
    assert reverse("web:help_page", args=["drafts"]) not in index
    assert "No help page has these words" in signed_in.get(reverse("web:help"), {"q": "xyzzy"}).text


def test_pages_lead_to_the_help_about_them(client: Client) -> None:
    lead = factories.make_user(Role.LEAD)
    client.force_login(lead)
    task = factories.make_taken_task(lead)
    article = task.claim.appearances.get().version.article
    public = factories.make_publication()
    for address, slug in (
        (reverse("reviews:queue"), "queue"),
        (reverse("web:drafts"), "drafts"),
        (reverse("web:feed_list"), "watched-sources"),
        (reverse("web:article_detail", args=[article.pk]), "what-is-a-claim"),
        (reverse("web:version_list", args=[article.pk]), "article-changes"),
        (reverse("reviews:claim_detail", args=[task.claim_id]), "check-a-claim"),
        (reverse("reviews:claim_detail", args=[task.claim_id]), "ratings-and-standards"),
        (reverse("reviews:claim_detail", args=[public.claim_id]), "corrections"),
    ):
        assert f'href="{reverse("web:help_page", args=[slug])}"' in client.get(address).text, address


def test_reading_about_the_keys_is_the_step(signed_in: Client, checker: User) -> None:
    signed_in.get(reverse("web:help_page", args=["keys"]))
    assert {step.name for step in progress_of(checker).steps if step.is_done} == {"keys"}
