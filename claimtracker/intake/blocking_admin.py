"""Blocking who sent a row, from the row's list in the administration."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import admin
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext, ngettext_lazy
from django.utils.translation import gettext_lazy as _

from claimtracker.accounts.admin_base import ModerationAdmin
from claimtracker.accounts.models import User
from claimtracker.kernel.errors import ActionRefused

from .blocking import set_block
from .forms import BlockForm
from .models import Block


class BlocksSenders(ModerationAdmin):
    """An admin of rows with a ``reference`` that somebody outside sent; it names ``block_selected`` among its
    actions and says by what their sender is blocked."""

    def sender_of(self, row: Any) -> tuple[Block.Kind, str]:
        """The kind and the digest; an empty one where nothing tells who sent it any more."""
        raise NotImplementedError

    @admin.action(description=_("Block who sent it …"), permissions=["moderate"])
    def block_selected(self, request: HttpRequest, queryset: models.QuerySet[Any]) -> HttpResponse | None:
        form = BlockForm(request.POST if "apply" in request.POST else None)
        return self.apply_with_form(
            request,
            queryset,
            form,
            lambda row: self._block_sender(row, form, by=cast(User, request.user)),
            action="block_selected",
            title=_("Block senders"),
            done=ngettext_lazy("%d sender blocked.", "%d senders blocked."),
        )

    def _block_sender(self, row: Any, form: BlockForm, *, by: User) -> Block:
        kind, value = self.sender_of(row)
        if not value:
            raise ActionRefused(gettext("Nothing tells who sent it any more."), code="unknown_sender")
        return set_block(
            kind,
            value,
            by=by,
            label=gettext("Sender of %(reference)s") % {"reference": row.reference},
            reason=form.cleaned_data["reason"],
            note=form.cleaned_data["note"],
            expires_at=form.expires_at(),
        )
