"""Addresses of the pages that join rooms."""

from django.urls import path

from .views import alerts, articles, curation, home, insight, notices, versions

app_name = "web"
urlpatterns = [
    path("", home.home, name="home"),
    path("notices/", notices.notice_list, name="notices"),
    path("notices/read/", notices.read, name="notices_read"),
    path("notices/preferences/", notices.preferences, name="notice_preferences"),
    path("notices/<int:pk>/", notices.open_notice, name="notice_open"),
    path("unsubscribe/<str:token>/", notices.unsubscribe, name="unsubscribe"),
    path("alerts/seen/", alerts.seen, name="alerts_seen"),
    path("insight/matches/", insight.matches, name="insight_matches"),
    path("insight/matches.csv", insight.matches_csv, name="insight_matches_csv"),
    path("articles/", articles.article_list, name="article_list"),
    path("articles/<int:pk>/", articles.article_detail, name="article_detail"),
    path("articles/<int:pk>/progress/", articles.article_progress, name="article_progress"),
    path("articles/<int:pk>/versions/", versions.version_list, name="version_list"),
    path("articles/<int:pk>/versions/fetch/", versions.version_fetch, name="version_fetch"),
    path("articles/<int:pk>/versions/compare/", versions.version_compare, name="version_compare"),
    path("articles/<int:pk>/versions/<int:number>/", versions.version_detail, name="version_detail"),
    path("articles/<int:pk>/claims/add/", curation.claim_add, name="claim_add"),
    path("articles/<int:pk>/claims/<int:claim_pk>/dismiss/", curation.claim_dismiss, name="claim_dismiss"),
    path("articles/<int:pk>/claims/<int:claim_pk>/restore/", curation.claim_restore, name="claim_restore"),
]
