"""``match TEXT|-``: what is known of a statement already, or, with --draft, of every claim in a draft."""

from __future__ import annotations

import json
import shutil
import sys
import textwrap
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from claims.extraction import UnsupportedText, extract
from claims.matching.agreement import sentence
from claims.matching.finding import Found, find_known
from claims.matching.wording import statement_of
from claims.models import Claim, KnownClaim

from .extract import read_exactly

GRADES = {"strong": "very likely the same", "possible": "possibly the same"}


class Command(BaseCommand):
    help = (
        "Show what is known already of a statement (in quotation marks, or - for standard input), or with "
        "--draft of each claim in a text file. Nothing is stored."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("text", help="the statement, or - to read it; with --draft a file, or -")
        parser.add_argument("--draft", action="store_true", help="look up every claim of a text file")
        parser.add_argument("--language", default="", help="such as en or de; the site's when it is left out")
        parser.add_argument("--most", type=int, default=5, help="how many to show of each (1 to 50)")
        parser.add_argument("--json", action="store_true", help="print JSON")

    def handle(self, *args: Any, text: str, draft: bool, language: str, most: int, **options: Any) -> None:
        if not 1 <= most <= 50:
            raise CommandError("--most takes a number from 1 to 50.")
        statements = self._claims_in(text) if draft else [self._statement(text)]
        looked_up = [(said, self._known(said, who, language, most)) for said, who in statements]
        if options["json"]:
            rows = [{"statement": said, "known": known} for said, known in looked_up]
            self.stdout.write(json.dumps(rows, ensure_ascii=False, indent=2))
        else:
            self.stdout.write("\n\n".join(_as_text(said, known) for said, known in looked_up))

    def _statement(self, text: str) -> tuple[str, str]:
        said = sys.stdin.read() if text == "-" else text
        if not said.strip():
            raise CommandError("The statement is empty. Give one sentence in quotation marks.")
        return " ".join(said.split()), ""

    def _claims_in(self, path: str) -> list[tuple[str, str]]:
        try:
            found = extract(read_exactly(path)).claims
        except UnsupportedText as error:
            raise CommandError(str(error)) from error
        if not found:
            raise CommandError("There are no checkable claims in this text.")
        return [(claim.text, claim.claimant or "") for claim in found]

    def _known(self, said: str, who: str, language: str, most: int) -> list[dict[str, Any]]:
        finding = find_known(statement_of(said, claimant=who), language=language, limit=most)
        shown = [one for one in finding.found if one.grade or one.probability is None]
        known = KnownClaim.objects.in_bulk([one.candidate.known_claim_id for one in shown])
        ours = Claim.objects.in_bulk([one.candidate.claim_id for one in shown])
        return [
            _row(one, known.get(one.candidate.known_claim_id or 0), ours.get(one.candidate.claim_id or 0))
            for one in shown
        ]


def _row(found: Found, known: KnownClaim | None, claim: Claim | None) -> dict[str, Any]:
    """One that was found, as it is printed. ``rating`` is in the publisher's words."""
    return {
        "text": known.text if known else claim.text if claim else "",
        "publisher": (known.publisher_name or known.publisher_site) if known else "",
        "rating": known.rating if known else "",
        "url": known.url if known else "",
        "claim": str(claim.public_id) if claim else None,
        "grade": found.grade,
        "probability": None if found.probability is None else round(found.probability, 3),
        "reasons": [{**reason.as_json(), "text": sentence(reason)} for reason in found.agreement.reasons],
    }


def _as_text(said: str, known: list[dict[str, Any]]) -> str:
    width = min(shutil.get_terminal_size((100, 24)).columns, 110)
    lines = textwrap.wrap(said, width) or [""]
    if not known:
        return "\n".join([*lines, "      Nothing like it is known."])
    for row in known:
        how = GRADES.get(row["grade"], "found by its words only")
        chance = f" ({row['probability']:.2f})" if row["probability"] is not None else ""
        if row["publisher"]:
            who = f"{row['publisher']}: “{row['rating']}”" if row["rating"] else row["publisher"]
        else:
            who = "a claim of ours, not published"
        lines += ["", f"  {how}{chance}: {who}"]
        lines += textwrap.wrap(row["text"], width, initial_indent="      ", subsequent_indent="      ")
        lines += [f"      {reason['text']}" for reason in row["reasons"]]
        lines += [f"      {row['url']}"] if row["url"] else []
    return "\n".join(lines)
