"""Frames of reported speech: which verb lends which words of a sentence to which speaker."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from claims.extraction import lexicon as lex
from claims.extraction.parsing import Parsed, lemma_of
from claims.extraction.speakers import Discourse, Mentions, Speaker, noun_phrase

if TYPE_CHECKING:
    from spacy.tokens import Span, Token

SUBJECTS = ("nsubj", "nsubjpass", "csubj")
_CLAUSES = ("ccomp", "xcomp", "pcomp")
_TAKE_HEARERS = ("tell", "inform", "remind", "warn", "assure", "advise", "ask", "urge")
_LEAD_UP = ("go", "continue", "begin", "start", "proceed", "use", "have", "appear", "seem")
_SHARES = ("percent", "%", "majority", "minority", "half", "third", "quarter", "proportion", "share", "cent")
_CONTRAST = ("although", "though", "but", "while", "whereas", "however")


@dataclass(frozen=True, slots=True)
class Frame:
    """One act of speech. `content` holds the indices of the tokens it reports, `own` those of the frame."""

    verb: Token
    speaker: Speaker | None
    cue: str
    stance: str  # fact, belief, promise, denial, accusation
    content: frozenset[int]
    own: frozenset[int]
    aside: bool = False  # it stands beside the sentence: "according to X", "…, she said, …"
    named: Token | None = None  # the head of the words in this sentence that name the speaker


def frames_in(sentence: Span, piece: Parsed, discourse: Discourse, marks: dict[int, int]) -> list[Frame]:
    """The frames of one sentence, outermost first. `marks` maps tokens that stand for quotations to them.

    Adds the people and bodies that the sentence names to the discourse.
    """
    mentions = discourse.begin_sentence()
    frames: list[Frame] = []
    for token in sentence:
        frame = _frame_at(token, sentence, piece, discourse, marks)
        if frame is not None:
            frames.append(frame)
            if frame.speaker is not None:
                mentions.speakers.append(frame.speaker)
        note_subject(token, piece, discourse, mentions)
    if not any(frame.content or _stands_for_quote(frame, marks) for frame in frames):
        frames.extend(_segment_frames(sentence, piece, discourse, mentions))
    frames.sort(key=lambda f: -len(f.content))
    return frames


def _stands_for_quote(frame: Frame, marks: dict[int, int]) -> bool:
    return any(token.i in marks for token in frame.verb.subtree)


def note_subject(token: Token, piece: Parsed, discourse: Discourse, mentions: Mentions) -> None:
    """Take a subject or a body that the token names into the sentence's mentions."""
    if token.pos_ not in ("NOUN", "PROPN"):
        return
    top = token
    if token.dep_ == "appos" and token.head.dep_ in SUBJECTS:
        top = token.head
    if top.dep_ in SUBJECTS:
        speaker = discourse.resolve(top, piece)
        if speaker is not None and (not mentions.subjects or mentions.subjects[-1].name != speaker.name):
            mentions.subjects.append(speaker)
        return
    if token.dep_ in ("compound", "poss") and token.ent_type_ != "PERSON":
        return
    if token.pos_ == "PROPN":
        named = discourse.named(token, piece)
        if named is not None:
            mentions.others.append(named)
            return
    if token.pos_ == "PROPN" or token.lower_ in lex.DOCUMENT_NOUNS or token.tag_ == "NNS":
        first, last = noun_phrase(token)
        start, end = piece.bounds(first, last)
        body = token.ent_type_ in ("ORG", "NORP", "GPE") or token.lower_ in lex.DOCUMENT_NOUNS
        if body and token.dep_ == "pobj":
            mentions.others.append(
                Speaker(discourse.text[start:end], (start, end), plural=token.tag_ == "NNS")
            )


