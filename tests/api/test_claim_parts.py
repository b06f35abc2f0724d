"""What the API says of a claim beyond its words: what was changed, its parts, its place, why."""

from __future__ import annotations

import pytest
from django.db import transaction

from claims.actions.extraction import record_extraction
from claims.models import Claim
from tests.factories import make_claim, make_submission
from tests.support.council_story import SPENT, STORY, story_reading

from .conftest import Asker

pytestmark = pytest.mark.django_db


def test_a_claim_carries_its_changes_parts_place_and_reasons(asker: Asker) -> None:
    article = make_submission(asker.partner, STORY)
    version = article.versions.select_related("article__desk").get()
    with transaction.atomic():
        record_extraction(version, analysis=story_reading(version))
    read = asker.get(f"articles/{article.public_id}").json()
    found = next(claim for claim in read["claims"] if claim["quote"] == SPENT)
    for change in found["changes"]:
        assert found["text"][change["start"] : change["end"]] in {"Eastmouth council", "it", "in 2025"}
    assert found["changes"][0]["was"] == "We"
    quantity = found["parts"]["quantities"][0]
    assert read["body"][quantity["start"] : quantity["end"]] == "£9.4m"
    assert (quantity["low"], quantity["unit"], quantity["approximation"]) == (9_400_000, "GBP", "exact")
    assert found["parts"]["dates"][0]["earliest"] == "2025-01-01"
    assert found["parts"]["names"] == []
    assert (found["rank"], found["reasons"][1]) == (1, "a comparison")
    claim = Claim.objects.get(appearances__quote=SPENT)
    alone = asker.get(f"claims/{claim.public_id}").json()
    assert alone["changes"] == found["changes"]
    assert alone["appearances"][0]["parts"] == found["parts"]
    assert alone["appearances"][0]["rank"] == 1


def test_what_a_person_marked_has_no_place_and_no_parts(asker: Asker) -> None:
    claim = make_claim(article=make_submission(asker.partner))
    place = asker.get(f"claims/{claim.public_id}").json()["appearances"][0]
    assert (place["rank"], place["parts"]) == (None, {"quantities": [], "dates": [], "names": []})


def test_a_withdrawn_claim_will_not_be_checked(asker: Asker) -> None:
    claim = make_claim(article=make_submission(asker.partner))
    Claim.objects.filter(pk=claim.pk).update(state="withdrawn", withdrawn_by="reader-2")
    assert asker.get(f"claims/{claim.public_id}").json()["review"]["status"] == "dismissed"
