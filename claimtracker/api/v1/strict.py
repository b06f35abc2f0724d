"""Objects that people send: what is unknown or wrong is refused, every fault at once."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail

MOST_UNKNOWN = 20  # are named: whoever sends thousands need not be told of each


class StrictSerializer(serializers.Serializer[Any]):
    """A JSON object with these fields and no others."""

    default_error_messages = {"invalid": "The body must be a JSON object with these fields."}

    def to_internal_value(self, data: Any) -> Any:
        """The fields that were sent. Raises ValidationError with every fault at once, so that one mend is
        enough."""
        if not isinstance(data, dict):
            return super().to_internal_value(data)
        faults: dict[str, Any] = {}
        fields: Any = {}
        try:
            fields = super().to_internal_value(data)
        except serializers.ValidationError as error:
            assert isinstance(error.detail, dict)  # noqa: S101 - what fields of an object are refused with
            faults |= error.detail
        faults |= self.faults_of(data, set(faults))
        known = ", ".join(self.fields)
        for name in sorted(set(data) - set(self.fields))[:MOST_UNKNOWN]:
            faults[name[:100]] = ErrorDetail(f"There is no such field. Known are {known}.", "unknown")
        if faults:
            raise serializers.ValidationError(faults)
        return fields

    def faults_of(self, sent: dict[str, Any], faulty: set[str]) -> dict[str, ErrorDetail]:
        """What is wrong with the fields together; those named ``faulty`` are wrong by themselves."""
        return {}
