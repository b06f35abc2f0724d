"""Under a legal hold nobody and nothing changes or deletes what there is of a claim, until two agree."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from claims.actions.check_requests import accept_request
from claims.actions.curation import confirm_claim, dismiss_claim, edit_claim
from claims.actions.families import detach_claim
from claims.actions.suggestions import erase_suggestion_words, forget_suggestions
from claims.models import Appearance, Claim, SuggestionWords
from claimtracker.accounts.erasure_holds import held_because
from claimtracker.accounts.models import Role
from claimtracker.jobs.tasks import reencrypt_fields
from claimtracker.kernel.at_rest.rotating import places
from claimtracker.kernel.errors import ActionRefused
from claimtracker.ledger import audit
from claimtracker.ledger.models import AuditNote
from reviews.actions.complaints import erase_complaint_words
from reviews.actions.corrections import retract_publication
from reviews.actions.discussion import add_comment, edit_comment, remove_comment
from reviews.actions.evidence import remove_evidence
from reviews.actions.rereading import untouchable
from reviews.actions.restrictions import confirm_lifting, hide_check, lift_restriction, place_hold
from reviews.models import Comment, ComplaintWords, Evidence, Publication, PublicCheck, Restriction
from tests import factories
from tests.support.due_jobs import run_due

pytestmark = pytest.mark.django_db
NEW_KEY = "a-key-of-this-test-alone-" * 2


class Held:
    """A published claim under legal hold, with everything about it that somebody could want changed."""

    def __init__(self) -> None:
        self.moderator = factories.make_user(Role.MODERATOR)
        self.second = factories.make_user(Role.MODERATOR)
        self.lead, self.editor = factories.make_user(Role.LEAD), factories.make_user(Role.EDITOR)
        self.publication = factories.make_publication()
        self.claim = Claim.objects.get(pk=self.publication.claim_id)
        self.evidence = self.claim.evidence.get()
        self.comment = add_comment(self.claim, by=self.editor, text="I rang the treasurer.").comment
        self.complaint = factories.make_complaint(self.publication)
        self.other = factories.make_claim()
        self.member = factories.make_claim(canonical=self.claim)
        self.begun = factories.make_claim()
        self.cited = factories.make_evidence(self.begun, factories.make_user())
        self.holds = [self.place(claim) for claim in (self.claim, self.member, self.begun)]

    def place(self, claim: Claim) -> Restriction:
        return place_hold(
            claim, by=self.moderator, reason="defamation", note="They sue.", reference="7 O 12/26"
        )

    def lift(self) -> None:
        for hold in self.holds:
            lift_restriction(hold, by=self.moderator, note="They dropped it.")
            confirm_lifting(hold, by=self.second, note="I saw the letter.")


@pytest.fixture
def held() -> Held:
    return Held()


ACTS: dict[str, Callable[[Held], Any]] = {
    "edit": lambda on: edit_claim(on.claim, by=on.lead, text="Another wording of it.", claimant=""),
    "confirm": lambda on: confirm_claim(on.claim, by=on.lead),
    "dismiss": lambda on: dismiss_claim(on.claim, by=on.lead, reason="It is an opinion."),
    "detach": lambda on: detach_claim(on.member, by=on.lead, note="Another year."),
    "evidence": lambda on: remove_evidence(on.cited, by=on.lead),
    "edit a comment": lambda on: edit_comment(on.comment, by=on.editor, text="I did not ring."),
    "remove a comment": lambda on: remove_comment(on.comment, by=on.editor),
    "erase": lambda on: erase_complaint_words(on.complaint, by=on.lead),
    "retract": lambda on: retract_publication(on.claim, by=on.lead, version=1, note="We take it back."),
    "correct": lambda on: factories.make_correction(on.publication),
}
# these say no for another reason once the hold is over
NOT_AFTER = {"dismiss", "confirm", "edit"}


@pytest.mark.parametrize("name", sorted(ACTS))
def test_nobody_changes_what_is_held_until_two_lift_the_hold(held: Held, name: str) -> None:
    with pytest.raises(ActionRefused) as refused, transaction.atomic():
        ACTS[name](held)
    assert refused.value.code == "legal_hold"
    held.lift()
    if name not in NOT_AFTER:
        ACTS[name](held)


ROWS: dict[str, Callable[[Held], Any]] = {
    "wording": lambda on: Claim.objects.filter(pk=on.claim.pk).update(text="Another."),
    "state": lambda on: Claim.objects.filter(pk=on.claim.pk).update(state="dismissed"),
    "family": lambda on: Claim.objects.filter(pk=on.claim.pk).update(canonical=on.other),
    "place": lambda on: Appearance.objects.filter(claim=on.claim).delete(),
    "evidence": lambda on: Evidence.objects.filter(claim=on.claim).delete(),
    "quotation": lambda on: Evidence.objects.filter(claim=on.claim).update(quotation="Other words."),
    "comment": lambda on: Comment.objects.filter(claim=on.claim).update(text=""),
    "words": lambda on: ComplaintWords.objects.filter(complaint=on.complaint).delete(),
}


@pytest.mark.parametrize("name", sorted(ROWS))
def test_the_database_refuses_it_to_everybody(held: Held, name: str) -> None:
    with pytest.raises(DatabaseError, match="legal hold"), transaction.atomic():
        ROWS[name](held)


def test_no_newer_reading_touches_what_is_held() -> None:
    article = factories.make_article()
    claim = factories.make_claim(article=article, state="suggested")
    Claim.objects.filter(pk=claim.pk).update(extractor_version="rules-1")
    claim.refresh_from_db()
    version = article.versions.get()
    assert untouchable(version, [claim]) == set()
    place_hold(claim, by=factories.make_user(Role.MODERATOR), reason="other", note="They sue.")
    assert untouchable(version, [claim]) == {claim.pk}


def test_what_is_held_stays_public_and_can_be_hidden(held: Held) -> None:
    assert PublicCheck.objects.filter(claim=held.claim).exists()
    hide_check(held.claim, by=held.moderator, reason="defamation", note="Until it is decided.")
    assert not PublicCheck.objects.filter(claim=held.claim).exists()
    held.lift()
    assert not PublicCheck.objects.filter(claim=held.claim).exists()


def test_something_new_may_be_said(held: Held) -> None:
    factories.make_evidence(held.begun, held.lead, url="https://records.example/new", title="A ruling")
    add_comment(held.claim, by=held.lead, text="The hearing is on Friday.")


def test_notes_of_somebody_who_is_erased_stay_while_it_is_held(held: Held) -> None:
    noted = AuditNote.objects.filter(entry__verb="restriction.ordered")
    assert [note.text for note in noted] == ["They sue."] * 3
    elsewhere = audit.record("claim.dismissed", by=held.moderator, subject=held.other, note="An opinion.")
    audit.erase_person(held.moderator, by="system")
    assert [note.text for note in noted.all()] == ["They sue."] * 3
    assert not AuditNote.objects.filter(entry=elsewhere).exists()


def test_nobody_who_had_a_part_in_it_is_erased(held: Held) -> None:
    stranger = factories.make_user()
    assert held_because(stranger) == ""
    for person in (held.moderator, held.editor, held.publication.proposed_by, held.cited.added_by):
        assert "legal hold" in held_because(person), person
    held.lift()
    assert held_because(held.editor) == ""


def test_words_of_a_suggestion_stay_while_its_claim_is_held(settings: Any) -> None:
    moderator, claim = factories.make_user(Role.MODERATOR), factories.make_publication().claim
    suggestion = factories.make_suggestion("The harbour handled four million containers last year.")
    accept_request(suggestion.request, by=moderator, claim=claim)
    run_due("reviews.answer_requests")
    settings.SUGGESTION_KEEP_DAYS = 0
    hold = place_hold(claim, by=moderator, reason="other", note="They sue.")
    suggestion.refresh_from_db()
    assert forget_suggestions() == 0
    with pytest.raises(ActionRefused) as refused:
        erase_suggestion_words(suggestion, by=moderator)
    assert refused.value.code == "legal_hold"
    with pytest.raises(DatabaseError, match="legal hold"), transaction.atomic():
        SuggestionWords.objects.all().delete()
    lift_restriction(hold, by=moderator, note="Over.")
    confirm_lifting(hold, by=factories.make_user(Role.MODERATOR), note="It is.")
    assert forget_suggestions() == 1


def test_who_asks_for_the_end_does_not_decide_on_it(held: Held) -> None:
    hold = held.holds[0]
    lift_restriction(hold, by=held.moderator, note="They dropped it.")
    with pytest.raises(ActionRefused) as refused:
        confirm_lifting(hold, by=held.moderator, note="They did.")
    assert refused.value.code == "own_lifting"
    with pytest.raises(ActionRefused):
        retract_publication(held.claim, by=held.lead, version=1, note="We take it back.")
    assert Publication.objects.filter(claim=held.claim).count() == 1


def test_another_key_may_encrypt_what_is_held(held: Held, settings: Any) -> None:
    settings.FIELD_KEY, settings.FIELD_KEYS_BEFORE = NEW_KEY, [settings.FIELD_KEY]
    reencrypt_fields()
    assert {place.name: place.left() for place in places() if place.left()} == {}
    settings.FIELD_KEYS_BEFORE = []
    assert Comment.objects.get(pk=held.comment.pk).text == "I rang the treasurer."
    assert {row.note for row in Restriction.objects.all()} == {"They sue."}
