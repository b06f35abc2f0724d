"""Which partners have a check: the page for editors and leads."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from claimtracker.accounts.models import Role, User
from claimtracker.ledger.models import OutboxEvent
from claimtracker.partners.acknowledging import acknowledge
from claimtracker.partners.holdings import Held, note
from claimtracker.partners.models import Way
from claimtracker.partners.ordering import place_event
from reviews.models import Publication
from tests.factories import make_claim, make_correction, make_desk, make_partner, make_publication, make_user

pytestmark = pytest.mark.django_db


def held(publication: Publication) -> Held:
    return Held(publication.public_id, publication.claim.public_id, publication.number)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def address(publication: Publication) -> str:
    return reverse("web:receipts", args=[publication.claim_id])


def place_all() -> None:
    for event in OutboxEvent.objects.filter(type__startswith="claim.verdict_").order_by("pk"):
        place_event(event)


@pytest.fixture
def first() -> Publication:
    return make_publication()


@pytest.fixture
def lead(first: Publication) -> Client:
    return signed_in(make_user(Role.LEAD, first.claim.desk))


def test_a_lead_sees_how_far_a_correction_has_come(first: Publication, lead: Client) -> None:
    partners = [make_partner(f"p{number}", name=f"Partner {number}") for number in range(4)]
    for partner in partners:
        note(partner.pk, [held(first)], way=Way.READ)
    second = make_correction(first)
    place_all()
    note(partners[0].pk, [held(second)], way=Way.READ)
    acknowledge(partners[1], held(second), status="updated", url="https://p1.example/bridge", by="system")
    page = lead.get(address(first)).content.decode()
    assert "2 of 4 partners are up to date." in page
    rating = first.snapshot["rating"]["label"]
    assert f"2 still show “{rating}”, as far as we know." in page
    for words in ("has the new version", "https://p1.example/bridge", second.change_note, "Partner 3"):
        assert words in page
    assert page.count(f"still shows “{rating}”") == 2


def test_of_a_check_that_was_never_corrected_it_shows_who_has_it(first: Publication, lead: Client) -> None:
    nobody = lead.get(address(first)).content.decode()
    assert "No partner has this check" in nobody
    assert "Who reads the public page, a feed or a dump is not known." in nobody
    note(make_partner("wire", name="The Wire").pk, [held(first)], way=Way.WEBHOOK)
    page = lead.get(address(first)).content.decode()
    assert "1 partner has this check" in page
    assert "delivered to an endpoint" in page


def test_the_ladder(first: Publication) -> None:
    desk = first.claim.desk
    assert Client().get(address(first)).status_code == 302
    assert signed_in(make_user(Role.LEAD, make_desk("sports"))).get(address(first)).status_code == 404
    assert signed_in(make_user(Role.CHECKER, desk)).get(address(first)).status_code == 403
    for user in (make_user(Role.EDITOR, desk), make_user(Role.LEAD, desk), make_user(Role.MODERATOR)):
        assert signed_in(user).get(address(first)).status_code == 200
    unpublished = make_claim()
    lead = signed_in(make_user(Role.LEAD, unpublished.desk))
    assert lead.get(reverse("web:receipts", args=[unpublished.pk])).status_code == 404


def test_the_page_of_a_published_check_leads_there(first: Publication, lead: Client) -> None:
    claim_page = reverse("reviews:claim_detail", args=[first.claim_id])
    assert address(first) in lead.get(claim_page).content.decode()
    checker = signed_in(make_user(Role.CHECKER, first.claim.desk))
    assert address(first) not in checker.get(claim_page).content.decode()


def test_it_costs_the_same_at_3_and_at_12_partners(first: Publication, lead: Client) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert lead.get(address(first)).status_code == 200
        return len(captured)

    note(make_partner("first").pk, [held(first)], way=Way.READ)
    make_correction(first)
    place_all()
    lead.get(address(first))
    for number in range(2):
        note(make_partner(f"a{number}").pk, [held(first)], way=Way.READ)
    few = queries()
    for number in range(9):
        note(make_partner(f"b{number}").pk, [held(first)], way=Way.READ)
    assert queries() == few
