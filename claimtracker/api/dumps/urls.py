"""Everything below /dumps/."""

from django.urls import path

from . import views

app_name = "dumps"
urlpatterns = [
    path("", views.index, name="index"),
    path("index.json", views.listed, name="list"),
    path("latest/<str:file>", views.latest, name="latest"),
    path("<str:dump>/<str:file>", views.dump_file, name="file"),
]
