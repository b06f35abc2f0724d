"""Articles and what is about them."""

from __future__ import annotations

from claimtracker.partners.models import Scope
from tests.api.conftest import Asker
from tests.factories import make_claim, make_submission

from . import Endpoint, Stranger, Thing


def own_article(owner: Asker) -> Thing:
    article = make_submission(owner.partner)
    make_claim(article=article)
    return Thing({"id": article.public_id}, (str(article.public_id),))


def untouched_article(owner: Asker) -> Thing:
    return Thing({"id": make_submission(owner.partner).public_id})


def among_articles(owner: Asker) -> Thing:
    return Thing(marks=own_article(owner).marks)


def own_version(owner: Asker) -> Thing:
    article = make_submission(owner.partner)
    return Thing({"id": article.public_id, "number": 1}, (article.title,))


def own_versions(owner: Asker) -> Thing:
    version = own_version(owner)
    return Thing({"id": version.address["id"]}, version.marks)


ENDPOINTS = [
    Endpoint("api-v1:articles", "GET", Scope.READ, among_articles, Stranger.SEES_NONE),
    Endpoint("api-v1:articles", "POST", Scope.SUBMIT, body={"body": "The city has 9 schools."}, status=201),
    Endpoint("api-v1:article", "GET", Scope.READ, own_article, Stranger.NOT_FOUND),
    Endpoint(
        "api-v1:article",
        "PATCH",
        Scope.SUBMIT,
        own_article,
        Stranger.NOT_FOUND,
        body={"byline": "Jo Park"},
        headers={"If-Match": "*"},
    ),
    Endpoint("api-v1:article", "DELETE", Scope.SUBMIT, untouched_article, Stranger.NOT_FOUND, status=204),
    Endpoint(
        "api-v1:articles-bulk",
        "POST",
        Scope.SUBMIT,
        body={"articles": [{"body": "The city has 9 schools."}]},
        headers={"Idempotency-Key": '"one"'},
        status=202,
    ),
    Endpoint("api-v1:annotations", "GET", Scope.READ, own_article, Stranger.NOT_FOUND),
    Endpoint("api-v1:versions", "GET", Scope.READ, own_versions, Stranger.NOT_FOUND),
    Endpoint("api-v1:version", "GET", Scope.READ, own_version, Stranger.NOT_FOUND),
]
