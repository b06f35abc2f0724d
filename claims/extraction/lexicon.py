"""General English word lists the rules look things up in. Lower-case lemmas unless said otherwise."""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


FUNCTION_WORDS = _words(
    """the a an and or but if of to in on at by for from with as is are was were be been being am do
    does did have has had not no it its he she they we you i his her their our my your this that
    these those there here who which what when where why how all any some more most other such than
    then so into over after before about up out off down between under again further once only own
    same too very can will would could should may might must said says also it's don't isn't wasn't
    i'm we've he's she's because while during against through new now just like me him them us"""
)

# Verbs that put words into somebody's mouth as fact.
SPEECH_VERBS = _words(
    """say tell add claim state assert insist argue maintain contend note explain report announce
    declare reveal disclose confirm acknowledge admit concede testify remark recall comment observe
    write tweet post reply respond continue allege suggest warn stress emphasise emphasize reiterate
    repeat point recount relate caution quip joke conclude estimate calculate describe complain
    charge counter retort mention inform assure agree believe think ask lament boast brag read go"""
)
# Speech whose content is not put forward as fact: promises, hopes, orders.
COMMISSIVE_VERBS = _words(
    """promise pledge vow hope want wish intend plan aim propose urge call demand ask request recommend
    advise expect predict forecast threaten swear commit plead anticipate"""
)
# Findings: the subject is a document, a body or a data set, and the content is a fact.
FINDING_VERBS = _words(
    """find show indicate suggest reveal estimate conclude determine record discover report put"""
)
DENIAL_VERBS = _words("deny dispute reject refute dismiss contest")
ACCUSING_VERBS = _words("""accuse blame charge criticise criticize condemn denounce fault suspect""")
EXPRESSING_VERBS = _words("express voice raise cite")
CONCERN_NOUNS = _words(
    """concern worry alarm fear anger outrage dismay regret shock dissatisfaction unease frustration"""
)
SPEECH_NOUNS = _words(
    """claim allegation accusation assertion statement report suggestion charge complaint evidence"""
)
# Plain cue verbs that need no comma or clause to be trusted when they stand beside a quotation.
QUOTE_VERBS = (
    SPEECH_VERBS
    | COMMISSIVE_VERBS
    | DENIAL_VERBS
    | ACCUSING_VERBS
    | _words(
        """shout cry laugh snap joke begin conclude open close muse sigh urge ask inquire wonder answer"""
    )
)

OPINION_VERBS = _words(
    """think believe feel hope fear guess suppose doubt consider regard expect wonder imagine prefer"""
)
FEELING_VERBS = _words(
    """enjoy love hate regret deplore appreciate admire welcome like dislike worry apologise apologize
    thank congratulate resent despise respect trust mourn feel hope wish fear forgive"""
)
FEELING_STATES = _words(
    """disturbed worried concerned proud sorry happy glad sad pleased delighted disappointed confident
    grateful angry afraid scared shocked saddened horrified thrilled excited optimistic hopeful
    ashamed embarrassed determined committed ready sure certain convinced honoured honored
    devastated heartbroken appalled"""
)
OPINION_WORDS = _words(
    """good bad great terrible awful wonderful excellent horrible disgrace disgraceful shameful
    outrageous ridiculous absurd important essential crucial vital wrong right fair unfair
    unacceptable wise foolish stupid brilliant beautiful ugly best worst better worse deserve tragic
    tragedy honesty moral immoral strong weak necessary appropriate inappropriate reasonable
    unreasonable sensible silly dangerous nonsense fantastic incredible amazing sad hopeful
    remarkable welcome disappointing encouraging worrying troubling alarming pathetic cruel cowardly
    brave heroic irresponsible reckless dishonest corrupt insult shame betrayal aggression moment
    time opportunity chance pleasure honour honor disaster nightmare joke mess success failure"""
)
HEDGES = _words("""perhaps maybe probably possibly likely presumably apparently arguably hopefully""")
DUTY = _words("must should ought need deserve")
POSSIBILITY = _words("may might could can")
INTENT_VERBS = _words(
    """try hope plan want aim intend seek wish attempt promise pledge vow agree prepare look need
    expect consider strive"""
)
FUTURE_VERBS = _words("will shall would 'll")

