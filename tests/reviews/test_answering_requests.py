"""Who asked for a check is answered by what stands published of the claim or of its family."""

from __future__ import annotations

import pytest

from claims import states
from claims.actions.check_requests import accept_request, ask_for_check
from claims.actions.families import merge_families
from claims.actions.known_claims import withdraw_known_claim
from claims.actions.submitting import Sender
from claims.models import CheckRequest, Claim
from claimtracker.accounts.models import Role
from claimtracker.ledger import audit
from reviews.models import Publication
from tests.factories import (
    make_claim,
    make_correction,
    make_publication,
    make_retraction,
    make_user,
)
from tests.support.due_jobs import run_due

pytestmark = pytest.mark.django_db


def accepted(claim: Claim) -> CheckRequest:
    """Somebody asked for a check of this claim, and a moderator accepted; the worker has caught up."""
    sender = Sender("partner:wire", audit.partner_actor("partner:wire", "The Wire"))
    request = ask_for_check("The harbour handled 4 million containers.", sender=sender).request
    request = accept_request(request, by=make_user(Role.MODERATOR), claim=claim)
    catch_up()
    return request


def catch_up() -> None:
    run_due("reviews.answer_requests")


def answer_to(request: CheckRequest) -> Publication | None:
    request.refresh_from_db()
    assert (request.state == states.ANSWERED_REQUEST) is (request.publication is not None)
    return Publication.objects.filter(public_id=request.publication).first()


def test_what_another_member_of_the_family_says_is_the_answer() -> None:
    canonical = make_claim()
    asked, checked = make_claim(canonical=canonical), make_claim(canonical=canonical)
    request = accepted(asked)
    assert answer_to(request) is None
    publication = make_publication(claim=checked)
    catch_up()
    assert answer_to(request) == publication


def test_what_a_member_says_answers_who_asked_for_the_canonical_claim() -> None:
    canonical = make_claim()
    publication = make_publication(claim=make_claim(canonical=canonical))
    assert answer_to(accepted(canonical)) == publication


def test_the_claim_s_own_check_goes_first() -> None:
    own, other = make_publication(), make_publication()
    asked = own.claim
    Claim.objects.filter(pk=asked.pk).update(canonical=other.claim)
    assert answer_to(accepted(asked)) == own


def test_what_a_moderator_took_out_of_what_is_known_answers_nobody_of_the_family() -> None:
    publication = make_publication()
    known = publication.claim.known_claim
    withdraw_known_claim(known, by=make_user(Role.MODERATOR), reason="Another matter.")
    request = accepted(make_claim(canonical=publication.claim))
    assert answer_to(request) is None


def test_a_family_that_is_joined_later_answers() -> None:
    publication = make_publication()
    asked = make_claim()
    request = accepted(asked)
    assert answer_to(request) is None
    merge_families(asked, into=publication.claim, by=make_user(Role.LEAD, asked.desk), note="The same.")
    catch_up()
    assert answer_to(request) == publication


def test_what_was_taken_back_answers_nobody_until_it_is_put_right() -> None:
    retraction = make_retraction(make_publication())
    request = accepted(retraction.claim)
    assert answer_to(request) is None
    correction = make_correction(retraction)
    catch_up()
    assert answer_to(request) == correction
