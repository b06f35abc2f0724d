"""Clauses and phrases that are no sentences, made sentences: a subject given back, a verb put right."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from claims.extraction.fragments import is_sentence, relative_pronoun, shared_subject, subject_inside
from claims.extraction.lexicon import ROLE_NOUNS
from claims.extraction.parsing import Parsed, lemma_of
from claims.extraction.speakers import noun_phrase
from claims.extraction.splitting import Piece
from claims.extraction.standalone_words import finite_verb
from claims.extraction.wording import Edit

if TYPE_CHECKING:
    from spacy.tokens import Token

Namer = Callable[["Token"], str | None]
_LONGEST_SUBJECT = 14  # tokens
_FULL = {"'ve": "have", "'s": "has", "'ll": "will", "'d": "had", "'re": "are", "'m": "am"}
_BEFORE_NOUN = ("det", "amod", "poss", "case", "compound", "nummod", "advmod")
_COUNTED = frozenset(("estimate", "report", "allegation", "accusation", "suggestion"))


def _words(text: str) -> list[str]:
    return text.split()


_RESULTING = frozenset(
    _words(
        """give make put bring leave mean cause force mark raise push prompt lead create allow suggest
        indicate show end send set help add follow include accord base speak cite note say argue be"""
    )
)
_PAST_OF = {
    "be": "was",
    **dict(
        pair.split(":")
        for pair in _words("""win:won lead:led leave:left take:took make:made bring:brought lose:lost
        rise:rose fall:fell send:sent cost:cost give:gave become:became get:got hit:hit cut:cut put:put
        set:set say:said tell:told find:found hold:held beat:beat spend:spent pay:paid sell:sold buy:bought
        build:built shoot:shot meet:met run:ran go:went come:came see:saw know:knew begin:began
        break:broke choose:chose draw:drew drive:drove fight:fought grow:grew keep:kept speak:spoke
        stand:stood steal:stole strike:struck throw:threw write:wrote wear:wore have:had do:did let:let
        hide:hid feed:fed seek:sought sink:sank quit:quit shut:shut hurt:hurt teach:taught think:thought
        catch:caught mean:meant lend:lent deal:dealt feel:felt show:showed lie:lied die:died tie:tied
        forget:forgot swear:swore shake:shook slide:slid split:split spread:spread sweep:swept""")
    ),
}


def past_of(participle: Token) -> str:
    """ "winning" → "won", "ignoring" → "ignored"."""
    word = participle.lower_
    lemma = lemma_of(participle)
    if lemma in _PAST_OF:
        return _PAST_OF[lemma]
    stem = word.removesuffix("ing")
    if stem.endswith("ee"):
        return stem + "d"
    if stem.endswith("y") and stem[-2:-1] not in "aeiou":
        return stem[:-1] + "ied"
    return stem + "ed"


def third_person(verb: str) -> str:
    """ "say" → "says", "have" → "has"."""
    irregular = {
        "have": "has",
        "do": "does",
        "go": "goes",
        "are": "is",
        "am": "is",
        "be": "is",
        "were": "was",
    }
    if verb in irregular:
        return irregular[verb]
    if verb.endswith(("s", "sh", "ch", "x", "z", "o")):
        return verb + "es"
    return verb[:-1] + "ies" if verb.endswith("y") and verb[-2:-1] not in "aeiou" else verb + "s"


class Subjects:
    """How one piece becomes a sentence. `name` gives the fullest name of the person a token names."""

    def __init__(self, text: str, parsed: Parsed, span: tuple[int, int], name: Namer) -> None:
        self._text = text
        self._parsed = parsed
        self._span = span
        self._name = name

    def made(self, piece: Piece) -> tuple[list[Edit], bool]:
        """The edits, and whether the words are then a sentence."""
        if is_sentence(piece):
            return [], True
        for rule in (self._relative, self._coordinated, self._participle, self._object_clause, self._phrase):
            edits = list(rule(piece))
            if edits:
                return edits, True
        return [], False

    def _front(self, words: str) -> Edit:
        return Edit(self._span[0], self._span[0], words, "subject")

    def _relative(self, piece: Piece) -> Iterator[Edit]:
        """ "the terminal, which opened in June" → "the terminal opened in June"."""
        pronoun = relative_pronoun(piece)
        if (
            pronoun is None
            or piece.subject is None
            or (pronoun.lower_ == "who" and not _is_human(piece.subject))
        ):
            return
        if pronoun.lower_ == "which" and (piece.subject.ent_type_ == "PERSON" or self._name(piece.subject)):
            return
        between = piece.head.doc[piece.subject.i + 1 : pronoun.i]
        cut_from = piece.subject
        if (
            between
            and between[-1].is_punct
            and not any(t.is_punct or t.pos_ in ("VERB", "AUX") for t in between[:-1])
            and len(between) <= 6
        ):
            cut_from = between[-1].nbor(-1)
        yield Edit(self._parsed.end_of(cut_from), self._parsed.end_of(pronoun), "", "grammar")
        verb = pronoun.nbor(1)
        if verb.text in ("'s", "’s", "'re", "’re", "'ve", "’ve"):
            full = "has" if verb.head.tag_ == "VBN" and verb.dep_ == "aux" else "is"
            full = {"re": "are", "ve": "have"}.get(verb.text[1:], full)
            yield Edit(self._parsed.start_of(verb), self._parsed.end_of(verb), " " + full, "grammar")

    def _coordinated(self, piece: Piece) -> Iterator[Edit]:
        """ "… and sold the station" → "Ida Long sold the station"."""
        subject = shared_subject(piece)
        if piece.role != "conj" or subject is None:
            return
        words = self._words_of(subject)
        if not words or words.split()[-1] in self._text[slice(*self._span)]:
            return
        auxiliaries = ""
        first = piece.head.head
        perfect = any(c.dep_ == "aux" and lemma_of(c) == "have" for c in first.children)
        own = any(c.dep_ in ("aux", "auxpass") for c in piece.head.children)
        if finite_verb(piece.head) is None or (perfect and not own and piece.head.tag_ == "VBD"):
            shared = [c for c in first.children if c.dep_ in ("aux", "auxpass") and c.i < first.i]
            if any(c.dep_ == "neg" for c in first.children):
                return
            auxiliaries = "".join(_FULL.get(t.lower_.replace("’", "'"), t.text) + " " for t in shared)
            if not shared and first.tag_ != "VBD":
                return
        yield self._front(f"{words} {auxiliaries}")

    def _participle(self, piece: Piece) -> Iterator[Edit]:
        """ "winning 58 seats" → "The coalition won 58 seats"; "aimed at …" → "The raid was aimed at …"."""
        head = piece.head
        if piece.role not in ("participle", "phrase"):
            return
        if head.tag_ == "VBN" and piece.role == "participle" and piece.subject is not None:
            thing = _thing_before(piece.first) if piece.subject.pos_ == "PRON" else None
            if thing is not None and not any(c.dep_ in ("aux", "auxpass") for c in head.children):
                first, last = thing
                words = self._text[slice(*self._parsed.bounds(first, last))]
                yield self._front(f"{words} {'were' if _is_plural(first, last) else 'was'} ")
            return
        subject = shared_subject(piece)
        if piece.role == "participle" and lemma_of(head) in _RESULTING:
            return  # "winning it, giving her the lead": what gives is the winning
        words = self._words_of(subject) if subject is not None else ""
        if subject is None or not words or head.tag_ != "VBG" or head.i != piece.first.i:
            return
        if any(c.dep_ in ("neg", "aux") for c in head.children):
            return
        joined = any(c.dep_ == "conj" and c.pos_ in ("NOUN", "PROPN") for c in subject.children)
        plural = (subject.tag_ in ("NNS", "NNPS") and self._name(subject) is None) or joined
        verb = finite_verb(head.head)
        if (
            piece.role == "participle"
            and verb is not None
            and verb.tag_ in ("VBZ", "VBP")
            and verb.lower_ in ("has", "have")
        ):
            verb = head.head
        if piece.role == "phrase" or (verb is not None and verb.tag_ in ("VBD", "VBN")):
            yield self._front(words + " ")
            for act in self._strung(head, piece.last.i):
                past = "were" if past_of(act) == "was" and plural else past_of(act)
                yield Edit(self._parsed.start_of(act), self._parsed.end_of(act), past, "grammar")
        elif verb is not None and verb.tag_ in ("VBZ", "VBP"):
            yield self._front(f"{words} {'are' if plural else 'is'} ")

    def _strung(self, verb: Token, last: int) -> Iterator[Token]:
        """The participle and those strung to it: "hiding, delaying and withholding"."""
        yield verb
        for child in verb.children:
            if child.dep_ == "conj" and child.tag_ == "VBG" and child.i <= last:
                yield from self._strung(child, last)

    def _object_clause(self, piece: Piece) -> Iterator[Edit]:
        """ "the losses the rebels have suffered in Mosul" → "The rebels have suffered losses in Mosul"."""
        verb, noun = piece.head, piece.subject
        if piece.role != "presupposed" or noun is None or verb.dep_ != "relcl" or verb.head.i != noun.i:
            return
        subject = next((c for c in verb.children if c.dep_ == "nsubj"), None)
        finite = finite_verb(verb)
        objects = [c for c in verb.children if c.dep_ in ("dobj", "prt", "ccomp", "xcomp")]
        gap = [c for c in objects if c.dep_ != "dobj" or c.tag_ not in ("WDT", "WP")]
        if subject is None or finite is None or gap or subject.tag_ in ("WDT", "WP") or subject.i < noun.i:
            return
        starts = list(piece.head.doc[noun.i + 1 : subject.left_edge.i])
        if any(t.tag_ not in ("WDT", "IN") or t.lower_ not in ("that", "which") for t in starts):
            return
        stranded = any(c.dep_ == "prep" and not list(c.children) for c in verb.children)
        if stranded or verb.i > piece.last.i:
            return
        first = piece.first
        if lemma_of(noun) in (
            "level",
            "way",
            "degree",
            "amount",
            "kind",
            "time",
            "extent",
            "number",
            "day",
            "year",
        ):
            return
        plural = noun.tag_ == "NNS"
        thing_from = first.nbor(1) if first.lower_ == "the" and plural and first.i < noun.i else first
        thing = self._text[slice(*self._parsed.bounds(thing_from, noun))]
        yield Edit(self._span[0], self._parsed.start_of(subject.left_edge), "", "grammar")
        yield Edit(self._parsed.end_of(verb), self._parsed.end_of(verb), " " + thing, "grammar")

    def _phrase(self, piece: Piece) -> Iterator[Edit]:
        """ "the army's raids targeting clinics" → "The army's raids were targeting clinics"."""
        doc = piece.head.doc
        top = next((t for t in doc[piece.first.i : piece.last.i + 1] if t.dep_ not in _BEFORE_NOUN), None)
        if top is None or top.pos_ != "NOUN" or subject_inside(piece) is not None:
            return
        if lemma_of(top) in _COUNTED and top.tag_ == "NNS" and top.i == piece.first.i:
            yield Edit(self._span[0], self._span[0], "There have been ", "grammar")
            return
        inside = doc[top.i + 1 : piece.last.i + 1]
        acl = next((t for t in inside if t.dep_ == "acl" and t.tag_ == "VBG" and t.head.i <= top.i), None)
        if acl is None or piece.role != "phrase" or acl.nbor(-1).is_punct:
            return
        be = "were" if _is_plural(top, top) else "was"
        at = self._parsed.start_of(acl)
        yield Edit(at, at, be + " ", "grammar")

    def _words_of(self, subject: Token | None) -> str:
        if subject is None:
            return ""
        several = any(c.dep_ == "conj" for c in subject.children)
        name = None if several else self._name(subject)
        if name:
            return name
        first, last = noun_phrase(subject)
        counted = any(
            t.pos_ == "NUM" or t.lower_ in ("percent", "half", "most")
            for t in subject.doc[first.i : last.i + 1]
        )
        if counted or last.i - first.i >= _LONGEST_SUBJECT or self._parsed.end_of(last) > self._span[0]:
            return ""
        words = self._text[slice(*self._parsed.bounds(first, last))]
        began = first.is_sent_start and first.pos_ in ("DET", "PRON", "ADJ", "NUM") and first.text != "I"
        return " ".join((words[:1].lower() + words[1:] if began else words).split())


def _is_plural(first: Token, last: Token) -> bool:
    head = first.doc[first.i : last.i + 1].root
    return head.tag_ in ("NNS", "NNPS")


def _is_human(antecedent: Token) -> bool:
    """Whether "who" may stand for it: the parser may have hung the clause on a place."""
    if antecedent.ent_type_ in ("GPE", "LOC", "FAC", "DATE"):
        return False
    plural = antecedent.tag_ in ("NNS", "NNPS")
    return plural or antecedent.pos_ == "PROPN" or antecedent.lower_ in ROLE_NOUNS


def _thing_before(first: Token) -> tuple[Token, Token] | None:
    """The phrase that ends at the comma before `first`: "the use of shells in towns" of "…, aimed at …"."""
    if first.i < 3 or first.nbor(-1).text != ",":
        return None
    last = first.nbor(-2)
    noun = last
    while True:
        if noun.dep_ == "pobj" and noun.head.head.pos_ in ("NOUN", "PROPN"):
            noun = noun.head.head
        elif noun.dep_ in ("prep",) and noun.head.pos_ in ("NOUN", "PROPN"):
            noun = noun.head
        else:
            break
    if noun.pos_ not in ("NOUN", "PROPN") or last.i - noun.left_edge.i >= 10 or noun.right_edge.i != last.i:
        return None
    return noun.left_edge, last


def verbs_of(subject: Token) -> Sequence[Token]:
    """The verb that agrees with the subject, and those strung to it that have no subject of their own."""
    verb = subject.head
    conjuncts = (c for c in verb.children if c.dep_ == "conj")
    return [verb, *(c for c in conjuncts if not any(g.dep_ in ("nsubj", "nsubjpass") for g in c.children))]
