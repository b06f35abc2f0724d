"""JSON under its other name."""

from rest_framework.renderers import JSONRenderer


class LinkedDataRenderer(JSONRenderer):
    media_type = "application/ld+json"
    format = "ld+json"
