"""Sentences into single facts: clauses, coordinated verbs, relative clauses, presupposed facts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from claims.extraction import lexicon as lex
from claims.extraction.attribution import SUBJECTS, Frame
from claims.extraction.parsing import lemma_of

if TYPE_CHECKING:
    from spacy.tokens import Span, Token

_TRIM_FIRST = (
    "and",
    "but",
    "or",
    "that",
    "because",
    "although",
    "though",
    "while",
    "whereas",
    "so",
    "yet",
    "nor",
    "after",
    "before",
)
_APART = ("although", "though", "while", "whereas", "but", "after")
_PARTICIPLES = ("VBG", "VBN")


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of tokens [first, last] that states one fact, with its head and how it is meant."""

    head: Token
    first: Token
    last: Token
    role: str  # main, relative, presupposed, content, phrase
    frame: Frame | None
    subject: Token | None


def pieces_of(sentence: Span, frames: list[Frame], marks: dict[int, int]) -> list[Piece]:
    """The facts that a sentence may state, before any judgement of their worth."""
    found: list[Piece] = []
    walker = _Walker(sentence, frames, marks, found)
    walker.clause(sentence.root, None)
    return found


class _Walker:
    def __init__(
        self, sentence: Span, frames: list[Frame], marks: dict[int, int], found: list[Piece]
    ) -> None:
        self.sentence = sentence
        self.frames = frames
        self.marks = marks
        self.found = found
        self.seen: set[int] = set()
        self.by_verb = {frame.verb.i: frame for frame in frames}

    def clause(self, head: Token, subject: Token | None, role: str = "main") -> None:
        """Emit the clause under `head`, then the facts set apart from it."""
        if head.i in self.seen:
            return
        self.seen.add(head.i)
        frame = self.by_verb.get(head.i)
        own = next((c for c in head.children if c.dep_ in SUBJECTS), subject)
        if frame is not None and not frame.aside:
            self._inside_frame(frame, own)
            return
        apart = list(self._apart(head))
        cut = {t.i for child, _ in apart for t in child.subtree}
        cut |= {i for f in self.frames if f.aside for i in f.own}
        self._emit(head, cut, role, own)
        for child, child_role in apart:
            self._child(child, child_role, own)

    def _child(self, child: Token, role: str, subject: Token | None) -> None:
        if role == "relative":
            self._relative(child)
        elif role in ("conj", "participle"):
            self.clause(child, subject, role)
        elif role == "purpose":
            self._presupposed(child)
        else:
            self.clause(child, None, role)

    def _apart(self, head: Token) -> Iterator[tuple[Token, str]]:
        """The dependents of a clause that state facts of their own."""
        for token in self._clause_tokens(head):
            if token.i == head.i:
                continue
            if token.i in self.by_verb and token.dep_ in (
                "conj",
                "advcl",
                "parataxis",
                "ccomp",
                "relcl",
                "xcomp",
            ):
                yield token, "main"
            elif token.dep_ == "conj" and token.pos_ in ("VERB", "AUX") and token.head.i == head.i:
                if (_stands_alone(token) and _stands_alone(head)) or _is_aside(token):
                    yield token, "conj"
            elif token.head.i == head.i and _has_subject(token) and _is_side_clause(token):
                yield token, "main"
            elif token.dep_ == "relcl" and _after_comma(token):
                yield token, "relative"
            elif token.dep_ == "advcl":
                role = _adverbial_role(token)
                if role is not None and (token.head.i == head.i or role == "participle"):
                    yield token, role

    def _clause_tokens(self, head: Token) -> list[Token]:
        return sorted(head.subtree, key=lambda t: t.i)

    def _inside_frame(self, frame: Frame, subject: Token | None) -> None:
        verb = frame.verb
        if frame.stance == "promise":
            for child in verb.children:
                if child.i in frame.content:
                    self._presupposed(child)
        elif frame.stance in ("accusation", "concern") and frame.content:
            self._phrase(frame)
        handled = {
            child.i for child in verb.children if frame.stance == "promise" and child.i in frame.content
        }
        for child in verb.children:
            if child.i in handled or (frame.stance in ("accusation", "concern") and child.i in frame.content):
                continue
            if child.dep_ in ("ccomp", "xcomp") and child.i in frame.content:
                self.clause(child, subject, "content")
            elif child.dep_ in ("conj", "advcl", "parataxis", "ccomp"):
                purpose = any(c.dep_ == "aux" and c.lower_ == "to" for c in child.children)
                circumstance = child.dep_ == "advcl" and child.tag_ == "VBG" and child.i not in self.by_verb
                if purpose or circumstance:
                    self._presupposed(child)
                else:
                    self.clause(child, subject if child.dep_ != "ccomp" else None, "main")
            else:
                for token in child.subtree:
                    if token.dep_ == "relcl" and _after_comma(token) and token.i not in self.seen:
                        self._relative(token)

    def _phrase(self, frame: Frame) -> None:
        """What somebody is accused of or worried about, without the asides hung on it."""
        doc = self.sentence.doc
        asides = [doc[i] for i in frame.content if doc[i].dep_ == "relcl" and _after_comma(doc[i])]
        cut = {t.i for aside in asides for t in aside.subtree}
        tokens = [i for i in sorted(frame.content) if i not in cut and i < self.sentence.end]
        if tokens:
            head = next((doc[i] for i in tokens if doc[i].pos_ == "VERB"), doc[tokens[0]])
            self._add(Piece(head, doc[tokens[0]], doc[tokens[-1]], "phrase", frame, None))
        for aside in asides:
            self._relative(aside)

    def _relative(self, verb: Token) -> None:
        """Antecedent and relative clause together state a fact: "the terminal, which opened in June"."""
        self.seen.add(verb.i)
        antecedent = verb.head
        frame = self.by_verb.get(verb.i)
        if frame is not None:
            self._inside_frame(frame, antecedent)
            return
        inner = list(self._apart(verb))
        cut = {t.i for child, _ in inner for t in child.subtree}
        kept = [t for t in verb.subtree if t.i not in cut and t.i not in self.marks and not t.is_punct]
        if kept:
            # an aside in paraphrased speech is the reporter's, not the speaker's
            last = max(kept, key=lambda t: t.i)
            self._add(Piece(verb, _phrase_start(antecedent), last, "relative", None, antecedent))
        for child, role in inner:
            self._child(child, role, antecedent)

    def _presupposed(self, root: Token) -> None:
        """Facts inside a purpose or a promise: the noun and the finite clause that describes it."""
        for token in root.subtree:
            if token.dep_ == "relcl" and token.i not in self.seen and _finite_past(token):
                self.seen.add(token.i)
                kept = _without_later_conjuncts(token)
                last = max(kept, key=lambda t: t.i)
                frame = self._frame_of(token)
                self._add(Piece(token, _phrase_start(token.head), last, "presupposed", frame, token.head))

    def _emit(self, head: Token, cut: set[int], role: str, subject: Token | None) -> None:
        kept = [t for t in self._clause_tokens(head) if t.i not in cut and t.i not in self.marks]
        kept = [t for t in _longest_run(kept, self.marks) if not t.is_punct or t.text == "%"]
        while kept and kept[-1].dep_ in ("cc", "mark"):
            kept.pop()  # the "and" of a clause that was set apart
        kept = self._after_short_lead(kept)
        if not kept:
            return
        if head.i in cut:
            head = _top_verb(kept)  # the parser hung the sentence on the frame that stands beside it
        frame = self._frame_of(head)
        first = self._mended_first(kept[0], head, frame)
        self._add(Piece(head, first, kept[-1], role, frame, subject))
        if _is_aside(head) or any(c.dep_ == "xcomp" for c in head.children):
            self._presupposed(head)

    def _after_short_lead(self, kept: list[Token]) -> list[Token]:
        """ "Too often, she said, the debate …": start after the frame if no subject stands before it."""
        for frame in self.frames:
            if not kept or not kept[0].i < min(frame.own) <= max(frame.own) < kept[-1].i:
                continue
            after = [t for t in kept if t.i > max(frame.own)]
            subject_before = any(t.dep_ in SUBJECTS for t in kept if t.i < min(frame.own))
            if after and not subject_before and len(after) > len(kept) // 2:
                kept = after
        return kept

    def _mended_first(self, first: Token, head: Token, frame: Frame | None) -> Token:
        """ "said the leaders would meet": where the parser made the subject an object, take it back."""
        if frame is None or _has_subject(head) or head.dep_ != "ccomp" or not frame.content:
            return first
        return self.sentence.doc[min(min(frame.content), first.i)]

    def _frame_of(self, token: Token) -> Frame | None:
        return next((f for f in self.frames if token.i in f.content), None)

    def _add(self, piece: Piece) -> None:
        trimmed = _trim(piece)
        if trimmed is not None:
            self.found.append(trimmed)


