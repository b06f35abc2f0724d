"""``extract PATH|-``: the claims in a text, without a database."""

from __future__ import annotations

import json
import shutil
import sys
import textwrap
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from claims.extraction import Extraction, UnsupportedText, extract
from claims.extraction.cli import extraction_as_json


class Command(BaseCommand):
    help = (
        "Show the claims in a UTF-8 text file, or in what comes through standard input with -. No database."
    )
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", help="a plain text file in UTF-8, or - for standard input")
        parser.add_argument("--json", action="store_true", help="print JSON with positions in code points")

    def handle(self, *args: Any, path: str, json: bool, **options: Any) -> None:
        text = read_exactly(path)
        try:
            extraction = extract(text)
        except UnsupportedText as error:
            raise CommandError(str(error)) from error
        self.stdout.write(as_json(extraction) if json else as_table(extraction))


def read_exactly(path: str) -> str:
    """Every code point of the file, line ends too, so that positions count into it. Raises CommandError."""
    try:
        content = sys.stdin.buffer.read() if path == "-" else Path(path).read_bytes()
    except FileNotFoundError:
        raise CommandError(f"There is no file {path}.") from None
    except OSError as error:
        raise CommandError(f"{path} cannot be read: {error.strerror or error}.") from error
    name = "Standard input" if path == "-" else path
    if b"\0" in content:
        raise CommandError(f"{name} is not text but a binary file. Give a plain text file in UTF-8.")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise CommandError(
            f"{name} is not in UTF-8 (byte {error.start} does not fit). Save it as UTF-8 and try again."
        ) from error


def as_json(extraction: Extraction) -> str:
    return json.dumps(extraction_as_json(extraction), ensure_ascii=False, indent=2)


def as_table(extraction: Extraction) -> str:
    """The claims for people, the strongest first, each with its place, its speaker and the reasons."""
    width = min(shutil.get_terminal_size((100, 24)).columns, 110)
    claims = sorted(extraction.claims, key=lambda claim: (-claim.score, claim.start))
    counted = f"{len(claims)} claim{'' if len(claims) == 1 else 's'} in {extraction.sentences} sentences"
    lines = [f"{counted} ({extraction.version})"]
    for claim in claims:
        who = f"{claim.claimant}, {claim.attribution}" if claim.claimant else "the reporter’s own voice"
        lines += ["", f"{claim.score:.2f}  {claim.kind}  {claim.start}–{claim.end}  {who}"]
        lines += textwrap.wrap(claim.text, width, initial_indent="      ", subsequent_indent="      ")
        if claim.reasons:
            because = "because: " + "; ".join(claim.reasons)
            lines += textwrap.wrap(because, width, initial_indent="      ", subsequent_indent="        ")
    return "\n".join(lines)
