"""Everything below /factcheck/. The colon is Google's."""

from django.urls import path, re_path

from . import views

app_name = "factcheck"
urlpatterns = [
    path("v1alpha1/claims:search", views.search, name="search"),
    path("v1alpha1/claims:imageSearch", views.image_search, name="image-search"),
    re_path(r"", views.unknown),
]
