"""Two statements side by side: which parts agree, which contradict, and how that is said."""

from __future__ import annotations

import pytest

from claims.matching.agreement import (
    FEATURES,
    MOST_REASONS,
    Agreement,
    Reason,
    Side,
    compare,
    parts_of,
    sentence,
)


def agreement(here: str, there: str) -> Agreement:
    return compare(parts_of(here), parts_of(there))


def told(here: str, there: str, part: str, *, agrees: bool) -> list[str]:
    """The sentences of the reasons of one part."""
    found = agreement(here, there).reasons
    return [sentence(r) for r in found if r.part == part and r.agrees == agrees]


NUMBERS_THAT_FIT = [
    ("The plant cut 1,200 jobs.", "The plant cut about 1,200 jobs."),
    ("The plant cut 1,184 jobs.", "The plant cut 1,200 jobs."),
    ("The plant cut 1,200 jobs.", "The plant cut more than 1,000 jobs."),
    ("The plant cut 1,200 jobs.", "The plant cut 1.2k jobs."),
    ("The plant cut 1,150 jobs.", "The plant cut up to 1,200 jobs."),
    ("The plant cut 1,250 jobs.", "The plant cut between 1,200 and 1,300 jobs."),
    ("Prices rose 11 percent.", "Prices rose 10 to 12 percent."),
    ("Prices rose 13%.", "Prices rose 13 per cent."),
    ("A third of voters stayed home.", "33 percent of voters stayed home."),
    ("Half of voters stayed home.", "50% of voters stayed home."),
    ("1 in 5 children is poor.", "20 percent of children are poor."),
    ("It cost $2.5 million.", "It cost 2,500,000 dollars."),
    ("It cost £1bn.", "It cost 1 billion pounds sterling."),
    ("Eighteen children died in custody.", "18 children died in custody."),
    ("She waited two weeks for the test.", "She waited 14 days for the test."),
    ("A snake 10 meters long was found.", "A snake nearly 33 feet long was found."),
    ("A 14-year-old girl was arrested.", "A girl 14 years old was arrested."),
    ("It donates 50 cents a share to charity.", "It donates $0.50 a share to charity."),
]


@pytest.mark.parametrize(("here", "there"), NUMBERS_THAT_FIT)
def test_numbers_agree_within_what_their_words_leave_open(here: str, there: str) -> None:
    assert told(here, there, "number", agrees=True)
    assert not told(here, there, "number", agrees=False)
    assert agreement(here, there).features.numbers_shared == 1


NUMBERS_APART = [
    ("The plant cut 1,400 jobs.", "The plant cut 1,200 jobs.", "1,200 there, 1,400 here"),
    ("The plant cut 900 jobs.", "The plant cut more than 1,000 jobs.", "more than 1,000 there, 900 here"),
    ("The plant cut 1,400 jobs.", "The plant cut up to 1,200 jobs.", "up to 1,200 there, 1,400 here"),
    ("Unemployment fell to 5%.", "Unemployment fell to 9 percent.", "9 percent there, 5% here"),
    ("The deal gave Iran $1.7bn.", "The deal gave Iran $400 million.", "$400 million there, $1.7bn here"),
    ("Iran got $150 million.", "Iran got $150 billion.", "$150 billion there, $150 million here"),
    ("He lay in a coma two days.", "He lay in a coma three days.", "three days there, two days here"),
    ("A 14-year-old girl drowned.", "A 9-year-old girl drowned.", "9-year-old there, 14-year-old here"),
    ("Prices rose 20%.", "Prices rose 10 to 12 percent.", "10 to 12 percent there, 20% here"),
]  # fmt: skip


@pytest.mark.parametrize(("here", "there", "said"), NUMBERS_APART)
def test_numbers_of_the_same_thing_that_cannot_both_be_right_contradict(
    here: str, there: str, said: str
) -> None:
    assert told(here, there, "number", agrees=False) == [said]
    assert agreement(here, there).features.numbers_contradicting > 0


