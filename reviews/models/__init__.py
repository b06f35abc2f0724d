"""Who checks, what they conclude, and what the public sees."""

from .evidence import Evidence, Source
from .publication import Publication
from .rating import Rating, RatingScale
from .review_task import Notification, ReviewTask
from .routing import ClaimRoute, RoutingRule, Rulebook, Topic, TriageDecision
from .verdict import Verdict

__all__ = [
    "ClaimRoute",
    "Evidence",
    "Notification",
    "Publication",
    "Rating",
    "RatingScale",
    "ReviewTask",
    "RoutingRule",
    "Rulebook",
    "Source",
    "Topic",
    "TriageDecision",
    "Verdict",
]
