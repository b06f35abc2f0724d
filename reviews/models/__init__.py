"""Who checks, what they conclude, and what the public sees."""

from .bulk import BulkChange, BulkItem
from .comment import About, Comment, Mention
from .complaint import Complaint, ComplaintWords
from .conflict import ConflictOfInterest
from .dump import Dump, DumpShelf
from .evidence import Evidence, Source
from .expiry import Expiry
from .flag import Flag, FlagCase, FlagReason, FlagStep
from .handover import Handover
from .mailing import Mailing, MailTimes
from .notification import EmailWish, NoticeKind, NoticePreference, Notification
from .page_look import PageLook
from .presence import Presence
from .public_check import PublicCheck, PublicCheckTopic, PublicTopic
from .publication import Change, Publication
from .rating import Rating, RatingScale
from .reply import Contact, Reply, ReplyRequest
from .restriction import Restriction, RestrictionKind, RestrictionReason, RestrictionStep
from .review import ReasonTemplate, Review, Revision
from .review_task import ReviewTask, TaskHolder
from .routing import ClaimRoute, RoutingRule, Rulebook, Topic, TriageDecision
from .sampling import DeskSampling
from .saved_view import DefaultView, SavedView
from .snapshot import EvidenceChange, QuotationCheck, SourceCheck, SourceSnapshot, StoredContent
from .standards import StandardsNote, StandardsOverride
from .verdict import Verdict

__all__ = [
    "About",
    "BulkChange",
    "BulkItem",
    "Change",
    "ClaimRoute",
    "Comment",
    "Complaint",
    "ComplaintWords",
    "ConflictOfInterest",
    "Contact",
    "DefaultView",
    "DeskSampling",
    "Dump",
    "DumpShelf",
    "EmailWish",
    "Evidence",
    "EvidenceChange",
    "Expiry",
    "Flag",
    "FlagCase",
    "FlagReason",
    "FlagStep",
    "Handover",
    "MailTimes",
    "Mailing",
    "Mention",
    "NoticeKind",
    "NoticePreference",
    "Notification",
    "PageLook",
    "Presence",
    "PublicCheck",
    "PublicCheckTopic",
    "PublicTopic",
    "Publication",
    "QuotationCheck",
    "Rating",
    "RatingScale",
    "ReasonTemplate",
    "Reply",
    "ReplyRequest",
    "Restriction",
    "RestrictionKind",
    "RestrictionReason",
    "RestrictionStep",
    "Review",
    "ReviewTask",
    "Revision",
    "RoutingRule",
    "Rulebook",
    "SavedView",
    "Source",
    "SourceCheck",
    "SourceSnapshot",
    "StandardsNote",
    "StandardsOverride",
    "StoredContent",
    "TaskHolder",
    "Topic",
    "TriageDecision",
    "Verdict",
]