NUMBERS_OF_OTHER_THINGS = [
    ("The plant cut 1,400 jobs.", "The plant built 1,200 homes."),
    ("The mayor has 3 children.", "The mayor served 12 years."),
    ("The budget rose by $5 million.", "A senator owes the bank $9 million."),
    ("The law closed 5 areas of Ohio.", "The law closed 90 acres of Ohio."),
    ("Sales rose 4 percent in May and 6 percent in June.", "Sales rose 9 percent."),
    ("It cost $4,300.", "It cost the country $5 trillion."),
    ("The law of 1998 cut taxes.", "The law cut 1,200 taxes."),
    ("A 17-year-old was shot.", "He was shot twice in 8 years."),
    ("The plant cut 1,200 jobs.", "The plant cut jobs."),
    ("Premiums rose 21 percent.", "Premiums rose 22 percent."),
]


@pytest.mark.parametrize(("here", "there"), NUMBERS_OF_OTHER_THINGS)
def test_numbers_that_measure_different_things_do_not_contradict(here: str, there: str) -> None:
    assert not told(here, there, "number", agrees=False)


def test_a_small_number_is_the_same_only_where_it_is_said_of_the_same() -> None:
    assert told("Two senators resigned.", "2 senators resigned.", "number", agrees=True)
    assert not told("She was married twice.", "Taxes there are twice as high.", "number", agrees=True)
    assert not told("Thousands of shootings.", "Thousands enrolled.", "number", agrees=True)


def test_numbers_of_different_units_are_not_the_same() -> None:
    assert not told("23 countries refuse.", "Crime was 23 percent lower.", "number", agrees=True)


DATES_THAT_FIT = [
    ("He resigned on 12 March 2015.", "He resigned in March 2015."),
    ("He resigned on March 12, 2015.", "He resigned in 2015."),
    ("He resigned on 12 March.", "He resigned on March 12, 2015."),
    ("He resigned in the 1990s.", "He resigned in 1994."),
    ("Shootings since January 1st.", "Shootings since Jan. 1."),
    ("Lower than in any year since 1977.", "The lowest since 1977."),
]


@pytest.mark.parametrize(("here", "there"), DATES_THAT_FIT)
def test_dates_agree_when_one_contains_the_other(here: str, there: str) -> None:
    assert told(here, there, "date", agrees=True)
    assert agreement(here, there).features.dates_shared == 1


DATES_APART = [
    ("The mayor resigned in 2015.", "The mayor resigned in 2012.", "2012 there, 2015 here"),
    ("The mayor resigned in May 2015.", "The mayor resigned in June 2015.", "June 2015 there, May 2015 here"),
    ("The mayor resigned on 3 May.", "The mayor resigned on 4 May 2015.", "4 May 2015 there, 3 May here"),
]


@pytest.mark.parametrize(("here", "there", "said"), DATES_APART)
def test_dates_of_one_precision_that_differ_contradict(here: str, there: str, said: str) -> None:
    assert told(here, there, "date", agrees=False) == [said]


@pytest.mark.parametrize(
    ("here", "there"),
    [
        ("The mayor resigned in 2015.", "The mayor resigned on 12 March."),
        ("The mayor resigned in 2015.", "A storm flooded Alabama in 2012."),
        ("The mayor resigned in 2015 and returned in 2017.", "The mayor resigned in 2012."),
        ("Wages fell since 2010.", "Wages fell in 2008."),
        ("The mayor resigned last week.", "The mayor resigned in 2012."),
    ],
)
def test_dates_that_may_be_of_something_else_do_not_contradict(here: str, there: str) -> None:
    assert not told(here, there, "date", agrees=False)


def test_a_year_is_not_a_count() -> None:
    parts = parts_of("The law of 2015 was passed in 1998 by 2,016 voters.")
    assert [when for when, *_ in parts["dates"]] == ["2015", "1998"]
    assert [low for low, *_ in parts["numbers"]] == [2016]


