"""What the schema says of an endpoint beyond its serializers: filters, ``fields``, what is deprecated."""

from __future__ import annotations

from typing import Any

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiExample, OpenApiParameter

from . import sparse
from .filters import Filter
from .strict import StrictSerializer


class PartnerSchema(AutoSchema):
    """Reads from a view its ``filters``, ``shape``, ``deprecated`` and ``deprecated_parameters``."""

    view: Any

    def get_override_parameters(self) -> list[Any]:
        declared = list(super().get_override_parameters())
        if self.method == "GET":
            declared += [_filter_parameter(one) for one in getattr(self.view, "filters", ())]
            if getattr(self.view, "shape", None) is not None:
                declared.append(_fields_parameter(self.view.shape))
        return declared

    def get_description(self) -> str:  # type: ignore[override]  # as in drf-spectacular
        """Nothing where ``extend_schema`` has none: docstrings are for who works on this code."""
        return ""

    def get_operation(self, *args: Any, **kwargs: Any) -> Any:
        operation = super().get_operation(*args, **kwargs)
        if operation and self.method in ("POST", "PATCH"):
            operation |= {
                mark: True
                for mark, holds in (
                    ("x-key-is-required", getattr(self.view, "key_is_required", False)),
                    ("x-keeps-nothing", getattr(self.view, "keeps_nothing", False)),
                )
                if holds
            }
        mark = getattr(self.view, "deprecated", {}).get(self.method)
        if operation and mark:
            operation["deprecated"] = True
            operation["description"] = f"{operation.get('description', '')}\n\n{mark.words}".strip()
        return operation

    def _get_parameters(self) -> list[dict[str, Any]]:
        parameters: list[dict[str, Any]] = super()._get_parameters()
        marks = getattr(self.view, "deprecated_parameters", {})
        for parameter in parameters:
            if mark := marks.get(parameter["name"]):
                parameter["deprecated"] = True
                parameter["description"] = f"{parameter.get('description', '')} {mark.words}".strip()
        return parameters

    def _map_serializer(self, serializer: Any, direction: str, bypass_extensions: bool = False) -> Any:
        """The schema of a serializer, with what is deprecated of it, and closed where it is strict."""
        schema = super()._map_serializer(serializer, direction, bypass_extensions)
        if "description" in schema:  # our docstrings are reStructuredText, OpenAPI's texts are Markdown
            schema["description"] = schema["description"].replace("``", "`")
        if isinstance(serializer, StrictSerializer):
            schema["additionalProperties"] = False
        for name, mark in getattr(serializer, "deprecated", {}).items():
            if (known := schema.get("properties", {}).get(name)) is not None:
                known["deprecated"] = True
                known["description"] = f"{known.get('description', '')} {mark.words}".strip()
        return schema


def _filter_parameter(one: Filter) -> OpenApiParameter:
    return OpenApiParameter(
        one.name,
        one.schema,
        description=one.description,
        examples=[OpenApiExample(one.name, value=one.schema_example)],
    )


def _fields_parameter(shape: Any) -> OpenApiParameter:
    names = list(shape().fields)
    either = "|".join(names)
    return OpenApiParameter(
        sparse.PARAMETER,
        {"type": "string", "pattern": f"^({either})(,({either}))*$"},
        description="Only these fields of each row, separated by commas; all of them unless told.",
        examples=[OpenApiExample(sparse.PARAMETER, value=",".join(names[:2]))],
    )
