"""Queries of the queue that are kept under a name: whose they are, who sees them."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from claimtracker.accounts.models import Membership, Role
from claimtracker.kernel.errors import ActionRefused, NotPermitted
from reviews.actions.saved_views import MOST_VIEWS, remove_view, rename_view, save_view, set_default_view
from reviews.models import DefaultView, SavedView
from reviews.policies.saved_views import can_keep_view, can_share_view
from reviews.selectors.saved_views import views_of
from tests import factories

pytestmark = pytest.mark.django_db


def test_it_keeps_the_query_as_it_is_written() -> None:
    user = factories.make_user()
    view = save_view(by=user, name="  My  roads ", show="nonsense", query="KIND:second_review  roads")
    assert (view.name, view.show, view.query) == ("My roads", "takeable", "kind:second-review roads")


def test_own_views_are_for_oneself_and_shared_ones_for_the_desk() -> None:
    politics, world = factories.make_desk("politics"), factories.make_desk("world")
    lead, checker = factories.make_user(Role.LEAD, politics), factories.make_user(desk=politics)
    outsider = factories.make_user(Role.LEAD, world)
    own = save_view(by=checker, name="Own", show="all", query="")
    shared = save_view(by=lead, name="Shared", show="all", query="late:yes", desk=politics)
    assert [[view.name for view in views_of(user)] for user in (checker, lead, outsider)] == [
        ["Own", "Shared"], ["Shared"], [],
    ]  # fmt: skip
    assert [bool(can_keep_view(user, own)) for user in (checker, lead, outsider)] == [True, False, False]
    assert [bool(can_keep_view(user, shared)) for user in (checker, lead, outsider)] == [False, True, False]
    assert [bool(can_share_view(user, politics)) for user in (checker, lead, outsider)] == [
        False,
        True,
        False,
    ]
    with pytest.raises(NotPermitted, match="Only leads of the Politics desk share"):
        save_view(by=checker, name="Mine", show="all", query="", desk=politics)
    for act in (remove_view, lambda view, by: rename_view(view, by=by, name="Other")):
        with pytest.raises(NotPermitted):
            act(shared, by=checker)


def test_a_name_stands_once() -> None:
    user, lead = factories.make_user(), factories.make_user(Role.LEAD)
    save_view(by=user, name="Late", show="late", query="")
    with pytest.raises(ActionRefused, match="There is a view “LATE” already") as refused:
        save_view(by=user, name="LATE", show="late", query="")
    assert refused.value.field == "name"
    save_view(by=lead, name="Late", show="late", query="", desk=factories.make_desk())
    with pytest.raises(IntegrityError), transaction.atomic():
        SavedView.objects.create(owner=user, name="late", show="all")
    with pytest.raises(IntegrityError), transaction.atomic():
        SavedView.objects.create(owner=user, name="late", show="all", desk=factories.make_desk())


@pytest.mark.parametrize(("name", "query"), [("", ""), ("x" * 61, ""), ("Fine", "stat:queued")])
def test_what_cannot_be_kept_is_refused(name: str, query: str) -> None:
    with pytest.raises(ActionRefused) as refused:
        save_view(by=factories.make_user(), name=name, show="all", query=query)
    assert refused.value.field == "name"


def test_there_is_a_limit() -> None:
    user = factories.make_user()
    SavedView.objects.bulk_create(SavedView(owner=user, name=f"v{n}", show="all") for n in range(MOST_VIEWS))
    with pytest.raises(ActionRefused, match="limit"):
        save_view(by=user, name="More", show="all", query="")


def test_renaming_removing_and_where_the_queue_begins() -> None:
    user = factories.make_user()
    view = rename_view(save_view(by=user, name="Old", show="all", query=""), by=user, name="New")
    assert SavedView.objects.get().name == "New"
    set_default_view(view, by=user)
    assert [one.is_default for one in views_of(user)] == [True]
    other = save_view(by=user, name="Other", show="late", query="")
    set_default_view(other, by=user)
    assert DefaultView.objects.get().view == other
    remove_view(other, by=user)
    assert not DefaultView.objects.exists()
    set_default_view(view, by=user)
    set_default_view(None, by=user)
    assert not DefaultView.objects.exists()


def test_a_default_of_a_desk_that_one_left_is_none() -> None:
    lead, checker = factories.make_user(Role.LEAD), factories.make_user()
    view = save_view(by=lead, name="Shared", show="late", query="", desk=factories.make_desk())
    set_default_view(view, by=checker)
    Membership.objects.filter(user=checker).delete()
    checker = type(checker).objects.get(pk=checker.pk)
    assert views_of(checker) == []
    with pytest.raises(ActionRefused):
        set_default_view(view, by=checker)
