"""A verdict goes along with its words into a newer text of the article, and never with other ones."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from claims.actions.versions import record_version
from claims.models import ArticleVersion, Following
from claims.selectors import family_appearances
from claims.sources import ParsedArticle
from claimtracker.accounts.models import Role
from claimtracker.kernel.decisions import Allowed
from claimtracker.kernel.errors import NotPermitted
from claimtracker.ledger.models import AuditEntry
from reviews import policies
from reviews.actions.article_changes import follow_article
from reviews.actions.assignment import take_task
from reviews.actions.publishing import publish_verdict
from reviews.actions.recheck import open_recheck
from reviews.actions.triage import reword_claim
from reviews.actions.verdicts import approve_verdict, submit_verdict
from reviews.models import Notification, Publication, Review, ReviewTask, Verdict
from reviews.models.basis import TextState, text_since
from reviews.selectors.text import with_text
from tests import factories

pytestmark = pytest.mark.django_db

SAID = "The city spent 40 million on roads last year"
LEAD = "The council met on Monday to talk about the budget of the coming year."
END = "A second reading of the budget follows in the first week of December."
BODY = f"{LEAD}\n\n{SAID}, the mayor Ann Lee said.\n\n{END}\n"
ELSEWHERE = f"{LEAD} It was a long night.\n\n{SAID}, the mayor Ann Lee said.\n\n{END}\n"
OTHER_NUMBER = BODY.replace("40 million", "45 million")
WITHOUT = f"{LEAD}\n\n{END}\n"


@pytest.fixture
def people():
    return factories.make_user(name="Mara Okafor"), factories.make_user(Role.EDITOR)


@pytest.fixture
def claim():
    return factories.make_claim(SAID, article=factories.make_article(BODY, url="https://news.example/a/1"))


def article_of(claim):
    return claim.appearances.first().version.article


def bring(claim, body):
    """A newer text that came in, was compared, and whose verdicts were brought in line."""
    version = factories.make_version(article_of(claim), body)
    return version, follow_article(version.article)


def bring_uncompared(claim, body):
    parsed = ParsedArticle("", "", body, None, None, None, None, None)
    return record_version(article_of(claim), parsed, by="system").version


def verbs(verdict):
    return [e.verb for e in AuditEntry.objects.about(verdict).filter(verb__startswith="verdict.text_")]


def test_words_that_stand_carry_a_proposal_its_approval_and_its_publication(people, claim):
    author, editor = people
    verdict = factories.make_submitted_verdict(author, claim=claim)
    assert bring(claim, ELSEWHERE)[1] == []
    assert text_since(claim.pk, verdict.article_version_id).state == TextState.CARRIED
    approved = approve_verdict(verdict, by=editor, revision=1)
    bring(claim, ELSEWHERE.replace("long night", "very long night"))
    assert follow_article(article_of(claim)) == []
    assert verbs(verdict) == ["verdict.text_carried"] * 2, "once for each version"
    publication = publish_verdict(approved, by=editor)
    assert publication.snapshot["text"]["version"] == 1
    assert [place["quote"] for place in publication.snapshot["appearances"]] == [SAID]


def test_a_proposal_about_other_words_goes_back_with_both(people, claim):
    author, editor = people
    verdict = factories.make_submitted_verdict(author, claim=claim)
    bring(claim, OTHER_NUMBER)
    verdict.refresh_from_db()
    assert verdict.state == "returned"
    assert "version 2 has other words" in verdict.return_reason
    task = ReviewTask.objects.open().get()
    assert "40 million" in task.why
    assert "45 million" in task.why
    again = submit_verdict(
        task,
        by=author,
        rating=factories.make_rating(),
        summary="The accounts show a third of that.",
        rationale="The audited accounts list the spending line by line.",
    )
    assert (again.article_version.number, text_since(claim.pk, again.article_version_id).state) == (2, "same")
    assert approve_verdict(again, by=editor, revision=2).state == "approved"


@pytest.mark.parametrize("body", [OTHER_NUMBER, WITHOUT, None])
def test_the_database_refuses_what_is_not_known_to_stand(people, claim, body):
    author, editor = people
    verdict = factories.make_submitted_verdict(author, claim=claim)
    if body is None:
        bring_uncompared(claim, ELSEWHERE)
        code, says = "article_unread", "being looked for"
    else:
        factories.make_version(article_of(claim), body)
        code, says = "article_changed", "The article changed"
    with pytest.raises(NotPermitted, match=says) as refused:
        approve_verdict(verdict, by=editor, revision=1)
    assert refused.value.code == code
    Review.objects.create(
        verdict=verdict, revision=1, article_version_id=verdict.article_version_id, kind="second_review",
        desk=claim.desk, reviewer=editor, outcome="approved", first_rating=verdict.rating,
    )  # fmt: skip
    with pytest.raises(IntegrityError, match="the article changed since"), transaction.atomic():
        Verdict.objects.filter(pk=verdict.pk).update(
            state="approved", approver=editor, approved_at=timezone.now()
        )


@pytest.mark.parametrize("body", [OTHER_NUMBER, WITHOUT, None])
def test_an_approval_of_other_words_is_not_published(people, claim, body):
    author, editor = people
    verdict = factories.make_approved_verdict(author, editor, claim=claim)
    if body is None:
        bring_uncompared(claim, ELSEWHERE)
    else:
        factories.make_version(article_of(claim), body)
    with pytest.raises(NotPermitted):
        publish_verdict(verdict, by=editor)
    row = {
        "claim": claim, "verdict": verdict, "number": 1, "slug": "x", "snapshot": {}, "claim_review": {},
        "proposed_by": author, "approved_by": editor, "published_by": editor, "published_at": timezone.now(),
    }  # fmt: skip
    with pytest.raises(IntegrityError, match="the article changed since"), transaction.atomic():
        Publication.objects.create(**row)


def test_nobody_returns_a_verdict_for_a_change_elsewhere(people, claim):
    verdict = factories.make_submitted_verdict(people[0], claim=claim)
    factories.make_version(article_of(claim), ELSEWHERE)
    with pytest.raises(IntegrityError, match="is returned by a second person"), transaction.atomic():
        Verdict.objects.filter(pk=verdict.pk).update(state="returned", return_reason="The article changed.")


def test_a_text_that_nobody_compared_waits(people, claim):
    verdict = factories.make_submitted_verdict(people[0], claim=claim)
    version = bring_uncompared(claim, OTHER_NUMBER)
    assert follow_article(version.article) == []
    verdict.refresh_from_db()
    assert verdict.state == "submitted"
    assert not Following.objects.exists()
    assert text_since(claim.pk, verdict.article_version_id).state == TextState.UNKNOWN


def test_what_is_public_stays_says_that_the_text_changed_and_is_rechecked(people, claim, client):
    author, editor = people
    publication = publish_verdict(factories.make_approved_verdict(author, editor, claim=claim), by=editor)
    page = reverse("reviews:public_claim", args=[publication.slug])
    assert "Text changed" not in client.get(page).content.decode()
    _version, again = bring(claim, OTHER_NUMBER)
    assert again == [claim.pk]
    task = ReviewTask.objects.open().get()
    assert (task.kind, task.cause) == ("recheck", "article_changed")
    assert "45 million" in task.why
    body = client.get(page).content.decode()
    assert "Text changed." in body
    assert "45 million" not in body, "what a program takes for the new words is not published"
    client.force_login(author)
    desk = client.get(reverse("reviews:claim_detail", args=[claim.pk])).content.decode()
    assert "<del>40</del> <ins>45</ins>" in desk
    verdict = submit_verdict(
        take_task(task, by=author),
        by=author,
        rating=publication.verdict.rating,
        summary=publication.snapshot["summary"],
        rationale=publication.snapshot["rationale"],
    )
    approved = approve_verdict(verdict, by=editor, revision=1)
    note = "The article says 45 million now."
    second = publish_verdict(approved, by=editor, change="rechecked", change_note=note)
    assert second.snapshot["text"]["version"] == 2
    assert second.snapshot["claim"]["quote"] == SAID, "the claim is put in the words that were checked"
    body = client.get(page).content.decode()
    assert "Text changed." not in body
    assert "Looked at again" in body


def test_words_that_are_gone_leave_the_record_and_readers_are_told(people, claim, client):
    author, editor = people
    publication = publish_verdict(factories.make_approved_verdict(author, editor, claim=claim), by=editor)
    Notification.objects.all().delete()
    assert bring(claim, WITHOUT)[1] == []
    follow_article(article_of(claim))
    assert not ReviewTask.objects.open().exists()
    assert verbs(publication.verdict) == ["verdict.text_removed"]
    (told,) = Notification.objects.filter(user=author)  # once
    assert told.kind == "text_removed"
    body = client.get(reverse("reviews:public_claim", args=[publication.slug])).content.decode()
    assert "Removed from the article." in body
    assert publication.snapshot["summary"] in body


def test_a_later_text_is_judged_from_the_one_that_was_checked(people, claim):
    author, editor = people
    first = publish_verdict(factories.make_approved_verdict(author, editor, claim=claim), by=editor)
    bring(claim, OTHER_NUMBER)
    bring(claim, OTHER_NUMBER.replace(LEAD, LEAD + " It was a long night."))
    since = text_since(claim.pk, first.verdict.article_version_id)
    assert (since.state, since.version.number) == (TextState.REWORDED, 2)
    newest = ArticleVersion.objects.get(article=article_of(claim), number=2)
    assert text_since(claim.pk, newest.pk).state == TextState.CARRIED
    open_tasks = ReviewTask.objects.open()
    assert open_tasks.count() == 1
    assert open_tasks.get().why.count("40 million") == 1, "one sentence for one change"


def test_an_approval_that_waits_is_rechecked_where_its_words_are_gone(people, claim):
    author, editor = people
    factories.make_approved_verdict(author, editor, claim=claim)
    assert bring(claim, WITHOUT)[1] == [claim.pk]
    assert "no longer says" in ReviewTask.objects.open().get().why


def test_how_texts_stand_costs_three_queries_however_many(people, django_assert_num_queries):
    author, editor = people
    publications = []
    for number in range(6):
        body = BODY.replace("40 million", f"4{number} million")
        claim = factories.make_claim(
            SAID.replace("40 million", f"4{number} million"), article=factories.make_article(body)
        )
        publications.append(
            publish_verdict(factories.make_approved_verdict(author, editor, claim=claim), by=editor)
        )
        factories.make_version(article_of(claim), body.replace("million", "billion"))
    for count in (1, 6):
        rows = list(Publication.objects.filter(pk__in=[p.pk for p in publications[:count]]))
        with django_assert_num_queries(3):
            assert {row.text_since.state for row in with_text(rows)} == {TextState.REWORDED}


def test_nobody_asks_for_a_correction_twice(people, claim):
    author, editor = people
    publish_verdict(factories.make_approved_verdict(author, editor, claim=claim), by=editor)
    task = open_recheck(claim, by=editor, reason="Look at the table again.")
    bring(claim, OTHER_NUMBER)
    task.refresh_from_db()
    assert ReviewTask.objects.open().get() == task
    assert "45 million" in task.why


def test_who_rewords_the_claim_takes_the_new_words_for_it(people, claim, client):
    author, editor = people
    publish_verdict(factories.make_approved_verdict(author, editor, claim=claim), by=editor)
    bring(claim, OTHER_NUMBER)
    task = take_task(ReviewTask.objects.open().get(), by=author)
    reword_claim(claim, by=author, text=SAID.replace("40", "45"), claimant="Ann Lee")
    verdict = submit_verdict(
        task,
        by=author,
        rating=factories.make_rating("true"),
        summary="The accounts show 45 million.",
        rationale="The audited accounts list the spending line by line.",
    )
    approved = approve_verdict(verdict, by=editor, revision=1)
    second = publish_verdict(
        approved, by=editor, change="verdict_change", change_note="The article was corrected to 45 million."
    )
    assert second.snapshot["claim"]["quote"] == SAID.replace("40", "45")
    assert [place["quote"] for place in second.snapshot["appearances"]] == [SAID.replace("40", "45")]


def test_a_claim_that_nobody_checked_says_on_the_desk_that_its_text_changed(people, claim, client):
    factories.make_taken_task(people[0], claim)
    bring(claim, OTHER_NUMBER)
    client.force_login(people[0])
    body = client.get(reverse("reviews:claim_detail", args=[claim.pk])).content.decode()
    assert "<del>40</del> <ins>45</ins>" in body
    assert "The claim is put as version 1 has it" in body


def test_an_article_whose_text_changed_is_one_place_of_its_claim(people, claim, client):
    client.force_login(people[0])
    bring(claim, ELSEWHERE)
    assert claim.appearances.count() == 2
    places = list(family_appearances(people[0], claim))
    assert [place.version.number for place in places] == [2]
    bring(claim, WITHOUT)
    assert [place.version.number for place in family_appearances(people[0], claim)] == [2], "it stood there"


@pytest.mark.parametrize("step", ["can_approve_verdict", "can_publish_verdict"])
def test_a_text_that_comes_in_between_policy_and_database_is_a_refusal(people, claim, monkeypatch, step):
    author, editor = people
    verdict = factories.make_submitted_verdict(author, claim=claim)
    if step == "can_publish_verdict":
        verdict = approve_verdict(verdict, by=editor, revision=verdict.revision)
    bring_uncompared(claim, ELSEWHERE)
    usual, asked = getattr(policies, step), []

    def looked_before(*args, **options):
        asked.append(step)
        return Allowed() if len(asked) == 1 else usual(*args, **options)

    monkeypatch.setattr(policies, step, looked_before)
    with pytest.raises(NotPermitted) as refused:
        if step == "can_publish_verdict":
            publish_verdict(verdict, by=editor)
        else:
            approve_verdict(verdict, by=editor, revision=verdict.revision)
    assert refused.value.code == "article_unread"
    assert len(asked) == 2
    assert not Publication.objects.exists()
