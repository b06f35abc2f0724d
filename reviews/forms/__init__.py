"""What people type. Forms check shape and keep the words; rules are the actions'."""

from .base import RefusableForm, WordsField
from .claims import MergeForm, NoteForm, SplitForm, WordingForm
from .evidence import EvidenceForm
from .publishing import ApproveAndPublishForm, ExplainForm, OverrideForm, PublishForm, RetractForm
from .replies import AskForm, ContactForm, ReplyForm
from .verdicts import ProposalForm, RatingChoiceField, ReasonForm, RevisionForm, VerdictForm

__all__ = [
    "ApproveAndPublishForm",
    "AskForm",
    "ContactForm",
    "EvidenceForm",
    "ExplainForm",
    "MergeForm",
    "NoteForm",
    "OverrideForm",
    "ProposalForm",
    "PublishForm",
    "RatingChoiceField",
    "ReasonForm",
    "RefusableForm",
    "ReplyForm",
    "RetractForm",
    "RevisionForm",
    "SplitForm",
    "VerdictForm",
    "WordingForm",
    "WordsField",
]
