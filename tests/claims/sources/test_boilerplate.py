"""What a site puts around a story is no change of the story; a digit of the story is one."""

from __future__ import annotations

import pytest

from claims.sources.boilerplate import differs

STORY = "Mayor opens bridge\n\nThe bridge cost £4 million, the mayor said.\n\nIt rained on the guests."


@pytest.mark.parametrize(
    "line",
    [
        "Last updated: 3 May 2024, 14:05 BST",
        "Updated 2 hours ago",
        "Published on Monday, 6 May 2024",
        "1,234 shares",
        "12K shares · 34 comments",
        "Comments (17)",
        "Share this article",
        "Share on Facebook, Twitter and WhatsApp",
        "Read more: Council tax to rise in April",
        "Read more",
        "Also read - What the council said",
        "RELATED: The bridge in pictures",
        "Sign up for our free newsletter",
        "Advertisement",
        "View all 213 comments",
        "© 2024 The Daily Example. All rights reserved.",
        "Accessed 12 March 2024.",
        "Related stories\nBridge closed for a week\nTen things about the old bridge",
        "More on this story\nHow 400 people crossed it on day one",
    ],
)
@pytest.mark.parametrize("at_end", [True, False])
def test_boilerplate_is_no_difference(line: str, at_end: bool) -> None:
    first, *rest = STORY.split("\n\n")
    grown = f"{STORY}\n\n{line}" if at_end else "\n\n".join([first, rest[0], line, rest[1]])
    assert not differs(STORY, grown)
    assert not differs(grown, STORY)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("“It’s done” – she said…", '"It\'s done" - she said...'),
        ("Two\u00a0words", "Two  words"),
        ("Seen (accessed 3 May 2024) here.", "Seen (accessed 4 June 2025) here."),
        ("One.\nTwo.", "One.\n\n\nTwo.\n"),
        ("12 comments\nOne.", "15 comments\nOne."),
        ("co\u00adoperate\u200b", "cooperate"),
    ],
)
def test_signs_and_space_are_no_difference(old: str, new: str) -> None:
    assert not differs(old, new)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("The bridge cost £4 million.", "The bridge cost £5 million."),
        ("The bridge cost £4 million.", "The bridge cost $4 million."),
        ("Ann Lee said so.", "Ann Leigh said so."),
        ("Nobody was hurt.", "Nobody was hurt. One person died."),
        ("He said it in 2019.", "He said it in 2020."),
        ("A. B.", "B. A."),
        ("Register to vote by 3 May.", "Register to vote by 4 May."),
        ("Comments by 40 experts were read.", "Comments by 41 experts were read."),
        ("Copyright law cost 4 million.", "Copyright law cost 5 million."),
        ("Latest\n12 people killed in fire", "Latest\n14 people killed in fire"),
        ("Read more than 40 pages he did.", "Read more than 50 pages he did."),
        ("Share prices fell by 4%.", "Share prices fell by 5%."),
        ("Watch sales rose by 3%", "Watch sales rose by 9%"),
        ("Updated figures show 4,000 deaths.", "Updated figures show 5,000 deaths."),
        ("Published data show 10% growth.", "Published data show 12% growth."),
        ("Related stories\nOld link\n\nFour died.", "Related stories\nOld link\n\nFive died."),
    ],
)
def test_what_the_story_says_is_a_difference(old: str, new: str) -> None:
    assert differs(old, new)