DIRECT_CAUSE = _words("""because cause due owing result trigger prompt contribute stem thanks blame""")
COMPARISON_WORDS = _words(
    """more less fewer than higher lower highest lowest largest smallest biggest most least double
    doubled triple tripled halve halved rise rose fall fell increase decrease decline grow grew drop
    dropped record twice compared versus faster slower bigger smaller greater same equal outnumber
    exceed surpass longest shortest cheaper oldest youngest fastest worst"""
)
ACCUSATION_WORDS = _words(
    """accuse allege blame lie mislead hide conceal cheat steal bribe bribery corrupt corruption fraud
    abuse violate violation breach illegal illegally unlawful unlawfully cover ignore deny fail
    refuse target withhold manipulate falsify smuggle launder embezzle exploit discriminate harass
    rig interfere sabotage hack wrongdoing misconduct deliberately secretly falsely negligence
    neglect torture persecute guilty denial collude pollute dump bully retaliate censor silence
    misuse waste mismanage evade dodge flout"""
)
HARM_WORDS = _words(
    """kill die death dead injure injury wound hurt attack bomb bombing explosion shoot shooting crash
    drown poison infect infection disease outbreak victim casualty murder rape assault arrest
    torture destroy damage burn starve evacuate displace flee homeless hospitalise hospitalize
    contaminate collapse strike suffer sicken fatality bombard civilian hostage kidnap massacre
    abuse pollution flood famine overdose suicide sick lose"""
)
LEGAL_WORDS = _words(
    """law court judge jury convict conviction sentence charge fine sue lawsuit ruling rule verdict
    legal illegal legislation bill act statute treaty constitution ban prosecute prosecutor
    prosecution indict guilty acquit vote parliament congress senate amendment regulation sanction
    tribunal warrant arrest appeal licence license permit settlement plead investigate investigation"""
)
LEGAL_STRONG = _words(
    """law court judge jury convict conviction ruling lawsuit verdict legislation statute treaty
    constitution prosecute prosecutor indict guilty acquit tribunal fine sue sentence unlawful
    illegal unconstitutional bill amendment ban outlaw legalise legalize repeal"""
)
SCIENCE_WORDS = _words(
    """study scientist researcher research virus vaccine disease bacteria climate temperature emission
    carbon species cancer drug trial patient gene protein infection pneumonia health clinical
    medical symptom dose treatment warming fossil atmosphere rainfall ocean glacier experiment
    laboratory physicist biologist epidemiologist immunity pathogen measles flu diabetes obesity
    asthma mortality toxin chemical radiation greenhouse"""
)
STATISTIC_WORDS = _words(
    """rate percent percentage per cent average figure statistic number total gdp inflation
    unemployment growth deficit debt budget population share majority minority crime case poll
    survey turnout income wage price cost revenue spending emission vote index proportion median
    level data census output sales export import tax half third quarter"""
)
EVENT_VERBS = _words(
    """meet sign agree launch open close vote elect arrest kill die win lose approve reject pass ban
    fine sentence convict resign dismiss appoint hire fire attack invade bomb bombard withdraw
    retreat join leave arrive travel visit invite miss publish release announce reach hit strike
    break collapse explode crash sell buy spend pay receive cut raise build destroy evacuate rescue
    detain charge sue settle order refuse fail begin start end stop replace suspend cancel delay
    postpone accept target split gather infect affect find hold cause supply fund seize capture fall
    rise grow drop increase decrease shrink double halve test contain remain serve own employ cover
    ignore withhold move produce export import ship deliver attend skip boycott breach violate"""
)
CONSEQUENCE_WORDS = _words(
    """agreement deal treaty ceasefire accord war military government minister president election vote
    ballot budget tax money police hospital school court bank company union army troops border
    refugee migrant pension benefit council parliament cost fund loan grant contract closure strike
    protest party campaign talks operation resource reserve weapon oil gas energy water food power
    electricity housing job worker dam nuclear inquiry audit report"""
)
TAKING_PART = _words(
    """attend absent miss missing exclude bar invite boycott join host participate skip snub uninvited"""
)
NON_NEWS = _words(
    """announce disclose release reveal confirm specify know clear comment finalise finalize publish
    available"""
)
IDIOM_HEADS = {
    "turn": _words("tide corner page"),
    "play": _words("fire matches ball hardball politics"),
    "raise": _words("bar stakes"),
    "draw": _words("line"),
    "cross": _words("line rubicon"),
    "open": _words("door floodgates"),
    "pull": _words("plug"),
    "move": _words("goalposts needle"),
    "kick": _words("can"),
    "tip": _words("scales balance"),
    "walk": _words("tightrope"),
    "rub": _words("salt"),
    "pour": _words("fuel oil cold"),
    "win": _words("hearts trust"),
    "send": _words("message signal"),
    "sow": _words("seeds"),
    "turn_up": _words("heat pressure"),
}