NAMES = [
    ("Yesterday Michael Fallon spoke.", "The minister Michael Fallon spoke.", "Both name Michael Fallon"),
    ("The rally for Obama was big.", "A rally for Barack Obama was big.", "Both name Barack Obama"),
    ("They met Rep. Ilhan Omar.", "Then Ilhan Omar spoke.", "Both name Ilhan Omar"),
    ("A ruling by the WHO followed.", "The World Health Organization ruled.", "Both name WHO"),
    ("The French president spoke.", "The president of France spoke.", "Both name French"),
    ("They flew to the United States.", "They flew to America.", "Both name America"),
    ("They love Beyoncé there.", "They love Beyonce there.", "Both name Beyoncé"),
    ("It was Clinton's email.", "An email of Hillary Clinton leaked.", "Both name Hillary Clinton"),
    ("The Bank of New York closed.", "A run on the Bank of New York.", "Both name Bank of New York"),
]  # fmt: skip


@pytest.mark.parametrize(("here", "there", "said"), NAMES)
def test_a_name_is_the_same_in_its_several_forms(here: str, there: str, said: str) -> None:
    assert said in told(here, there, "name", agrees=True)
    assert agreement(here, there).features.names_missing == 0


@pytest.mark.parametrize(
    ("here", "there"),
    [
        ("They met Michelle Obama.", "They met Barack Obama."),
        ("They live in America.", "They bank with Bank of America."),
        ("They study in Texas.", "They study at the University of Texas."),
    ],
)
def test_names_that_share_a_word_are_not_the_same(here: str, there: str) -> None:
    assert not told(here, there, "name", agrees=True)


@pytest.mark.parametrize(
    "there",
    [
        "obama and clinton were born in kenya",
        "#Obama #ClintonEmails all of it",
        "ask @BarackObama and @HillaryClinton about it",
        "Obama and Clinton Were Never Seen Together Before Now",
    ],
)
def test_a_name_is_found_in_small_letters_in_tags_and_in_headlines(there: str) -> None:
    shared = agreement("A letter of Barack Obama to Hillary Clinton.", there).features.names_shared
    assert shared > 0.8


def test_a_name_on_one_side_only_is_no_contradiction() -> None:
    found = agreement("Senator Ann Lee voted for it.", "Senator Bob Roe voted for it.")
    assert not found.contradicts()
    assert found.features.names_missing > 0


@pytest.mark.parametrize(
    "text",
    [
        "Video shows a shark in the street.",
        "BREAKING NEWS: they did it",
        "Monday was cold. January too.",
        "The cost was high. Everyone knows.",
        "WE SHOULD ALL STAND UP AND FIGHT",
        "Drinking water cures colds",
    ],
)
def test_capitals_that_a_place_or_a_mood_gives_are_no_names(text: str) -> None:
    assert "names" not in parts_of(text)


@pytest.mark.parametrize("signed", ["(@annlee) January 14, 2020", "(@annlee)", "(ann lee) May 4, 2020"])
def test_a_post_is_not_about_who_signed_it_and_when(signed: str) -> None:
    parts = parts_of(f"Taxes are up! pic.twitter.com/ab12 — Ann Lee {signed}")
    assert "dates" not in parts
    assert "names" not in parts
    assert agreement(
        "A tweet of Ann Lee went viral.", "Taxes! — Ann Lee (@x) May 1, 2020"
    ).features.names_shared


DENIED_THERE = [
    ("Sanders won the vote in Nevada.", "Sanders did not win the vote in Nevada."),
    ("Felons can vote in Ohio.", "Felons in Ohio never vote."),
    ("Kors bags are made of dog skin.", "Kors bags aren't made of dog skin."),
    ("Senator Lee was a campaign aide to Nixon.", "Senator Lee was not a campaign aide."),
]


@pytest.mark.parametrize(("here", "there"), DENIED_THERE)
def test_what_one_side_denies_and_the_other_says_differs(here: str, there: str) -> None:
    [said] = told(here, there, "negation", agrees=False)
    assert said.startswith("Says it did not happen")
    assert said.endswith("here it did")
    [turned] = told(there, here, "negation", agrees=False)
    assert turned.startswith("Says it happened; here it did not")


