"""Addresses of the pages that join rooms."""

from django.urls import path

from .views import (
    adjusting,
    alerts,
    articles,
    bulk_triage,
    curation,
    drafts,
    feeds,
    first_steps,
    help_pages,
    home,
    insight,
    insight_pages,
    notices,
    people_privacy,
    receipts,
    search,
    versions,
)

app_name = "web"
urlpatterns = [
    path("", home.home, name="home"),
    path("help/", help_pages.index, name="help"),
    path("help/<slug:slug>/", help_pages.page, name="help_page"),
    path("first-steps/", first_steps.put, name="first_steps"),
    path("first-steps/keys/", first_steps.keys_seen, name="keys_seen"),
    path("drafts/", drafts.draft_list, name="drafts"),
    path("drafts/<int:pk>/", drafts.draft_detail, name="draft_detail"),
    path("drafts/<int:pk>/throw-away/", drafts.draft_throw_away, name="draft_throw_away"),
    path("drafts/<int:pk>/publish/", drafts.draft_publish, name="draft_publish"),
    path("search/", search.search_page, name="search"),
    path("search/palette/", search.palette, name="palette"),
    path("notices/", notices.notice_list, name="notices"),
    path("notices/read/", notices.read, name="notices_read"),
    path("notices/preferences/", notices.preferences, name="notice_preferences"),
    path("notices/<int:pk>/", notices.open_notice, name="notice_open"),
    path("unsubscribe/<str:token>/", notices.unsubscribe, name="unsubscribe"),
    path("me/data.json", people_privacy.mine, name="my_data"),
    path("alerts/seen/", alerts.seen, name="alerts_seen"),
    path("insight/", insight_pages.landing, name="insight"),
    *(
        path(f"insight/{name}/", insight_pages.page, {"report": name}, name=f"insight_{name}")
        for name in insight_pages.REPORTS
    ),
    *(
        path(
            f"insight/{name}/<slug:table>.csv",
            insight_pages.as_csv,
            {"report": name},
            name=f"insight_{name}_csv",
        )
        for name in insight_pages.REPORTS
    ),
    path("insight/balance/claimants/", insight_pages.claimants, name="insight_claimants"),
    path("insight/matches/", insight.matches, name="insight_matches"),
    path("insight/matches.csv", insight.matches_csv, name="insight_matches_csv"),
    path("feeds/", feeds.feed_list, name="feed_list"),
    path("feeds/new/", feeds.feed_new, name="feed_new"),
    path("feeds/<int:pk>/", feeds.feed_detail, name="feed_detail"),
    path("feeds/<int:pk>/watch/", feeds.feed_watch, name="feed_watch"),
    path("feeds/<int:pk>/change/", feeds.feed_change, name="feed_change"),
    path("feeds/<int:pk>/pause/", feeds.feed_pause, name="feed_pause"),
    path("feeds/<int:pk>/resume/", feeds.feed_resume, name="feed_resume"),
    path("feeds/<int:pk>/end/", feeds.feed_end, name="feed_end"),
    path("feeds/<int:pk>/again/", feeds.feed_again, name="feed_again"),
    path("feeds/<int:pk>/drop/", feeds.feed_drop, name="feed_drop"),
    path("feeds/items/<int:pk>/fetch/", feeds.item_fetch, name="feed_item_fetch"),
    path("claims/<int:pk>/receipts/", receipts.receipts, name="receipts"),
    path("articles/", articles.article_list, name="article_list"),
    path("articles/<int:pk>/", articles.article_detail, name="article_detail"),
    path("articles/<int:pk>/annotations.jsonld", articles.article_annotations, name="article_annotations"),
    path("articles/<int:pk>/progress/", articles.article_progress, name="article_progress"),
    path("articles/<int:pk>/versions/", versions.version_list, name="version_list"),
    path("articles/<int:pk>/versions/fetch/", versions.version_fetch, name="version_fetch"),
    path("articles/<int:pk>/versions/compare/", versions.version_compare, name="version_compare"),
    path("articles/<int:pk>/versions/<int:number>/", versions.version_detail, name="version_detail"),
    path("articles/<int:pk>/places/<int:place_pk>/adjust/", adjusting.claim_adjust, name="claim_adjust"),
    path("articles/<int:pk>/claims/decide/", bulk_triage.claims_decide, name="claims_decide"),
    path("articles/<int:pk>/claims/add/", curation.claim_add, name="claim_add"),
    path("articles/<int:pk>/claims/<int:claim_pk>/dismiss/", curation.claim_dismiss, name="claim_dismiss"),
    path("articles/<int:pk>/claims/<int:claim_pk>/restore/", curation.claim_restore, name="claim_restore"),
]
