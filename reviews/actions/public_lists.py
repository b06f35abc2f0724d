"""Readers' lists follow what is published, and hold nothing else."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.db import transaction

from claims.actions.curation import lock_claim
from claims.models import ArticleVersion

from ..models import ClaimRoute, Publication, PublicCheck, PublicCheckTopic, PublicTopic
from ..reader_facts import list_facts

RATING = ("rating_slug", "rating_label", "rating_step")


@transaction.atomic
def list_for_readers(publication: Publication) -> PublicCheck:
    """Put the newest version of a check where readers' lists find it, in place of the one before. The caller
    holds the claim's lock. Not audited: it says what the publication says."""
    snapshot = publication.snapshot
    facts = asdict(list_facts(snapshot, language=_language_of(snapshot, publication.claim_id)))
    if publication.is_retraction:
        facts |= dict.fromkeys(RATING[:2], "") | {"rating_step": None}
    line, _made = PublicCheck.everything.update_or_create(
        claim_id=publication.claim_id,
        defaults={
            **facts,
            "publication": publication,
            "slug": publication.slug,
            "is_retracted": publication.is_retraction,
        },
    )
    topics = [_topic(facts) for facts in _topics_of(snapshot, publication.claim_id)]
    PublicCheckTopic.objects.filter(check_line=line).delete()
    PublicCheckTopic.objects.bulk_create(
        PublicCheckTopic(topic=topic, check_line=line, newest=publication.pk) for topic in topics
    )
    return line


@transaction.atomic
def list_again(claim_id: int) -> PublicCheck | None:
    """Work one claim's line out anew; safe to repeat. None where nothing is published. Locks the claim."""
    claim = lock_claim(claim_id)
    newest = Publication.objects.filter(claim=claim).order_by("-number").first()
    return list_for_readers(newest) if newest else None


def topic_facts(claim_id: int) -> list[dict[str, str]]:
    """What routing holds a claim to be about, as it goes into a snapshot."""
    route = ClaimRoute.objects.filter(claim=claim_id).first()
    topics = route.topics.order_by("name") if route else ()
    return [{"slug": topic.slug, "name": topic.name} for topic in topics]


def _topics_of(snapshot: dict[str, Any], claim_id: int) -> list[dict[str, str]]:
    """As published; for snapshots from before they said it, as routing has it."""
    return list(snapshot["topics"]) if "topics" in snapshot else topic_facts(claim_id)


def _topic(facts: dict[str, str]) -> PublicTopic:
    topic, _made = PublicTopic.objects.get_or_create(slug=facts["slug"], defaults={"name": facts["name"]})
    if topic.name != facts["name"]:
        topic.name = facts["name"]
        topic.save(update_fields=["name"])
    return topic


def _language_of(snapshot: dict[str, Any], claim_id: int) -> str:
    if snapshot["claim"].get("language"):
        return ""
    versions = ArticleVersion.objects.filter(appearances__claim=claim_id).order_by("appearances__id")
    return versions.values_list("article__language", flat=True).first() or ""