SCHEDULE_NOUNS = _words(
    """meeting session hearing election conference summit vote match game debate talks event ceremony
    trial round deadline"""
)
MONTHS = _words(
    """january february march april may june july august september october november december spring
    summer autumn winter"""
)
WEEKDAYS = _words("""monday tuesday wednesday thursday friday saturday sunday today tomorrow yesterday""")
NUMBER_WORDS = _words(
    """one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
    seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred
    thousand million billion trillion dozen half third quarter fifth tenth two-thirds three-quarters
    double triple twice thrice hundreds thousands millions billions dozens doubled tripled halved
    quadrupled several zero"""
)
DOCUMENT_NOUNS = _words(
    """report study survey poll document figure data statistic research audit inquiry investigation
    analysis review census letter memo email record paper dossier statement test finding result
    index estimate assessment account article book filing lawsuit complaint indictment image
    transcript ruling judgment"""
)
BODY_NOUNS = _words(
    """agency newspaper paper company organization organisation group network outlet institute service
    magazine site website firm publication broadcaster station association charity corporation"""
)
ROLE_NOUNS = _words(
    """secretary minister president chancellor premier governor mayor senator congressman congresswoman
    deputy mp leader chief chairman chairwoman chair director executive officer ceo boss head
    spokesman spokeswoman spokesperson judge lawyer attorney prosecutor professor doctor scientist
    researcher economist historian analyst expert critic ambassador envoy diplomat general colonel
    commander captain sergeant commissioner councillor treasurer founder owner engineer supervisor
    teacher nurse surgeon farmer campaigner activist organiser author writer journalist king queen
    prince princess pope bishop archbishop coach candidate nominee mother father wife husband
    resident adviser advisor aide official inspector detective sheriff superintendent constable
    clerk banker investor manager coordinator lecturer biologist physicist epidemiologist
    climatologist meteorologist geologist pollster strategist negotiator representative speaker whip
    widow victim witness businessman businesswoman entrepreneur politician lawmaker legislator
    midwife paramedic firefighter ombudsman auditor comptroller statistician demographer
    criminologist sociologist psychologist ecologist pastor rabbi imam reverend cardinal admiral
    justice evangelist neurosurgeon frontman singer actor actress comedian rapper host anchor
    billionaire mogul magnate contender hopeful columnist editor reporter correspondent blogger
    veteran democrat republican"""
)
HONORIFICS = _words(
    """mr mrs ms miss dr prof professor rev gen col capt sgt lt sen rep gov mr. mrs. ms. dr. prof. sen.
    rep. gov. gen."""
)
NOBLE = _words("sir dame lord lady baroness baron")
FEMALE = _words(
    """she her hers mrs ms miss dame lady baroness spokeswoman chairwoman congresswoman businesswoman
    queen mother wife widow daughter sister princess woman mrs. ms. midwife"""
)
MALE = _words(
    """he him his mr sir lord baron spokesman chairman congressman businessman king father husband son
    brother prince man mr. widower"""
)
# Nationality words and the places they belong to, so that "the French minister" is not Germany's.
_NATION_WORDS = """
us: us u.s. usa american america washington
uk: uk u.k. british britain english england
fr: french france
de: german germany
it: italian italy
es: spanish spain
au: australian australia
nl: dutch netherlands
ru: russian russia kremlin
cn: chinese china
jp: japanese japan
in: indian india
pk: pakistani pakistan
il: israeli israel
ps: palestinian
ir: iranian iran
iq: iraqi iraq
sy: syrian syria
tr: turkish turkey
sa: saudi
eg: egyptian egypt
ca: canadian canada
mx: mexican mexico
br: brazilian brazil
ua: ukrainian ukraine
pl: polish poland
gr: greek greece
se: swedish sweden
no: norwegian norway
dk: danish denmark
fi: finnish finland
ie: irish ireland
pt: portuguese portugal
at: austrian austria
ch: swiss switzerland
be: belgian belgium
hu: hungarian hungary
kr: korean korea
af: afghan afghanistan
za: african
nz: zealand
sct: scottish scotland
wls: welsh wales
eu: european eu
"""
NATIONS = {
    word: line.split(":")[0]
    for line in _NATION_WORDS.strip().splitlines()
    for word in line.split(":")[1].split()
}

