"""Data for tests, made by calling the real actions wherever one exists."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from datetime import date
from typing import Any

from claims.actions.again import take_again
from claims.actions.following import follow_version
from claims.actions.ingest import accept_article, ingest_article
from claims.actions.known_claim_imports import import_known_claims
from claims.actions.suggestions import Said, suggest_claim
from claims.actions.versions import record_version
from claims.actions.writing_claims import place_in
from claims.models import (
    Appearance,
    Article,
    ArticleVersion,
    Channel,
    Claim,
    Claimant,
    ClaimMatch,
    Grade,
    HeldUpdate,
    KnownClaim,
    Suggestion,
)
from claims.selectors import newest_version
from claims.sources import ParsedArticle
from claims.sources.claim_reviews import ReadReviews, ReviewedClaim
from claimtracker.accounts.models import Desk, Membership, Role, User
from claimtracker.ledger import audit
from claimtracker.partners.actions import create_endpoint, issue_key
from claimtracker.partners.models import ApiKey, Partner, Scope, WebhookEndpoint
from reviews.actions.assignment import take_task
from reviews.actions.complaints import new_token, receive_complaint
from reviews.actions.corrections import retract_publication
from reviews.actions.evidence import add_evidence
from reviews.actions.publishing import publish_verdict
from reviews.actions.recheck import open_recheck
from reviews.actions.routing import route_claim
from reviews.actions.verdicts import approve_verdict, submit_verdict
from reviews.models import (
    Complaint,
    Publication,
    Rating,
    RatingScale,
    ReviewTask,
    RoutingRule,
    StandardsNote,
    Topic,
    Verdict,
)

_numbers = itertools.count(1)

PASSWORD = "correct horse battery"


def make_desk(slug: str = "politics", **fields: Any) -> Desk:
    """The desk of this slug; the first one made is the default desk."""
    first = not Desk.objects.filter(is_default=True).exists()
    return Desk.objects.get_or_create(
        slug=slug, defaults={"name": slug.capitalize(), "is_default": first, **fields}
    )[0]


def make_user(role: str | None = Role.CHECKER, desk: Desk | None = None, **fields: Any) -> User:
    """A person with ``role`` at ``desk`` (the default test desk); with role None, no membership."""
    n = next(_numbers)
    user = User.objects.create_user(
        email=fields.pop("email", f"person{n}@example.org"),
        password=fields.pop("password", PASSWORD),
        name=fields.pop("name", f"Person {n}"),
        **fields,
    )
    if role is not None:
        Membership.objects.create(user=user, desk=desk or make_desk(), role=role)
    return user


def make_article(
    body: str | None = None, *, desk: Desk | None = None, by: Any = "system", **options: Any
) -> Article:
    """An article that came in through ingest_article. Its body is unique unless given."""
    n = next(_numbers)
    desk = desk or make_desk()
    parsed = ParsedArticle(
        title=options.pop("title", f"Council report {n}"),
        byline="",
        body=body or f"The city spent {n} million on roads last year, the mayor Ann Lee said.\n",
        language=None,
        published_at=options.pop("published_at", None),
        url=options.pop("url", None),
        canonical_url=None,
        site_name=options.pop("site_name", None),
    )
    return ingest_article(
        parsed, origin=options.pop("origin", f"desk:{desk.slug}"), by=by, desk=desk, **options
    ).article


def make_version(article: Article, body: str) -> ArticleVersion:
    """The article's next text, with its claims looked for in it."""
    parsed = ParsedArticle(
        title=article.title,
        byline="",
        body=body,
        language=None,
        published_at=None,
        url=None,
        canonical_url=None,
        site_name=None,
    )
    version = record_version(article, parsed, by="system").version
    follow_version(version)
    return version


def make_claim(
    quote: str | None = None,
    *,
    article: Article | None = None,
    claimant: str = "Ann Lee",
    score: float = 0.8,
    **fields: Any,
) -> Claim:
    """A claim with one appearance, at the place of ``quote`` in the article's newest version; its wording is
    the quote's unless ``text`` is given."""
    article = article or make_article()
    version = article.versions.order_by("-number")[0]
    quote = quote or version.body.split(",")[0]
    start = version.body.index(quote)
    person = Claimant.objects.get_or_create(name=claimant)[0] if claimant else None
    claim = Claim.objects.create(
        text=fields.pop("text", quote),
        claimant=person,
        desk=article.desk,
        score=score,
        kind="quantity",
        **fields,
    )
    make_appearance(claim, version, start, start + len(quote))
    return claim


def make_appearance(claim: Claim, version: ArticleVersion, start: int, end: int) -> Appearance:
    return Appearance.objects.create(
        claim=claim,
        version=version,
        **place_in(version.body, start, end),
        claimant_name=claim.claimant.name if claim.claimant else "",
        attribution="reported",
        score=claim.score,
        reasons=["a number: million"],
    )


