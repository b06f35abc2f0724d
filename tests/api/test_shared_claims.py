"""What partners see of a claim that is said twice, and of one that another's copy of the story made."""

from __future__ import annotations

import pytest

from claims.models import Claim
from claimtracker.partners.models import Partner
from tests.factories import make_appearance, make_claim, make_partner, make_submission
from tests.support.readings import first_reading, found
from tests.support.wire import COPY, CUT, STORY

from .conftest import Asker

pytestmark = pytest.mark.django_db

TWICE = "Rents fell by 2 per cent, he said. Once more: Rents fell by 2 per cent.\n"


def test_what_is_said_twice_stands_at_both_places_with_one_id(asker: Asker) -> None:
    article = make_submission(asker.partner, TWICE)
    claim = make_claim("Rents fell by 2 per cent", article=article)
    start = TWICE.rindex("Rents")
    make_appearance(claim, article.versions.get(), start, start + len("Rents fell by 2 per cent"))
    listed = asker.get(f"articles/{article.public_id}").json()["claims"]
    assert [(one["id"], one["start"]) for one in listed] == [
        (str(claim.public_id), 0),
        (str(claim.public_id), start),
    ]
    alone = asker.get(f"claims/{claim.public_id}").json()
    assert [place["start"] for place in alone["appearances"]] == [0, start]
    assert len(asker.get("claims").json()["results"]) == 1


def test_a_partner_s_copy_shares_the_claim_and_shows_no_other_s_article(
    asker: Asker, partner: Partner
) -> None:
    agency = make_submission(make_partner("agency"), STORY).versions.get()
    first_reading(agency, found(agency, CUT))
    mine = make_submission(partner, COPY).versions.get()
    first_reading(mine, found(mine, CUT))
    claim = Claim.objects.get()
    read = asker.get(f"articles/{mine.article.public_id}").json()
    assert read["extraction"]["claims_found"] == 1
    assert [one["id"] for one in read["claims"]] == [str(claim.public_id)]
    places = asker.get(f"claims/{claim.public_id}").json()["appearances"]
    assert [place["article"] for place in places] == [str(mine.article.public_id)]
    assert asker.get(f"articles/{agency.article.public_id}").status_code == 404
    assert agency.title not in asker.get(f"claims/{claim.public_id}").content.decode()
