"""Sources as records of their own: once per address, and confidential ones seen by named people only."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, transaction

from claimtracker.accounts.models import Role
from claimtracker.kernel.errors import ActionRefused, NotPermitted
from claimtracker.ledger.models import AuditEntry
from reviews.actions.assignment import take_task
from reviews.actions.evidence import add_evidence, remove_evidence
from reviews.actions.publishing import build_snapshot
from reviews.actions.sources import edit_source, name_source, protect_source
from reviews.models import Source
from reviews.selectors.cited import evidence_facts, shown_to
from tests import factories

pytestmark = pytest.mark.django_db

SECRET = {"is_confidential": True, "confidential_because": "Her employer would dismiss her."}


@pytest.fixture
def checker():
    return factories.make_user(name="Mara Okafor")


def secret_evidence(claim, by, **fields):
    return factories.make_evidence(claim, by, **{**SECRET, "title": "Leaked memo", **fields})


def test_one_address_is_one_source_however_it_is_spelled(checker):
    first = factories.make_evidence(
        factories.make_claim(), checker, url="https://Stats.example/a?utm_source=x#top"
    )
    second = factories.make_evidence(factories.make_claim(), checker, url="https://stats.example/a")
    assert first.source == second.source
    assert first.source.url == "https://stats.example/a"
    assert first.source.added_by == checker


def test_a_confidential_source_is_seen_by_named_people_only(checker):
    desk = factories.make_desk()
    claim = factories.make_claim()
    source = secret_evidence(claim, checker).source
    editor, lead = factories.make_user(Role.EDITOR, desk), factories.make_user(Role.LEAD, desk)
    others = [
        AnonymousUser(),
        factories.make_user(None),
        factories.make_user(Role.REPORTER, desk),
        factories.make_user(Role.CHECKER, desk),
        factories.make_user(Role.MODERATOR, desk),
        factories.make_user(Role.LEAD, factories.make_desk("sport")),
        factories.make_user(None, is_superuser=True, is_staff=True),
    ]

    def sees(user):
        return Source.objects.visible_to(user).filter(pk=source.pk).exists()

    assert [sees(user) for user in (checker, editor, lead)] == [True] * 3
    assert [sees(user) for user in others] == [False] * len(others)
    colleague = others[3]
    task = take_task(factories.make_task(claim), by=colleague)
    assert sees(colleague), "whoever has the task works with it"
    task.refresh_from_db()
    assert task.assignee == colleague


def test_an_open_source_is_seen_where_its_claims_are(checker):
    source = factories.make_evidence(factories.make_claim(), checker).source
    seen = Source.objects.visible_to
    assert seen(factories.make_user(Role.REPORTER)).get() == source
    assert seen(factories.make_user(Role.MODERATOR, factories.make_desk("sport"))).get() == source
    assert not seen(factories.make_user(Role.LEAD, factories.make_desk("world"))).exists()
    assert not seen(AnonymousUser()).exists()


def test_nobody_learns_of_a_confidential_source_by_citing_its_address(checker):
    secret = secret_evidence(factories.make_claim(), checker, url="https://memo.example/1").source
    elsewhere = factories.make_user(Role.CHECKER, factories.make_desk("sport"))
    article = factories.make_article(desk=factories.make_desk("sport"))
    theirs = factories.make_evidence(
        factories.make_claim(article=article), elsewhere, url="https://memo.example/1", title="A memo"
    ).source
    assert theirs != secret
    assert (theirs.title, theirs.is_confidential) == ("A memo", False)
    editor = factories.make_user(Role.EDITOR)
    again = factories.make_evidence(factories.make_claim(), editor, url="https://memo.example/1").source
    assert again == secret, "who sees it cites it, and so does not name it by mistake"


def test_a_desk_protects_an_address_once(checker):
    secret_evidence(factories.make_claim(), checker, url="https://memo.example/1")
    colleague = factories.make_user()
    with pytest.raises(ActionRefused) as refused:
        secret_evidence(factories.make_claim(), colleague, url="https://memo.example/1")
    assert (refused.value.code, refused.value.field) == ("already_there", "url")


def test_a_confidential_source_says_why(checker):
    with pytest.raises(ActionRefused) as refused:
        factories.make_evidence(factories.make_claim(), checker, is_confidential=True)
    assert refused.value.field == "confidential_because"
    source = factories.make_evidence(factories.make_claim(), checker).source
    with pytest.raises(IntegrityError), transaction.atomic():
        Source.objects.filter(pk=source.pk).update(is_confidential=True)
    with pytest.raises(ActionRefused):
        protect_source(source, by=checker, because=" ")


def test_the_public_snapshot_withholds_it_and_says_so(checker):
    claim = factories.make_claim()
    facts = evidence_facts(
        secret_evidence(
            claim, checker, quotation="We knew of it.", note="She said so.", interest_note="Her job."
        )
    )
    assert facts["is_withheld"] and facts["stance"] == "refutes"
    assert not [value for value in (facts["quotation"], facts["note"]) if value]
    assert facts["source"] == {
        "title": "A source that we do not name",
        "kind": "primary",
        "accessed_at": None,
        "publisher": "",
        "url": "",
        "citation": "",
        "interest_note": "",
    }
    named = factories.make_evidence(claim, checker, interest_note="Sells the machines.")
    assert evidence_facts(named)["source"]["interest_note"] == "Sells the machines."
    assert "Leaked memo" not in str(build_snapshot.__doc__)


def test_what_a_colleague_may_not_see_is_blank_before_any_page_gets_it(checker):
    claim = factories.make_claim()
    secret_evidence(claim, checker, quotation="We knew of it.", note="She said so.")
    factories.make_evidence(claim, checker, title="Open table")
    rows = claim.evidence.select_related("source").order_by("id")
    hidden, shown = shown_to(rows, factories.make_user())
    assert (hidden.is_withheld, hidden.source.title, hidden.quotation, hidden.note) == (
        True,
        "A confidential source",
        "",
        "",
    )
    assert hidden.source.url == hidden.source.publisher == hidden.source.citation == ""
    assert (shown.is_withheld, shown.source.title) == (False, "Open table")
    assert shown_to(rows.all(), checker)[0].source.title == "Leaked memo"


def test_who_may_not_see_it_does_not_take_it_off_the_board(checker):
    evidence = secret_evidence(factories.make_claim(), checker)
    with pytest.raises(NotPermitted):
        remove_evidence(evidence, by=factories.make_user())
    remove_evidence(evidence, by=checker)


def test_a_source_is_edited_by_who_may_cite_it(checker):
    source = factories.make_evidence(factories.make_claim(), checker).source
    edited = edit_source(
        source, by=factories.make_user(), interest_note=" Paid by the council. ", title="Table A"
    )
    assert (edited.title, edited.interest_note) == ("Table A", "Paid by the council.")
    entry = AuditEntry.objects.get(verb="source.edited")
    assert entry.details == {"fields": ["title", "interest_note"]}
    edit_source(source, by=checker, title="Table A")
    assert AuditEntry.objects.filter(verb="source.edited").count() == 1, "nothing changed"
    with pytest.raises(NotPermitted):
        edit_source(source, by=factories.make_user(Role.REPORTER), title="Mine")
    with pytest.raises(Source.DoesNotExist):
        edit_source(source, by=factories.make_user(Role.LEAD, factories.make_desk("sport")), title="Mine")
    for field, wrong in (("title", " "), ("publisher", ""), ("kind", "rumour")):
        with pytest.raises(ActionRefused):
            edit_source(source, by=checker, **{field: wrong})


def test_while_a_verdict_waits_its_sources_are_closed_but_can_be_protected(checker):
    verdict = factories.make_submitted_verdict(checker)
    source = verdict.claim.evidence.get().source
    with pytest.raises(NotPermitted) as refused:
        edit_source(source, by=checker, title="Another title")
    assert refused.value.code == "closed"
    assert protect_source(source, by=checker, because="She was threatened.").is_confidential


def test_protection_is_given_by_checkers_and_lifted_by_editors(checker):
    claim = factories.make_claim()
    source = factories.make_evidence(claim, checker).source
    source = protect_source(source, by=checker, because="She was threatened.")
    assert (source.is_confidential, source.desk, str(source)) == (
        True,
        claim.desk,
        f"Confidential source {source.pk}",
    )
    with pytest.raises(ActionRefused):
        protect_source(source, by=checker, because="Again.")
    with pytest.raises(NotPermitted):
        name_source(source, by=checker)
    source = name_source(source, by=factories.make_user(Role.EDITOR))
    assert (source.is_confidential, source.desk, source.confidential_because) == (False, None, "")
    verbs = AuditEntry.objects.filter(subject_type="reviews.source").order_by("id")
    assert [entry.verb for entry in verbs] == ["source.protected", "source.named"]
    assert "threatened" not in str([entry.details for entry in verbs])


def test_protection_is_not_lifted_where_another_source_has_the_address(checker):
    secret = secret_evidence(factories.make_claim(), checker, url="https://memo.example/1").source
    desk = factories.make_desk("sport")
    other = factories.make_user(Role.CHECKER, desk)
    claim = factories.make_claim(article=factories.make_article(desk=desk))
    add_evidence(
        claim, by=other, stance="context", title="A memo", publisher="X", url="https://memo.example/1"
    )
    with pytest.raises(ActionRefused) as refused:
        name_source(secret, by=factories.make_user(Role.LEAD))
    assert refused.value.code == "already_there"
