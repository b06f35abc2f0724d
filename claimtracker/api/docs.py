"""The documentation page: Swagger UI from our own server, its script apart, so that the CSP holds."""

from drf_spectacular.views import SpectacularSwaggerSplitView


class DocumentationView(SpectacularSwaggerSplitView):
    url_name = "api-schema"
    template_name = "api/docs.html"
    throttle_classes = []