FEMALE_NAMES = _words(
    """ada agnes alice alison amanda amy andrea angela anita ann anna anne annie barbara beatrice
    bettina betty bridget carol caroline catherine charlotte christina christine clara claire
    claudia dana deborah diana diane dolores donna dorothy edith eleanor elena elisabeth elizabeth
    ellen emily emma esther eva evelyn fatima fiona frances gloria grace hannah heather helen hilary
    hillary holly imogen ingrid irena irene isabel jacqueline jane janet jean jennifer jessica jill
    joan joanna josephine joyce judith julia julie karen kate katherine kathleen kelly laura lena
    linda lisa lucy lydia margaret maria marie marion martha mary maureen megan melissa mia michelle
    miriam molly monica nancy natalie nicola nina olivia pamela patricia paula penelope priya rachel
    rebecca rosa rose ruth sally samantha sandra sara sarah sharon sheila sofia sophia sophie
    stephanie susan susanna sylvia teresa theresa tina ursula valerie vanessa vera victoria virginia
    wendy yvonne zoe"""
)
MALE_NAMES = _words(
    """aaron adam adrian ahmed alan albert alexander alfred ali andrew anthony antonio anton arthur
    barack barry benjamin bernard bernie bill bob boris brian bruce carl carlos charles chris
    christopher colin craig dan daniel dave david dennis derek dmitry donald douglas duncan edward
    emmanuel eric ernest eugene felix francis francois frank fred gareth gary geoffrey george gerald
    gordon graham greg gregory guy hans harold harry harvey henry herbert hugh ian isaac ivan jack
    jacob james jason jeff jeremy jerry jim joe john jon jonas jonathan jose joseph joshua juan karl
    keith ken kenneth kevin larry lawrence leo leon leonard lewis louis luc luke marco marcus mark
    martin matthew max michael miguel mike mohamed mohammed muhammad neil nicholas nick nigel oliver
    oscar owen patrick paul pedro peter phil philip pierre piet ralph raymond richard robert roger
    roland ronald roy russell samuel scott sean sergei simon stanley stephen steve steven stuart
    terence terry theodore thomas tim timothy tom tony trevor victor vincent vladimir walter wayne
    wilhelm william winston xavier yusuf"""
)
