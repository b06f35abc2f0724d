"""The demo's newsroom: desks, people, a rating scale and routing rules. Running it twice changes nothing."""

from __future__ import annotations

from django.db import transaction
from django.utils.text import slugify

from claimtracker.accounts.models import Desk, Membership, Role, User
from reviews.models import Rating, RatingScale, RoutingRule, Topic
from reviews.models.routing import FirstStep

PASSWORD = "claimtracker-demo"  # noqa: S105 - the demo listens on loopback only and prints this

DESKS = (("news", "News"), ("health", "Health"), ("economy", "Economy"), ("world", "World"))

PEOPLE = (
    ("reporter@demo.example", "Rosa Lindqvist", Role.REPORTER),
    ("checker@demo.example", "Imran Qureshi", Role.CHECKER),
    ("editor@demo.example", "Ellen Marsh", Role.EDITOR),
    ("lead@demo.example", "Lena Kovač", Role.LEAD),
    ("moderator@demo.example", "Milo Duarte", Role.MODERATOR),
)

RATINGS = (
    ("false", "False", 1, "The evidence contradicts the claim in its substance."),
    ("mostly-false", "Mostly false", 2, "A grain of truth, but the main point does not hold."),
    ("half-true", "Half true", 3, "Partly right, and partly wrong or missing what a reader must know."),
    ("mostly-true", "Mostly true", 4, "Right in substance, with a detail that needs a note."),
    ("true", "True", 5, "The evidence supports the claim fully."),
    ("no-evidence", "No evidence either way", None, "Searched for and not found; says nothing about truth."),
    ("not-checkable", "Not checkable", None, "Opinion, prediction, or out of reach of any evidence."),
)

RULES = (
    (
        "Health and hospitals",
        "health",
        ("hospital", "patient", "vaccin", "clinic", "disease", "surgery", "health"),
        24,
    ),
    (
        "Money and prices",
        "economy",
        ("budget", "tax", "price", "unemployment", "inflation", "€", "$", "£"),
        48,
    ),
    (
        "War and diplomacy",
        "world",
        ("militar", "defence minister", "troops", "air strike", "airstrike", "ceasefire", "embassy"),
        12,
    ),
)

# name, words, harm from 0 to 3
TOPICS = (
    ("Health", ("hospital", "patient", "vaccin", "clinic", "disease", "flu"), 3),
    ("Public money", ("budget", "tax", "council", "€", "£", "$"), 1),
    ("Elections", ("election", "ballot", "voter", "turnout", "polling"), 2),
)
SELECTION_REASON = "We check figures that many people hear and that public decisions rest on."


@transaction.atomic
def set_up_newsroom() -> None:
    """Make what is missing. Never changes what somebody changed."""
    desks = {
        slug: Desk.objects.get_or_create(slug=slug, defaults={"name": name, "is_default": slug == "news"})[0]
        for slug, name in DESKS
    }
    for email, name, role in PEOPLE:
        user = User.objects.filter(email=email).first()
        if user is None:
            user = User.objects.create_user(email=email, password=PASSWORD, name=name)
            user.is_staff = role == Role.MODERATOR
            user.save(update_fields=["is_staff"])
        for desk in desks.values():
            Membership.objects.get_or_create(user=user, desk=desk, defaults={"role": role})
    scale, _created = RatingScale.objects.get_or_create(
        slug="truth", defaults={"name": "Truth scale", "is_default": True}
    )
    for position, (slug, label, value, guidance) in enumerate(RATINGS):
        Rating.objects.get_or_create(
            scale=scale,
            slug=slug,
            defaults={
                "label": label,
                "meaning": slug.replace("-", "_") if value is None else Rating.Meaning.GRADED,
                "value": value,
                "position": position,
                "guidance": guidance,
            },
        )
    _set_up_routing(desks)


def _set_up_routing(desks: dict[str, Desk]) -> None:
    if not Topic.objects.exists():
        Topic.objects.bulk_create(
            Topic(name=name, slug=slugify(name), words=list(words), harm=harm) for name, words, harm in TOPICS
        )
    if RoutingRule.objects.exists():
        return
    rules = [
        RoutingRule(name=name, desk=desks[slug], keywords=list(words), deadline_hours=hours)
        for name, slug, words, hours in RULES
    ]
    for rule in rules:
        rule.selection_reason = SELECTION_REASON
    weak = "Most of these are set aside with one look."
    rules.append(
        RoutingRule(
            name="Weak claims", note=weak, desk=desks["news"], max_score=0.3, first_step=FirstStep.TRIAGE
        )
    )
    for position, rule in enumerate(rules, 1):
        rule.position = position
    RoutingRule.objects.bulk_create(rules)
