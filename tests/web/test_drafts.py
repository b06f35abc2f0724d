"""The pages of drafts: for their author, kept by no cache, without a script too."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from claims import states
from claims.actions.drafts import bring_draft
from claims.models import Article, Draft
from claimtracker.accounts.models import Role, User
from tests import factories
from tests.claims.test_drafts import BODY, CLAIM, TRANSCRIPT

pytestmark = pytest.mark.django_db
LIST = reverse("web:drafts")


@pytest.fixture
def draft(checker: User) -> Draft:
    draft = bring_draft(
        by=checker, desk=factories.make_desk(), body=BODY, transcript=TRANSCRIPT, title="Homes"
    )
    known = {"text": "Crime rose", "rating": "False", "publisher": "Us", "url": "https://us.example/1"}
    known |= {"grade": "strong", "reasons": ["40 there, 40 here"]}
    draft.state = states.READ
    draft.save(update_fields=["state"])
    quotation = {"start": 52, "end": 91, "found": "missing", "said": "We have built 90", "similarity": 0.8}
    quotation["changes"] = [{"kind": "gone", "text": "90"}, {"kind": "come", "text": "900"}]
    draft.state = states.LOOKED_UP
    draft.remarks = {"claims": [{**CLAIM, "known": [known]}], "quotations": [quotation]}
    draft.save(update_fields=["state", "remarks"])
    return draft


def test_a_draft_is_pasted_and_shown_with_its_remarks(signed_in: Client, draft: Draft) -> None:
    desk = factories.make_desk().pk
    response = signed_in.post(LIST, {"body": BODY, "transcript": "", "title": "", "desk": desk})
    assert response.status_code == 302
    waiting = signed_in.get(response["Location"])
    assert "The draft is being read" in waiting.content.decode()
    assert "no-store" in waiting["Cache-Control"]
    page = signed_in.get(reverse("web:draft_detail", args=[draft.pk])).content.decode()
    assert "2 remarks" in page
    assert "<del>90</del> <ins>900</ins>" in page
    assert "A check of this is known" in page
    assert "https://us.example/1" in page
    assert "hx-get" not in page.split('id="reader"')[1].split(">")[0], "nothing is waited for"


def test_one_of_a_kind_is_counted_as_one(signed_in: Client, draft: Draft) -> None:
    draft.remarks = {"claims": [{**CLAIM, "known": []}], "quotations": []}
    draft.save(update_fields=["remarks"])
    page = signed_in.get(reverse("web:draft_detail", args=[draft.pk])).content.decode()
    assert "1 number without a source<" in page


def test_it_is_mended_and_looked_at_again_by_its_author_alone(signed_in: Client, draft: Draft) -> None:
    again = f"{LIST}?from={draft.pk}"
    assert again in signed_in.get(reverse("web:draft_detail", args=[draft.pk])).text
    form = signed_in.get(again).context["form"]
    assert (form["body"].value(), form["transcript"].value()) == (draft.body, draft.transcript)
    other = Client()
    other.force_login(factories.make_user(Role.LEAD))
    assert other.get(again).status_code == 404
    assert signed_in.get(f"{LIST}?from=nonsense").status_code == 200


def test_while_it_is_read_the_page_asks_and_gets_nothing_twice(signed_in: Client, checker: User) -> None:
    draft = bring_draft(by=checker, desk=factories.make_desk(), body=BODY)
    address = reverse("web:draft_detail", args=[draft.pk])
    asked = {"headers": {"HX-Request": "true"}}
    assert signed_in.get(f"{address}?seen=unread", **asked).status_code == 204
    part = signed_in.get(f"{address}?seen=read", **asked).content.decode()
    assert part.strip().startswith('<div class="reader"')


@pytest.mark.parametrize("role", [Role.LEAD, Role.MODERATOR])
@pytest.mark.parametrize("name", ["draft_detail", "draft_throw_away", "draft_publish"])
def test_it_is_nobody_elses(client: Client, draft: Draft, role: str, name: str) -> None:
    client.force_login(factories.make_user(role))
    address = reverse(f"web:{name}", args=[draft.pk])
    response = client.get(address) if name == "draft_detail" else client.post(address)
    assert response.status_code == 404
    assert Draft.objects.filter(pk=draft.pk).exists()
    assert "Homes" not in client.get(LIST).content.decode()


def test_it_is_thrown_away_or_becomes_an_article(signed_in: Client, draft: Draft, checker: User) -> None:
    other = bring_draft(by=checker, desk=factories.make_desk(), body="Another text.")
    assert signed_in.post(reverse("web:draft_throw_away", args=[other.pk]))["Location"] == LIST
    response = signed_in.post(reverse("web:draft_publish", args=[draft.pk]))
    assert response["Location"] == reverse("web:article_detail", args=[Article.objects.get().pk])
    assert not Draft.objects.exists()


def test_errors_keep_what_was_typed(signed_in: Client) -> None:
    response = signed_in.post(LIST, {"body": " ", "transcript": "Kept", "desk": factories.make_desk().pk})
    assert response.status_code == 422
    page = response.content.decode()
    assert "There is no text here" in page or "Paste the text of the draft" in page
    assert "Kept</textarea>" in page
