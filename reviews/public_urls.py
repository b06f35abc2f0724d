"""What anybody may read."""

from django.urls import path

from .views import (
    corrections,
    public,
    public_about,
    public_complaint,
    public_embed,
    public_feeds,
    public_lists,
    public_sitemap,
    public_suggest,
)

patterns = [
    path("fact-checks/", public_lists.index, name="public_index"),
    path("fact-checks/feed.atom", public_feeds.everything, name="public_feed"),
    path("fact-checks/<slug:slug>/", public.claim, name="public_claim"),
    path("fact-checks/<slug:slug>/claim-review.json", public.claim_review, name="public_claim_review"),
    path("fact-checks/<slug:slug>/embed/", public_embed.embed, name="public_embed"),
    path("fact-checks/<slug:slug>/complain/", public_complaint.form_page, name="public_complain"),
    path("complaints/<str:token>/", public_complaint.status_page, name="complaint_status"),
    path("suggest/", public_suggest.form_page, name="public_suggest"),
    path("suggestions/<str:token>/", public_suggest.status_page, name="suggestion_status"),
    path("oembed", public_embed.oembed, name="oembed"),
    path("claimants/<slug:slug>/", public_lists.claimant, name="public_claimant"),
    path("claimants/<slug:slug>/feed.atom", public_feeds.claimant, name="public_claimant_feed"),
    path("topics/<slug:slug>/", public_lists.topic, name="public_topic"),
    path("topics/<slug:slug>/feed.atom", public_feeds.topic, name="public_topic_feed"),
    path("corrections/", corrections.log, name="corrections"),
    path("corrections/feed.atom", public_feeds.corrections, name="corrections_feed"),
    path("about/", public_about.about, name="about"),
    path("about/methodology/", public_about.methodology, name="methodology"),
    path("about/corrections-policy/", public_about.corrections_policy, name="corrections_policy"),
    path("robots.txt", public_sitemap.robots, name="robots"),
    path("sitemap.xml", public_sitemap.index, name="sitemap"),
    path("sitemaps/pages.xml", public_sitemap.pages, name="sitemap_pages"),
    path("sitemaps/news.xml", public_sitemap.news, name="sitemap_news"),
    path("sitemaps/<str:month>.xml", public_sitemap.month, name="sitemap_month"),
]
