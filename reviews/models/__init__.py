"""Who checks, what they conclude, and what the public sees."""

from .conflict import ConflictOfInterest
from .evidence import Evidence, Source
from .notification import EmailWish, NoticeKind, NoticePreference, Notification
from .publication import Publication
from .rating import Rating, RatingScale
from .review_task import ReviewTask, RoutingRule
from .verdict import Verdict

__all__ = [
    "ConflictOfInterest",
    "EmailWish",
    "Evidence",
    "NoticeKind",
    "NoticePreference",
    "Notification",
    "Publication",
    "Rating",
    "RatingScale",
    "ReviewTask",
    "RoutingRule",
    "Source",
    "Verdict",
]
