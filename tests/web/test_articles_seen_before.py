"""What the article page says of claims that were checked before: in others' words, never in ours."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from claims.actions.families import confirm_match, merge_families, reject_match
from claims.models import Article, Claim
from claimtracker.accounts.models import Role, User
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def checker() -> User:
    return factories.make_user(name="Mara Okafor")


@pytest.fixture
def signed_in(client: Client, checker: User) -> Client:
    client.force_login(checker)
    return client


def story(claims: int) -> tuple[Article, list[Claim]]:
    sentences = [f"The city spent {n} million on road {n} last year" for n in range(1, claims + 1)]
    article = factories.make_article("A story.\n\n" + ". ".join(sentences) + ".\n")
    return article, [factories.make_claim(each, article=article) for each in sentences]


def page_of(client: Client, article: Article) -> str:
    answer = client.get(f"/articles/{article.pk}/")
    assert answer.status_code == 200
    return str(answer.text)


def snopes(rating: str = "Mostly False", name: str = "Snopes") -> object:
    return factories.make_known_claim(publisher_name=name, rating=rating)


def test_an_article_without_matches_says_nothing_of_them(signed_in: Client) -> None:
    page = page_of(signed_in, story(1)[0])
    assert "seen-mark" not in page
    assert "Repeats" not in page


def test_a_confirmed_or_strong_match_shows_the_rating_in_its_publishers_words(
    signed_in: Client, checker: User
) -> None:
    article, (sure, likely) = story(2)
    confirm_match(factories.make_match(sure, known=snopes()), by=checker)
    factories.make_strong_match(likely, known=snopes("Pants on Fire", "PolitiFact"))
    page = page_of(signed_in, article)
    assert "Rated <strong>“Mostly False”</strong> by Snopes</span>" in page
    assert "Rated <strong>“Pants on Fire”</strong> by PolitiFact, very likely the same claim" in page
    assert "Repeats 2 claims that were checked before" in page
    assert "rated “Mostly False” by Snopes" in page
    assert f'href="/claims/{sure.pk}/#seen-before"' in page


def test_what_is_only_possible_is_counted_and_not_called_a_repetition(signed_in: Client) -> None:
    article, (claim,) = story(1)
    for _ in range(2):
        factories.make_match(claim, known=snopes())
    page = page_of(signed_in, article)
    assert "Seen before: 2 possible" in page
    assert "Mostly False" not in page
    assert "Repeats" not in page


def test_rejected_unrated_and_withdrawn_ones_are_no_repetition(signed_in: Client, checker: User) -> None:
    article, (rejected, unrated, withdrawn) = story(3)
    reject_match(factories.make_strong_match(rejected, known=snopes()), by=checker)
    factories.make_strong_match(unrated, known=snopes(rating=""))
    gone = factories.make_strong_match(withdrawn, known=snopes("Satire")).known_claim
    from claims.actions.known_claims import withdraw_known_claim

    withdraw_known_claim(gone, by=factories.make_user(Role.MODERATOR), reason="A hoax site.")
    page = page_of(signed_in, article)
    assert "Repeats" not in page
    assert "Satire" not in page
    assert page.count("Seen before: 1 possible") == 1


def test_a_published_check_of_the_family_counts_without_a_match(signed_in: Client, checker: User) -> None:
    published = factories.make_publication().claim
    article, (claim,) = story(1)
    merge_families(claim, into=published, by=checker, note="The same.")
    page = page_of(signed_in, article)
    assert "Rated <strong>“False”</strong> by Claimtracker Demo Newsroom</span>" in page
    assert "Repeats 1 claim that was checked before" in page


def test_a_published_claim_does_not_repeat_itself(signed_in: Client) -> None:
    article, (claim,) = story(1)
    factories.make_publication(claim=claim)
    assert "Repeats" not in page_of(signed_in, article)


def test_a_dismissed_claim_repeats_nothing(signed_in: Client) -> None:
    article, (claim,) = story(1)
    factories.make_strong_match(claim, known=snopes())
    Claim.objects.filter(pk=claim.pk).update(state="dismissed", dismissed_because="An opinion.")
    page = page_of(signed_in, article)
    assert "Repeats" not in page
    assert "seen-mark" not in page


def test_thirty_claims_with_matches_cost_as_many_queries_as_three(signed_in: Client, checker: User) -> None:
    def cost(number: int) -> int:
        article, claims = story(number)
        published = factories.make_publication().claim
        for at, claim in enumerate(claims):
            factories.make_match(claim, known=snopes())
            if at % 2:
                factories.make_strong_match(claim, known=snopes())
            else:
                merge_families(claim, into=published, by=checker, note="The same.")
        with CaptureQueriesContext(connection) as queries:
            page_of(signed_in, article)
        return len(queries)

    cost(1)
    assert cost(3) == cost(30)
