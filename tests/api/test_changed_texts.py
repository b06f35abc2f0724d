"""An article came in with other words: its claims say so, wherever they are read."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from rest_framework.renderers import JSONRenderer

from claims.actions.extraction import analyse_version, record_extraction
from claims.actions.following import follow_version
from claims.models import Article, ArticleVersion, Claim
from claimtracker.api.v1 import selectors
from claimtracker.api.v1.claim_answers import claim_answers
from claimtracker.api.v1.serializers import ClaimSerializer
from tests.factories import make_appearance, make_claim, make_partner, make_submission, make_version

from .conftest import Asker
from .reading import ids, rows

pytestmark = pytest.mark.django_db

SAID = "Crime in the city fell by 18 percent"
BODY = f"{SAID}, the mayor said on Monday.\n\nThe council meets again next week in the town hall.\n"
CHANGED = BODY.replace("18 percent", "21 percent")
MOVED = "The council meets again next week in the town hall.\n\n" + BODY.partition("\n\n")[0] + "\n"
GONE = "The council meets again next week in the town hall.\n"


def one_claim(asker: Asker) -> tuple[Article, Claim]:
    article = make_submission(asker.partner, BODY, external_id=str(uuid4()))
    return article, make_claim(SAID, text=f"{SAID}.", article=article)


def followed(article: Article, body: str) -> ArticleVersion:
    return make_version(article, body)


def of(asker: Asker, claim: Claim) -> dict[str, Any]:
    answer: dict[str, Any] = asker.get(f"claims/{claim.public_id}").json()
    [listed] = [row for row in rows(asker, "claims") if row["id"] == answer["id"]]
    assert listed == answer
    row = selectors.claims_of(asker.partner).get(pk=claim.pk)
    assert json.loads(JSONRenderer().render(ClaimSerializer(row).data)) == answer
    return answer


def fates(answer: dict[str, Any]) -> list[tuple[int, bool, str | None]]:
    return [(p["version"], p["is_newest_version"], p["fate"]) for p in answer["appearances"]]


def test_a_number_that_changed_is_told_beside_the_text_that_did_not(asker: Asker) -> None:
    article, claim = one_claim(asker)
    before = of(asker, claim)
    assert (before["text_state"], fates(before)) == ("same", [(1, True, None)])
    followed(article, CHANGED)
    answer = of(asker, claim)
    assert answer["text"] == claim.text
    assert answer["text_state"] == "reworded"
    assert fates(answer) == [(1, False, None), (2, True, "reworded")]
    assert "21 percent" in answer["appearances"][1]["quote"]
    [shown] = asker.get(f"articles/{article.public_id}").json()["claims"]
    assert (shown["fate"], shown["text_state"]) == ("reworded", "reworded")
    [place, _older] = rows(asker, f"claims/{claim.public_id}/appearances")
    assert (place["fate"], place["is_newest_version"]) == ("reworded", True)


def test_what_a_person_worded_anew_is_decided(asker: Asker) -> None:
    article, claim = one_claim(asker)
    followed(article, CHANGED)
    Claim.objects.filter(pk=claim.pk).update(edited_at=timezone.now() + timedelta(seconds=1))
    assert of(asker, claim)["text_state"] == "same"
    [shown] = asker.get(f"articles/{article.public_id}").json()["claims"]
    assert (shown["fate"], shown["text_state"]) == ("reworded", "same")


def test_other_words_stay_so_in_later_versions(asker: Asker) -> None:
    article, claim = one_claim(asker)
    followed(article, CHANGED)
    followed(article, CHANGED + "\nIt rained.\n")
    answer = of(asker, claim)
    assert fates(answer)[-1] == (3, True, "unchanged")
    assert answer["text_state"] == "reworded", "nobody decided since"
    [shown] = asker.get(f"articles/{article.public_id}").json()["claims"]
    assert (shown["fate"], shown["text_state"]) == ("unchanged", "reworded")


def test_words_that_moved_are_the_same(asker: Asker) -> None:
    article, claim = one_claim(asker)
    followed(article, MOVED)
    answer = of(asker, claim)
    assert (answer["text_state"], fates(answer)[-1]) == ("same", (2, True, "moved"))


def test_a_claim_that_is_gone_says_so_and_when(asker: Asker) -> None:
    article, claim = one_claim(asker)
    since = timezone.now()
    assert ids(asker, "claims", updated_since=since.isoformat()) == set()
    asker.post("articles", {"body": GONE, "external_id": article.external_id})
    version = article.versions.get(number=2)
    answer = of(asker, claim)
    assert (answer["text_state"], fates(answer)) == ("unknown", [(1, False, None)])
    follow_version(version)
    answer = of(asker, claim)
    assert (answer["text_state"], fates(answer)) == ("removed", [(1, False, None)])
    assert answer["updated_at"] > since.isoformat()
    assert ids(asker, "claims", updated_since=since.isoformat()) == {answer["id"]}
    assert asker.get(f"articles/{article.public_id}").json()["claims"] == []


def test_one_that_stands_in_another_article_still_stands(asker: Asker) -> None:
    article, claim = one_claim(asker)
    other = make_submission(asker.partner, "Also: " + BODY, external_id="other")
    start = other.versions.get().body.index(SAID)
    make_appearance(claim, other.versions.get(), start, start + len(SAID))
    followed(article, GONE)
    assert of(asker, claim)["text_state"] == "same"
    followed(other, ("Also: " + BODY).replace("18 percent", "21 percent"))
    assert of(asker, claim)["text_state"] == "reworded"


def test_what_a_sandbox_sent_is_read_anew_and_not_awaited(asker: Asker) -> None:
    sandbox = Asker(make_partner("try", is_sandbox=True))
    sent = sandbox.post("articles", {"body": BODY, "external_id": "a"}).json()
    article = Article.everything.get(public_id=sent["id"])
    extract(article)
    [claim] = rows(sandbox, "claims")
    sandbox.post("articles", {"body": GONE, "external_id": "a"})
    assert sandbox.get(f"claims/{claim['id']}").json()["text_state"] == "unknown"
    extract(article)
    assert sandbox.get(f"claims/{claim['id']}").json()["text_state"] == "removed"


def extract(article: Article) -> None:
    version = article.versions.order_by("-number").first()
    assert version is not None
    with transaction.atomic():
        record_extraction(version, analysis=analyse_version(version))


def test_the_list_costs_one_statement_for_any_number_of_changed_texts(asker: Asker) -> None:
    def cost() -> tuple[int, int]:
        claims = list(selectors.claims_of(asker.partner).values_list("pk", flat=True))
        claim_answers([], asker.partner)
        with CaptureQueriesContext(connection) as captured:
            answers = claim_answers(claims, asker.partner)
        assert all(answer["text_state"] == "reworded" for answer in answers)
        return len(answers), len(captured)

    for count in (3, 9):
        while Claim.objects.count() < count:
            article, _claim = one_claim(asker)
            followed(article, CHANGED)
        assert cost() == (count, 1)