def _top_verb(tokens: list[Token]) -> Token:
    verbs = [t for t in tokens if t.pos_ in ("VERB", "AUX") and t.dep_ not in ("aux", "auxpass")] or tokens
    return min(verbs, key=lambda t: (sum(1 for _ in t.ancestors), t.i))


def _longest_run(kept: list[Token], marks: dict[int, int]) -> list[Token]:
    """Where a quotation interrupts the words, the longer side; gaps of cut facts are kept inside."""
    runs: list[list[Token]] = [[]]
    for token in kept:
        if runs[-1] and any(i in marks for i in range(runs[-1][-1].i, token.i)):
            runs.append([])
        runs[-1].append(token)
    return max(runs, key=len)


def _trim(piece: Piece) -> Piece | None:
    doc = piece.head.doc
    low, high = piece.first.i, piece.last.i
    while low <= high and (doc[low].is_punct or doc[low].is_space or doc[low].lower_ in _TRIM_FIRST):
        if doc[low].lower_ == "that" and doc[low].dep_ != "mark":
            break
        if doc[low].lower_ in ("after", "before") and not _marks_clause(doc[low], piece.head):
            break
        low += 1
    while high >= low and (
        doc[high].is_space
        or (doc[high].is_punct and doc[high].text not in ")%")
        or doc[high].lower_ in ("and", "but", "or")
    ):
        high -= 1
    low = _past_light_frame(doc[low], low, high) if low <= high else low
    high = _before_purpose(piece.head, low, high)
    if high - low < 2:
        return None
    return Piece(piece.head, doc[low], doc[high], piece.role, piece.frame, piece.subject)


