"""``reextract --all | --article ID``: articles read again by the newest extractor."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from claims.actions.extraction import analyse_version
from claims.extraction import EXTRACTOR_VERSION
from claims.models import Article, ArticleVersion
from claims.models.article import ArticleVersionQuerySet
from reviews.actions.rereading import Preview, ask_to_reread, ask_to_reread_all, preview_rereading


class Command(BaseCommand):
    help = (
        "Read articles again that an older extractor read. What people decided stays as it is. "
        "Workers do it, a few at a time; safe to repeat."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        which = parser.add_mutually_exclusive_group(required=True)
        which.add_argument("--all", action="store_true", help="every article that an older extractor read")
        which.add_argument("--article", metavar="ID", help="one article, by its number or its public id")
        parser.add_argument("--dry-run", action="store_true", help="read here and say what would change")

    def handle(self, *args: Any, article: str | None, dry_run: bool, **options: Any) -> None:
        stale = ArticleVersion.objects.read_before(EXTRACTOR_VERSION)
        if article:
            stale = stale.filter(article=find_article(article))
        count = stale.count()
        if not count:
            self.stdout.write(f"Nothing to do: {EXTRACTOR_VERSION} read everything last.")
        elif dry_run:
            self.preview(stale)
        else:
            with transaction.atomic():
                if article:
                    ask_to_reread(list(stale.only("pk")))
                else:
                    ask_to_reread_all()
            self.stdout.write(f"{_texts(count)} to be read again by {EXTRACTOR_VERSION}; the workers do it.")

    def preview(self, stale: ArticleVersionQuerySet) -> None:
        """A line for each text, as soon as it is read. Nothing is written."""
        total = Preview(0, 0, 0, 0)
        for pk in list(stale.order_by("-pk").values_list("pk", flat=True)):
            version = ArticleVersion.objects.select_related("article__desk").get(pk=pk)
            analysis = analyse_version(version)
            found = preview_rereading(version, analysis=analysis)
            refusal = f" (not readable: {analysis.refusal})" if analysis.refusal else ""
            self.stdout.write(f"{version.article_id}  {_line(found)}  {version.title}{refusal}")
            total = Preview(
                total.new + found.new,
                total.refreshed + found.refreshed,
                total.kept + found.kept,
                total.withdrawn + found.withdrawn,
            )
        self.stdout.write(f"Nothing was written. Together: {_line(total)}.")


def find_article(name: str) -> Article:
    """The article of this number or public id. Raises CommandError."""
    try:
        if name.isascii() and name.isdecimal():
            return Article.objects.get(pk=int(name))
        return Article.objects.get(public_id=UUID(name))
    except (Article.DoesNotExist, ValueError, OverflowError):
        raise CommandError(
            f"There is no article {name}. Give the number in its page's address, or its public id."
        ) from None


def _line(found: Preview) -> str:
    return f"{found.new} new, {found.refreshed} refreshed, {found.kept} kept, {found.withdrawn} withdrawn"


def _texts(count: int) -> str:
    return f"{count} text" if count == 1 else f"{count} texts"
