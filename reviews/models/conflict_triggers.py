"""Conflicts of interest in the language of the database: ConflictOfInterest.touches as SQL over NEW, held
against it by tests/reviews/test_conflicts_in_the_database.py."""

from __future__ import annotations

import pgtrigger

from .conflict import WORDS


def _words(expression: str) -> str:
    return WORDS.replace("%(expressions)s", expression)


def _named_in(*texts: str) -> str:
    return " OR ".join(f"strpos({_words(text)}, {_words('c.subject')}) > 0" for text in texts)


_PLACES = (
    "SELECT 1 FROM claims_appearance a JOIN claims_articleversion w ON w.id = a.version_id "
    "JOIN claims_article o ON o.id = w.article_id WHERE a.claim_id = {claim}"
)
# the subject is part of a pattern: what means something there is escaped
_SITE = (
    r"'^https?://([^/?#]*\.)?' || regexp_replace(lower(btrim(c.subject)), '([^[:alnum:]])', '\\\1', 'g') || "
    r"'(:[0-9]+)?([/?#]|$)'"
)
_OUTLET = f"EXISTS ({_PLACES} AND ({_named_in('o.site_name')} OR o.url ~* ({_SITE})))"
_THERE = f"EXISTS ({_PLACES} AND ({_named_in('a.quote', 'a.claimant_name', 'w.title')}))"
_OWN = (
    "EXISTS (SELECT 1 FROM claims_claim k LEFT JOIN claims_claimant s ON s.id = k.claimant_id "
    "WHERE k.id = {claim} AND ({named}))"
).replace("{named}", _named_in("k.text", "s.name"))
_TOUCHED = (
    "EXISTS (SELECT 1 FROM reviews_conflictofinterest c WHERE c.user_id = {person} AND c.ended_at IS NULL "
    "AND CASE c.kind WHEN 'claim' THEN c.claim_id = {claim} "
    "WHEN 'outlet' THEN {outlet} ELSE {own} OR {there} END)"
)
for _part, _sql in (("{outlet}", _OUTLET), ("{own}", _OWN), ("{there}", _THERE)):
    _TOUCHED = _TOUCHED.replace(_part, _sql)


def not_with_a_conflict(
    *, name: str, operation: pgtrigger.Operation, condition: str, person: str, claim: str, begin: str = ""
) -> pgtrigger.Trigger:
    """Refuse the row where ``person`` declared, and did not end, a conflict of interest that ``claim``
    touches (SQL over NEW). ``begin`` comes before the question."""
    touched = _TOUCHED.format(person=person, claim=claim)
    return pgtrigger.Trigger(
        name=name,
        when=pgtrigger.After,  # the constraints of the table speak first
        operation=operation,
        condition=pgtrigger.Condition(condition),
        func=(
            f"{begin}IF {touched} THEN RAISE EXCEPTION 'this person declared a conflict of interest' "
            "USING ERRCODE = 'check_violation'; END IF; RETURN NULL;"
        ),
    )
