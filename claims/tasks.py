"""Jobs of this room: look up, call an action."""

from claimtracker.jobs.registry import job
from claimtracker.jobs.runner import Run

from .actions.extraction import analyse_version, record_extraction
from .actions.fetching import record_fetch
from .models import ArticleFetch, ArticleVersion
from .sources import ParsedArticle, UnreadableArticle, fetch_article


@job("claims.extract_article")
def extract_article(run: Run) -> None:
    version = ArticleVersion.objects.select_related("article__desk").get(pk=run.object_id)
    analysis = analyse_version(version)
    with run.commit():
        record_extraction(version, analysis=analysis)


@job("claims.fetch_article")
def fetch_wanted_article(run: Run) -> None:
    fetch = ArticleFetch.objects.get(pk=run.object_id)
    outcome: ParsedArticle | UnreadableArticle
    try:
        outcome = fetch_article(fetch.url)
    except UnreadableArticle as error:
        outcome = error
    with run.commit():
        record_fetch(fetch, outcome=outcome)
