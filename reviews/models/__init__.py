"""Who checks, what they conclude, and what the public sees."""

from .conflict import ConflictOfInterest
from .evidence import Evidence, Source
from .handover import Handover
from .notification import EmailWish, NoticeKind, NoticePreference, Notification
from .publication import Publication
from .rating import Rating, RatingScale
from .review_task import ReviewTask
from .routing import ClaimRoute, RoutingRule, Rulebook, Topic, TriageDecision
from .verdict import Verdict

__all__ = [
    "ClaimRoute",
    "ConflictOfInterest",
    "EmailWish",
    "Evidence",
    "Handover",
    "NoticeKind",
    "NoticePreference",
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
