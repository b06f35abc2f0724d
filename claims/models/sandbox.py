"""What a partner's sandbox wrote stands in the same tables and is seen by nobody but that partner.

``objects`` of whatever has ``is_sandbox``, but for versions of articles, leave it out, so that no page,
search, index, number or job of the newsroom can forget to (docs/adr/0021-a-sandbox-in-the-same-tables.md).
``everything`` is for the partner API, for what works on what a partner sent, and for erasing it.
"""

from __future__ import annotations

from typing import Any, TypeVar

import pgtrigger
from django.db import models

Row = TypeVar("Row", bound=models.Model)


class OutsideSandbox(models.Manager[Row]):
    def get_queryset(self) -> models.QuerySet[Row]:
        return super().get_queryset().filter(is_sandbox=False)


def sandbox_field() -> Any:
    return models.BooleanField(default=False, db_default=False, editable=False)


def stays_in_or_out(name: str) -> pgtrigger.Trigger:
    """Nothing of the newsroom may become what is erased after some days, nor the other way round."""
    return pgtrigger.Protect(
        name=f"{name}_stays_in_or_out_of_the_sandbox",
        operation=pgtrigger.UpdateOf("is_sandbox"),
        condition=pgtrigger.Q(old__is_sandbox__df=pgtrigger.F("new__is_sandbox")),
    )


def never_of_a_sandbox(name: str) -> pgtrigger.Trigger:
    """The row is about a claim, if about any, that the newsroom sees."""
    return pgtrigger.Trigger(
        name=f"{name}_is_never_of_a_sandbox",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.UpdateOf("claim_id"),
        func=(
            "IF EXISTS (SELECT 1 FROM claims_claim c WHERE c.id = NEW.claim_id AND c.is_sandbox) THEN "
            "RAISE EXCEPTION 'claim % is of a sandbox: the newsroom has nothing to do with it', "
            "NEW.claim_id USING ERRCODE = 'check_violation'; END IF; RETURN NEW;"
        ),
    )
