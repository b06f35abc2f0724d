"""Rows of others by their number, and fields that are not for who sends them."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import Any
from unittest import mock

from django.db.models import QuerySet

from claims.actions.drafts import bring_draft
from claims.actions.feeds import try_feed
from claims.models import Article, CheckRequest
from claims.models.article import ArticleQuerySet
from claims.models.claim import ClaimQuerySet
from claims.models.draft import DraftQuerySet
from claims.models.feed import FeedQuerySet
from claimtracker.accounts.models import Role, User
from claimtracker.api.v1 import idempotency
from claimtracker.ledger.models import OutboxEvent
from claimtracker.partners.actions import fan_out
from claimtracker.partners.key_admin import ApiKeyAdmin
from claimtracker.partners.models import Delivery, Partner, WebhookEndpoint
from claimtracker.partners.webhook_admin import WebhookEndpointAdmin
from reviews.actions.discussion import add_comment
from reviews.actions.saved_views import save_view
from reviews.models import Comment, Notification, SavedView, Source
from reviews.models.evidence import SourceQuerySet
from reviews.models.notification import NotificationQuerySet
from reviews.models.saved_view import SavedViewQuerySet
from tests import factories
from tests.support.cited_pages import QUOTE, look, page

from .harness import Guard, suite
from .scene import PartnerClient, Scene, replaced

SECRET = "Onlyforus"


def _all_rows(rows: type[QuerySet[Any]]) -> Callable[[Scene], AbstractContextManager[Any]]:
    return lambda _scene: mock.patch.object(rows, "visible_to", lambda self, _user: self)


def rows(model: type[QuerySet[Any]]) -> Guard:
    name = model.__name__
    return Guard(f"{name}.visible_to", f"{model.__module__}:{name}.visible_to", _all_rows(model))


ARTICLES, CLAIMS, SOURCES = rows(ArticleQuerySet), rows(ClaimQuerySet), rows(SourceQuerySet)
DRAFTS, FEEDS, NOTICES, VIEWS = (
    rows(each) for each in (DraftQuerySet, FeedQuerySet, NotificationQuerySet, SavedViewQuerySet)
)
FETCHES = Guard(
    "a fetch is its desk's",
    "claims.selectors:get_fetch",
    replaced("claims.selectors.visible_desk_ids", lambda _user: list(range(1, 10_000))),
)
ORIGIN = Guard(
    "rows have a partner's origin",
    "claimtracker.partners.models:Partner.origin",
    lambda scene: mock.patch.object(
        Partner, "origin", property(lambda _self, origin=scene.partner.partner.origin: origin)
    ),
)
ENDPOINTS = Guard(
    "an endpoint is its partner's",
    "claimtracker.partners.selectors:endpoints_of",
    replaced(
        "claimtracker.api.v1.views.webhooks.endpoints_of", lambda _partner: WebhookEndpoint.objects.kept()
    ),
)
DELIVERIES = Guard(
    "a delivery is its partner's",
    "claimtracker.partners.selectors:deliveries_of",
    lambda scene: mock.patch(
        "claimtracker.api.v1.views.deliveries.deliveries_of", _deliveries_of(scene.partner.partner)
    ),
)


def _deliveries_of(partner: Partner) -> Callable[[Partner], Any]:
    from claimtracker.partners.selectors import deliveries_of

    return lambda _asker: deliveries_of(partner)


def seen(scene: Scene, address: str, user: User | None = None) -> bool:
    answer = scene.browser(user or scene.outsider).get(address)
    assert answer.status_code in {200, 302, 404}, (answer.status_code, address)
    return answer.status_code == 200 and SECRET in answer.content.decode()


def secret_article(scene: Scene) -> Article:
    return factories.make_article(f"The city spent 4 million, {SECRET}.\n", title=SECRET, desk=scene.desk)


@suite.inputs(
    "another desk's article",
    "web",
    "idor",
    ARTICLES,
    each={
        "itself": "",
        "its versions": "versions/",
        "a version": "versions/1/",
    },
)
def article(scene: Scene, part: str) -> bool:
    return seen(scene, f"/articles/{secret_article(scene).pk}/{part}")


@suite.inputs(
    "another desk's claim",
    "web",
    "idor",
    CLAIMS,
    ARTICLES,
    each={
        "itself": "",
        "its talk": "discussion/",
        "where it stood": "appearances.csv",
    },
)
def claim(scene: Scene, part: str) -> bool:
    made = factories.make_claim(text=f"The city spent 4 million {SECRET}", article=secret_article(scene))
    add_comment(made, by=scene.checker, text=SECRET)
    return seen(scene, f"/claims/{made.pk}/{part}")


@suite.attack("another desk's claims by searching", "web", "idor", CLAIMS, ARTICLES, SOURCES)
def searched(scene: Scene) -> bool:
    article = secret_article(scene)
    factories.make_claim(text=f"The city spent 4 million {SECRET}", article=article)
    found = scene.browser(scene.outsider).get("/search/", {"q": SECRET}).content.decode()
    return f"/articles/{article.pk}/" in found


@suite.attack("another desk's source", "web", "idor", SOURCES)
def source(scene: Scene) -> bool:
    made = factories.make_evidence(factories.make_claim(), scene.checker, title=SECRET).source
    return seen(scene, f"/sources/{made.pk}/")


@suite.attack("a confidential source of the own desk", "web", "idor", SOURCES)
def confidential(scene: Scene) -> bool:
    claim = factories.make_taken_task(scene.checker).claim
    facts = {"is_confidential": True, "confidential_because": "They would lose their work."}
    factories.make_evidence(claim, scene.checker, title=SECRET, **facts)
    return seen(scene, f"/claims/{claim.pk}/", factories.make_user(Role.REPORTER, scene.desk))


@suite.inputs(
    "a copy of another desk's page", "snapshots", "idor", SOURCES, each={"read": "", "downloaded": "page/"}
)
def snapshot(scene: Scene, part: str) -> bool:
    scene.wire.server.gives("/accounts", page(QUOTE, SECRET), headers=("Content-Type: text/html",))
    claim = factories.make_claim()
    made = factories.make_evidence(claim, scene.checker, url="http://stats.example/accounts").source
    look(made)
    snapshot = Source.objects.get(pk=made.pk).last_snapshot
    assert snapshot is not None
    return seen(scene, f"/snapshots/{snapshot.pk}/{part}")


@suite.attack("another desk's watched source", "web", "idor", FEEDS)
def feed(scene: Scene) -> bool:
    made = try_feed(f"https://news.example/{SECRET}", by=scene.lead, desk=scene.desk)
    return seen(scene, f"/feeds/{made.pk}/")


@suite.attack("a colleague's draft", "web", "idor", DRAFTS)
def draft(scene: Scene) -> bool:
    made = bring_draft(by=scene.checker, desk=scene.desk, title=SECRET, body="It cost 4 million.")
    return seen(scene, f"/drafts/{made.pk}/", scene.lead)


@suite.attack("a page that another desk has fetched", "web", "idor", FETCHES)
def fetch(scene: Scene) -> bool:
    from claims.actions.fetching import request_article

    made = request_article(f"https://news.example/{SECRET}", by=scene.checker, desk=scene.desk)
    return seen(scene, f"/articles/fetches/{made.pk}/")


@suite.attack("a notice to somebody else", "web", "idor", NOTICES)
def notice(scene: Scene) -> bool:
    claim = factories.make_claim()
    made = Notification.objects.create(user=scene.lead, claim=claim, kind="due", key="x", text=SECRET)
    return scene.browser(scene.outsider).get(f"/notices/{made.pk}/").status_code == 302


@suite.attack("a colleague's view of the queue", "web", "idor", VIEWS)
def view(scene: Scene) -> bool:
    made = save_view(by=scene.lead, name="Late", show="late", query="")
    scene.browser(scene.outsider).post(f"/queue/views/{made.pk}/", {"act": "remove"})
    return not SavedView.objects.filter(pk=made.pk).exists() or (
        scene.browser(scene.outsider).get(f"/queue/views/{made.pk}/").status_code == 302
    )


@suite.attack("a comment on another desk's claim", "web", "idor", CLAIMS)
def comment(scene: Scene) -> bool:
    made = factories.make_claim()
    first = add_comment(made, by=scene.checker, text="Who counted this?").comment
    words = {"parent": first.pk, f"reply-{first.pk}-text": "I was here."}
    scene.browser(scene.outsider).post(f"/claims/{made.pk}/comments/", words)
    return Comment.objects.filter(author=scene.outsider).exists() or (
        scene.browser(scene.outsider).get(f"/claims/{made.pk}/discussion/").status_code == 200
    )


# --- partners


@suite.inputs(
    "another partner's article",
    "api",
    "idor",
    ORIGIN,
    each={
        "itself": "",
        "its claims as annotations": "/annotations",
        "its versions": "/versions",
        "a version": "/versions/1",
    },
)
def partners_article(scene: Scene, part: str) -> bool:
    made = factories.make_submission(scene.partner.partner)
    return scene.rival.get(f"articles/{made.public_id}{part}").status_code == 200


@suite.attack("changing another partner's article", "api", "idor", ORIGIN)
def change_article(scene: Scene) -> bool:
    made = factories.make_submission(scene.partner.partner)
    etag = scene.partner.get(f"articles/{made.public_id}").get("ETag", "*")
    sent = scene.rival.ask("PATCH", f"articles/{made.public_id}", {"title": "Mine"}, If_Match=etag)
    return sent.status_code == 200


@suite.attack("another partner's job", "api", "idor", ORIGIN)
def partners_job(scene: Scene) -> bool:
    sent = scene.partner.post(
        "articles/bulk", {"articles": [{"body": "It cost 4 million."}]}, Idempotency_Key='"one"'
    )
    assert sent.status_code == 202, sent.content
    return scene.rival.get(f"jobs/{sent.json()['id']}").status_code == 200


@suite.attack("what another partner asks for and does not share", "api", "idor", ORIGIN)
def partners_request(scene: Scene) -> bool:
    scene.partner.post("requests", {"text": "The harbour grew tenfold last year.", "shared": False})
    return scene.rival.get(f"requests/{CheckRequest.everything.get().public_id}").status_code == 200


@suite.inputs(
    "another partner's endpoint",
    "webhooks",
    "idor",
    ENDPOINTS,
    each={
        "read": ("GET", ""),
        "removed": ("DELETE", ""),
        "sent elsewhere": ("PATCH", ""),
        "given another secret": ("POST", "/rotations"),
        "its deliveries": ("GET", "/deliveries"),
    },
)
def partners_endpoint(scene: Scene, asked: tuple[str, str]) -> bool:
    method, part = asked
    endpoint = factories.make_endpoint(scene.partner.partner)
    body = {"url": "https://evil.example/hook"} if method == "PATCH" else {}
    sent = b"" if method in {"GET", "DELETE"} else body
    key = {"Idempotency_Key": '"two"'} if method == "POST" else {}
    answer = scene.rival.ask(method, f"webhook-endpoints/{endpoint.public_id}{part}", sent, **key)
    return answer.status_code in {200, 204}


@suite.inputs(
    "another partner's delivery",
    "webhooks",
    "idor",
    DELIVERIES,
    each={"read": ("GET", ""), "sent again": ("POST", "/replay")},
)
def partners_delivery(scene: Scene, asked: tuple[str, str]) -> bool:
    method, part = asked
    factories.make_endpoint(scene.partner.partner)
    event = OutboxEvent.objects.get(type="claim.verdict_published", subject_id=str(scene.publication().pk))
    (made,) = fan_out(event)
    Delivery.objects.filter(pk=made.pk).update(state="failed")
    return scene.rival.ask(method, f"deliveries/{made.message_id}{part}").status_code in {200, 202}


def _one_key_for_all(scene: Scene) -> AbstractContextManager[Any]:
    asked, first = idempotency._asked, scene.partner.key
    return mock.patch.object(idempotency, "_asked", lambda *args: replace(asked(*args), api_key=first))


@suite.attack(
    "the answer to another key's request",
    "api",
    "idor",
    Guard(
        "an Idempotency-Key belongs to an API key",
        "claimtracker.api.v1.idempotency:_asked",
        _one_key_for_all,
    ),
)
def anothers_answer(scene: Scene) -> bool:
    def send(asker: PartnerClient) -> Any:
        return asker.post("articles", {"body": "It cost 4 million."}, Idempotency_Key='"shared"')

    assert send(scene.partner).status_code == 201
    return send(scene.rival).get("Idempotent-Replayed") == "true"


# --- what the administration shows to nobody


@suite.attack(
    "the digest of a key in the administration",
    "admin",
    "idor",
    Guard(
        "digests are hidden",
        "claimtracker.partners.key_admin:ApiKeyAdmin.hidden",
        lambda _s: mock.patch.object(ApiKeyAdmin, "hidden", ()),
    ),
)
def hidden_digest(scene: Scene) -> bool:
    key = scene.partner.key
    page = scene.browser(scene.moderator).get(f"/admin/partners/apikey/{key.pk}/change/").content.decode()
    return key.secret_sha256 in page


@suite.attack(
    "the secret of an endpoint in the administration",
    "admin",
    "idor",
    Guard(
        "secrets are hidden",
        "claimtracker.partners.webhook_admin:WebhookEndpointAdmin.shown",
        lambda _s: mock.patch.object(WebhookEndpointAdmin, "shown", ("url", "secret")),
    ),
)
def hidden_secret(scene: Scene) -> bool:
    made = factories.make_endpoint(scene.partner.partner)
    address = f"/admin/partners/webhookendpoint/{made.pk}/change/"
    return made.secret.split("_")[1][:20] in scene.browser(scene.moderator).get(address).content.decode()
