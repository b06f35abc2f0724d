"""``import_claim_reviews PATH|URL|-``: what other publishers found, from a file or an address."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.core.management.base import BaseCommand, CommandError

from claims.actions.known_claim_imports import import_known_claims
from claims.models import KnownClaimImport
from claims.sources.claim_reviews import (
    MOST_BYTES,
    Format,
    ReadReviews,
    UnreadableReviews,
    checked_defaults,
    fetch_reviews,
    read_reviews,
)

SHOWN_PROBLEMS = 20


class Command(BaseCommand):
    help = (
        "Import claim reviews of other publishers from a file, an http(s) address or standard input (-). "
        "Safe to repeat. Exits with 1 when nothing could be read."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("source", help="a file, an http(s) address, or - for standard input")
        parser.add_argument("--publisher", default="", help="the publisher's name, where a review names none")
        parser.add_argument("--site", default="", help="the publisher's site, where a review names none")
        parser.add_argument("--licence", default="", help="the licence, where a review names none")
        parser.add_argument(
            "--language", default="", help="the language (en, pt-BR), where a review names none"
        )
        parser.add_argument(
            "--format", default="", choices=[str(each) for each in Format], help="else it is found"
        )
        parser.add_argument("--json", action="store_true", help="print the outcome as JSON")

    def handle(self, *args: Any, source: str, format: str, json: bool, **options: Any) -> None:
        try:
            defaults = checked_defaults(
                publisher_name=options["publisher"],
                publisher_site=options["site"],
                licence=options["licence"],
                language=options["language"],
            )
            read = read_source(source, format=format)
        except UnreadableReviews as error:
            raise CommandError(error.message) from error
        name = "standard input" if source == "-" else source
        row = import_known_claims(read, source=name, by="system", defaults=defaults)
        self.stdout.write(as_json(row) if json else as_text(row))


def read_source(source: str, *, format: str) -> ReadReviews:
    """The reviews at ``source``. Raises UnreadableReviews or CommandError."""
    if source == "-":
        return read_reviews(sys.stdin.buffer.read(MOST_BYTES + 1), format=format)
    if urlsplit(source).scheme.lower() in {"http", "https"}:
        return fetch_reviews(source, format=format)
    try:
        with Path(source).open("rb") as file:
            return read_reviews(file.read(MOST_BYTES + 1), format=format)
    except FileNotFoundError:
        raise CommandError(f"There is no file {source}, and it is no http(s) address.") from None
    except OSError as error:
        raise CommandError(f"{source} cannot be read: {error.strerror or error}.") from error


def as_text(row: KnownClaimImport) -> str:
    """The counts in one line, then what was wrong, one line each."""
    lines = [
        f"{row.new_count} new, {row.updated_count} updated, {row.unchanged_count} unchanged, "
        f"{row.refused_count} refused, {row.repeated_count} repeated ({row.format}, import {row.pk})"
    ]
    lines += [
        f"  {problem['where']}, {problem['field']}: {problem['message']}"
        for problem in row.problems[:SHOWN_PROBLEMS]
    ]
    if row.problem_count > SHOWN_PROBLEMS:
        lines.append(f"  … {row.problem_count - SHOWN_PROBLEMS} more problems; --json shows up to 200.")
    return "\n".join(lines)


def as_json(row: KnownClaimImport) -> str:
    outcome = {
        "import": row.pk,
        "format": row.format,
        "new": row.new_count,
        "updated": row.updated_count,
        "unchanged": row.unchanged_count,
        "refused": row.refused_count,
        "repeated": row.repeated_count,
        "problem_count": row.problem_count,
        "problems": row.problems,
    }
    return json.dumps(outcome, ensure_ascii=False, indent=2)
