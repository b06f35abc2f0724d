"""Addresses of sources, of the copies of their pages, and of what changed on them."""

from django.urls import path

from .views import snapshots, sources

patterns = [
    path("sources/", sources.source_list, name="source_list"),
    path("sources/<int:pk>/", sources.source_detail, name="source_detail"),
    path("sources/<int:pk>/edit/", sources.edit, name="source_edit"),
    path("sources/<int:pk>/protect/", sources.protect, name="source_protect"),
    path("sources/<int:pk>/name/", sources.name, name="source_name"),
    path("sources/<int:pk>/look/", sources.look_again, name="source_look"),
    path("snapshots/<int:pk>/", snapshots.snapshot, name="snapshot"),
    path("snapshots/<int:pk>/page/", snapshots.page, name="snapshot_page"),
    path("claims/<int:pk>/evidence/<int:evidence_pk>/quotation/", snapshots.quotation, name="quotation"),
    path("claims/<int:pk>/evidence/<int:evidence_pk>/seen/", snapshots.seen, name="change_seen"),
]