def _marks_clause(token: Token, head: Token) -> bool:
    """Whether "after" or "before" opens the clause itself, rather than a lead-in to it."""
    return token.dep_ == "mark" and token.head.i == head.i


def _past_light_frame(first: Token, low: int, high: int) -> int:
    """ "We have had estimates of …": the words before the object say nothing."""
    doc = first.doc
    if first.lower_ not in ("i", "we") or lemma_of(first.head) not in (
        "have",
        "get",
        "see",
        "hear",
        "receive",
    ):
        return low
    thing = next((c for c in first.head.children if c.dep_ == "dobj"), None)
    if thing is None or not any(t.dep_ in ("acl", "relcl", "prep") for t in thing.subtree):
        return low
    start = _phrase_start(thing).i
    while start < high and doc[start].is_punct:
        start += 1
    return start if low < start < high else low


def _before_purpose(head: Token, low: int, high: int) -> int:
    """ "met on Monday in order to …": a purpose is not part of the fact."""
    doc = head.doc
    for index in range(low + 3, high):
        pair = (doc[index].lower_, doc[index + 1].lower_)
        if pair == ("in", "order") or (
            pair == ("so", "as") and index + 2 <= high and doc[index + 2].lower_ == "to"
        ):
            high = index - 1
            break
    while high > low and (doc[high].is_punct and doc[high].text not in ')%"'):
        high -= 1
    return high


def _phrase_start(noun: Token) -> Token:
    first = noun
    for child in noun.lefts:
        if child.dep_ in ("det", "amod", "compound", "nummod", "poss", "nmod", "quantmod", "predet"):
            first = min(first, child.left_edge, key=lambda t: t.i)
    return first


def _without_later_conjuncts(verb: Token) -> list[Token]:
    later = {t.i for c in verb.children if c.dep_ == "conj" for t in c.subtree}
    kept = [t for t in verb.subtree if t.i not in later and t.dep_ != "cc"]
    return [t for t in kept if not t.is_punct] or kept


def _has_subject(token: Token) -> bool:
    return any(child.dep_ in (*SUBJECTS, "expl") for child in token.children)


def _is_side_clause(token: Token) -> bool:
    """A clause strung to another without being its object: "it fell, it rose again"."""
    return token.dep_ == "parataxis" or (
        token.dep_ == "ccomp" and token.i < token.head.i and token.pos_ != "AUX"
    )


def _is_aside(verb: Token) -> bool:
    """A coordinated clause that is never a fact: what I feel, what shall or should be."""
    auxiliaries = {c.lower_ for c in verb.children if c.dep_ == "aux"}
    first_person = any(c.dep_ == "nsubj" and c.lower_ in ("i", "we") for c in verb.children)
    feeling = lemma_of(verb) in lex.FEELING_VERBS | lex.OPINION_VERBS
    return bool(auxiliaries & (lex.FUTURE_VERBS | lex.DUTY | lex.POSSIBILITY)) or (first_person and feeling)


def _stands_alone(verb: Token) -> bool:
    """Enough in one of two coordinated clauses to be a fact of its own."""
    other = {t.i for c in verb.children if c.dep_ == "conj" for t in c.subtree}
    words = [t for t in verb.subtree if not t.is_punct and t.i not in other and t.dep_ not in ("mark", "cc")]
    return len(words) >= 5 or any(
        t.like_num or t.ent_type_ in ("PERCENT", "MONEY", "CARDINAL") for t in words
    )


def _after_comma(token: Token) -> bool:
    start = token.left_edge.i
    return start > 0 and token.doc[start - 1].text in (",", "–", "—", "-", "(")


def _finite_past(verb: Token) -> bool:
    auxiliaries = {c.lower_ for c in verb.children if c.dep_ in ("aux", "auxpass")}
    return verb.tag_ in ("VBD", "VBN", "VBZ", "VBP") and not auxiliaries & {
        "will",
        "would",
        "can",
        "could",
        "may",
        "to",
    }


def _adverbial_role(token: Token) -> str | None:
    """How an adverbial clause is set apart from its main clause, or None to keep it inside."""
    mark = next((c.lower_ for c in token.children if c.dep_ in ("mark", "advmod") and c.i < token.i), "")
    if any(c.dep_ == "aux" and c.lower_ == "to" for c in token.children):
        before = token.left_edge.nbor(-1).lower_ if token.left_edge.i else ""
        return "purpose" if mark in ("so", "as") or before in ("order", "as") else None
    if mark in _APART and _has_subject(token):
        return "main"
    if mark in ("because", "since", "as") and _has_subject(token) and token.i < token.head.i:
        return "main"
    comma = _after_comma(token)
    if token.tag_ in _PARTICIPLES and comma and not _has_subject(token) and len(list(token.subtree)) >= 6:
        return "participle"
    return None
