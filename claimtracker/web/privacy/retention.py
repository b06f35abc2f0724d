"""How long what is kept, and by which job it goes: one table, from which docs/retention.md is written.

python -m claimtracker.web.privacy.retention > docs/retention.md
"""

from __future__ import annotations

import sys
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Term:
    """``job`` is the one that ends it: a job of the beat or of a row; empty for what ends by an action of a
    person, which ``ends`` names then. ``setting`` says how long, empty where it is fixed."""

    kind: str
    of: str
    how_long: str
    setting: str
    job: str
    ends: str = ""


TERMS = (
    Term("presence", "Who has which claim open", "1 hour", "", "reviews.forget_passing"),
    Term("page_look", "Pages that were looked at before they were cited", "1 day", "",
         "reviews.forget_passing"),
    Term("bulk_change", "What was done to many tasks at once, for taking it back", "30 days", "",
         "reviews.forget_passing"),
    Term("draft", "Unpublished texts that are read against known claims", "24 hours", "DRAFT_HOURS",
         "claims.purge_drafts"),
    Term("batch", "What partners sent in many pieces; the articles stay", "30 days", "",
         "claims.purge_batches"),
    Term("sandbox", "What came from a sandbox key, with all that was found in it", "7 days", "SANDBOX_DAYS",
         "claims.erase_old_sandboxes"),
    Term("suggestion_words", "What readers suggested and who they are, once that was decided",
         "90 days", "SUGGESTION_KEEP_DAYS", "claims.forget_suggestions"),
    Term("kept_answer", "Answers kept for an Idempotency-Key", "24 hours", "IDEMPOTENCY_HOURS",
         "partners.forget_answers"),
    Term("delivery", "Bodies of webhooks that were delivered or given up", "30 days", "WEBHOOK_LOG_DAYS",
         "partners.tidy"),
    Term("attempt", "Each try to deliver, with what the receiver answered", "30 days", "WEBHOOK_LOG_DAYS",
         "partners.tidy"),
    Term("partner_event", "The order of events for partners that ask what is new", "30 days", "EVENT_DAYS",
         "partners.tidy"),
    Term("old_secret", "A webhook's secret before the last", "until its overlap ends", "", "partners.tidy"),
    Term("account_letter", "What people were told of their accounts by mail", "30 days", "", "signin.tidy"),
    Term("known_device", "Browsers that somebody has signed in with and uses no more", "400 days", "",
         "signin.tidy"),
    Term("sign_in_failure", "Wrong tries to sign in, with the address that they came from", "1 day", "",
         "signin.tidy"),
    Term("open_session", "Sessions that ran out, with browser and address", "1 day", "", "signin.tidy"),
    Term("invitation", "Invitations that ran out, and to whom they went", "90 days", "", "signin.tidy"),
    Term("dump", "Files of everything that is published", "7 days", "DUMP_KEEP_DAYS", "api.make_dumps"),
)  # fmt: skip
BY_HAND = (
    Term("complaint_words", "Who complained, and in which words", "until it is asked for", "", "",
         "“Erase” on the claim's page: editors and leads of its desk, moderators"),
    Term("person", "The account of somebody who left, their settings, and their words in the audit",
         "until it is asked for", "", "", "“Erase this person” in the administration: moderators"),
    Term("replies", "What somebody answered when they were asked for a reply", "as long as the check", "", "",
         "nothing: it is part of the check"),
    Term("articles", "Articles and their versions, claims, evidence, copies of pages, verdicts and reviews",
         "as long as the check", "", "", "nothing: it is what the check rests on"),
    Term("publications", "What was published", "for good", "", "",
         "nothing: a retraction is a version too, and sources that became confidential are withheld from it"),
    Term("restrictions", "Who had a check hidden, taken down or held, and why", "for good", "", "",
         "nothing: the record of it stays"),
    Term("flags", "Who flagged what to the moderators, why, and what was decided", "for good", "", "",
         "nothing: the record of it stays"),
    Term("audit", "The audit, without names and words of people", "for good", "", "",
         "nothing: it is sealed"),
)  # fmt: skip


def as_markdown() -> str:
    """The whole of docs/retention.md."""
    lines = [
        "# How long what is kept",
        "",
        "Written from `claimtracker/web/privacy/retention.py`: change it there. Each job runs by itself, and",
        "a test makes an old row of each kind and sees it go. What becomes of each field about a person who",
        "is erased stands in `claimtracker/web/privacy/registry.py`. Nothing that concerns a claim under",
        "legal hold goes before two people lift the hold (docs/adr/0029-hidden-taken-down-held.md).",
        "",
        "| What | How long | Setting | Ended by |",
        "|---|---|---|---|",
    ]
    for term in TERMS:
        setting = f"`{term.setting}`" if term.setting else "fixed"
        lines.append(f"| {term.of} | {term.how_long} | {setting} | `{term.job}` |")
    lines += [
        "",
        "Kept until a person ends it, or for good:",
        "",
        "| What | How long | Ended by |",
        "|---|---|---|",
    ]
    lines += [f"| {term.of} | {term.how_long} | {term.ends} |" for term in BY_HAND]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.stdout.write(as_markdown())
