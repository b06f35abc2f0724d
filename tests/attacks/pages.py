"""Words of strangers on our pages: nothing of them runs."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any
from unittest import mock
from xml.etree import ElementTree as ET

from django.core.files.uploadedfile import SimpleUploadedFile
from django.forms.renderers import get_default_renderer
from django.template import engines

from claims.actions.drafts import bring_draft
from claimtracker.ledger.models import OutboxEvent
from claimtracker.partners.ordering import place_event
from reviews.actions.discussion import add_comment
from reviews.actions.replies import ask_for_reply, receive_reply
from reviews.models import Complaint, Publication, Source
from tests import factories
from tests.support.cited_pages import QUOTE, look, page
from tests.support.feeds import XML, turn

from .browsers import (
    HANDLER,
    IMAGE,
    JAVASCRIPT,
    MARK,
    OUT_OF_ATTRIBUTE,
    OUT_OF_SCRIPT,
    SCRIPT,
    runs,
)
from .harness import Guard, suite
from .scene import Scene, replaced


@contextmanager
def _unescaped(_scene: Scene) -> Iterator[None]:
    """Templates, and those by which forms draw their fields, put in what they are given."""
    found = [engines["django"].engine, get_default_renderer().engine.engine]
    with ExitStack() as stack:
        for engine in found:
            stack.enter_context(mock.patch.object(engine, "autoescape", False))
        yield


def _no_validator(_scene: Scene) -> Any:
    return mock.patch("django.core.validators.URLValidator.__call__", lambda _self, _value: None)


def _any_link(*modules: str) -> Callable[[Scene], Any]:
    @contextmanager
    def removed(_scene: Scene) -> Iterator[None]:
        with ExitStack() as stack:
            for module in modules:
                stack.enter_context(mock.patch(module, lambda url: url or ""))
            yield

    return removed


TEMPLATES = Guard("templates escape", "django.template.engine:Engine", _unescaped)
FORMAT = Guard(
    "format_html escapes",
    "django.utils.html:conditional_escape",
    replaced("django.utils.html.conditional_escape", lambda text: str(text)),
)
IN_SCRIPT = Guard(
    "JSON-LD ends no script", "reviews.views.public:_ESCAPES", replaced("reviews.views.public._ESCAPES", {})
)
LINK_OF_ARTICLE = Guard(
    "links of articles are http",
    "claimtracker.web.views.articles:safe_link",
    _any_link("claimtracker.web.views.articles.safe_link"),
)
LINK_OF_SOURCE = Guard(
    "links of sources are http",
    "reviews.views.wording:safe_link",
    _any_link("reviews.views.sources.safe_link", "reviews.views.wording.safe_link"),
)
TYPED_ADDRESS = Guard(
    "typed addresses are http",
    "claimtracker.kernel.addresses:normalised_url",
    _any_link("reviews.forms.evidence.normalised_url", "reviews.actions.sources.normalised_url"),
)
SENT_ADDRESS = Guard("sent addresses are http", "claimtracker.api.v1.fields:WebAddress", _no_validator)
CELLS = Guard(
    "cells are no formulas",
    "claimtracker.kernel.spreadsheets:harmless",
    replaced("claimtracker.kernel.spreadsheets.harmless", lambda cells: list(cells)),
)
DUMPED_CELLS = Guard(
    "cells of dumps are no formulas",
    "claimtracker.api.dumps.formats:harmless",
    replaced("claimtracker.api.dumps.formats.harmless", lambda cells: list(cells)),
)

PAYLOADS = {"an image": IMAGE, "a script": SCRIPT, "out of an attribute": OUT_OF_ATTRIBUTE}


def read(scene: Scene, address: str, user: Any = None) -> bool:
    answer = scene.browser(user).get(address)
    assert answer.status_code == 200, (answer.status_code, address)
    return runs(answer.content.decode())


@suite.inputs("a claim on its public page", "web", "xss", TEMPLATES, each=PAYLOADS)
def public_claim(scene: Scene, words: str) -> bool:
    return read(scene, f"/fact-checks/{scene.publication(text=words).slug}/")


@suite.inputs(
    "a claimant's name", "web", "xss", TEMPLATES, each={"on the page": "page", "in the list": "list"}
)
def claimant(scene: Scene, where: str) -> bool:
    publication = scene.publication(claimant=f"Ann {IMAGE}")
    return read(scene, "/fact-checks/" if where == "list" else f"/fact-checks/{publication.slug}/")


@suite.attack("an article's headline on the public page", "web", "xss", TEMPLATES)
def public_article(scene: Scene) -> bool:
    article = factories.make_article(title=IMAGE, url="https://news.example/roads")
    return read(scene, f"/fact-checks/{scene.publication(article=article).slug}/")


def with_evidence(scene: Scene, **facts: Any) -> Publication:
    author, editor = scene.checker, factories.make_user("editor", scene.desk)
    task = factories.make_taken_task(author)
    factories.make_evidence(task.claim, author, **facts)
    from reviews.actions.publishing import publish_verdict
    from reviews.actions.verdicts import approve_verdict, submit_verdict

    verdict = submit_verdict(
        task,
        by=author,
        rating=factories.make_rating(),
        summary="A third of that.",
        rationale="The audited accounts list it line by line.",
    )
    return publish_verdict(approve_verdict(verdict, by=editor, revision=verdict.revision), by=editor)


@suite.inputs(
    "evidence on the public page",
    "web",
    "xss",
    TEMPLATES,
    each={
        "title": "title",
        "publisher": "publisher",
        "quotation": "quotation",
        "note": "note",
        "citation": "citation",
    },
)
def public_evidence(scene: Scene, field: str) -> bool:
    return read(scene, f"/fact-checks/{with_evidence(scene, **{field: IMAGE}).slug}/")


@suite.inputs(
    "JSON-LD of a public page",
    "web",
    "xss",
    IN_SCRIPT,
    each={
        "a claim that ends the script": OUT_OF_SCRIPT,
        "a claim that opens a comment": f"<!--<script>{OUT_OF_SCRIPT}",
    },
)
def json_ld(scene: Scene, words: str) -> bool:
    return read(scene, f"/fact-checks/{scene.publication(text=words).slug}/")


@suite.attack("a claim inside an embed", "web", "xss", TEMPLATES)
def embedded(scene: Scene) -> bool:
    return read(scene, f"/fact-checks/{scene.publication(text=IMAGE).slug}/embed/")


@suite.inputs(
    "the code of an embed by oEmbed",
    "web",
    "xss",
    FORMAT,
    each={"a tag": OUT_OF_ATTRIBUTE, "a handler": HANDLER},
)
def oembed(scene: Scene, words: str) -> bool:
    slug = scene.publication(text=words).slug
    address = f"{scene.settings.SITE_URL}/fact-checks/{slug}/"
    answer = scene.browser().get("/oembed", {"url": address})
    return runs(json.loads(answer.content)["html"])


@suite.inputs(
    "HTML inside the Atom feed", "web", "xss", FORMAT, each={"of the claim": IMAGE, "a script": SCRIPT}
)
def atom(scene: Scene, words: str) -> bool:
    scene.publication(text=words)
    root = ET.fromstring(scene.browser().get("/fact-checks/feed.atom").content)  # noqa: S314 - our own feed
    return any(runs(each.text or "") for each in root.iter("{http://www.w3.org/2005/Atom}content"))


@suite.attack("a complaint on the claim's page", "web", "xss", TEMPLATES)
def complaint(scene: Scene) -> bool:
    publication = scene.publication()
    scene.browser().post(
        f"/fact-checks/{publication.slug}/complain/", {"kind": "wrong", "text": IMAGE, "name": IMAGE}
    )
    assert Complaint.objects.count() == 1
    return read(scene, f"/claims/{publication.claim_id}/", scene.lead)


@suite.attack("what was typed into a refused complaint", "web", "xss", TEMPLATES)
def refused_complaint(scene: Scene) -> bool:
    slug = scene.publication().slug
    sent = {"kind": "", "text": f"</textarea>{IMAGE}", "name": OUT_OF_ATTRIBUTE, "email": OUT_OF_ATTRIBUTE}
    return runs(scene.browser().post(f"/fact-checks/{slug}/complain/", sent).content.decode())


@suite.attack("a reply of somebody who was asked", "web", "xss", TEMPLATES)
def reply(scene: Scene) -> bool:
    claim = factories.make_taken_task(scene.checker).claim
    _asked, token = ask_for_reply(
        claim, by=scene.lead, person="Ann Lee", channel="email", question="Why?", hours=48
    )
    receive_reply(token, name=IMAGE, role=IMAGE, text=IMAGE)
    return read(scene, f"/claims/{claim.pk}/", scene.lead)


@suite.attack("a comment of a colleague", "web", "xss", TEMPLATES)
def comment(scene: Scene) -> bool:
    claim = factories.make_claim()
    add_comment(claim, by=scene.checker, text=f"See https://a.example/{HANDLER} {IMAGE}")
    return read(scene, f"/claims/{claim.pk}/discussion/", scene.lead)


@suite.attack("a colleague's name", "web", "xss", TEMPLATES)
def person(scene: Scene) -> bool:
    return read(scene, "/", factories.make_user(name=IMAGE))


@suite.attack("an article's headline", "web", "xss", TEMPLATES)
def headline(scene: Scene) -> bool:
    _article = factories.make_article(title=IMAGE, desk=scene.desk)
    return read(scene, "/articles/", scene.checker)


@suite.inputs("an article's text", "web", "xss", FORMAT, each={"an image": IMAGE, "a script": SCRIPT})
def body(scene: Scene, words: str) -> bool:
    article = factories.make_article(f"The city spent 4 million. {words}\n", desk=scene.desk)
    return read(scene, f"/articles/{article.pk}/", scene.checker)


def uploaded(scene: Scene, name: str, content: bytes) -> bool:
    form = {"way": "upload", "desk": scene.desk.pk, "file": SimpleUploadedFile(name, content)}
    sent = scene.browser(scene.checker).post("/articles/new/", form)
    return sent.status_code == 302 and read(scene, sent["Location"], scene.checker)


@suite.inputs(
    "an uploaded file with markup in its words",
    "ingest",
    "xss",
    FORMAT,
    each={
        "HTML with entities": (
            "a.html",
            f"<html><body><p>It cost 4 million. {IMAGE.replace('<', '&lt;')}</p></body></html>",
        ),
        "HTML with a script in its text": (
            "b.htm",
            f"<p>Four million.</p><p>&lt;script&gt;{MARK}()&lt;/script&gt;</p>",
        ),
        "Markdown with entities": ("c.md", f"# Roads\n\nIt cost 4 million. {IMAGE.replace('<', '&lt;')}\n"),
        "plain text": ("d.txt", f"It cost 4 million. {IMAGE}\n"),
    },
)
def markup_in_words(scene: Scene, file: tuple[str, str]) -> bool:
    return uploaded(scene, file[0], file[1].encode())


@suite.attack("HTML of a partner", "api", "xss", FORMAT)
def html_of_partner(scene: Scene) -> bool:
    sent = scene.partner.post("articles", {"html": f"<p>It cost 4 million. {IMAGE.replace('<', '&lt;')}</p>"})
    assert sent.status_code == 201, sent.content
    from claims.models import Article

    return read(scene, f"/articles/{Article.objects.get().pk}/", scene.checker)


@suite.attack("the address of a partner's article", "api", "xss", SENT_ADDRESS, LINK_OF_ARTICLE)
def address_of_article(scene: Scene) -> bool:
    scene.partner.post("articles", {"body": "It cost 4 million.", "url": JAVASCRIPT})
    from claims.models import Article

    article = Article.objects.first()
    return article is not None and read(scene, f"/articles/{article.pk}/", scene.checker)


@suite.attack("the address of a partner's page in an acknowledgement", "api", "xss", SENT_ADDRESS)
def acknowledged(scene: Scene) -> bool:
    publication = scene.publication()
    scene.partner.get(f"publications/{publication.public_id}")
    newer = factories.make_correction(publication)
    scene.partner.post(
        f"publications/{newer.public_id}/acknowledgement", {"status": "updated", "url": JAVASCRIPT}
    )
    for event in OutboxEvent.objects.filter(type__startswith="claim.verdict_").order_by("pk"):
        place_event(event)
    return read(scene, f"/claims/{publication.claim_id}/receipts/", scene.lead)


@suite.inputs(
    "the address of a source",
    "web",
    "xss",
    TYPED_ADDRESS,
    LINK_OF_SOURCE,
    each={
        "javascript": JAVASCRIPT,
        "data": f"data:text/html,<script>{MARK}()</script>",
    },
)
def address_of_source(scene: Scene, url: str) -> bool:
    claim = factories.make_taken_task(scene.checker).claim
    facts = {
        "url": url,
        "title": "Table",
        "publisher": "Office",
        "source_kind": "primary",
        "stance": "refutes",
    }
    scene.browser(scene.checker).post(f"/claims/{claim.pk}/evidence/", facts)
    return read(scene, f"/claims/{claim.pk}/", scene.checker)


@suite.inputs(
    "words that are looked for",
    "web",
    "xss",
    TEMPLATES,
    each={
        "search": "/search/?q=",
        "queue": "/queue/?show=all&q=",
        "feeds": "/feeds/new/?url=",
    },
)
def reflected(scene: Scene, address: str) -> bool:
    from urllib.parse import quote

    return read(scene, address + quote(OUT_OF_ATTRIBUTE), scene.lead)


@suite.attack("a draft that is looked at before publishing", "web", "xss", TEMPLATES, FORMAT)
def draft(scene: Scene) -> bool:
    made = bring_draft(by=scene.checker, desk=scene.desk, title=IMAGE, body=f"It cost 4 million. {IMAGE}")
    return read(scene, f"/drafts/{made.pk}/", scene.checker)


@suite.attack("a feed's title", "ingest", "xss", TEMPLATES)
def feed_title(scene: Scene) -> bool:
    from claims.actions.feeds import try_feed

    words = IMAGE.replace("<", "&amp;lt;").replace("&amp;lt;", "&lt;")
    scene.wire.server.gives(
        "/feed",
        f"<rss><channel><title>{words}</title><item><title>{words}</title><link>http://news.example/1</link></item></channel></rss>".encode(),
        headers=XML,
    )
    feed = try_feed("http://news.example/feed", by=scene.lead, desk=scene.desk)
    turn(feed)
    return read(scene, f"/feeds/{feed.pk}/", scene.lead)


@suite.inputs(
    "a cited page's words in its copy",
    "snapshots",
    "xss",
    TEMPLATES,
    each={
        "of the text": "text",
        "of the title": "title",
    },
)
def copied(scene: Scene, where: str) -> bool:
    escaped = IMAGE.replace("<", "&lt;")
    content = page(QUOTE, f"Words {escaped}") if where == "text" else page(QUOTE, title=escaped)
    scene.wire.server.gives("/accounts", content, headers=("Content-Type: text/html; charset=utf-8",))
    source = factories.make_evidence(
        factories.make_claim(), scene.checker, url="http://stats.example/accounts"
    ).source
    look(source)
    snapshot = Source.objects.get(pk=source.pk).last_snapshot
    assert snapshot is not None
    return read(scene, f"/snapshots/{snapshot.pk}/", scene.checker)
