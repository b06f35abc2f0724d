"""Fields that take only what the schema says they take."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from rest_framework import serializers

MISSING = "This field is missing."
LEFT_OUT = "Leave the field out rather than sending null."
LEFT_OUT_BLANK = "This must not be empty. Leave the field out, or fill it."


class Text(serializers.CharField):
    """A JSON string; numbers and booleans are refused rather than spelt out."""

    default_error_messages = {
        "not_text": "This must be a JSON string.",
        "required": MISSING,
        "null": LEFT_OUT,
        "blank": LEFT_OUT_BLANK,
        "max_length": "This has too many characters: {max_length} are the limit.",
        "min_length": "This has too few characters: {min_length} are needed.",
    }

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("not_text")
        return str(super().to_internal_value(data))


class Whole(serializers.IntegerField):
    """A JSON number without a fraction (5.0 is 5); one that is spelt as a string is refused."""

    default_error_messages = {
        "invalid": "This must be a whole number.",
        "required": MISSING,
        "min_value": "This must be {min_value} or more.",
        "max_value": "This must be {max_value} or less.",
        "null": LEFT_OUT,
    }

    def to_internal_value(self, data: Any) -> int:
        is_number = isinstance(data, int | float) and not isinstance(data, bool)
        if not is_number or data != data // 1:
            self.fail("invalid")
        return int(super().to_internal_value(int(data)))


class Flag(serializers.BooleanField):
    """A JSON boolean; words and numbers that look like one are refused."""

    default_error_messages = {
        "invalid": "This must be true or false.",
        "required": MISSING,
        "null": LEFT_OUT,
    }

    def to_internal_value(self, data: Any) -> bool:
        if not isinstance(data, bool):
            self.fail("invalid", input=data)
        return data


class Choice(serializers.ChoiceField):
    """One of a fixed list of words; the refusal names them."""

    default_error_messages = {"required": MISSING, "null": LEFT_OUT}

    def __init__(self, choices: Any, **options: Any) -> None:
        super().__init__(choices, **options)
        self.error_messages["invalid_choice"] = f"This must be one of {', '.join(map(str, self.choices))}."


class Id(serializers.UUIDField):
    """An id as answers have it; numbers are none."""

    default_error_messages = {
        "invalid": "This must be an id, as answers have it.",
        "null": LEFT_OUT,
    }

    def to_internal_value(self, data: Any) -> UUID:
        if not isinstance(data, str):
            self.fail("invalid", value=data)
        return super().to_internal_value(data)


class Lines(serializers.CharField):
    """Text of several lines as it goes out: lines end in \\n, whatever a browser's form sent in."""

    def to_representation(self, value: Any) -> str:
        return super().to_representation(value).replace("\r\n", "\n").replace("\r", "\n")


class WebAddress(Text):
    """An http or https address."""

    default_error_messages = {
        "bad_url": "This is no web address. Write it in full, like https://example.org/story."
    }

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        from django.core.validators import URLValidator

        self.validators.append(
            URLValidator(schemes=["http", "https"], message=self.error_messages["bad_url"])
        )


class Moment(serializers.DateTimeField):
    """RFC 3339 with a time zone (UTC when it names none)."""

    default_error_messages = {
        "invalid": "Write the moment like 2026-11-20T09:30:00Z.",
        "required": MISSING,
        "null": LEFT_OUT,
    }

    def to_internal_value(self, value: Any) -> Any:
        if not isinstance(value, str):
            self.fail("invalid", format="")
        return super().to_internal_value(value)


class Timestamp(serializers.DateTimeField):
    """A moment as it goes out: RFC 3339 in UTC, with a Z at its end. Snapshots hold theirs as text."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"default_timezone": UTC, **options})

    def to_representation(self, value: Any) -> Any:
        return super().to_representation(datetime.fromisoformat(value) if isinstance(value, str) else value)