@pytest.mark.parametrize(
    ("here", "there"),
    [
        ("Sanders did not win in Nevada.", "Sanders never won in Nevada."),
        ("Sanders did not win in Nevada.", "Trump visited a farm in Ohio."),
        ("Not only did Lee win, he won the vote twice.", "Lee won the vote twice."),
        ("The bill should not cut taxes.", "The bill did cut taxes."),
        ("Don't cut taxes on the bill!", "The bill cut taxes."),
        ("He did not say that taxes rose.", "He said that taxes rose."),
        ("Police prohibit visitors from wearing masks.", "Visitors are not allowed to wear masks."),
    ],
)
def test_a_not_that_is_on_both_sides_or_denies_nothing_does_not_differ(here: str, there: str) -> None:
    assert not told(here, there, "negation", agrees=False)


def test_a_shared_denial_is_a_reason() -> None:
    [said] = told("Lee did not vote in 2016.", "Lee never voted.", "negation", agrees=True)
    assert said == "Both deny it: “never voted” there, “not vote” here"


@pytest.mark.parametrize(
    ("here", "there", "said"),
    [
        ("Crime in Ohio rose.", "Crime in Ohio fell.", "“fell” there, “rose” here"),
        ("Ohio has more teachers.", "Ohio has fewer teachers.", "“fewer” there, “more” here"),
        ("The party lost Ohio.", "The party won Ohio.", "“won” there, “lost” here"),
        ("Wages in Ohio increased.", "Wages in Ohio decreased.", "“decreased” there, “increased” here"),
    ],
)
def test_opposite_words_of_the_same_thing_contradict(here: str, there: str, said: str) -> None:
    assert told(here, there, "negation", agrees=False) == [said]
    assert agreement(here, there).features.direction_differs == 1


@pytest.mark.parametrize(
    ("here", "there"),
    [
        ("Crime in Ohio rose.", "Crime in Ohio increased."),
        ("Crime in Ohio rose.", "Wages in Texas fell."),
        ("Crime in Ohio did not rise.", "Crime in Ohio fell."),
        ("At least 20 homes burnt.", "The most homes burnt."),
        ("Fewer than 20 homes burnt.", "More homes burnt."),
    ],
)
def test_words_that_point_one_way_do_not_contradict(here: str, there: str) -> None:
    assert agreement(here, there).features.direction_differs == 0


def test_contradictions_come_first_and_reasons_are_few() -> None:
    here = "In 2015 Ann Lee, Bob Roe, Cy Poe and Di Moe saw 1,400 jobs and 30 homes and 40 shops go in Ohio."
    found = agreement(here, here.replace("1,400", "1,200"))
    assert [r.agrees for r in found.reasons] == sorted(r.agrees for r in found.reasons)
    assert not found.reasons[0].agrees
    assert len(found.reasons) <= MOST_REASONS


def test_a_reason_is_kept_as_a_match_keeps_it() -> None:
    assert Reason("number", False, "1,400", "1,200").as_json() == {
        "part": "number",
        "agrees": False,
        "here": "1,400",
        "there": "1,200",
    }


def test_empty_parts_agree_in_nothing_and_contradict_nothing() -> None:
    for found in (compare({}, {}), compare(parts_of("1,200 jobs in Ohio in 2015"), {}), agreement("", "!")):
        assert found.reasons == ()
        assert not found.contradicts()


def test_the_features_have_a_fixed_order() -> None:
    found = agreement("The plant cut 1,400 jobs.", "The plant cut 1,200 jobs.")
    assert len(found.vector()) == len(FEATURES)
    assert dict(zip(FEATURES, found.vector(), strict=True))["numbers_contradicting"] == 0.5


def test_a_side_made_ready_gives_the_same_as_its_parts() -> None:
    ours, theirs = parts_of("Ann Lee cut 1,400 jobs in 2015."), parts_of("Ann Lee did not cut 1,200 jobs.")
    assert compare(Side(ours), Side(theirs)) == compare(ours, theirs)
