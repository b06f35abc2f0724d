"""The pages of drafts: for their author, kept by no cache, without a script too."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from django.test import Client
from django.urls import reverse

from claims import states
from claims.actions.drafts import bring_draft, publish_draft, throw_draft_away
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
    assert "<strong>1</strong> number without a source<" in page


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
    address = reverse("web:draft_detail", args=[draft.pk])
    response = signed_in.post(reverse("web:draft_publish", args=[draft.pk]))
    article = reverse("web:article_detail", args=[Article.objects.get().pk])
    assert response["Location"] == article
    assert "An article now" in signed_in.get(LIST).text
    kept = signed_in.get(address).text
    assert "<del>90</del> <ins>900</ins>" in kept, "the remarks on quotations stay"
    assert f'href="{article}"' in kept
    assert "bring it in" not in kept and "Mend it" not in kept


def test_the_page_of_the_article_leads_its_author_alone_to_what_was_found(
    client: Client, draft: Draft, checker: User
) -> None:
    article = publish_draft(draft, by=checker)
    pages = {}
    for who in (checker, factories.make_user(Role.LEAD)):
        client.force_login(who)
        pages[who] = client.get(reverse("web:article_detail", args=[article.pk])).text
    link = f'href="{reverse("web:draft_detail", args=[draft.pk])}"'
    assert [link in page for page in pages.values()] == [True, False]
    assert "What the look before found" in pages[checker]
    throw_draft_away(draft, by=checker)
    client.force_login(checker)
    assert (
        "What the look before found" not in client.get(reverse("web:article_detail", args=[article.pk])).text
    )


def remarks_of_every_kind(draft: Draft) -> None:
    """In the text from the least dangerous to the most."""
    claim = {**CLAIM, "unsourced": False, "known": []}
    known = {"text": "x", "rating": "Half true", "publisher": "Us", "url": "", "grade": "", "reasons": []}
    near = {"found": "near", "said": "We have built", "changes": [{"kind": "gone", "text": "have"}]}
    drift = {"found": "near", "said": "We lied", "changes": [{"kind": "come", "text": "never"}]}
    figure = {"within": [0, 9], "claimant": "Ann Lee", "said": "By 14 percent.", "instead": "14 percent"}
    place = iter(range(7))

    def at(one: dict[str, object]) -> dict[str, object]:
        number = next(place)
        return {**one, "start": number * 3, "end": number * 3 + 2}

    claims = [at(claim)]
    small = at(near)
    claims += [at({**claim, "known": [known]}), at({**claim, "unsourced": True})]
    draft.remarks = {"figures": [at(figure)], "quotations": [small, at(drift)]}
    claims.append(at({**claim, "known": [{**known, "rating": "False", "is_false": True}]}))
    draft.remarks["claims"] = claims
    draft.save(update_fields=["remarks"])


def shown(page: str) -> list[str]:
    """The keys of the cards, in order."""
    return re.findall(r'data-claim-card="(\d+)"', page)


def test_the_most_dangerous_remarks_stand_first_or_as_in_the_text(signed_in: Client, draft: Draft) -> None:
    remarks_of_every_kind(draft)
    address = reverse("web:draft_detail", args=[draft.pk])
    page = signed_in.get(address).text
    assert shown(page) == ["7", "6", "5", "4", "3", "2", "1"]
    assert shown(signed_in.get(f"{address}?order=text").text) == ["1", "2", "3", "4", "5", "6", "7"]
    assert shown(signed_in.get(f"{address}?order=nonsense").text) == shown(page)
    assert 'href="?order=danger#claims" aria-current="true"' in page
    assert 'href="?order=text#claims" aria-current="true"' in signed_in.get(f"{address}?order=text").text


def test_counts_lead_to_the_first_remark_of_their_kind(signed_in: Client, draft: Draft) -> None:
    remarks_of_every_kind(draft)
    page = signed_in.get(reverse("web:draft_detail", args=[draft.pk])).text
    for key, words in (
        (7, "rated false already"),
        (6, "quotation not as it was said"),
        (5, "figure not as in the transcript"),
        (4, "number without a source"),
        (1, "other claim"),
    ):
        assert f'<a href="#claim-{key}"><strong>1</strong> {words}</a>' in page
        assert f'id="claim-{key}"' in page
    assert "<del>14 percent</del>" in page
    assert "By 14 percent." in page


def test_while_it_is_read_the_order_is_kept(signed_in: Client, checker: User) -> None:
    draft = bring_draft(by=checker, desk=factories.make_desk(), body=BODY)
    page = signed_in.get(f"{reverse('web:draft_detail', args=[draft.pk])}?order=text").text
    assert "?seen=unread&amp;order=text" in page


def test_the_date_of_publication_is_asked_for_and_kept_by_ones_own_clock(signed_in: Client) -> None:
    session = signed_in.session
    session["time_zone"] = "America/New_York"
    session.save()
    page = signed_in.get(LIST).text
    assert "Published on" in page and "read by it" in page
    sent = {"body": BODY, "transcript": "", "title": "", "desk": factories.make_desk().pk}
    signed_in.post(LIST, {**sent, "published_at": "2026-03-12T09:30"})
    draft = Draft.objects.get()
    assert draft.published_at == datetime(2026, 3, 12, 13, 30, tzinfo=UTC)
    assert 'value="2026-03-12T09:30"' in signed_in.get(f"{LIST}?from={draft.pk}").text
    signed_in.post(LIST, {**sent, "published_at": ""})
    assert Draft.objects.latest("pk").published_at is None


def test_errors_keep_what_was_typed(signed_in: Client) -> None:
    response = signed_in.post(LIST, {"body": " ", "transcript": "Kept", "desk": factories.make_desk().pk})
    assert response.status_code == 422
    page = response.content.decode()
    assert "There is no text here" in page or "Paste the text of the draft" in page
    assert "Kept</textarea>" in page
