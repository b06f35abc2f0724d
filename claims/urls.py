"""Addresses of this room: bringing articles in."""

from django.urls import path

from .views import articles

app_name = "claims"
urlpatterns = [
    path("articles/new/", articles.article_new, name="article_new"),
    path("articles/fetches/<int:pk>/", articles.fetch_detail, name="fetch_detail"),
]