def _frame_at(
    token: Token, sentence: Span, piece: Parsed, discourse: Discourse, marks: dict[int, int]
) -> Frame | None:
    if token.lower_ == "according" or (
        token.lower_ == "per" and token.dep_ == "prep" and _after_comma(token)
    ):
        return _according(token, sentence, piece, discourse)
    if (token.pos_ not in ("VERB", "AUX") and token.tag_[:2] != "VB") or token.dep_ in ("pobj", "compound"):
        return None
    lemma = lemma_of(token)
    if lemma in lex.ACCUSING_VERBS:
        return _accusation(token, piece, discourse)
    if lemma in lex.EXPRESSING_VERBS:
        return _concern(token, piece, discourse)
    finding = lemma in lex.FINDING_VERBS
    if not finding and lemma not in lex.SPEECH_VERBS | lex.COMMISSIVE_VERBS | lex.DENIAL_VERBS:
        return None
    if any(_counts_people(c) for c in token.children):
        return None  # "26 percent of voters say …" is a figure, not a speech
    content = _content_of(token, lemma)
    announces = sentence.text.rstrip().endswith(":") and token.i == sentence.root.i
    quoted = any(t.i in marks for t in sentence) or announces
    beside = announces or _near_mark(token, marks)
    if not content and not (quoted and lemma in lex.QUOTE_VERBS and beside):
        return None
    speaker = _speaker_of(token, piece, discourse)
    if speaker is None and not quoted and token.dep_ != "advcl":
        return None
    if speaker is not None and speaker.span[0] in {piece.start_of(token.doc[i]) for i in content}:
        return None
    if lemma in ("reveal", "disclose", "report") and any(c.lower_ == "can" for c in token.children):
        speaker = None  # "this newspaper can reveal" is the reporter's own voice
    proposes = lemma == "suggest" and any(c.dep_ == "xcomp" for c in token.children)
    stance = "promise" if proposes else _stance(lemma)
    aside = token.dep_ == "parataxis" and not any(c.dep_ == "ccomp" for c in token.children)
    own = _own(token, content)
    return Frame(token, speaker, token.lower_, stance, content, own, aside, _named_source(token))


def _counts_people(subject: Token) -> bool:
    """Whether a subject is a share of people: "a majority of voters", "three in ten"."""
    share = subject.tag_ == "CD" or subject.lower_ in _SHARES
    return subject.dep_ in SUBJECTS and share


def _near_mark(token: Token, marks: dict[int, int]) -> bool:
    near = any(abs(i - token.i) <= 30 for i in marks if token.sent.start <= i < token.sent.end)
    return near and token.dep_ not in ("relcl", "acl", "amod")


def _stance(lemma: str) -> str:
    if lemma in lex.DENIAL_VERBS:
        return "denial"
    if lemma in lex.COMMISSIVE_VERBS:
        return "promise"
    if lemma in lex.OPINION_VERBS:
        return "belief"
    if lemma in ("accuse", "allege", "charge"):
        return "accusation"
    return "fact"


def _content_of(verb: Token, lemma: str) -> frozenset[int]:
    """The clause that the verb reports, as token indices."""
    roots: list[Token] = []
    for child in verb.children:
        if child.dep_ == "ccomp" or (child.dep_ in _CLAUSES and _has_own_subject(child)):
            roots.append(child)
        elif child.dep_ == "xcomp" and lemma not in ("go", "put", "read", "ask", "continue", "find", "agree"):
            if child.pos_ in ("VERB", "AUX") and child.tag_ in ("VB", "VBG", "VBN"):
                roots.append(child)
        elif child.dep_ == "prep" and child.lower_ == "of" and lemma in ("warn", "complain", "speak"):
            roots.append(child)
    if not roots and verb.dep_ == "parataxis" and verb.head.i != verb.i:
        mine = {t.i for t in verb.subtree}
        return frozenset(t.i for t in verb.head.subtree if t.i not in mine and not t.is_punct)
    content = {t.i for root in roots for t in root.subtree}
    lost = next((c for c in verb.children if c.dep_ == "dobj" and c.i > verb.i), None)
    orphan = len(roots) == 1 and roots[0].dep_ == "ccomp" and not _has_own_subject(roots[0])
    if lost is not None and orphan and lemma not in _TAKE_HEARERS and roots[0].i > lost.i:
        content |= {t.i for t in lost.subtree}
    return frozenset(content)


def _has_own_subject(token: Token) -> bool:
    return any(child.dep_ in (*SUBJECTS, "expl") for child in token.children)


def _own(verb: Token, content: frozenset[int]) -> frozenset[int]:
    return frozenset({verb.i, *(t.i for t in verb.subtree if t.i not in content)})


def _speaker_of(verb: Token, piece: Parsed, discourse: Discourse) -> Speaker | None:
    named = _named_source(verb)
    return discourse.resolve(named, piece) if named is not None else None


