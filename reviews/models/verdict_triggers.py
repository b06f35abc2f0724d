"""What the database asks of every step of a verdict, whoever writes the row."""

from .basis import NOT_CARRIED

_TEXT_CHANGED = NOT_CARRIED.format(version="NEW.article_version_id", claim="NEW.claim_id")

AN_APPROVAL_IS_OF_WHAT_WAS_READ = (
    "IF NOT EXISTS (SELECT 1 FROM reviews_review r WHERE r.verdict_id = NEW.id "  # noqa: S608 - of names in the code
    "AND r.revision = NEW.revision AND r.reviewer_id = NEW.approver_id "
    "AND r.article_version_id IS NOT DISTINCT FROM NEW.article_version_id "
    "AND r.kind = CASE OLD.state WHEN 'disputed' THEN 'adjudication' ELSE 'second_review' END "
    "AND r.outcome IN ('approved', 'edited', 'upheld', 'changed')) THEN "
    "RAISE EXCEPTION 'an approval is of the revision and the article version that a second person read' "
    "USING ERRCODE = 'check_violation'; END IF; "
    "IF EXISTS (SELECT 1 FROM reviews_reviewtask t WHERE t.claim_id = NEW.claim_id "
    "AND t.kind = 'blind_review' AND t.state IN ('queued', 'taken')) THEN "
    "RAISE EXCEPTION 'the blind review of this claim is still open' "
    "USING ERRCODE = 'check_violation'; END IF; "
    "IF " + _TEXT_CHANGED + " THEN "
    "RAISE EXCEPTION 'the article changed since this verdict was proposed' "
    "USING ERRCODE = 'check_violation'; END IF; "
    "RETURN NULL;"
)

# the words of the row are those of its revision, which nobody changes
_WORDS_ARE_KEPT = (
    "EXISTS (SELECT 1 FROM reviews_revision k WHERE k.verdict_id = NEW.id AND k.number = NEW.revision "
    "AND (k.rating_id, k.summary, k.rationale, k.what_would_change) "
    "= (NEW.rating_id, NEW.summary, NEW.rationale, NEW.what_would_change) "
    "AND k.valid_until IS NOT DISTINCT FROM NEW.valid_until "
    "AND k.article_version_id IS NOT DISTINCT FROM NEW.article_version_id)"
)
_SENT_BACK = (
    "EXISTS (SELECT 1 FROM reviews_review r WHERE r.verdict_id = NEW.id "
    "AND r.revision = NEW.revision AND r.outcome = 'returned' AND r.reason = NEW.return_reason "
    "AND r.kind = CASE OLD.state WHEN 'disputed' THEN 'adjudication' ELSE 'second_review' END)"
)
# state → what has to be true of the step into it (never null), and the sentence where it is not
_RECORDS = (
    (
        "submitted",
        f"(NEW.revision > OLD.revision AND {_WORDS_ARE_KEPT})",
        "a proposal is a new revision, whose words are kept",
    ),
    (
        "submitted",
        "EXISTS (SELECT 1 FROM reviews_reviewtask t WHERE t.claim_id = NEW.claim_id "
        "AND t.kind IN ('research', 'recheck') AND t.state = 'taken' AND t.assignee_id = NEW.author_id)",
        "a verdict is proposed by the person who has its task",
    ),
    (
        "draft",
        "(SELECT count(*) = 0 FROM reviews_reviewtask t WHERE t.claim_id = NEW.claim_id "
        "AND t.kind = 'second_review' AND t.state = 'taken')",
        "a verdict that somebody is reviewing is not taken back",
    ),
    (
        "disputed",
        "EXISTS (SELECT 1 FROM reviews_review r WHERE r.verdict_id = NEW.id AND r.revision = NEW.revision "
        "AND r.outcome IN ('dissent', 'rated') AND r.rating_id <> NEW.rating_id)",
        "a verdict is disputed where a second person gave it another rating",
    ),
    (
        "returned",
        f"({_TEXT_CHANGED} OR {_SENT_BACK})",
        "a verdict is returned by a second person with this reason, or because its article changed",
    ),
    ("approved", _WORDS_ARE_KEPT, "an approval is of the words of a revision"),
)

EVERY_STEP_HAS_ITS_RECORD = (
    "".join(
        f"IF NEW.state = '{state}' AND NOT {holds} THEN RAISE EXCEPTION '{sentence}' "
        "USING ERRCODE = 'check_violation'; END IF; "
        for state, holds, sentence in _RECORDS
    )
    + "RETURN NULL;"
)
