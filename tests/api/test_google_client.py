"""Google's own client, with the description of the API that it brings, pointed at us."""

from __future__ import annotations

from typing import Any

import httplib2
import pytest
from googleapiclient.discovery import build
from googleapiclient.errors import HttpError

from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def client(live_server: Any) -> Any:
    _key, plain = factories.make_key()
    return build(
        "factchecktools",
        "v1alpha1",
        developerKey=plain,
        static_discovery=True,
        client_options={"api_endpoint": f"{live_server.url}/factcheck/"},
        http=httplib2.Http(),
    )


def test_it_searches_our_claims_page_by_page(client: Any) -> None:
    for n in (100, 200, 300):
        article = factories.make_article(f"The city built {n} homes, the mayor Ann Lee said.\n")
        factories.make_publication(claim=factories.make_claim(article=article))
    claims = client.claims()
    request = claims.search(query="homes", languageCode="en", pageSize=2)
    texts = []
    while request is not None:
        response = request.execute()
        texts += [claim["text"] for claim in response["claims"]]
        assert all(claim["claimReview"][0]["textualRating"] == "False" for claim in response["claims"])
        if not response.get("nextPageToken"):
            break
        request = claims.search(
            query="homes", languageCode="en", pageSize=2, pageToken=response["nextPageToken"]
        )
    assert texts == [f"The city built {n} homes" for n in (300, 200, 100)]
    assert claims.search(reviewPublisherSiteFilter="nytimes.com").execute() == {}


def test_it_reads_our_errors(client: Any) -> None:
    with pytest.raises(HttpError) as caught:
        client.claims().search(query="homes", pageToken="not-ours").execute()
    assert caught.value.status_code == 400
    assert "pageToken" in caught.value.reason
    assert caught.value.error_details[0]["fieldViolations"][0]["field"] == "pageToken"
    with pytest.raises(HttpError) as caught:
        client.claims().imageSearch(imageUri="https://example.org/a.jpg").execute()
    assert caught.value.status_code == 501
