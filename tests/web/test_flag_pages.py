"""Telling the moderators by the pages; what moderators, and who is asked by name, see and decide."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from claims.models import Claim
from claimtracker.accounts.models import ReadyReason, Role, User
from reviews.actions.discussion import add_comment, remove_comment
from reviews.actions.flags import dismiss_case, escalate_case, flag
from reviews.models import Comment, Flag, FlagCase
from tests import factories
from tests.reviews.test_discussion import make_blind
from tests.reviews.test_flags import WHY, about_a_confidential_source

pytestmark = pytest.mark.django_db
FORM = {f"flag-{name}": value for name, value in WHY.items()}
CASES = "/admin/reviews/flagcase/"


def in_as(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def say(claim: Claim, by: User, text: str = "He lives in Mill Street 4.") -> Comment:
    return add_comment(claim, by=by, text=text).comment


def at(name: str, *args: Any) -> str:
    return reverse(f"reviews:{name}", args=args)


@pytest.fixture
def claim() -> Claim:
    return factories.make_claim()


@pytest.fixture
def reporter() -> User:
    return factories.make_user(Role.REPORTER, name="Rosa Lind")


@pytest.fixture
def moderator() -> User:
    return factories.make_user(Role.MODERATOR, name="Milo Duarte")


@pytest.fixture
def lead() -> User:
    return factories.make_user(Role.LEAD, name="Lena Roe")


def test_a_claim_is_flagged_from_its_page(claim: Claim, reporter: User) -> None:
    client = in_as(reporter)
    page = client.get(at("claim_detail", claim.pk)).content.decode()
    assert f'action="{at("flag_claim", claim.pk)}"' in page and "Tell the moderators" in page
    answer = client.post(at("flag_claim", claim.pk), FORM, follow=True)
    said = answer.content.decode()
    assert answer.redirect_chain == [(at("claim_detail", claim.pk), 302)]
    assert "The moderators are told." in said and "they have not decided yet" in said
    assert at("flag_claim", claim.pk) not in said, "once is enough"
    assert Flag.objects.get().by == reporter
    assert WHY["note"] in client.get(at("flag_claim", claim.pk)).content.decode(), "one reads one's own"


def test_a_comment_is_flagged_from_where_it_stands(claim: Claim, reporter: User, lead: User) -> None:
    comment, own = say(claim, lead), say(claim, reporter)
    client = in_as(reporter)
    for page in ("claim_detail", "discussion"):
        said = client.get(at(page, claim.pk)).content.decode()
        assert at("flag_comment", claim.pk, comment.pk) in said
        assert at("flag_comment", claim.pk, own.pk) not in said
    form = client.get(at("flag_comment", claim.pk, comment.pk)).content.decode()
    assert comment.text in form and "a comment that Lena Roe wrote" in form
    answer = client.post(at("flag_comment", claim.pk, comment.pk), FORM, follow=True)
    assert "You told the moderators" in answer.content.decode()
    for page in ("claim_detail", "discussion"):
        said = client.get(at(page, claim.pk)).content.decode()
        assert at("flag_comment", claim.pk, comment.pk) not in said and "You told the moderators" in said
    assert FlagCase.objects.get().comment == comment


@pytest.mark.parametrize(
    ("said", "kept"),
    [({"flag-note": ""}, 'value="personal_data" selected'), ({"flag-reason": ""}, WHY["note"])],
)
def test_what_is_missing_is_named_and_nothing_typed_is_lost(
    claim: Claim, reporter: User, said: dict[str, str], kept: str
) -> None:
    answer = in_as(reporter).post(at("flag_claim", claim.pk), FORM | said)
    assert answer.status_code == 422 and kept in answer.content.decode()
    assert not FlagCase.objects.exists()


def test_a_removed_comment_is_not_flagged(claim: Claim, reporter: User, lead: User) -> None:
    comment = say(claim, lead)
    remove_comment(comment, by=lead)
    client = in_as(reporter)
    assert (
        at("flag_comment", claim.pk, comment.pk)
        not in client.get(at("discussion", claim.pk)).content.decode()
    )
    answer = client.post(at("flag_comment", claim.pk, comment.pk), FORM)
    assert answer.status_code == 409 and "was removed" in answer.content.decode()


@pytest.mark.parametrize("method", ["get", "post"])
def test_who_may_not_see_it_is_told_that_there_is_nothing(claim: Claim, lead: User, method: str) -> None:
    checker = factories.make_user()
    secret, spoken = about_a_confidential_source(claim, checker), say(claim, lead)
    reporter, blind = factories.make_user(Role.REPORTER), factories.make_user()
    make_blind(blind, claim)
    elsewhere = factories.make_user(Role.LEAD, factories.make_desk("city"))
    for person, address in (
        (elsewhere, at("flag_claim", claim.pk)),
        (elsewhere, at("flag_comment", claim.pk, spoken.pk)),
        (elsewhere, at("flags", claim.pk)),
        (reporter, at("flag_comment", claim.pk, secret.pk)),
        (blind, at("flag_comment", claim.pk, spoken.pk)),
        (lead, at("flag_comment", factories.make_claim().pk, spoken.pk)),
    ):
        assert getattr(in_as(person), method)(address, FORM).status_code in (
            {404} if "flags" not in address or method == "get" else {404, 405}
        ), address
        answer = Client().get(address)
        assert answer.status_code == 302 and "/account/login/" in answer["Location"]
    assert not FlagCase.objects.exists()


@pytest.mark.parametrize("role", [Role.REPORTER, Role.CHECKER, Role.EDITOR, Role.LEAD])
def test_nobody_else_reads_what_was_flagged(
    claim: Claim, reporter: User, moderator: User, lead: User, role: str
) -> None:
    comment = say(claim, lead)
    flag(claim, by=reporter, **WHY)
    flag(claim, by=reporter, comment=comment, **WHY)
    client = in_as(factories.make_user(role))
    assert client.get(at("flags", claim.pk)).status_code == 403
    case = FlagCase.objects.latest("pk")
    sent = {f"dismiss-{case.pk}-note": "No."}
    assert client.post(at("flag_decide", claim.pk, case.pk, "dismiss"), sent).status_code == 403
    for name in ("claim_detail", "discussion"):
        said = client.get(at(name, claim.pk)).content.decode()
        assert WHY["note"] not in said and "flag case" not in said and "You told the moderators" not in said


def test_moderators_decide_on_the_claims_page_of_flags(claim: Claim, reporter: User, moderator: User) -> None:
    case = flag(claim, by=reporter, **WHY).case
    client = in_as(moderator)
    assert "1 flag case to decide on" in client.get(at("claim_detail", claim.pk)).content.decode()
    page = client.get(at("flags", claim.pk)).content.decode()
    assert WHY["note"] in page and "Rosa Lind" in page and "Personal data" in page
    missing = client.post(at("flag_decide", claim.pk, case.pk, "resolve"), {f"resolve-{case.pk}-note": ""})
    assert missing.status_code == 422
    sent = {f"resolve-{case.pk}-note": "The address is gone."}
    done = client.post(at("flag_decide", claim.pk, case.pk, "resolve"), sent, follow=True).content.decode()
    assert "The address is gone." in done and "dealt with" in done
    late = {f"dismiss-{case.pk}-note": "It is nothing."}
    assert client.post(at("flag_decide", claim.pk, case.pk, "dismiss"), late).status_code == 409
    assert "The address is gone." in in_as(reporter).get(reverse("web:notices")).content.decode()


def test_it_leads_to_where_something_is_done(reporter: User, moderator: User, lead: User) -> None:
    publication = factories.make_publication()
    claim = publication.claim
    comment = say(claim, lead)
    flag(claim, by=reporter, **WHY)
    flag(claim, by=reporter, comment=comment, **WHY)
    page = in_as(moderator).get(at("flags", claim.pk)).content.decode()
    assert at("restrictions", claim.pk) in page
    assert f"{at('comment_detail', claim.pk, comment.pk)}#comment-{comment.pk}" in page
    assert comment.text in page


def test_a_lead_who_is_asked_reads_that_case_alone_and_decides(
    claim: Claim, reporter: User, moderator: User, lead: User
) -> None:
    case = flag(claim, by=reporter, **WHY).case
    flag(claim, by=reporter, comment=say(claim, moderator), reason="conduct", note="He mocks Lena.")
    sent = {f"escalate-{case.pk}-to": lead.pk, f"escalate-{case.pk}-note": "You know the family."}
    assert in_as(moderator).post(at("flag_decide", claim.pk, case.pk, "escalate"), sent).status_code == 302
    client = in_as(lead)
    assert "1 flag case to decide on" in client.get(at("claim_detail", claim.pk)).content.decode()
    page = client.get(at("flags", claim.pk)).content.decode()
    assert "You know the family." in page and WHY["note"] in page and "He mocks Lena." not in page
    other = FlagCase.objects.exclude(pk=case.pk).get()
    theirs = client.post(
        at("flag_decide", claim.pk, other.pk, "dismiss"), {f"dismiss-{other.pk}-note": "No."}
    )
    assert theirs.status_code == 404
    note = {f"dismiss-{case.pk}-note": "They agreed to it."}
    assert client.post(at("flag_decide", claim.pk, case.pk, "dismiss"), note).status_code == 302
    case.refresh_from_db()
    assert case.decided_by == lead


def test_a_moderator_reads_no_comment_about_a_confidential_source(
    claim: Claim, moderator: User, lead: User
) -> None:
    checker = factories.make_user()
    comment = about_a_confidential_source(claim, checker)
    case = flag(claim, by=lead, comment=comment, **WHY).case
    client = in_as(moderator)
    for address in (at("flags", claim.pk), f"{CASES}{case.pk}/change/", CASES):
        said = client.get(address).content.decode()
        assert comment.text not in said and "confidential source" in said, address


def test_unknown_words_and_cases_are_no_page(claim: Claim, reporter: User, moderator: User) -> None:
    case = flag(claim, by=reporter, **WHY).case
    client = in_as(moderator)
    assert client.post(at("flag_decide", claim.pk, case.pk, "burn")).status_code == 404
    assert client.post(at("flag_decide", factories.make_claim().pk, case.pk, "dismiss")).status_code == 404


def test_the_claims_page_costs_one_query_for_it_however_much_is_flagged(
    claim: Claim, reporter: User, moderator: User
) -> None:
    people = [factories.make_user() for _ in range(3)]
    comments = [say(claim, person) for person in people]
    for client in (in_as(reporter), in_as(moderator)):
        client.get(at("claim_detail", claim.pk))
        with CaptureQueriesContext(connection) as few:
            client.get(at("claim_detail", claim.pk))
        assert sum("reviews_flagcase" in query["sql"] for query in few) == 1
    for comment in comments:
        flag(claim, by=reporter, comment=comment, **WHY)
        flag(claim, by=moderator, comment=comment, **WHY)
    for client in (in_as(reporter), in_as(moderator)):
        client.get(reverse("web:notices"))
        with CaptureQueriesContext(connection) as many:
            client.get(at("claim_detail", claim.pk))
        assert sum("reviews_flag" in query["sql"] for query in many) == 1


def test_it_is_a_line_of_the_moderators_home_and_comes_next(
    claim: Claim, reporter: User, moderator: User
) -> None:
    case = flag(claim, by=reporter, **WHY).case
    flag(claim, by=factories.make_user(name="Ben Roy"), reason="spam", note="An advertisement.")
    client = in_as(moderator)
    home = client.get("/admin/").content.decode()
    assert re.search(r"Flagged by colleagues", home) and "oldest:" in home
    page = client.get("/admin/next/", follow=True)
    assert page.redirect_chain[0][0].startswith(f"{CASES}{case.pk}/change/")
    said = page.content.decode()
    for word in (WHY["note"], "An advertisement.", "Rosa Lind", "Ben Roy", claim.text, at("flags", claim.pk)):
        assert word in said, word
    listed = client.get(CASES).content.decode()
    assert 'field-flagged">2<' in listed


def test_it_is_decided_in_the_flow_with_a_ready_reason_and_undone(
    claim: Claim, reporter: User, moderator: User
) -> None:
    ready = ReadyReason.objects.create(decision="reviews.flagcase.dismiss_selected", text="It is public.")
    first = flag(claim, by=reporter, **WHY).case
    second = flag(factories.make_claim(), by=reporter, **WHY).case
    client = in_as(moderator)
    seen = f"flagged_by_colleagues:{first.pk}"
    chosen = {"action": "dismiss_selected", "_selected_action": [first.pk], "seen": seen}
    asked = client.post(CASES, chosen).content.decode()
    assert WHY["note"] in asked and "It is public." in asked and "1 flag: Personal data" in asked
    answer = client.post(CASES, {**chosen, "apply": "1", "reason": "", "ready": ready.pk}, follow=True)
    assert any(f"{CASES}{second.pk}/change/" in to for to, _status in answer.redirect_chain), "the next one"
    first.refresh_from_db()
    assert first.state == "dismissed" and first.steps.get().note == "It is public."
    client.post("/admin/undo/")
    first.refresh_from_db()
    assert first.state == "flagged"


def test_the_administration_asks_somebody_by_name(
    claim: Claim, reporter: User, moderator: User, lead: User
) -> None:
    case = flag(claim, by=reporter, **WHY).case
    client = in_as(moderator)
    chosen = {"action": "escalate_selected", "_selected_action": [case.pk]}
    form = client.post(CASES, chosen).content.decode()
    assert "Lena Roe" in form and "Rosa Lind</option>" not in form
    sent = {**chosen, "apply": "1", "to": lead.pk, "note": "You know them."}
    client.post(CASES, sent)
    case.refresh_from_db()
    assert (case.state, case.escalated_to) == ("escalated", lead)
    assert "Flagged, and somebody was asked by name" in client.get("/admin/").content.decode()
    refused = client.post(
        CASES,
        {"action": "dismiss_selected", "_selected_action": [case.pk], "apply": "1", "reason": "No."},
        follow=True,
    )
    assert "Lena Roe was asked to decide." in refused.content.decode()


def test_two_moderators_in_the_administration_and_the_second_reads_who_was_first(
    claim: Claim, reporter: User, moderator: User
) -> None:
    case = flag(claim, by=reporter, **WHY).case
    dismiss_case(case, by=factories.make_user(Role.MODERATOR), note="It is public.")
    sent = {"action": "resolve_selected", "_selected_action": [case.pk], "apply": "1", "reason": "Gone."}
    said = in_as(moderator).post(CASES, sent, follow=True).content.decode()
    assert "This was decided on already." in said
    page = in_as(moderator).get(f"{CASES}{case.pk}/change/").content.decode()
    assert "dismiss_selected" not in page, "nothing is offered of what is over"


def test_who_is_asked_twice_over_sees_both_names(
    claim: Claim, reporter: User, moderator: User, lead: User
) -> None:
    case = flag(claim, by=reporter, **WHY).case
    escalate_case(case, by=moderator, to=lead, note="You know them.")
    page = in_as(moderator).get(at("flags", claim.pk)).content.decode()
    assert "Lena Roe was asked to decide" in page and at("flag_decide", claim.pk, case.pk, "escalate") in page
    assert at("flag_decide", claim.pk, case.pk, "dismiss") not in page


def test_the_page_of_flags_costs_the_same_for_many_cases(
    claim: Claim, moderator: User, reporter: User, lead: User
) -> None:
    client, counts = in_as(moderator), []
    for _number in range(2):
        for _more in range(3):
            flag(claim, by=reporter, comment=say(claim, lead), **WHY)
        client.get(at("flags", claim.pk))
        with CaptureQueriesContext(connection) as captured:
            client.get(at("flags", claim.pk))
        counts.append(len(captured))
    assert counts[0] == counts[1], [query["sql"][:150] for query in captured][-12:]
