"""The schema: who may ask, what every error looks like, one address for each endpoint."""

from __future__ import annotations

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension

from . import preconditions
from .problems import CONTENT_TYPE

DESCRIPTION = """
Send articles, follow their claims, and read published fact-checks.

**Keys.** Every request carries `Authorization: Bearer ct_…`. A key has scopes: `submit` sends
articles and texts, `read` reads, `request` asks for checks, `webhooks` registers and mends endpoints.
Without a key the answer is 401, without the scope 403; what is not yours is 404. `GET /key` says what yours
may; `POST /key/rotation` replaces it, and both work while you change over. Keys begin with `ct_live_`, those
of a sandbox with `ct_test_`: what a sandbox sends is read and extracted like anything else, is seen by nobody
but you, and is erased after some days.

**Errors** are `application/problem+json` (RFC 9457): `detail` says what to mend, `errors` names each input by
a JSON pointer into the body, or by the query parameter or header, `request_id` helps us find the request.

**Lists** come newest first as `{"results", "next", "previous"}`; follow `next` until it is null.

Most lists can be narrowed by filters; a cursor belongs to the filters that it came with. `fields=id,text`
leaves the other fields out of every row.

**Asking again.** Answers to GET bear an `ETag`; send it as `If-None-Match`, and while nothing changed the
answer is 304 without a body.

**Times** are RFC 3339 in UTC: `2026-11-20T09:30:00Z`.

**What will go away** says so: its answers bear `Deprecation` (RFC 9745: since when), `Sunset` (RFC 8594:
until when) where that is decided, and a `Link` to what to do instead; here it is marked as deprecated.

**Limits.** There are two: `burst`, for each key in any minute, and `day`, for all your keys in a day of UTC.
`RateLimit` says of each how many requests are left (`r`) and in how many seconds there are more (`t`),
`RateLimit-Policy` what they are; 429 carries `Retry-After`. `GET /usage` counts your requests. A request body
holds at most 2,000,000 bytes (5,000,000 for `articles/bulk`).

**Repeating a request.** When no answer comes, send the same request again with the same `Idempotency-Key`
(any string, best a UUID, new for each new request): what it does is done once, and every repetition gets the
first answer, an error too, with `Idempotent-Replayed: true` and the `request_id` of the first. While the
first is being worked on the answer is 409 with `Retry-After`; 422 says that the key was sent before with
something else; 400 that it is missing where it is needed, or none. Answers of 401, 403, 429 and from 500 on
are not kept: mend what they say, and repeat. A key counts for one API key, method and address, for 24 hours
unless the newsroom chose another time (`IDEMPOTENCY_HOURS`).

**Positions** (`start`, `end`) count Unicode code points of the article's `body`; `end` is exclusive.

**Webhooks** follow Standard Webhooks: each message bears `webhook-id` (the same at every try),
`webhook-timestamp` and `webhook-signature`; verify it with your endpoint's `whsec_` secret, do what it asks
for, then remember the id, so that a repeated message does nothing twice, and answer 2xx, to a type that you
do not know, too. Other answers are tried again for three days; 410 switches the endpoint off. Every type with
its message stands in this document under `webhooks`.
In Python, with `standardwebhooks`:

    event = Webhook("whsec_…").verify(request_body, request_headers)
    event["data"].get("publication")  # where there is one, read it at /api/v1/publications/{id}
"""

PROBLEM: dict[str, Any] = {
    "type": "object",
    "required": ["type", "title", "status", "detail", "code"],
    "properties": {
        "type": {"type": "string", "format": "uri-reference"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "What happened and what to do about it, for people."},
        "code": {"type": "string", "description": "The same, for programs."},
        "request_id": {"type": "string", "format": "uuid"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["detail", "code"],
                "properties": {
                    "detail": {"type": "string"},
                    "code": {"type": "string"},
                    "pointer": {"type": "string", "description": "JSON pointer into the body."},
                    "parameter": {"type": "string", "description": "The query parameter."},
                    "header": {"type": "string", "description": "The header of the request."},
                },
            },
        },
    },
}

ETAG = {"description": "Of these very bytes.", "schema": {"type": "string"}}
EVERYWHERE = {
    "401": "No key, or one that opens nothing.",
    "403": "The key lacks the scope.",
    "406": "The Accept header asks for something else than JSON.",
    "429": "Too many requests; Retry-After says for how long.",
}
WITH_BODY = {
    "400": "An input is missing or wrong.",
    "411": "The length of the body is not declared.",
    "413": "The body is larger than 2,000,000 bytes (5,000,000 for articles/bulk).",
    "415": "The body is not declared as JSON.",
}
WITH_IF_MATCH = {
    "412": "It was changed since it was read; ETag has the present one.",
    "428": "If-Match is missing.",
}

GONE = {
    "list_events": "What came after the cursor is no longer kept.",
    "read_publication": "The fact-check is hidden at present (code `hidden`).",
    "read_claim_review": "The fact-check was retracted, or is hidden at present (code `hidden`).",
}
TAKEN_DOWN = "The fact-check was taken down for legal reasons (code `taken_down`); detail says why."
MAY_BE_TAKEN_DOWN = ("read_publication", "read_claim_review")


class ApiKeyScheme(OpenApiAuthenticationExtension):
    target_class = "claimtracker.partners.auth.ApiKeyAuthentication"
    name = "apiKey"

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        return {"type": "http", "scheme": "bearer", "description": "An API key: ct_…"}


def one_address_each(endpoints: list[tuple[Any, ...]], **_options: Any) -> list[tuple[Any, ...]]:
    """Each endpoint also answers with a slash at its end; the schema names the form without."""
    return [endpoint for endpoint in endpoints if not endpoint[0].endswith("/")]


def with_problems(result: dict[str, Any], **_options: Any) -> dict[str, Any]:
    """Give every operation its errors."""
    result["info"]["description"] = DESCRIPTION.strip()
    schemas = result.setdefault("components", {}).setdefault("schemas", {})
    schemas["Problem"] = PROBLEM
    schemas["ArticleSubmission"] |= {
        "oneOf": [
            {"required": ["body"], "not": {"required": ["html"]}},
            {"required": ["html"], "not": {"required": ["body"]}},
            {"required": ["url"], "not": {"anyOf": [{"required": ["body"]}, {"required": ["html"]}]}},
        ],
    }
    for path, operations in result["paths"].items():
        for method, operation in operations.items():
            described = dict(EVERYWHERE)
            if "requestBody" in operation:
                described |= WITH_BODY
            if any(
                parameter["name"] == preconditions.HEADER for parameter in operation.get("parameters", ())
            ):
                described |= WITH_IF_MATCH
            if method != "get":
                described["409"] = "It cannot be done as things stand: detail says why, and what to do."
            if gone := GONE.get(operation["operationId"]):
                described["410"] = gone
            if operation["operationId"] in MAY_BE_TAKEN_DOWN:
                described["451"] = TAKEN_DOWN
            if "{" in path:
                described["404"] = "There is nothing here that your key may see."
            described.setdefault("400", "A query parameter is unknown or cannot be read.")
            if method == "get":
                operation["responses"]["200"]["headers"] = {"ETag": ETAG}
                operation["responses"]["304"] = {"description": "The ETag in If-None-Match still holds."}
            for status, description in sorted(described.items()):
                operation["responses"][status] = {
                    "description": description,
                    "content": {CONTENT_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
                }
    result["components"]["schemas"] = dict(sorted(schemas.items()))
    return result
