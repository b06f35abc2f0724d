"""Comments: where they stand, whom they tell, who changes and removes them, who reads them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone

from claims.models import Claim
from claimtracker.accounts.models import Role, User
from claimtracker.kernel.errors import ActionRefused, NotPermitted
from claimtracker.ledger.models import AuditEntry
from reviews import states
from reviews.actions.assignment import take_task
from reviews.actions.discussion import add_comment, edit_comment, remove_comment
from reviews.actions.evidence import remove_evidence
from reviews.actions.notifying import notify
from reviews.actions.verdicts import save_draft
from reviews.models import Comment, Notification, ReviewTask, Source
from reviews.models.review_task import TaskKind
from reviews.policies.blind import may_see_verdict
from reviews.selectors.people import people_to_talk_to, people_who_may_know
from tests import factories

pytestmark = pytest.mark.django_db


def say(claim: Claim, by: User, text: str = "Is this the audited figure?", **options: Any) -> Comment:
    return add_comment(claim, by=by, text=text, **options).comment


def told(kind: str) -> set[User]:
    return {notice.user for notice in Notification.objects.filter(kind=kind).select_related("user")}


def make_blind(user: User, claim: Claim) -> ReviewTask:
    task = ReviewTask.objects.create(
        claim=claim,
        kind=TaskKind.BLIND_REVIEW,
        desk=claim.desk,
        why="One in ten is reviewed twice.",
        due_at=timezone.now() + timedelta(hours=4),
    )
    now = timezone.now()
    task.state, task.assignee, task.taken_at = states.TAKEN, user, now
    task.lease_until = now + timedelta(hours=8)
    task.save()
    return task


# --- where a comment stands


def test_a_comment_is_about_the_claim_a_source_or_the_verdict():
    ana = factories.make_user()
    verdict = factories.make_submitted_verdict(ana)
    claim, evidence = verdict.claim, verdict.claim.evidence.get()
    assert say(claim, ana, "  Ask the office.\r\n").text == "Ask the office."
    assert say(claim, ana, evidence=evidence).about == "evidence"
    assert say(claim, ana, verdict=verdict).about == "verdict"
    assert AuditEntry.objects.filter(verb="comment.added").count() == 3


def test_a_reply_joins_the_thread_and_what_it_is_about():
    ana, ben = factories.make_user(), factories.make_user()
    verdict = factories.make_submitted_verdict(ana)
    first = say(verdict.claim, ana, verdict=verdict)
    reply = say(verdict.claim, ben, "It is.", parent=first)
    deeper = say(verdict.claim, ana, "Thanks.", parent=reply)
    assert (reply.parent, deeper.parent) == (first, first)
    assert reply.verdict == deeper.verdict == verdict


def test_a_comment_on_a_source_outlives_it():
    ana = factories.make_user()
    task = factories.make_taken_task(ana)
    evidence = factories.make_evidence(task.claim, ana)
    comment = say(task.claim, ana, evidence=evidence)
    remove_evidence(evidence, by=ana)
    comment.refresh_from_db()
    assert (comment.about, comment.evidence, comment.source) == ("evidence", None, evidence.source)
    with pytest.raises(ActionRefused, match="not on the board any more"):
        say(task.claim, ana, evidence=evidence)


def test_nobody_talks_about_a_draft_or_about_another_claims_things():
    ana = factories.make_user()
    task = factories.make_taken_task(ana)
    draft = save_draft(task, by=ana, rating=None, summary="A try", rationale="")
    with pytest.raises(ActionRefused, match="Nobody has proposed this verdict yet"):
        say(task.claim, ana, verdict=draft)
    other = factories.make_submitted_verdict(ana)
    for foreign in ({"verdict": other}, {"evidence": other.claim.evidence.get()}):
        with pytest.raises(ActionRefused):
            say(task.claim, ana, **foreign)
    with pytest.raises(ActionRefused, match="not here any more"):
        say(task.claim, ana, parent=say(other.claim, ana))


@pytest.mark.parametrize(("text", "why"), [("  \n ", "Write something"), ("x" * 5001, "5,001")])
def test_empty_and_endless_comments_are_refused_at_their_field(text: str, why: str):
    with pytest.raises(ActionRefused, match=why) as refused:
        say(factories.make_claim(), factories.make_user(), text)
    assert refused.value.field == "text"


def test_the_database_refuses_what_must_not_be():
    ana, claim = factories.make_user(), factories.make_claim()
    first = say(claim, ana)
    reply = say(claim, ana, parent=first)
    wrong: list[dict[str, Any]] = [
        {"parent": reply},  # a thread has one level
        {"parent": first, "claim": factories.make_claim()},
        {"about": "verdict"},  # of which?
        {"text": ""},
        {"removed_at": timezone.now(), "removed_by": ana},  # with its words
    ]
    for fields in wrong:
        with pytest.raises(IntegrityError), transaction.atomic():
            Comment.objects.create(**{"claim": claim, "author": ana, "text": "Words", **fields})
    with pytest.raises(DatabaseError, match="Cannot delete"), transaction.atomic():
        first.delete()


# --- whom it tells


@pytest.mark.parametrize("name", ["@Mara Okafor", "@mara okafor", "@mara@desk.example", "@Mara"])
def test_who_is_mentioned_is_told_once_and_nobody_else(name: str):
    ana, claim = factories.make_user(name="Ana Lind"), factories.make_claim()
    mara = factories.make_user(name="Mara Okafor", email="mara@desk.example")
    factories.make_user(name="Marabel Okafor")
    comment = say(claim, ana, f"Could you look, {name}? Thanks, {name}.")
    notice = Notification.objects.get()
    assert (notice.user, notice.kind, notice.by, notice.claim) == (mara, "mentioned", ana, claim)
    assert "Ana Lind mentioned you" in notice.text
    marked = [comment.text[m.start : m.end] for m in comment.mentions.all()]
    assert marked == [name, name]


def test_the_longer_name_wins_and_unknown_names_are_said():
    ana, claim = factories.make_user(name="Ana"), factories.make_claim()
    jo, joan = factories.make_user(name="Jo Li"), factories.make_user(name="Jo Li Chen")
    posted = add_comment(claim, by=ana, text="@Jo Li Chen, @Nobody and a@b.example, @Jo Li.")
    assert told("mentioned") == {jo, joan}
    assert posted.unknown == ["Nobody"]


def test_a_name_of_two_people_has_to_be_made_clear():
    ana, claim = factories.make_user(name="Ana"), factories.make_claim()
    for number in "12":
        factories.make_user(name="Sam Lee", email=f"sam{number}@desk.example")
    for text in ("@Sam Lee?", "@Sam?"):
        with pytest.raises(ActionRefused, match="More than one person is called “Sam") as refused:
            say(claim, ana, text)
        assert refused.value.field == "text"
    say(claim, ana, "@sam2@desk.example?")
    assert {user.email for user in told("mentioned")} == {"sam2@desk.example"}


def test_nobody_is_told_of_what_they_may_not_see():
    ana, claim = factories.make_user(name="Ana"), factories.make_claim()
    factories.make_user(Role.LEAD, factories.make_desk("health"), name="Hal Health")
    factories.make_user(name="Gone Away", is_active=False)
    posted = add_comment(claim, by=ana, text="@Hal Health, @Gone Away, @Ana: look.")
    assert posted.unknown == ["Hal", "Gone"]
    assert not Notification.objects.exists()


def test_a_conversation_tells_those_in_it_and_those_whose_work_it_is():
    ana, ben, cleo, dan = (factories.make_user(name=name) for name in ("Ana", "Ben", "Cleo", "Dan"))
    task = factories.make_taken_task(ana)
    evidence = factories.make_evidence(task.claim, ana)
    first = say(task.claim, ben, evidence=evidence)
    assert told("commented") == {ana}
    say(task.claim, cleo, "I think so, @Dan?", parent=first)
    assert (told("commented"), told("mentioned")) == ({ana, ben}, {dan})


def test_an_edit_tells_only_who_is_mentioned_anew():
    ana, ben, cleo = (factories.make_user(name=name) for name in ("Ana", "Ben", "Cleo"))
    claim = factories.make_claim()
    comment = say(claim, ana, "@Ben, look.")
    posted = edit_comment(comment, by=ana, text="@Ben and @Cleo, look.")
    assert Notification.objects.filter(user=ben).count() == 1
    assert told("mentioned") == {ben, cleo}
    assert posted.comment.edited_at
    assert posted.comment.mentions.count() == 2


# --- changing and removing


def test_words_are_changed_by_their_author_for_some_minutes(settings: Any):
    ana, claim = factories.make_user(), factories.make_claim()
    comment = say(claim, ana)
    with pytest.raises(NotPermitted, match="Only who wrote"):
        edit_comment(comment, by=factories.make_user(Role.LEAD), text="Mine")
    late = timezone.now() - timedelta(minutes=settings.COMMENT_EDIT_MINUTES + 1)
    Comment.objects.filter(pk=comment.pk).update(created_at=late)
    with pytest.raises(NotPermitted, match="15 minutes"):
        edit_comment(comment, by=ana, text="Too late")


def test_a_removed_comment_leaves_a_trace_but_no_words():
    ana, ben = factories.make_user(name="Ana"), factories.make_user(name="Ben")
    claim = factories.make_claim()
    comment = say(claim, ana, "A libel about somebody, @Ben.")
    for person in (ben, factories.make_user(Role.EDITOR)):
        with pytest.raises(NotPermitted, match="a lead of the claim's desk"):
            remove_comment(comment, by=person)
    lead = factories.make_user(Role.LEAD)
    remove_comment(comment, by=lead)
    comment.refresh_from_db()
    assert (comment.text, comment.removed_by, comment.author) == ("", lead, ana)
    assert comment.removed_at
    notice = Notification.objects.get()
    assert "libel" not in notice.text
    assert notice.email == "never"
    with pytest.raises(NotPermitted, match="removed already"):
        remove_comment(comment, by=ana)
    with pytest.raises(NotPermitted, match="was removed"):
        edit_comment(comment, by=ana, text="Back")


# --- who reads and writes


def test_the_ladder_of_who_reads_comments():
    claim = factories.make_claim()
    comment = say(claim, factories.make_user())
    health = factories.make_desk("health")

    def reads(user: Any) -> bool:
        return Comment.objects.visible_to(user).filter(pk=comment.pk).exists()

    assert not reads(AnonymousUser())
    assert not reads(factories.make_user(None))
    assert not reads(factories.make_user(Role.LEAD, health))
    assert reads(factories.make_user(Role.MODERATOR, health))
    assert all(reads(factories.make_user(role)) for role in Role)
    with pytest.raises(NotPermitted, match="Only people who see the claim"):
        say(claim, factories.make_user(Role.LEAD, health))


def test_a_blind_reviewer_neither_reads_nor_hears_what_others_say():
    author, blind = factories.make_user(name="Ana"), factories.make_user(Role.EDITOR, name="Bo Blind")
    verdict = factories.make_submitted_verdict(author)
    claim = verdict.claim
    before = say(claim, author, "It is false, @Bo Blind", verdict=verdict)
    task = make_blind(blind, claim)
    say(claim, author, "I rated it false.")
    posted = add_comment(claim, by=author, text="@Bo Blind, it is false.")
    assert posted.unknown == ["Bo"]
    assert not Comment.objects.visible_to(blind).exists()
    assert [notice.comment for notice in Notification.objects.filter(user=blind)] == [before]
    assert not Notification.objects.visible_to(blind).exists()
    with pytest.raises(NotPermitted, match="reviews this claim blind"):
        say(claim, blind, "Mine")
    task.state = states.DONE
    task.lease_until = None
    task.save()
    assert Comment.objects.visible_to(blind).count() == 3
    assert Notification.objects.visible_to(blind).exists()


def test_talk_about_a_confidential_source_stays_among_those_who_may_know_it():
    ana, editor = factories.make_user(name="Ana"), factories.make_user(Role.EDITOR, name="Eve")
    other, moderator = factories.make_user(name="Otto"), factories.make_user(Role.MODERATOR, name="Mo")
    task = factories.make_taken_task(ana)
    evidence = factories.make_evidence(task.claim, ana)
    Source.objects.filter(pk=evidence.source_id).update(
        is_confidential=True, confidential_because="At risk.", desk=task.desk
    )
    evidence.refresh_from_db()
    posted = add_comment(task.claim, by=ana, text="@Eve, @Otto, @Mo: meet her?", evidence=evidence)
    assert posted.unknown == ["Otto", "Mo"]
    assert told("mentioned") == {editor}
    remove_evidence(evidence, by=ana)
    for person in (other, moderator):
        assert not Comment.objects.visible_to(person).exists()
        with pytest.raises(ActionRefused, match="not on the board"):
            say(task.claim, person, evidence=evidence)
    assert Comment.objects.visible_to(editor).exists()
    notice = Notification.objects.visible_to(editor).get()
    editor.memberships.update(role=Role.CHECKER)
    assert not Notification.objects.visible_to(User.objects.get(pk=editor.pk)).filter(pk=notice.pk).exists()


def test_a_notice_of_the_finding_never_reaches_a_blind_reviewer():
    blind, claim = factories.make_user(), factories.make_claim()
    make_blind(blind, claim)
    assert notify([blind], "published", text="False!", claim=claim, key="publication:1") == 0
    assert notify([blind], "assigned", text="Yours.", claim=claim, key="task:1") == 1
    assert notify([blind], "assigned", text="False.", claim=claim, key="task:2", tells_verdict=True) == 0


@pytest.mark.parametrize("state", ["queued", "taken", "done"])
def test_the_rules_of_who_may_know_a_finding_say_the_same(state: str):
    author, blind, second = (factories.make_user(Role.EDITOR) for _ in range(3))
    verdict = factories.make_submitted_verdict(author)
    claim = verdict.claim
    take_task(ReviewTask.objects.get(claim=claim, kind=TaskKind.SECOND_REVIEW), by=second)
    comment = say(claim, author, "I say false.", verdict=verdict)
    task = make_blind(blind, claim)
    if state == "queued":
        ReviewTask.objects.filter(pk=task.pk).update(state="queued", assignee=None, lease_until=None)
    if state == "done":
        ReviewTask.objects.filter(pk=task.pk).update(state="done", lease_until=None)
    people = [
        *(author, blind, second, factories.make_user(), factories.make_user(Role.LEAD)),
        *(factories.make_user(Role.MODERATOR), factories.make_user(None, is_superuser=True)),
    ]
    by_policy = {one.pk for one in people if may_see_verdict(one, claim.pk)}
    assert people_who_may_know(claim.pk, [one.pk for one in people]) == by_policy
    readers = {one.pk for one in people if Comment.objects.visible_to(one).filter(pk=comment.pk).exists()}
    assert readers == by_policy
    assert {one.pk for one in people_to_talk_to(claim.pk)} & {one.pk for one in people} == by_policy
    assert len(by_policy) == {"queued": 4, "taken": 4, "done": 7}[state]


def test_talking_about_the_claim_keeps_ones_task_on_it():
    ana = factories.make_user()
    task = factories.make_taken_task(ana)
    soon = timezone.now() + timedelta(minutes=5)
    ReviewTask.objects.filter(pk=task.pk).update(lease_until=soon)
    say(task.claim, factories.make_user())
    task.refresh_from_db()
    assert task.lease_until == soon
    say(task.claim, ana)
    task.refresh_from_db()
    assert task.lease_until > soon
