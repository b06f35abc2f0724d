"""Reasons that moderators give often, in words that were thought about once."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class ReadyReason(models.Model):
    """``decision`` names the table and what is done there (``claims.article.reject_selected``). A decision
    keeps its own words: what changes here later changes nothing that was said."""

    decision = models.CharField(_("decision"), max_length=100)
    text = models.CharField(_("text"), max_length=1000)
    position = models.PositiveSmallIntegerField(
        _("position"), default=0, help_text=_("Lower ones come first; the first nine have the keys 1 to 9.")
    )

    class Meta:
        ordering = ["decision", "position", "id"]
        verbose_name = _("ready reason")
        verbose_name_plural = _("ready reasons")
        constraints = [
            models.CheckConstraint(condition=~models.Q(text=""), name="a_ready_reason_has_words"),
            models.UniqueConstraint(fields=["decision", "text"], name="one_ready_reason_of_these_words"),
        ]

    def __str__(self) -> str:
        return self.text