def make_another_appearance(claim: Claim, **options: Any) -> Appearance:
    """The same words in another article, as wire copy has them; ``options`` are make_article's."""
    n = next(_numbers)
    article = make_article(
        f"From the wire, item {n}. {claim.text}, it was said.\n", desk=claim.desk, **options
    )
    version = article.versions.get()
    start = version.body.index(claim.text)
    return make_appearance(claim, version, start, start + len(claim.text))


def make_reviewed_claim(**fields: Any) -> ReviewedClaim:
    """Another publisher's review, of a page of its own unless given."""
    n = next(_numbers)
    facts = {
        "text": f"The city spent {n} million on roads",
        "claimant": "Ann Lee",
        "publisher_name": "Example Checks",
        "publisher_site": "checks.example",
        "url": f"https://checks.example/fc/{n}",
        "rating": "Mostly false",
        "language": "en",
    }
    return ReviewedClaim(**{**facts, **fields})


def make_read_reviews(*reviews: ReviewedClaim) -> ReadReviews:
    """As if read from a file of these reviews."""
    read = ReadReviews("json-ld")
    for number, review in enumerate(reviews, 1):
        read.add(f"review {number}", review)
    return read


def make_known_claim(*, by: Any = "system", **fields: Any) -> KnownClaim:
    """An imported known claim, by an import of its own."""
    read = make_read_reviews(make_reviewed_claim(**fields))
    return import_known_claims(read, source="reviews.json", by=by).known_claims.get()


def make_match(
    claim: Claim, *, known: KnownClaim | None = None, other: Claim | None = None, **fields: Any
) -> ClaimMatch:
    """A suggestion that ``claim`` says what ``known``, or our earlier claim ``other``, says."""
    facts = {"grade": Grade.POSSIBLE, "score": 0.7, "lexical": 9.5, "semantic": 0.8}
    return ClaimMatch.objects.create(
        claim=claim, known_claim=known, other_claim=other, **{**facts, "method_version": "tests-1", **fields}
    )


def make_strong_match(claim: Claim, **fields: Any) -> ClaimMatch:
    return make_match(claim, **{"grade": Grade.STRONG, "score": 0.96, **fields})


def make_rule(desk: Desk | None = None, **fields: Any) -> RoutingRule:
    """A rule at the end of the list, unless ``position`` is given; ``topics``, ``came_in_at`` and
    ``reviewers`` are lists."""
    n = next(_numbers)
    many = {name: fields.pop(name, []) for name in ("topics", "came_in_at", "reviewers")}
    rule = RoutingRule.objects.create(
        **{"position": n, "name": f"Rule {n}", "desk": desk or make_desk(), **fields}
    )
    for name, rows in many.items():
        getattr(rule, name).set(rows)
    return rule


def make_topic(name: str = "Health", words: Iterable[str] = ("hospital",), harm: int = 0) -> Topic:
    return Topic.objects.create(name=name, slug=name.lower().replace(" ", "-"), words=list(words), harm=harm)


def make_scale() -> RatingScale:
    scale, created = RatingScale.objects.get_or_create(
        slug="truth", defaults={"name": "Truth", "is_default": True}
    )
    if created:
        labels = [
            ("false", "False", 1, Rating.Meaning.GRADED),
            ("half-true", "Half true", 3, Rating.Meaning.GRADED),
            ("true", "True", 5, Rating.Meaning.GRADED),
            ("unproven", "Unproven", None, Rating.Meaning.NO_EVIDENCE),
        ]
        Rating.objects.bulk_create(
            Rating(scale=scale, slug=slug, label=label, value=value, meaning=meaning, position=position)
            for position, (slug, label, value, meaning) in enumerate(labels)
        )
    return scale


def make_rating(slug: str = "false") -> Rating:
    return make_scale().ratings.get(slug=slug)


def make_task(claim: Claim | None = None) -> ReviewTask:
    """A research task, queued by routing now or before."""
    claim = claim or make_claim()
    task = route_claim(claim.pk) or ReviewTask.objects.filter(claim=claim).queued().first()
    assert task is not None
    return task


def make_taken_task(by: User, claim: Claim | None = None) -> ReviewTask:
    return take_task(make_task(claim), by=by)


def make_evidence(claim: Claim, by: User, *, stance: str = "refutes", **fields: Any) -> Any:
    n = next(_numbers)
    facts = {
        "url": f"https://stats.example/{n}",
        "title": f"Table {n}",
        "publisher": f"Office {n}",
        "source_kind": "primary",
    }
    # one source is enough for most tests; those of the standards take this away again
    StandardsNote.objects.get_or_create(
        claim=claim, code="one_publisher", defaults={"text": "No other office counts this.", "by": by}
    )
    return add_evidence(claim, by=by, stance=stance, **{**facts, **fields})


