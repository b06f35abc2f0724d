"""Settings of the partner API."""

from .environment import env

# off behind a pooler that gives a connection to another client after each transaction
DATABASE_PREPARES = env.bool("DATABASE_PREPARES", default=True)

# how long the answer to a request with an Idempotency-Key is kept
IDEMPOTENCY_HOURS = env.int("IDEMPOTENCY_HOURS", default=24)

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["claimtracker.partners.auth.ApiKeyAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["claimtracker.api.v1.renderers.QuickJSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["claimtracker.api.v1.parsers.BoundedJSONParser"],
    "DEFAULT_PAGINATION_CLASS": "claimtracker.api.v1.pagination.NewestFirst",
    "DEFAULT_THROTTLE_CLASSES": ["claimtracker.api.v1.throttles.PartnerLimits"],
    "DEFAULT_SCHEMA_CLASS": "claimtracker.api.v1.schema.PartnerSchema",
    "EXCEPTION_HANDLER": "claimtracker.api.v1.problems.problem_response",
    "UNAUTHENTICATED_USER": None,
    "URL_FORMAT_OVERRIDE": None,
}
# how often one address may ask the Google-compatible search without a key
FACTCHECK_SEARCH_RATE = env.str("FACTCHECK_SEARCH_RATE", default="60/min")
SPECTACULAR_SETTINGS = {
    "TITLE": "Claimtracker partner API",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "SERVE_AUTHENTICATION": [],
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "PREPROCESSING_HOOKS": ["claimtracker.api.v1.openapi.one_address_each"],
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "claimtracker.api.v1.openapi.with_problems",
        "claimtracker.api.v1.openapi_writes.with_idempotency",
        "claimtracker.api.v1.openapi_webhooks.with_webhooks",
    ],
    "ENUM_NAME_OVERRIDES": {
        "IntakeState": "claimtracker.api.v1.serializers.INTAKE_STATES",
        "ExtractionState": "claimtracker.api.v1.serializers.EXTRACTION_STATES",
        "ClaimKind": "claims.models.claim.ClaimKind",
        "SourceKind": "reviews.models.evidence.Source.Kind",
        "Stance": "reviews.models.evidence.Stance",
        "Change": "reviews.models.publication.Change",
        "Attribution": "claims.models.claim.Attribution",
        "JobState": "claimtracker.api.v1.submission_serializers.JOB_STATES",
        "JobItemState": "claimtracker.api.v1.submission_serializers.ITEM_STATES",
        "JobKind": "claimtracker.api.v1.submission_serializers.JOB_KINDS",
        "CheckRequestStatus": "claimtracker.api.v1.request_serializers.REQUEST_STATES",
        "DeliveryState": "claimtracker.api.v1.webhook_serializers.DELIVERY_STATES",
        "ReceiptState": "claimtracker.api.v1.event_serializers.RECEIPT_STATES",
        "AcknowledgementStatus": "claimtracker.partners.models.Acknowledgement.Status",
        "Way": "claimtracker.partners.models.Way",
        "ReviewStage": "claimtracker.api.v1.review_status.Stage",
    },
}
