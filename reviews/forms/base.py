"""What every form of reviews shares."""

from __future__ import annotations

from typing import Any

from django import forms

from claimtracker.kernel.errors import ActionRefused


class WordsField(forms.CharField):
    """Text of several lines. Browsers send line ends as \\r\\n; kept and counted is \\n."""

    def to_python(self, value: Any) -> str:
        return str(super().to_python(value) or "").replace("\r\n", "\n").replace("\r", "\n")


class RefusableForm(forms.Form):
    """A form that can show an action's refusal at the field it names."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for field in self.fields.values():
            # the browser would cut a pasted text in silence; the form says that it is too long
            field.widget.attrs.pop("maxlength", None)

    def refuse(self, refusal: ActionRefused) -> None:
        """Put the refusal's sentence at its field, or above the form when it names none of ours."""
        if not self.is_bound:
            raise ValueError("only a sent form can be refused")
        field = refusal.field if refusal.field in self.fields else None
        self.add_error(field, refusal.reason)
        self.mark_invalid()

    def mark_invalid(self) -> None:
        """Send the keyboard to the first field to mend."""
        for name in self.fields:
            if name in self.errors:
                self.fields[name].widget.attrs["autofocus"] = True
                return