def make_submitted_verdict(
    author: User, *, claim: Claim | None = None, rating: str = "false", valid_until: date | None = None
) -> Verdict:
    task = make_taken_task(author, claim)
    make_evidence(task.claim, author)
    return submit_verdict(
        task,
        by=author,
        rating=make_rating(rating),
        summary="The accounts show a third of that.",
        rationale="The audited accounts list the spending line by line.",
        valid_until=valid_until,
    )


def make_approved_verdict(author: User, approver: User, **options: Any) -> Verdict:
    verdict = make_submitted_verdict(author, **options)
    return approve_verdict(verdict, by=approver, revision=verdict.revision)


def make_publication(*, claim: Claim | None = None, rating: str = "false") -> Publication:
    """A verdict that one person proposed, another approved, and that is public."""
    desk = claim.desk if claim else make_desk()
    author, approver = make_user(Role.CHECKER, desk), make_user(Role.EDITOR, desk)
    verdict = make_approved_verdict(author, approver, claim=claim, rating=rating)
    return publish_verdict(verdict, by=approver)


def make_correction(
    publication: Publication, *, rating: str = "false", change: str = "", note: str = "The office revised it."
) -> Publication:
    """The next version of ``publication`` by two other people, the way that people make one."""
    desk = publication.claim.desk
    author, editor = make_user(Role.CHECKER, desk), make_user(Role.EDITOR, desk)
    task = open_recheck(publication.claim, by=editor, reason=note)
    verdict = submit_verdict(
        take_task(task, by=author),
        by=author,
        rating=make_rating(rating),
        summary="The revised accounts show half of that.",
        rationale="The audited accounts list the spending line by line.",
    )
    verdict = approve_verdict(verdict, by=editor, revision=verdict.revision)
    is_same = publication.snapshot["rating"]["slug"] == rating
    kind = change or ("correction" if is_same else "verdict_change")
    return publish_verdict(verdict, by=editor, change=kind, change_note=note)


def make_retraction(publication: Publication, *, note: str = "The document was forged.") -> Publication:
    lead = make_user(Role.LEAD, publication.claim.desk)
    return retract_publication(publication.claim, by=lead, version=publication.number, note=note)


def make_complaint(publication: Publication, **said: Any) -> Complaint:
    """A reader's, as the form on the site sends it."""
    words = {"kind": "wrong", "text": "The table says 1.8 million, not 1.7.", "token": new_token()}
    return receive_complaint(publication, **{**words, **said})


def make_suggestion(
    text: str = "The harbour handled 4 million containers last year.", **facts: Any
) -> Suggestion:
    """A reader's, as the form on the site sends it: half a minute after it was opened."""
    said = {"url": "https://social.example/81", **facts.pop("said", {})}
    return suggest_claim(Said(text, **said), **{"token": new_token(), "sender": "", "seconds": 30.0, **facts})


def make_partner(slug: str | None = None, **fields: Any) -> Partner:
    """A trusted partner unless told otherwise, whose articles go to the default test desk."""
    slug = slug or f"partner-{next(_numbers)}"
    return Partner.objects.create(
        slug=slug, **{"name": slug.capitalize(), "is_trusted": True, "desk": make_desk(), **fields}
    )


def make_key(
    partner: Partner | None = None, *, scopes: Iterable[str] = Scope.values, **options: Any
) -> tuple[ApiKey, str]:
    """A key and its plain text, with every scope unless told otherwise."""
    return issue_key(
        partner or make_partner(),
        label=options.pop("label", "tests"),
        scopes=list(scopes),
        by="system",
        **options,
    )


def make_endpoint(
    partner: Partner | None = None, *, url: str = "https://receiver.example/hook", **options: Any
) -> WebhookEndpoint:
    return create_endpoint(partner or make_partner(), url=url, by="system", **options)


def make_submission(partner: Partner, body: str | None = None, **options: Any) -> Article:
    """An article that the partner sent; held when the partner is not trusted."""
    return make_article(
        body,
        desk=partner.desk,
        origin=partner.origin,
        channel=Channel.API,
        held=not (partner.is_trusted or partner.is_sandbox),
        is_sandbox=partner.is_sandbox,
        **options,
    )


def make_held_update(article: Article | None = None, *, body: str = "", **told: Any) -> HeldUpdate:
    """What a partner that is not trusted sent anew of an accepted article: another text, or other facts."""
    if article is None:
        article = make_submission(make_partner(is_trusted=False), external_id="wire-1")
        accept_article(article, by=make_user(Role.MODERATOR))
    title = newest_version(article).title
    text = ParsedArticle(title=title, byline="", body=body) if body else None
    actor = audit.partner_actor(article.origin, article.origin)
    taken = take_again(article, text, told, by=actor, note="changed by its sender", held=True)
    assert taken.update is not None
    return taken.update
