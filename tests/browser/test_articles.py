"""Articles in a real browser: from pasting to claims, by mouse and keyboard, on a phone, without scripts."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from claims.models import Appearance, Article, Claim
from claimtracker.accounts.models import User
from claimtracker.jobs.models import Job
from claimtracker.kernel.outbound_address import ALLOW_VARIABLE
from tests import factories
from tests.support.hostile_server import HostileServer, hostile_server

from .conftest import Open

STORY = (
    "Council closes four libraries\n\n"
    "By Nora Field\n\n"
    "🙂 Eastmouth council voted by 31 to 22 on Tuesday to close four of its eleven libraries.\n\n"
    "“The city spent £9.4m more than it received last year,” the treasurer Helen Marsh said. "
    "She said that reserves had fallen from £27m to £11m in three years.\n\n"
    "Nobody 😀 asked the readers about any of this."
)
RunJobs = Callable[..., int]


@pytest.fixture
def article(checker: User) -> Article:
    return factories.make_article(STORY, title="Council closes four libraries", by=checker)


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[HostileServer]:
    with hostile_server() as running:
        monkeypatch.setenv(ALLOW_VARIABLE, running.pair)
        yield running


# from the first to the last of words parted by |, in the article's own text
SELECT = """(words) => {
    const [first, last] = [words.split("|")[0], words.split("|").at(-1)];
    const range = document.createRange();
    const walker = document.createTreeWalker(document.querySelector("[data-reader]"), NodeFilter.SHOW_TEXT);
    let node, begun = false;
    while ((node = walker.nextNode())) {
        if (!node.parentElement.closest("[data-start]")) continue;
        if (!begun && node.data.includes(first)) {
            range.setStart(node, node.data.indexOf(first));
            begun = true;
        }
        if (begun && node.data.includes(last)) {
            range.setEnd(node, node.data.indexOf(last) + last.length);
            break;
        }
    }
    const selection = getSelection();
    selection.removeAllRanges();
    selection.addRange(range);
}"""


# the middle of the first letter of words in a paragraph
MIDDLE_OF = """([paragraph, words]) => {
    const node = paragraph.firstChild, at = node.data.indexOf(words), range = document.createRange();
    range.setStart(node, at);
    range.setEnd(node, at + 1);
    const box = range.getBoundingClientRect();
    return [box.x + box.width * 0.8, box.y + box.height / 2];
}"""


def select(page: Page, words: str) -> None:
    """Select ``words`` in the article, as dragging over them does."""
    page.evaluate(SELECT, words)


# --- the reporter's path


def test_from_pasting_to_claims_on_screen_in_three_actions(open_page: Open, run_jobs: RunJobs) -> None:
    page = open_page(factories.make_user("reporter"))
    page.keyboard.press("n")  # 1: new article
    page.get_by_label("Article text").fill(STORY)  # 2: paste
    page.get_by_role("button", name="Find the claims").click()  # 3
    expect(page.locator("#reading")).to_contain_text("waits to be read")
    assert run_jobs("claims.extract_article") == 1
    # nothing is reloaded by hand: the page asks by itself, and stops
    expect(page.locator("mark.claim").first).to_be_visible(timeout=8_000)
    expect(page.locator("#reading")).to_have_count(0)
    assert page.locator("[data-claim-card]").count() == Claim.objects.count() >= 3
    assert page.locator("h1").inner_text().startswith("Council closes four libraries")


def test_every_mark_shows_exactly_the_words_of_its_claim(
    open_page: Open, checker: User, article: Article, run_jobs: RunJobs
) -> None:
    run_jobs()
    page = open_page(checker, f"/articles/{article.pk}/")
    for appearance in Appearance.objects.all():
        pieces = page.evaluate(
            """(id) => [...document.querySelectorAll("mark")]
                .filter((mark) => mark.dataset.claim.split(" ").includes(id))
                .map((mark) => mark.querySelector("a").firstChild.data).join("")""",
            str(appearance.pk),
        )
        assert pieces == appearance.quote


def test_the_page_that_fails_to_come_says_why_without_a_reload(
    open_page: Open, checker: User, run_jobs: RunJobs, server: HostileServer
) -> None:
    page = open_page(checker, "/articles/new/?way=url")
    page.get_by_label("Address", exact=True).fill(server.gives("/gone", b"gone", status="404 Not Found"))
    page.get_by_role("button", name="Find the claims").click()
    expect(page.get_by_text("The page is on its way")).to_be_visible()
    run_jobs()
    expect(page.get_by_text("has no page at this address")).to_be_visible(timeout=8_000)
    page.get_by_role("link", name="Paste the text instead").click()
    expect(page.get_by_label("Article text")).to_be_visible()


def test_the_page_that_comes_leads_to_its_article(
    open_page: Open, checker: User, run_jobs: RunJobs, server: HostileServer
) -> None:
    body = "".join(f"<p>{part}</p>" for part in STORY.split("\n\n"))
    head = "<meta charset=utf-8><title>Council closes four libraries</title>"
    url = server.gives("/story", f"<html><head>{head}</head><body><article>{body}</article>".encode())
    page = open_page(checker, "/articles/new/?way=url")
    page.get_by_label("Address", exact=True).fill(url)
    page.get_by_role("button", name="Find the claims").click()
    expect(page.get_by_text("The page is on its way")).to_be_visible()
    run_jobs("claims.fetch_article")
    expect(page.locator("#reading")).to_contain_text("waits to be read", timeout=8_000)
    assert page.url.endswith(f"/articles/{Article.objects.get().pk}/")
    expect(page.get_by_role("link", name="Original")).to_have_attribute("href", url)


def test_another_language_is_said_on_the_page(open_page: Open, checker: User, run_jobs: RunJobs) -> None:
    text = "Le gouvernement a annoncé hier que les impôts vont baisser de dix pour cent dans le pays entier."
    french = factories.make_article(text)
    page = open_page(checker, f"/articles/{french.pk}/")
    run_jobs()
    expect(page.locator("#reading")).to_contain_text("seems to be in French", timeout=8_000)


def test_what_was_typed_survives_an_error_and_a_lost_page(open_page: Open, checker: User) -> None:
    page = open_page(checker, "/articles/new/")
    page.get_by_label("Headline").fill("A headline that took long")
    page.get_by_label("Article text").fill("   ")
    page.get_by_role("button", name="Find the claims").click()
    expect(page.locator(".field__error")).to_contain_text("There is no text here")
    expect(page.get_by_label("Headline")).to_have_value("A headline that took long")
    page.get_by_label("Article text").fill("Half a story")
    page.goto("/queue/")
    page.goto("/articles/new/")
    expect(page.get_by_label("Article text")).to_have_value("Half a story")


def test_a_hostile_upload_runs_nothing(open_page: Open, checker: User) -> None:
    page = open_page(checker, "/articles/new/?way=upload")
    shown: list[str] = []
    page.on("dialog", lambda dialog: (shown.append(dialog.message), dialog.dismiss()))
    hostile = (
        b'<title>"><img src=x onerror=alert(1)></title><body><svg onload=alert(2)></svg>'
        b"<p>The city spent 8 million on &lt;script&gt;alert(3)&lt;/script&gt; roads.</p>"
        b"<script>alert(4)</script></body>"
    )
    file = {"name": "story.html", "mimeType": "text/html", "buffer": hostile}
    page.get_by_label("File", exact=True).set_input_files(file)
    page.get_by_role("button", name="Find the claims").click()
    expect(page.locator("[data-article-text]")).to_contain_text("<script>alert(3)</script>")
    page.goto("/articles/")
    expect(page.locator(".row__title")).to_have_count(1)
    assert not shown


# --- claims in the text


@pytest.mark.parametrize(
    ("dragged", "quote"),
    [
        ("asked the readers", "asked the readers"),
        (" asked the readers ", "asked the readers"),
        ("😀 asked", "😀 asked"),
        ("in three years|Nobody", "in three years.\n\nNobody"),
        ("Council closes", "Council closes"),
    ],
)
def test_selected_words_become_a_claim(
    open_page: Open, checker: User, article: Article, run_jobs: RunJobs, dragged: str, quote: str
) -> None:
    run_jobs()
    before = set(Claim.objects.values_list("pk", flat=True))
    page = open_page(checker, f"/articles/{article.pk}/")
    select(page, dragged)
    page.get_by_role("button", name="Mark as a claim").click()
    page.get_by_label("Who says it").fill("Nora Field")
    page.keyboard.press("Enter")
    expect(page.get_by_text("The claim is marked")).to_be_visible()
    appearance = Appearance.objects.exclude(claim__in=before).get()
    assert appearance.quote == quote
    card = page.locator(f"#claim-{appearance.pk}")
    expect(card).to_contain_text("Nora Field, reported")
    expect(card).to_be_in_viewport()


def test_words_over_a_marked_claim_can_be_marked_too(
    open_page: Open, checker: User, article: Article, run_jobs: RunJobs
) -> None:
    run_jobs()
    page = open_page(checker, f"/articles/{article.pk}/")
    first = Appearance.objects.filter(quote__contains="voted by 31").get()
    select(page, "31 to 22 on Tuesday to close four")
    page.keyboard.press("m")
    page.get_by_role("button", name="Mark the claim").click()
    expect(page.get_by_text("The claim is marked")).to_be_visible()
    inner = Appearance.objects.get(quote="31 to 22 on Tuesday to close four")
    assert first.start < inner.start
    mark = page.locator(f"#span-{inner.pk}")
    expect(mark).to_have_attribute("data-claim", f"{first.pk} {inner.pk}")
    mark.hover()
    expect(page.locator(f"#claim-{inner.pk}")).to_have_class("claim-card is-active")


def test_claims_are_walked_and_opened_by_keyboard(
    open_page: Open, checker: User, article: Article, run_jobs: RunJobs
) -> None:
    run_jobs()
    page = open_page(checker, f"/articles/{article.pk}/")
    cards = page.locator("[data-claim-card]")
    page.keyboard.press("j")
    expect(cards.nth(0).locator("[data-claim-open]")).to_be_focused()
    page.keyboard.press("j")
    expect(cards.nth(1).locator("[data-claim-open]")).to_be_focused()
    active = page.locator("mark.is-active")
    assert active.first.get_attribute("data-claim") == cards.nth(1).get_attribute("data-claim-card")
    page.keyboard.press("k")
    page.keyboard.press("Enter")
    page.wait_for_url("**/claims/*/")


def test_a_claim_is_dismissed_and_restored(
    open_page: Open, checker: User, article: Article, run_jobs: RunJobs
) -> None:
    run_jobs()
    page = open_page(checker, f"/articles/{article.pk}/?order=score")
    appearance = Appearance.objects.order_by("-score", "start").first()
    assert appearance is not None
    card = page.locator(f"#claim-{appearance.pk}")
    card.get_by_text("Dismiss", exact=True).click()
    card.get_by_label("Why is it no claim").fill("An opinion")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Its open tasks are cancelled")).to_be_visible()
    expect(page.locator(f"#span-{appearance.pk}")).to_have_class("claim claim--dismissed")
    assert "order=score" in page.url
    page.locator(f"#claim-{appearance.pk}").get_by_role("button", name="Restore").click()
    expect(page.locator(f"#span-{appearance.pk}")).to_have_class("claim claim--confirmed")


# --- without scripts, and on a phone


def test_everything_works_without_scripts(open_page: Open, checker: User, run_jobs: RunJobs) -> None:
    page = open_page(checker, "/articles/new/", js=False)
    expect(page.get_by_label("Address", exact=True)).to_be_hidden()
    page.get_by_text("Give its address", exact=True).click()
    expect(page.get_by_label("Address", exact=True)).to_be_visible()
    expect(page.get_by_label("Article text")).to_be_hidden()
    page.get_by_text("Paste the text", exact=True).click()
    page.get_by_label("Article text").fill(STORY)
    page.get_by_role("button", name="Find the claims").click()
    run_jobs()
    page.get_by_role("link", name="Look again").click()
    expect(page.locator("mark.claim").first).to_be_visible()
    page.locator("#mark-claim summary").click()
    page.get_by_label("The exact words").fill("asked the readers")
    page.get_by_role("button", name="Mark the claim").click()
    expect(page.get_by_text("The claim is marked")).to_be_visible()
    assert Appearance.objects.filter(quote="asked the readers").exists()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_no_page_scrolls_sideways_on_a_phone(
    open_page: Open, checker: User, article: Article, run_jobs: RunJobs, theme: str
) -> None:
    run_jobs()
    long = factories.make_article("https://example.org/" + "long" * 60, title="Supercalifragilistic" * 12)
    Job.objects.filter(state="queued").update(state="dead", cause="fault")
    page = open_page(checker, size="phone", theme=theme)
    for path in ("/", "/articles/", "/articles/new/", f"/articles/{article.pk}/", f"/articles/{long.pk}/"):
        page.goto(path)
        root = "document.documentElement"
        assert page.evaluate(f"{root}.scrollWidth <= {root}.clientWidth"), path


def test_on_a_phone_the_claims_are_one_tap_away(
    open_page: Open, checker: User, article: Article, run_jobs: RunJobs
) -> None:
    run_jobs()
    page = open_page(checker, f"/articles/{article.pk}/", size="phone")
    page.locator(".bottom-jump").tap()
    expect(page.locator("#claims-title")).to_be_in_viewport()
    page.locator("[data-claim-card]").first.get_by_text("in the text").tap()
    expect(page.locator("mark.claim").first).to_be_in_viewport()


def test_a_claim_is_given_other_words_by_dragging_and_by_keys_and_becomes_two(
    open_page: Open, checker: User, article: Article
) -> None:
    claim = factories.make_claim("The city spent £9.4m more than it received last year", article=article)
    place = claim.appearances.get()
    page = open_page(checker, f"/articles/{article.pk}/")
    page.get_by_role("link", name="Adjust the words").click()
    words = page.get_by_label("The words of the claim")
    expect(words).to_have_value(place.quote)
    page.get_by_role("button", name="End one word earlier").first.focus()
    page.keyboard.press("Shift+ArrowLeft")
    page.keyboard.press("Shift+ArrowLeft")
    page.keyboard.press("ArrowRight")
    expect(words).to_have_value("city spent £9.4m more than it received")
    page.keyboard.press("ArrowLeft")
    page.get_by_text("It is two claims", exact=True).click()
    text = page.locator("[data-adjust-text] p", has_text="reserves")
    # dragged from somewhere in the first word to somewhere in the last
    paragraph = text.element_handle()
    begin, end = (page.evaluate(MIDDLE_OF, [paragraph, words]) for words in ("erves had", "£11"))
    page.mouse.move(*begin)
    page.mouse.down()
    page.mouse.move(*end, steps=5)
    page.mouse.up()
    second = "reserves had fallen from £27m to £11m"
    expect(page.get_by_label("The words of a second claim")).to_have_value(second)
    page.get_by_role("button", name="Keep these words").click()
    expect(page.get_by_text("It is two claims now.")).to_be_visible()
    place.refresh_from_db()
    assert place.quote == "The city spent £9.4m more than it received"
    assert Appearance.objects.exclude(pk=place.pk).get().quote == second
    # both are chosen by key and dismissed with one reason
    for _ in range(2):
        page.keyboard.press("j")
        page.keyboard.press("x")
    expect(page.get_by_text("2 claims are chosen")).to_be_visible()
    page.get_by_label("Why, for all of them").fill("Of no consequence")
    page.get_by_role("button", name="Dismiss them").click()
    expect(page.get_by_text("2 claims are dismissed")).to_be_visible()