def _named_source(verb: Token) -> Token | None:
    """The head of the words that name who speaks, found from the verb of speech."""
    at = verb
    for _ in range(4):
        subject = next((c for c in at.children if c.dep_ in SUBJECTS and c.dep_ != "csubj"), None)
        if subject is not None:
            if subject.dep_ == "nsubjpass":
                agent = next((c for c in at.children if c.dep_ == "agent"), None)
                return (
                    next((c for c in agent.children if c.dep_ == "pobj"), None) if agent is not None else None
                )
            nobody = subject.lower_ in ("i", "we", "you", "there", "what", "this", "that")
            return None if nobody and subject.dep_ == "nsubj" else subject
        goes_on = at.dep_ == "xcomp" and lemma_of(at.head) in _LEAD_UP
        if (at.dep_ in ("conj", "advcl") or goes_on) and at.head.pos_ in ("VERB", "AUX"):
            at = at.head
        elif at.dep_ in ("relcl", "acl"):
            return at.head
        else:
            break
    return None


def _according(token: Token, sentence: Span, piece: Parsed, discourse: Discourse) -> Frame | None:
    preposition = (
        token if token.lower_ == "per" else next((c for c in token.children if c.lower_ == "to"), None)
    )
    if preposition is None and token.i + 1 < sentence.end and token.nbor(1).lower_ == "to":
        preposition = token.nbor(1)
    source = (
        next((c for c in preposition.children if c.dep_ == "pobj"), None) if preposition is not None else None
    )
    if preposition is None or source is None:
        return None
    own = {t.i for t in token.subtree} | {t.i for t in preposition.subtree} | {token.i}
    content = frozenset(t.i for t in sentence if t.i not in own)
    speaker = discourse.resolve(source, piece)
    return Frame(token, speaker, "according to", "fact", content, frozenset(own), True, source)


def _after_comma(token: Token) -> bool:
    return token.i > token.sent.start and token.nbor(-1).text == ","


def _accusation(verb: Token, piece: Parsed, discourse: Discourse) -> Frame | None:
    """ "X accused Y of hiding Z", "X blamed Y for Z": the charge is the content."""
    lemma = lemma_of(verb)
    target = next((c for c in verb.children if c.dep_ == "dobj"), None)
    prep = next(
        (c for c in verb.children if c.dep_ == "prep" and c.lower_ in ("of", "for", "on", "with")), None
    )
    if prep is None and target is not None:
        prep = next(
            (c for c in target.children if c.dep_ == "prep" and c.lower_ in ("of", "for", "on", "with")), None
        )
    if prep is None or target is None:
        return None
    speaker = _speaker_of(verb, piece, discourse)
    if speaker is None:
        return None
    inside = {t.i for t in prep.subtree if t.i != prep.i}
    if lemma == "blame" or not any(t.pos_ == "VERB" for t in prep.subtree):
        inside |= {t.i for t in target.subtree} | {prep.i}
    charge = frozenset(inside)
    own = _own(verb, charge)
    return Frame(verb, speaker, verb.lower_, "accusation", charge, own, named=_named_source(verb))


def _concern(verb: Token, piece: Parsed, discourse: Discourse) -> Frame | None:
    """ "X expressed concern over Y": what Y says happened is presupposed."""
    noun = next((c for c in verb.children if c.dep_ == "dobj" and lemma_of(c) in lex.CONCERN_NOUNS), None)
    if noun is None:
        return None
    about = ("over", "about", "at", "regarding")
    prep = next((c for c in (*noun.children, *verb.children) if c.dep_ == "prep" and c.lower_ in about), None)
    speaker = _speaker_of(verb, piece, discourse)
    if prep is None or speaker is None:
        return None
    # the parser may hang the participle that follows on the noun "concerns" itself
    end = max(noun.right_edge.i, prep.right_edge.i)
    while end + 1 < len(verb.doc) and end < verb.right_edge.i and not verb.doc[end + 1].is_punct:
        end += 1
    inside = frozenset(range(prep.i + 1, end + 1))
    own = _own(verb, inside)
    return Frame(verb, speaker, verb.lower_, "concern", inside, own, named=_named_source(verb))


