"""Word lists that statements are read by, beside those of the extraction; in small letters."""

from __future__ import annotations

from claims.extraction import lexicon


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


NEGATIONS = _words(
    """not never no none nobody nothing neither nor without cannot cant dont doesnt didnt isnt wasnt
    arent werent wont wouldnt couldnt shouldnt hasnt havent hadnt aint deny denies denied denying
    denial refuse refuses refused refusing fail fails failed failing lack lacks lacked lacking zero
    refute refuted refutes"""
)
ONLY_WITH_TO = _words("refuse refuses refused refusing fail fails failed failing")
# Pairs that deny nothing.
NOT_DENYING = frozenset(
    (
        *("no doubt", "no matter", "no longer", "no less", "no fewer", "no more", "no wonder", "no idea"),
        *("no problem", "no later", "no sense", "not only", "not just", "not because", "not sure"),
        *("not merely", "not simply", "not all", "not surprisingly", "not less", "not fewer", "not more"),
        *("never mind", "never before", "nothing but"),
    )
)
# "did not say that it rose" tells nothing of whether it rose.
SAYING = _words("say said saying mean know think call")
# What should or might be, or is bid: nothing that is the case.
SUPPOSING = _words("should would could must do were or if why may might shouldn't wouldn't couldn't weren't")
ENDS_CLAUSE = _words("but because although though while and so until unless if")
CALLED_FALSE = _words(
    """false fake hoax untrue debunked debunk myth misleading misinformation disinformation
    fabricated bogus baseless unfounded satire photoshopped doctored"""
)
# Words that deny without a "not", so that their side does not say the thing outright.
HALF_DENIALS = _words(
    """against untrue false prohibit skip stop few hardly barely rarely seldom lie deny refuse
    unlike hoax fake fiction debunk myth bar halt cancel end reverse without prevent avoid block
    reject dispute whether"""
)
# Common words that open sentences or are shouted in posts, and so tell no name by their capitals.
COMMON = (
    lexicon.FUNCTION_WORDS
    | lexicon.EVENT_VERBS
    | lexicon.DOCUMENT_NOUNS
    | lexicon.BODY_NOUNS
    | lexicon.STATISTIC_WORDS
    | lexicon.CONSEQUENCE_WORDS
    | lexicon.HARM_WORDS
    | lexicon.SCIENCE_WORDS
    | lexicon.OPINION_WORDS
    | lexicon.NUMBER_WORDS
    | lexicon.FEELING_STATES
    | lexicon.HEDGES
    | _words(
        """video videos photo photos photograph photographs picture pictures footage screenshot meme
    quote rumor rumour claim claims everyone everybody everything nobody nothing someone something
    anyone anybody anything none each every both many much few another today yesterday tomorrow
    never always also even still yet however although though since until unless whether please
    thanks thank yes okay oh wow hey hi hello omg lol wtf btw imo fyi rt dm faq breaking urgent
    alert live watch read share fake false true fact check facts news story update exclusive look
    listen remember think know see let make made get got go going come people man men woman women
    child children girl boy guy someone kids folks world year years day days time times here's
    there's that's what's let's who's he'll we'll i'll i've i'd we're you're they're according based
    despite following including during among within without instead because way one two ok actually
    really literally seriously finally apparently basically honestly obviously maybe sometimes
    usually recently currently meanwhile additionally furthermore moreover therefore thus hence
    otherwise must free big new old young former first last next whole entire half water air food
    money life love home using being having doing getting taking making putting giving scientists
    researchers officials experts doctors students teachers workers voters lawmakers politicians
    immigrants refugees drinking eating viral internet media guess support stop help"""
    )
)
# What follows a name that opens a sentence: "Walmart is", "Obama said".
AFTER_A_SUBJECT = _words(
    """is was has had did does will would said says say wants wanted can could should may might must
    isn't wasn't hasn't hadn't didn't doesn't won't wouldn't never just and also once"""
)
SHORT_MONTHS = _words("jan feb mar apr jun jul aug sep sept oct nov dec")
# Names that only their capitals tell from a word; as written.
SPELT_LIKE_WORDS = frozenset(("US", "WHO"))
