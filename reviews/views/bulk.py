"""What is done to several tasks of the queue at once, and undoing it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from claimtracker.accounts.access import CHECKING, roles_by_desk
from claimtracker.accounts.models import Membership, Role, User
from claimtracker.kernel.errors import ActionRefused

from ..actions.bulk import change_many
from ..actions.undoing import undo_many
from ..forms.queue import BulkForm
from ..models import BulkChange
from ..models.bulk import BulkVerb
from . import wording
from .access import person, signed_in, status_of

ADDRESS = ("show", "q", "after")  # what of the list's address a result page keeps


@dataclass(frozen=True, slots=True)
class NotDone:
    """A task that stayed as it was, with the sentence why."""

    title: str
    why: str
    claim: int


@dataclass(frozen=True, slots=True)
class Result:
    change: BulkChange
    says: str
    not_done: list[NotDone]
    worked: int
    undo_ms: int

    @property
    def broke_off(self) -> bool:
        """There is time to undo it then, and no clock runs on the page."""
        return self.change.finished_at is None

    @property
    def is_undone(self) -> bool:
        return self.change.undone_at is not None


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest) -> HttpResponse:
    """Do it, and lead back to the list as it was, with the result above it."""
    from .queue import queue_list

    if request.method != "POST":
        return redirect("reviews:queue")
    user = person(request)
    form = BulkForm(request.POST, people=people_to_give_to(user))
    ids = [int(pk) for pk in request.POST.getlist("tasks") if pk.isdecimal() and len(pk) < 18]
    if not form.is_valid():
        return queue_list(request, status=422, sent=form, picked=ids)
    verb, key = form.cleaned_data["verb"], form.cleaned_data["key"]
    try:
        done = change_many(ids, by=user, verb=verb, key=key, wanted=form.wanted())
    except ActionRefused as refusal:
        refusal.field = form.field_of(refusal.field)
        form.refuse(refusal)
        return queue_list(request, status=status_of(refusal), sent=form, picked=ids)
    return _back(request, done)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    user = person(request)
    done = get_object_or_404(BulkChange, pk=pk, by=user)
    if request.method == "POST":
        try:
            done = undo_many(done, by=user)
        except ActionRefused as refusal:
            messages.error(request, refusal.reason)
    return _back(request, done)


def _back(request: HttpRequest, done: BulkChange) -> HttpResponse:
    address = QueryDict(mutable=True)
    for name in ADDRESS:
        if value := request.GET.get(name, ""):
            address[name] = value
    address["done"] = str(done.pk)
    return redirect(f"{reverse('reviews:queue')}?{address.urlencode()}")


def people_to_give_to(user: User) -> list[User]:
    """The people of the desks that this person leads; one query, for leads only."""
    led = [desk for desk, role in roles_by_desk(user).items() if role == Role.LEAD]
    if not led:
        return []
    rows = Membership.objects.filter(desk__in=led, role__in=CHECKING, user__is_active=True)
    people = {row.user_id: row.user for row in rows.select_related("user")}
    return sorted(people.values(), key=lambda one: str(one).lower())


def bulk_context(
    user: User, sent: BulkForm | None, picked: list[int], done: str, *, can_act: bool
) -> dict[str, Any]:
    """The bar of what can be done to the ticked tasks, and the result of what was done."""
    people = people_to_give_to(user)
    roles = set(roles_by_desk(user).values())
    return {
        "bulk": sent or BulkForm(people=people),
        "bulk_key": uuid.uuid4(),
        "bulk_people": bool(people),
        "bulk_leads": Role.LEAD in roles,
        "can_bulk": can_act and bool(roles & CHECKING),
        "picked": set(picked),
        "result": result_of(user, done),
    }


def result_of(user: User, done: str) -> Result | None:
    """What became of each task, in one line and a list of those that stayed."""
    mine = BulkChange.objects.filter(by=user)
    if done:
        change = mine.filter(pk=int(done) if done.isdecimal() and len(done) < 18 else 0).first()
    else:  # nobody was shown what was done before it broke off
        change = mine.broken_off().first()
    if change is None:
        return None
    items = list(change.items.select_related("task__claim"))
    worked = [item for item in items if not item.refusal]
    stayed = [(item, item.refusal) for item in items if item.refusal]
    says = _did(BulkVerb(change.verb), len(worked))
    if change.is_broken_off():
        says = _("%(says)s It broke off: %(done)d of %(asked)d were looked at.") % {
            "says": says,
            "done": len(items),
            "asked": change.asked,
        }
    if change.undone_at is not None:
        back = sum(item.undone_at is not None for item in worked)
        says = _undid(back)
        stayed = [(item, item.kept_because) for item in worked if item.kept_because]
    not_done = [NotDone(wording.title_of(item.task.claim), why, item.task.claim_id) for item, why in stayed]
    left = 0
    if worked and change.undone_at is None and (until := change.undo_until()):
        left = int(1000 * (until - timezone.now()).total_seconds())
    return Result(change, says, not_done, len(worked), max(left, 0))


def _did(verb: BulkVerb, number: int) -> str:
    if not number:
        return _("Nothing was changed.")
    said = {
        BulkVerb.TAKE: ngettext("%d task is yours now.", "%d tasks are yours now.", number),
        BulkVerb.GIVE_BACK: ngettext(
            "%d task is back in the queue.", "%d tasks are back in the queue.", number
        ),
        BulkVerb.GIVE: ngettext("%d task was given.", "%d tasks were given.", number),
        BulkVerb.DEADLINE: ngettext("%d deadline was moved.", "%d deadlines were moved.", number),
        BulkVerb.PRIORITY: ngettext(
            "The priority of %d task was set.", "The priorities of %d tasks were set.", number
        ),
        BulkVerb.DISMISS: ngettext("%d claim was dismissed.", "%d claims were dismissed.", number),
    }
    return said[verb] % number


def _undid(number: int) -> str:
    if not number:
        return _("Nothing was undone.")
    return ngettext("Undone: %d task is as it was.", "Undone: %d tasks are as they were.", number) % number