def _segment_frames(
    sentence: Span, piece: Parsed, discourse: Discourse, mentions: Mentions
) -> Iterator[Frame]:
    """ "…, officials said, …" where the parse missed it: a short stretch between commas with one cue verb."""
    before: list[tuple[int, int]] = []
    for low, high in _comma_segments(sentence):
        before.append((low, high))
        words = [t for t in sentence.doc[low:high] if not t.is_punct]
        if not words or len(words) > 12 or low == sentence.start:
            continue
        cues = [t for t in words if _may_be_cue(t)]
        if len(cues) != 1 or cues[0] not in (words[0], words[-1]):
            continue
        rest = [t for t in words if t is not cues[0] and t.ent_type_ not in ("DATE", "TIME")]
        if any(t.pos_ in ("AUX", "SCONJ", "CCONJ") or (t.pos_ == "VERB" and t.tag_ != "VBN") for t in rest):
            continue
        heads = [t for t in rest if t.pos_ in ("NOUN", "PROPN", "PRON")]
        if not heads:
            low, heads = _named_before(sentence, before[:-1])
        head = next(
            (t for t in heads if all(a not in heads for a in t.ancestors)), heads[-1] if heads else None
        )
        speaker = discourse.resolve(head, piece) if head is not None else None
        if speaker is None:
            continue
        own = frozenset(t.i for t in sentence.doc[low:high])
        content = frozenset(i for i in _around(sentence, low, high) if i not in own)
        mentions.speakers.append(speaker)
        yield Frame(cues[0], speaker, cues[0].lower_, _stance(lemma_of(cues[0])), content, own, True, head)


def _may_be_cue(token: Token) -> bool:
    """A verb of speech, or one of those that the tagger takes for a plural noun: "the agency estimates"."""
    if lemma_of(token) not in lex.SPEECH_VERBS | lex.FINDING_VERBS or token.tag_ == "VBG":
        return False
    return token.tag_[:2] == "VB" or token.lower_ in (
        "estimates",
        "claims",
        "reports",
        "shows",
        "says",
        "notes",
    )


def _named_before(sentence: Span, segments: list[tuple[int, int]]) -> tuple[int, list[Token]]:
    """ "…, the operator, Calgrid, said on Tuesday": the nouns between the commas before a bare cue."""
    found: list[Token] = []
    start = sentence.end
    for low, high in reversed(segments[1:]):
        words = [t for t in sentence.doc[low:high] if not t.is_punct]
        if not words or len(words) > 8 or any(t.pos_ in ("VERB", "AUX") for t in words):
            break
        nouns = [t for t in words if t.pos_ in ("NOUN", "PROPN")]
        if not nouns:
            break
        if not found or (found[0].pos_ != "PROPN" and nouns[-1].pos_ == "PROPN"):
            found = nouns[-1:]
        start = low
    return start, found


def _comma_segments(sentence: Span) -> Iterator[tuple[int, int]]:
    low = sentence.start
    for token in sentence:
        if token.text in (",", "–", "—"):
            yield low, token.i
            low = token.i + 1
    yield low, sentence.end


def _around(sentence: Span, low: int, high: int) -> Iterable[int]:
    """What a parenthetical frame reports: the words around it, but not a contrast added after it."""
    doc = sentence.doc
    if low - 2 >= sentence.start and doc[low - 2].lower_ in ("which", "who", "that"):
        return range(high + 1, sentence.end)
    after = high + 1
    if after < sentence.end and doc[after].lower_ in _CONTRAST:
        return range(sentence.start, low)
    return range(sentence.start, sentence.end)


def inner_frame(token: Token) -> Frame | None:
    """A verb inside a quotation that only introduces a clause: "I think that …", "he knows that …"."""
    lemma = lemma_of(token)
    known = lemma in lex.SPEECH_VERBS | lex.FINDING_VERBS | lex.DENIAL_VERBS | lex.COMMISSIVE_VERBS
    if not known and lemma not in lex.OPINION_VERBS | {
        "know",
        "realise",
        "realize",
        "understand",
        "learn",
        "see",
    }:
        return None
    roots = [c for c in token.children if c.dep_ == "ccomp" and _has_own_subject(c)]
    if lemma in lex.COMMISSIVE_VERBS:
        roots.extend(c for c in token.children if c.dep_ == "xcomp")
    if not roots or token.pos_ not in ("VERB", "AUX"):
        return None
    content = frozenset(t.i for root in roots for t in root.subtree)
    return Frame(token, None, token.lower_, _stance(lemma), content, _own(token, content))
