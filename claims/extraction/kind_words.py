"""Words that tell what kind of fact a claim states. Lower-case lemmas unless said otherwise."""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


CAUSING = _words("""cause trigger provoke spark precipitate""")
CAUSING_WITH = {  # verbs that tell a cause with the preposition beside them
    "lead": ("to",),
    "result": ("in", "from"),
    "stem": ("from",),
    "contribute": ("to",),
    "link": ("to", "with"),
    "associate": ("with",),
    "blame": ("on", "for"),
    "attribute": ("to",),
    "drive": ("by",),
    "bring": ("about",),
    "arise": ("from",),
    "give": ("rise",),
    "tie": ("to",),
}
CAUSING_WORDS = (
    ("because",),
    ("due", "to"),
    ("owing", "to"),
    ("thanks", "to"),
    ("as", "a", "result"),
    ("as", "a", "consequence"),
    ("on", "account", "of"),
    ("responsible", "for"),
    ("reason", "for"),
    ("reason", "why"),
    ("the", "cause", "of"),
)
COMPARING_VERBS = _words("""outnumber exceed surpass outperform outpace outweigh overtake outstrip""")
COMPARING_WORDS = _words("""compared versus relative unlike comparison outnumbered""")
NOT_COMPARED = _words("""rather other no nothing sooner""")
# "fin" is what the lemmatizer makes of "fined"
LAW_VERBS = _words(
    """convict acquit indict prosecute sue sentence fine fin outlaw ban repeal legalise legalize
    criminalise criminalize prohibit ratify enact forbid overturn extradite"""
)
LAW_NOUNS = _words(
    """law court judge jury conviction ruling lawsuit verdict legislation statute treaty constitution
    tribunal amendment injunction"""
)
LAW_STATES = _words("""illegal unlawful unconstitutional guilty legal lawful constitutional""")
NATURE = _words(
    """virus vaccine bacteria climate temperature emission carbon species cancer drug gene protein
    infection pneumonia vaccination warming atmosphere rainfall ocean glacier immunity pathogen
    measles flu diabetes obesity asthma toxin chemical radiation greenhouse antibiotic symptom
    tumour tumor planet brain smoking pesticide antibody dementia autism malaria ebola zika hiv aids
    tobacco nicotine asteroid neuron hormone dna coral sea-level dose"""
)
STUDYING = _words("""study scientist researcher research trial experiment laboratory clinical patient""")
STATES = _words(
    """be have seem appear look think believe know want need hope like love feel mean remain belong own
    contain include consist live lie depend deserve matter stand"""
)
SPANS_OF_TIME = _words("""seconds minutes hours days weeks months years decades centuries""")
MEASURED = frozenset(("percent", "percentage points", "share", "times", "degrees", "°C", "°F", "mph", "km/h"))
COUNTING_VERBS = _words("""be have number total average reach rise fall grow drop cost""")
