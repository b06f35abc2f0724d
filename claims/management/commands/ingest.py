"""``ingest PATH|URL|-``: an article, or what one says now, through the real pipeline."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.urls import reverse

from claims.actions.ingest import Ingested, ingest_article
from claims.actions.versions import record_version
from claims.models import Article, Channel
from claims.selectors import newest_version
from claims.sources import ParsedArticle, UnreadableArticle, fetch_article, parse_upload
from claimtracker.accounts.access import default_desk
from claimtracker.accounts.models import Desk
from claimtracker.jobs.models import Job
from claimtracker.kernel.errors import ActionRefused


@dataclass(frozen=True, slots=True)
class Incoming:
    """What was read, by which channel, and the sender's own name for it (a page has its address)."""

    parsed: ParsedArticle
    channel: str
    external_id: str = ""


class Command(BaseCommand):
    help = "Bring in an article from a file (.txt, .md, .html), a web address or standard input (-)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("source", help="a file, an http(s) address, or - for standard input")
        parser.add_argument("--desk", default="", help="slug of the desk; the default desk when left out")
        parser.add_argument("--title", default="", help="headline; else the article's own")
        parser.add_argument(
            "--article", default="", help="number of an article that is here: this is what it says now"
        )

    def handle(self, *args: Any, source: str, desk: str, title: str, article: str, **options: Any) -> None:
        if article and desk:
            raise CommandError("--article and --desk: an article keeps its desk; leave --desk out.")
        try:
            incoming = read_source(source)
            parsed = replace(incoming.parsed, title=title) if title else incoming.parsed
            ingested = newer_text(article, parsed) if article else bring_in(incoming, parsed, desk)
        except UnreadableArticle as error:
            raise CommandError(error.message) from error
        except ActionRefused as refusal:
            raise CommandError(refusal.reason) from refusal
        if ingested.changed:
            number = newest_version(ingested.article).number
            self.stderr.write(f"The article is here already; this text is its version {number}.")
        elif not ingested.created:
            self.stderr.write("This very text is here already.")
        path = reverse("web:article_detail", args=[ingested.article.pk])
        self.stdout.write(f"{settings.SITE_URL}{path}")
        waiting = Job.objects.open().count()
        self.stdout.write(f"{waiting} job{'' if waiting == 1 else 's'} waiting for a worker.")


def bring_in(incoming: Incoming, parsed: ParsedArticle, slug: str) -> Ingested:
    """Raises CommandError where there is no such desk."""
    desk = find_desk(slug)
    with transaction.atomic():
        return ingest_article(
            parsed,
            origin=f"desk:{desk.slug}",
            channel=incoming.channel,
            external_id=incoming.external_id,
            by="system",
            desk=desk,
        )


def newer_text(number: str, parsed: ParsedArticle) -> Ingested:
    """What the article of this number says now. Raises CommandError when there is none."""
    article = Article.objects.filter(pk=int(number)).first() if number.isdecimal() else None
    if article is None:
        raise CommandError(f"There is no article {number}. Its number stands in its address: /articles/7/.")
    recorded = record_version(article, parsed, by="system", origin_note="brought in by a command")
    return Ingested(recorded.version.article, created=False, changed=recorded.created)


def read_source(source: str) -> Incoming:
    """The article at ``source``. Raises UnreadableArticle or CommandError."""
    if source == "-":
        parsed = parse_upload("standard input.txt", sys.stdin.buffer.read())
        return Incoming(parsed, Channel.COMMAND)
    if urlsplit(source).scheme.lower() in {"http", "https"}:
        parsed = fetch_article(source)
        return Incoming(parsed, Channel.URL, (parsed.canonical_url or parsed.url or source)[:500])
    path = Path(source)
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise CommandError(f"There is no file {source}, and it is no http(s) address.") from None
    except OSError as error:
        raise CommandError(f"{source} cannot be read: {error.strerror or error}.") from error
    if not path.suffix:  # a text without a name that says so
        return Incoming(parse_upload(f"{path.name}.txt", content), Channel.COMMAND)
    return Incoming(parse_upload(path.name, content), Channel.COMMAND)


def find_desk(slug: str) -> Desk:
    """The desk of this slug, or the default one. Raises CommandError naming the desks that there are."""
    try:
        return Desk.objects.get(slug=slug) if slug else default_desk()
    except Desk.DoesNotExist:
        known = ", ".join(Desk.objects.values_list("slug", flat=True)) or "none yet"
        wanted = f"There is no desk “{slug}”" if slug else "No desk is the default one; name one with --desk"
        raise CommandError(f"{wanted}. Desks: {known}.") from None
