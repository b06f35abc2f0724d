"""Conversations on the claim's page: posting, answering, changing, removing, completing names."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from claims.models import Claim
from claimtracker.accounts.models import Role, User
from reviews.actions.discussion import add_comment
from reviews.models import Comment, Notification
from tests import factories

pytestmark = pytest.mark.django_db


def in_as(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def page(claim: Claim) -> str:
    return reverse("reviews:claim_detail", args=[claim.pk])


def post(client: Client, name: str, *args: int, **fields: object):
    return client.post(reverse(f"reviews:{name}", args=args), fields)


@pytest.fixture
def claim(db: None) -> Claim:
    return factories.make_claim()


@pytest.fixture
def ana(claim: Claim) -> User:
    return factories.make_user(name="Ana Lind")


def test_a_conversation_from_the_first_words_to_the_last(claim: Claim, ana: User):
    ben = factories.make_user(name="Ben Roy")
    client, other = in_as(ana), in_as(ben)
    assert "Start a conversation" in client.get(page(claim)).content.decode()
    sent = {"talk-about": "claim", "talk-text": "Which year, @Ben Roy?\r\n<b>Sure?</b>"}
    response = post(client, "comment_add", claim.pk, **sent)
    first = Comment.objects.get()
    assert response["Location"] == f"{page(claim)}#comment-{first.pk}"
    shown = other.get(page(claim)).content.decode()
    assert '<strong class="comment__name">@Ben Roy</strong>?<br>&lt;b&gt;Sure?&lt;/b&gt;' in shown
    post(other, "comment_add", claim.pk, parent=first.pk, **{f"reply-{first.pk}-text": "2019."})
    reply = Comment.objects.latest("pk")
    assert reply.parent == first
    post(other, "comment_edit", claim.pk, reply.pk, **{f"edit-{reply.pk}-text": "2020."})
    shown = client.get(page(claim)).content.decode()
    assert "2020." in shown
    assert "2019." not in shown
    post(other, "comment_remove", claim.pk, reply.pk)
    shown = client.get(page(claim)).content.decode()
    assert "Removed by who wrote it" in shown
    assert "2020." not in shown


def test_an_address_that_was_typed_reads_as_the_persons_name(claim: Claim, ana: User):
    ben = factories.make_user(name="Ben Roy")
    add_comment(claim, by=ana, text=f"@{ben.email.upper()}, is this table 5?")
    shown = in_as(ben).get(page(claim)).content.decode()
    assert f'<strong class="comment__name" title="@{ben.email.upper()}">@Ben Roy</strong>, is this' in shown
    assert "“@Ben Roy, is this table 5?”" in Notification.objects.get(user=ben).text


def test_a_source_and_the_verdict_are_talked_about(ana: User):
    verdict = factories.make_submitted_verdict(ana)
    evidence = verdict.claim.evidence.get()
    client = in_as(factories.make_user(Role.EDITOR))
    form = client.get(f"{page(verdict.claim)}?about=evidence-{evidence.pk}").content.decode()
    assert f'<option value="evidence-{evidence.pk}" selected>' in form
    for about in (f"evidence-{evidence.pk}", "verdict"):
        post(client, "comment_add", verdict.claim_id, **{"talk-about": about, "talk-text": "Hm."})
    assert list(Comment.objects.values_list("about", flat=True)) == ["evidence", "verdict"]
    refused = post(
        client, "comment_add", verdict.claim_id, **{"talk-about": "evidence-0", "talk-text": "My words"}
    )
    assert refused.status_code == 422
    assert "not on the board any more" in refused.content.decode()
    assert "My words" in refused.content.decode()


def test_refusals_keep_the_words_and_name_the_mend(claim: Claim, ana: User):
    client = in_as(ana)
    empty = post(client, "comment_add", claim.pk, **{"talk-about": "claim", "talk-text": " "})
    assert (empty.status_code, "Write something first" in empty.content.decode()) == (422, True)
    for number in "12":
        factories.make_user(name="Sam Lee", email=f"sam{number}@desk.example")
    unclear = post(client, "comment_add", claim.pk, **{"talk-about": "claim", "talk-text": "@Sam Lee?"})
    assert unclear.status_code == 422
    assert "More than one person is called “Sam Lee”" in unclear.content.decode()
    posted = client.post(
        reverse("reviews:comment_add", args=[claim.pk]),
        {"talk-about": "claim", "talk-text": "@Nobody?"},
        follow=True,
    )
    assert "Nobody called “@Nobody” reads this" in posted.content.decode()
    comment = Comment.objects.get()
    Comment.objects.update(created_at=timezone.now() - timedelta(hours=1))
    late = post(client, "comment_edit", claim.pk, comment.pk, **{f"edit-{comment.pk}-text": "Newer words"})
    assert late.status_code == 409
    assert "Newer words" in late.content.decode()
    assert "Write another" in late.content.decode()


def test_the_ladder(claim: Claim, ana: User):
    comment = add_comment(claim, by=ana, text="Secret talk").comment
    addresses = [
        reverse("reviews:discussion", args=[claim.pk]),
        reverse("reviews:comment_people", args=[claim.pk]),
        reverse("reviews:comment_detail", args=[claim.pk, comment.pk]),
    ]
    stranger = in_as(factories.make_user(Role.LEAD, factories.make_desk("health")))
    colleague = in_as(factories.make_user(Role.CHECKER))
    for address in addresses:
        assert Client().get(address)["Location"].startswith(reverse("account_login"))
        assert stranger.get(address).status_code == 404
        assert colleague.get(address).status_code == 200
    for name, args in (
        ("comment_add", [claim.pk]),
        ("comment_edit", [claim.pk, comment.pk]),
        ("comment_remove", [claim.pk, comment.pk]),
    ):
        assert post(stranger, name, *args, **{"talk-text": "x"}).status_code == 404
        assert colleague.get(reverse(f"reviews:{name}", args=args))["Location"] == page(claim)
    refused = post(colleague, "comment_remove", claim.pk, comment.pk)
    assert refused.status_code == 403
    assert "Only who wrote a comment, a lead" in refused.content.decode()
    lead = in_as(factories.make_user(Role.LEAD, name="Lea Lead"))
    post(lead, "comment_remove", claim.pk, comment.pk)
    shown = colleague.get(page(claim)).content.decode()
    assert "Removed by Lea Lead" in shown
    assert "Secret talk" not in shown


def test_names_are_completed_among_those_who_may_see_the_claim(claim: Claim, ana: User):
    factories.make_user(name="Mara Okafor", email="mara@desk.example")
    factories.make_user(name="Tom Marsh")
    factories.make_user(Role.LEAD, factories.make_desk("health"), name="Marvin Else")
    address = reverse("reviews:comment_people", args=[claim.pk])
    found = in_as(ana).get(address, {"q": "mar"}).json()
    assert [one["name"] for one in found["people"]] == ["Mara Okafor", "Tom Marsh"]
    assert in_as(ana).get(reverse("reviews:comment_people", args=[claim.pk]), {"q": "ana"}).json() == {
        "people": []
    }


def test_thirty_comments_cost_as_many_queries_as_three_and_older_ones_stand_on_the_next_page(
    claim: Claim, ana: User
):
    client = in_as(ana)

    def talk(number: int) -> None:
        for n in range(number):
            first = add_comment(claim, by=ana, text=f"Thread {n}, @Ana Lind").comment
            add_comment(claim, by=factories.make_user(), text=f"Reply {n}", parent=first)

    def cost(address: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address).status_code == 200
        return len(captured)

    own = reverse("reviews:discussion", args=[claim.pk])
    talk(3)
    client.get(own)
    few = cost(own), cost(page(claim))
    talk(10)
    assert (cost(own), cost(page(claim))) == few
    shown = client.get(own)
    assert len(shown.context["threads"]) == 10
    older = client.get(f"{own}?before={shown.context['older_threads']}")
    assert [block.first.said.comment.text[:8] for block in older.context["threads"]] == [
        "Thread 2",
        "Thread 1",
        "Thread 0",
    ]
