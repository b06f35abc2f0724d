"""Keeping a query of the queue under a name."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from claimtracker.accounts.models import Desk, User
from claimtracker.kernel.errors import ActionRefused
from claimtracker.kernel.locking import locked_row
from claimtracker.ledger import audit

from ..models import DefaultView, SavedView
from ..policies.saved_views import can_keep_view, can_share_view
from ..queue_query import parse
from ..selectors.queue import SHOWS

MOST_VIEWS = 30
LONGEST_NAME = SavedView._meta.get_field("name").max_length or 0


@transaction.atomic
def save_view(*, by: User, name: str, show: str, query: str, desk: Desk | None = None) -> SavedView:
    """Keep what the queue shows under a name: for oneself, or (leads) for a desk. Locks the person. Raises
    NotPermitted, or ActionRefused naming the field. Audits saved_view.made."""
    if desk is not None:
        can_share_view(by, desk).enforce()
    User.objects.select_for_update(no_key=True).get(pk=by.pk)  # so that nobody gets past the limit
    parsed = parse(query)
    if parsed.problems:
        raise ActionRefused(
            _("Mend “%(word)s” in the query first.") % {"word": parsed.problems[0].word},
            code="not_readable",
            field="name",
        )
    kept = SavedView.objects.filter(desk=desk) if desk else SavedView.objects.filter(owner=by, desk=None)
    if kept.count() >= MOST_VIEWS:
        raise ActionRefused(
            _("%(most_views)s views are the limit. Remove one first.") % {"most_views": MOST_VIEWS},
            code="too_many",
            field="name",
        )
    view = SavedView(
        owner=by, desk=desk, show=show if show in SHOWS else SHOWS[0], query=parsed.text, name=_name(name)
    )
    _save(view)
    audit.record("saved_view.made", by=by, subject=view, details=_details(view))
    return view


@transaction.atomic
def rename_view(view: SavedView, *, by: User, name: str) -> SavedView:
    """Whose view it is, or the desk's leads. Locks the view. Raises NotPermitted, or ActionRefused naming the
    field. Audits saved_view.renamed."""
    view = _locked(view)
    can_keep_view(by, view).enforce()
    view.name = _name(name)
    _save(view)
    audit.record("saved_view.renamed", by=by, subject=view, details=_details(view))
    return view


@transaction.atomic
def remove_view(view: SavedView, *, by: User) -> None:
    """As rename_view. Whoever had it as their default has none then. Audits saved_view.removed."""
    view = _locked(view)
    can_keep_view(by, view).enforce()
    audit.record("saved_view.removed", by=by, subject=view, details=_details(view))
    view.delete()


@transaction.atomic
def set_default_view(view: SavedView | None, *, by: User) -> None:
    """What the queue shows this person at first: one of the views they see, or none. Not audited: it is how
    somebody likes their own page."""
    if view is None:
        DefaultView.objects.filter(user=by).delete()
        return
    if not SavedView.objects.visible_to(by).filter(pk=view.pk).exists():
        raise ActionRefused(_("This view is not there any more."), code="gone")
    DefaultView.objects.update_or_create(user=by, defaults={"view": view})


def _locked(view: SavedView) -> SavedView:
    return locked_row(SavedView.objects.select_related("desk"), view.pk)


def _name(typed: str) -> str:
    name = " ".join(typed.split())
    if not name:
        raise ActionRefused(_("Give the view a name."), code="name_missing", field="name")
    if len(name) > LONGEST_NAME:
        raise ActionRefused(
            _("Keep the name under %(longest_name)s characters.") % {"longest_name": LONGEST_NAME},
            code="too_long",
            field="name",
        )
    return name


def _save(view: SavedView) -> None:
    try:
        with transaction.atomic():
            view.save()
    except IntegrityError as error:
        raise ActionRefused(
            _("There is a view “%(name)s” already. Choose another name.") % {"name": view.name},
            code="name_taken",
            field="name",
        ) from error


def _details(view: SavedView) -> dict[str, str]:
    return {"desk": view.desk.slug if view.desk else ""}
