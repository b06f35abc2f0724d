"""Three ways for an article to come in, and everything that may be wrong with it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from claims.actions.fetching import record_fetch
from claims.models import Article, ArticleFetch, Channel
from claims.sources import ParsedArticle, UnreadableArticle, fetch_article
from claimtracker.accounts.models import Desk, Membership, Role, User
from claimtracker.jobs.models import Job
from claimtracker.kernel.outbound_address import ALLOW_VARIABLE
from tests import factories
from tests.support.hostile_server import HostileServer, hostile_server

from .conftest import STORY

pytestmark = pytest.mark.django_db
NEW = "/articles/new/"


@pytest.fixture
def desk() -> Desk:
    return factories.make_desk()


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[HostileServer]:
    with hostile_server() as running:
        monkeypatch.setenv(ALLOW_VARIABLE, running.pair)
        yield running


def paste(client: Client, desk: Desk, text: str, **more: object) -> HttpResponse:
    return client.post(NEW, {"way": "paste", "desk": desk.pk, "text": text, **more})


def upload(client: Client, desk: Desk, name: str, content: bytes) -> HttpResponse:
    file = SimpleUploadedFile(name, content)
    return client.post(NEW, {"way": "upload", "desk": desk.pk, "file": file})


def errors_of(response: HttpResponse) -> dict[str, list[str]]:
    assert response.status_code == 422, response.status_code
    assert not Article.objects.exists()
    return {name: list(found) for name, found in response.context["form"].errors.items()}


# --- the ways


def test_the_day_of_a_pasted_text_is_by_ones_own_clock_or_open(signed_in: Client, desk: Desk) -> None:
    session = signed_in.session
    session["time_zone"] = "Asia/Tokyo"
    session.save()
    page = signed_in.get(NEW).text
    assert 'name="published_at"' in page and "read by it" in page
    paste(signed_in, desk, STORY, published_at="2026-03-12T08:00")
    assert Article.objects.get().published_at == datetime(2026, 3, 11, 23, tzinfo=UTC)
    paste(signed_in, desk, f"{STORY} And more.", published_at="")
    assert Article.objects.latest("pk").published_at is None


@pytest.mark.parametrize(
    ("given", "says"),
    [("last week", "Write day and time as 2026-12-24 17:00."), ("2206-03-12T08:00", "Look at the year")],
)
def test_a_day_that_cannot_be_is_refused_at_its_field(
    signed_in: Client, desk: Desk, given: str, says: str
) -> None:
    errors = errors_of(paste(signed_in, desk, STORY, published_at=given))
    assert list(errors) == ["published_at"]
    assert says in errors["published_at"][0]


def test_an_address_or_a_file_is_not_refused_for_a_day_that_was_typed_beside_it(
    signed_in: Client, desk: Desk
) -> None:
    file = SimpleUploadedFile("story.txt", STORY.encode())
    sent = {"way": "upload", "desk": desk.pk, "file": file, "published_at": "last week"}
    assert signed_in.post(NEW, sent).status_code == 302


def test_pasted_text_becomes_an_article_whose_claims_will_be_found(signed_in: Client, desk: Desk) -> None:
    response = paste(signed_in, desk, STORY)
    article = Article.objects.get()
    assert response["Location"] == reverse("web:article_detail", args=[article.pk])
    assert article.title == "Council closes four libraries"
    assert (article.origin, article.channel, article.desk) == (f"desk:{desk.slug}", Channel.PASTE, desk)
    version = article.versions.get()
    assert version.body == STORY
    assert Job.objects.filter(kind="claims.extract_article", object_id=str(version.pk)).exists()


def test_a_headline_given_beside_the_text_is_kept(signed_in: Client, desk: Desk) -> None:
    paste(signed_in, desk, STORY, title="Libraries to go")
    assert Article.objects.get().title == "Libraries to go"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("story.txt", STORY.encode()),
        ("story.txt", b"\xff\xfe" + STORY.encode("utf-16-le")),
        ("story.md", b"# Council closes four libraries\n\n" + STORY.encode()),
        (
            "story.HTML",
            f"<html><head><title>Council closes four libraries</title></head><body><p>{STORY}</p>".encode(),
        ),
    ],
)
def test_an_uploaded_file_becomes_an_article(
    signed_in: Client, desk: Desk, name: str, content: bytes
) -> None:
    assert upload(signed_in, desk, name, content).status_code == 302
    article = Article.objects.get()
    assert article.channel == Channel.UPLOAD
    assert article.title == "Council closes four libraries"
    assert "voted by 31 to 22" in article.versions.get().body


def test_an_address_is_fetched_by_a_job(signed_in: Client, desk: Desk, server: HostileServer) -> None:
    page = f"<html><head><title>Libraries</title></head><body><article><p>{STORY}</p></article></body></html>"
    url = server.gives("/story", page.encode())
    response = signed_in.post(NEW, {"way": "url", "desk": desk.pk, "url": url})
    fetch = ArticleFetch.objects.get()
    waiting = reverse("claims:fetch_detail", args=[fetch.pk])
    assert response["Location"] == waiting
    assert not server.asked, "nothing is fetched while the person waits for an answer"
    shown = signed_in.get(waiting)
    assert "on its way" in shown.content.decode()

    record_fetch(fetch, outcome=fetch_article(fetch.url))
    article = Article.objects.get()
    assert (article.channel, article.url) == (Channel.URL, url)
    assert signed_in.get(waiting)["Location"] == reverse("web:article_detail", args=[article.pk])


def test_an_address_without_a_scheme_is_taken_as_https(signed_in: Client, desk: Desk) -> None:
    signed_in.post(NEW, {"way": "url", "desk": desk.pk, "url": " example.org/story "})
    assert ArticleFetch.objects.get().url == "https://example.org/story"


def test_what_stands_in_the_other_ways_is_not_read(signed_in: Client, desk: Desk) -> None:
    assert paste(signed_in, desk, STORY, url="ftp://nowhere").status_code == 302


# --- the same again


def test_the_same_text_leads_to_the_article_that_is_there(signed_in: Client, desk: Desk) -> None:
    paste(signed_in, desk, STORY)
    response = signed_in.post(NEW, {"way": "paste", "desk": desk.pk, "text": STORY}, follow=True)
    assert Article.objects.count() == 1
    assert "here already" in response.content.decode()
    assert response.redirect_chain[-1][0] == reverse("web:article_detail", args=[Article.objects.get().pk])


def test_the_same_page_again_leads_to_the_article_with_a_word(
    signed_in: Client, checker: User, desk: Desk
) -> None:
    page = ParsedArticle(title="T", byline="", body=STORY, url="https://example.org/story")
    for _ in range(2):
        signed_in.post(NEW, {"way": "url", "desk": desk.pk, "url": "https://example.org/story"})
        fetch = ArticleFetch.objects.first()
        assert fetch is not None
        record_fetch(fetch, outcome=page)
    assert Article.objects.count() == 1
    response = signed_in.get(reverse("claims:fetch_detail", args=[fetch.pk]), follow=True)
    assert "brought in before" in response.content.decode()


# --- bad input: the error stands beside its field, and what was typed is still there


@pytest.mark.parametrize("text", ["", "   \n\t\n", "\ufeff", "---\n***"])
def test_empty_text_is_refused(signed_in: Client, desk: Desk, text: str) -> None:
    found = errors_of(paste(signed_in, desk, text, title="A headline"))
    assert list(found) == ["text"]
    assert "no text" in found["text"][0]


def test_what_was_typed_is_kept_with_an_error(signed_in: Client, desk: Desk) -> None:
    page = paste(signed_in, desk, "", title="A headline that took long").content.decode()
    assert 'value="A headline that took long"' in page
    assert 'aria-invalid="true"' in page


def test_more_than_a_megabyte_is_refused_with_its_size(signed_in: Client, desk: Desk) -> None:
    found = errors_of(paste(signed_in, desk, "Rents rose by 18 per cent. " * 40_000))
    assert list(found) == ["text"]
    assert "1,000,000" in found["text"][0]


def test_far_more_than_a_megabyte_gets_a_calm_page(signed_in: Client, desk: Desk) -> None:
    response = paste(signed_in, desk, "Rents rose by 18 per cent. " * 250_000)
    assert response.status_code == 400
    assert "a million characters" in response.content.decode()
    assert not Article.objects.exists()


def test_just_under_a_megabyte_is_taken(signed_in: Client, desk: Desk) -> None:
    text = "Rents rose by 18 per cent.\n" * 37_000
    assert len(text) < 1_000_000
    assert paste(signed_in, desk, text).status_code == 302


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("story.pdf", b"%PDF-1.7 ...", ".txt"),
        ("story.txt", b"%PDF-1.7 " + bytes(range(256)) * 20, "PDF"),
        ("story.txt", bytes(range(256)) * 50, "not a text file"),
        ("story.html", b"\x89PNG\r\n\x1a\n" + bytes(500), "PNG"),
        ("story.txt", b"", "empty"),
        ("story.html", b"<html><script>var only = 'script';</script></html>", "No article text"),
        ("story.txt", b"word " * 300_000, "limit"),
        ("story.html", b"<p>" + b"x" * 5_000_001, "5,000,000"),
    ],
)
def test_an_unfit_file_is_refused_beside_the_file(
    signed_in: Client, desk: Desk, name: str, content: bytes, says: str
) -> None:
    found = errors_of(upload(signed_in, desk, name, content))
    assert list(found) == ["file"]
    assert says in found["file"][0]


def test_no_file_is_refused_beside_the_file(signed_in: Client, desk: Desk) -> None:
    assert list(errors_of(signed_in.post(NEW, {"way": "upload", "desk": desk.pk}))) == ["file"]


def test_an_old_encoding_is_read_as_what_it_is(signed_in: Client, desk: Desk) -> None:
    upload(signed_in, desk, "story.txt", "The café’s owner said prices rose by 9 per cent.".encode("cp1252"))
    assert "café’s" in Article.objects.get().versions.get().body


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("", "address"),
        ("ftp://example.org/story", "http"),
        ("javascript://example.org/%0aalert(1)", "http"),
        ("file:///etc/passwd", "http"),
        ("not an address", "web address"),
        ("http://[broken", "http"),
        ("https://", "web address"),
    ],
)
def test_what_is_no_web_address_is_refused_at_once(
    signed_in: Client, desk: Desk, url: str, says: str
) -> None:
    found = errors_of(signed_in.post(NEW, {"way": "url", "desk": desk.pk, "url": url}))
    assert list(found) == ["url"]
    assert says in found["url"][0]
    assert not ArticleFetch.objects.exists()


@pytest.mark.parametrize(
    ("url", "code"),
    [("http://127.0.0.1/story", "private_address"), ("http://10.0.0.7/story", "private_address")],
)
def test_a_private_address_is_never_asked_and_the_reason_is_shown(
    signed_in: Client, desk: Desk, url: str, code: str
) -> None:
    page = _failed_fetch_page(signed_in, desk, url, code)
    assert "Paste the text instead" in page


def test_a_dead_address_says_so(signed_in: Client, desk: Desk, server: HostileServer) -> None:
    page = _failed_fetch_page(
        signed_in, desk, server.gives("/gone", b"gone", status="404 Not Found"), "not_found"
    )
    assert "no page at this address" in page


def _failed_fetch_page(client: Client, desk: Desk, url: str, code: str) -> str:
    client.post(NEW, {"way": "url", "desk": desk.pk, "url": url})
    fetch = ArticleFetch.objects.get()
    with pytest.raises(UnreadableArticle) as refused:
        fetch_article(fetch.url)
    assert refused.value.code == code
    record_fetch(fetch, outcome=refused.value)
    response = client.get(reverse("claims:fetch_detail", args=[fetch.pk]))
    assert response.status_code == 200
    page = response.content.decode()
    assert refused.value.message.split("“")[0][:30] in page
    assert 'hx-trigger="every' not in page, "nothing is waited for any more"
    return page


def test_another_language_shows_the_sentence_and_what_to_do(
    signed_in: Client, desk: Desk, read: Callable[[Article], Article]
) -> None:
    paste(signed_in, desk, "Le gouvernement a annoncé hier que les impôts vont baisser de dix pour cent.")
    article = read(Article.objects.get())
    page = signed_in.get(reverse("web:article_detail", args=[article.pk])).content.decode()
    assert "This text seems to be in French" in page
    assert "mark claims by hand" in page


def test_hostile_html_is_shown_as_text_only(signed_in: Client, desk: Desk) -> None:
    hostile = (
        b"<html><head><title><img src=x onerror=alert(1)>Roads</title></head><body><p>The city spent"
        b" 8 million &lt;script&gt;alert(2)&lt;/script&gt; on roads.</p><script>alert(3)</script>"
        b"<p onclick='alert(4)'>The mayor <a href='javascript:alert(5)'>Ann Lee</a> said so.</p></body>"
    )
    upload(signed_in, desk, "story.html", hostile)
    page = signed_in.get(reverse("web:article_detail", args=[Article.objects.get().pk])).content.decode()
    for attack in ("<script>alert", "onerror=alert(1)>", "onclick=", "javascript:alert", "alert(3)"):
        assert attack not in page
    assert "&lt;script&gt;alert(2)&lt;/script&gt;" in page
    assert "<img src=x" not in page


# --- who


def test_strangers_are_sent_to_sign_in(client: Client) -> None:
    assert client.get(NEW)["Location"].startswith(reverse("account_login"))
    assert client.post(NEW, {"way": "paste", "text": STORY})["Location"].startswith(reverse("account_login"))
    assert not Article.objects.exists()


def test_another_desk_cannot_be_chosen(signed_in: Client, desk: Desk) -> None:
    found = errors_of(paste(signed_in, factories.make_desk("world"), STORY))
    assert list(found) == ["desk"]
    assert "not a member" in found["desk"][0]


def test_a_person_without_a_desk_reads_why_there_is_no_form(client: Client) -> None:
    client.force_login(factories.make_user(None))
    page = client.get(NEW).content.decode()
    assert "You belong to no desk yet" in page
    assert "<textarea" not in page


def test_a_moderator_may_choose_any_desk(client: Client, desk: Desk) -> None:
    client.force_login(factories.make_user(Role.MODERATOR, factories.make_desk("moderation")))
    assert paste(client, desk, STORY).status_code == 302


def test_a_fetch_is_shown_to_its_desk_only(client: Client, signed_in: Client, desk: Desk) -> None:
    signed_in.post(NEW, {"way": "url", "desk": desk.pk, "url": "https://example.org/story"})
    address = reverse("claims:fetch_detail", args=[ArticleFetch.objects.get().pk])
    assert signed_in.get(address).status_code == 200
    other = Client()
    assert other.get(address)["Location"].startswith(reverse("account_login"))
    other.force_login(factories.make_user(Role.LEAD, factories.make_desk("world")))
    assert other.get(address).status_code == 404


# --- waiting


def test_the_waiting_page_asks_again_until_something_changed(signed_in: Client, desk: Desk) -> None:
    signed_in.post(NEW, {"way": "url", "desk": desk.pk, "url": "https://example.org/story"})
    fetch = ArticleFetch.objects.get()
    address = reverse("claims:fetch_detail", args=[fetch.pk])
    first = signed_in.get(address)
    assert 'hx-trigger="every 2s"' in first.content.decode()
    htmx = {"HX-Request": "true"}
    assert signed_in.get(f"{address}?seen={first.context['seen']}", headers=htmx).status_code == 204
    Job.objects.filter(kind="claims.fetch_article").update(state="dead", cause="fault")
    changed = signed_in.get(f"{address}?seen={first.context['seen']}", headers=htmx)
    assert "taking too long" in changed.content.decode()
    record_fetch(fetch, outcome=ParsedArticle(title="T", byline="", body=STORY))
    done = signed_in.get(f"{address}?seen=x", headers=htmx)
    assert done["HX-Redirect"] == reverse("web:article_detail", args=[Article.objects.get().pk])


def test_the_form_offers_the_desk_where_the_person_added_last_else_the_default(client: Client) -> None:
    arts, politics = factories.make_desk("arts", is_default=False), factories.make_desk("politics")
    Desk.objects.update(is_default=False)
    Desk.objects.filter(pk=politics.pk).update(is_default=True)
    person = factories.make_user(desk=politics)
    Membership.objects.create(user=person, desk=arts, role=Role.CHECKER)
    client.force_login(person)

    def offered() -> object:
        return client.get(reverse("claims:article_new")).context["form"]["desk"].value()

    assert offered() == politics.pk
    factories.make_article(desk=arts, by=person)
    assert offered() == arts.pk
    Membership.objects.filter(user=person, desk=arts).delete()
    assert offered() == politics.pk
