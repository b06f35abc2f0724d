"""What becomes of the claims when their article changes: looked for once, together, and none is lost."""

from __future__ import annotations

from itertools import pairwise

import pytest
from django.db import IntegrityError, connection, transaction

from claims.actions.curation import add_claim, dismiss_claim, edit_claim
from claims.actions.extraction import Analysis, analyse_version, record_extraction
from claims.actions.families import merge_families
from claims.actions.following import NotYetFollowed, awaits_earlier, follow_version
from claims.actions.versions import record_version
from claims.anchoring import Fate as AnchoredFate
from claims.models import Anchoring, Appearance, ArticleVersion, Claim, Fate, Following
from claims.sources import parse_text
from claimtracker.jobs.models import Job
from claimtracker.kernel.errors import ActionRefused
from claimtracker.ledger.models import OutboxEvent
from tests import factories

pytestmark = pytest.mark.django_db

RISE = "Crime rose by 40% in the city last year"
HURT = "Two hundred people were hurt on the old bridge in 2019"
COST = "Buses in Kent County carried 4 million passengers in March"
BODY = (
    "The council met on Monday evening for three hours.\n\n"
    f"{RISE}, the mayor Ann Lee told its members.\n\n"
    f"{HURT}, according to the police.\n\n"
    "Members of all parties spoke for an hour about the budget of the coming year.\n\n"
    f"{COST}, an audit found. The audit took a year.\n\n"
    "Nobody objected when the session was closed."
)


def first_version(*quotes: str) -> tuple[ArticleVersion, list[Claim]]:
    article = factories.make_article(BODY, title="Council")
    claims = [factories.make_claim(quote, article=article) for quote in quotes]
    return article.versions.get(), claims


def next_version(version: ArticleVersion, body: str) -> ArticleVersion:
    parsed = parse_text(body, title="Council")
    return record_version(version.article, parsed, by="system").version


def fates(version: ArticleVersion) -> dict[int, str]:
    rows = Anchoring.objects.filter(to_version=version)
    return {row.appearance.claim_id: row.fate for row in rows.select_related("appearance")}


def test_the_fates_are_those_of_the_method() -> None:
    assert set(Fate.values) == {str(fate) for fate in AnchoredFate}


def test_each_place_has_its_fate_and_the_same_words_stand_in_the_new_version_too() -> None:
    first, (rise, hurt, cost) = first_version(RISE, HURT, COST)
    changed = BODY.replace(f"{HURT}, according to the police.\n\n", "").replace("40%", "45%")
    second = next_version(first, "A new first line of the story.\n\n" + changed)
    following = follow_version(second)
    assert fates(second) == {rise.pk: "reworded", hurt.pk: "removed", cost.pk: "unchanged"}
    assert (following.unchanged, following.reworded, following.removed) == (1, 1, 1)
    place = Appearance.objects.get(version=second, claim=cost)
    assert place.quote == COST == second.body[place.start : place.end]
    anchoring = Anchoring.objects.get(new_appearance=place)
    assert (anchoring.start, anchoring.end) == (place.start, place.end)
    assert anchoring.method == following.method
    assert anchoring.why
    to_look_at = Appearance.objects.get(version=second, claim=rise)
    assert "45%" in to_look_at.quote
    assert to_look_at.came_from.get().fate == "reworded"
    gone = Anchoring.objects.get(appearance__claim=hurt)
    assert (gone.start, gone.end, gone.new_appearance) == (None, None, None)
    assert Appearance.objects.filter(claim=hurt).get().version == first  # the record stays


def test_it_tells_of_it_once_and_has_the_new_version_read() -> None:
    first, _claims = first_version(RISE)
    second = next_version(first, BODY + "\n\nIt rained afterwards on everybody.")
    follow_version(second)
    assert follow_version(second) == Following.objects.get()
    event = OutboxEvent.objects.get(type="article.followed")
    assert event.payload["version"] == second.pk
    assert (event.payload["unchanged"], event.payload["removed"]) == (1, 0)
    assert Job.objects.filter(kind="claims.extract_article", object_id=str(second.pk)).count() == 1
    assert Job.objects.filter(kind="reviews.follow_article").count() == 1


def test_parts_and_speakers_go_along_with_the_same_words() -> None:
    first, (rise,) = first_version(RISE)
    place = rise.appearances.get()
    at, who = BODY.index("40%"), BODY.index("Ann Lee")
    place.parts = {"quantities": [{"start": at, "end": at + 3, "low": 40, "high": 40, "unit": "%"}]}
    place.claimant_start, place.claimant_end = who, who + 7
    place.save()
    second = next_version(first, "A new first line of the story.\n\n" + BODY)
    follow_version(second)
    there = second.appearances.get()
    (quantity,) = there.parts["quantities"]
    assert second.body[quantity["start"] : quantity["end"]] == "40%"
    assert second.body[there.claimant_start : there.claimant_end] == "Ann Lee"


def test_nothing_is_marked_in_a_text_that_people_do_not_read_now() -> None:
    person = factories.make_user()
    first, _claims = first_version(RISE)
    second = next_version(first, BODY + "\n\nIt rained.")
    start = BODY.index(COST)
    with pytest.raises(ActionRefused, match="newer version"):
        add_claim(first, by=person, start=start, end=start + len(COST))
    with pytest.raises(ActionRefused, match="Try again in a moment"):
        add_claim(second, by=person, start=start, end=start + len(COST))
    follow_version(second)
    assert (
        add_claim(second, by=person, start=start, end=start + len(COST)).appearances.get().version == second
    )


def test_a_version_waits_for_the_one_before_to_be_compared_and_read() -> None:
    first, _claims = first_version(RISE)
    second = next_version(first, BODY + "\n\nIt rained.")
    assert awaits_earlier(second)  # the first one's reading is in the queue
    Job.objects.filter(kind="claims.extract_article").delete()
    assert not awaits_earlier(second)
    third = next_version(second, BODY + "\n\nIt snowed.")
    assert awaits_earlier(third)
    follow_version(second)
    assert awaits_earlier(third)
    record_extraction(second, analysis=Analysis(None, "no claims", 0))
    assert not awaits_earlier(third)


def test_a_version_whose_earlier_one_failed_for_good_says_so_and_goes_on_after_it() -> None:
    first, _claims = first_version(RISE)
    second = next_version(first, BODY + "\n\nIt rained.")
    Job.objects.filter(kind="claims.follow_version").update(state="dead", cause="fault")
    third = next_version(second, BODY + "\n\nIt snowed.")
    with pytest.raises(NotYetFollowed, match="version 2"):
        awaits_earlier(third)
    Job.objects.filter(kind="claims.follow_version").update(state="dead", cause="fault")
    follow_version(second)
    assert Job.objects.open().filter(kind="claims.follow_version", object_id=str(third.pk)).exists()


def test_the_reading_of_a_new_version_offers_only_what_is_new_in_it() -> None:
    first = factories.make_article(BODY, title="Council").versions.get()
    record_extraction(first, analysis=analyse_version(first))
    before = {place.claim_id for place in first.appearances.all()}
    assert len(before) >= 2
    changed = BODY.replace("40%", "45%") + "\n\nUnemployment fell to 3.1% in March, the office said."
    second = next_version(first, changed)
    follow_version(second)
    run = record_extraction(second, analysis=analyse_version(second))
    new = Claim.objects.exclude(pk__in=before)
    assert ["3.1%" in claim.text for claim in new] == [True]
    assert run.claims_new == 1
    assert {place.claim_id for place in second.appearances.all()} == before | {new.get().pk}
    spans = [(place.start, place.end) for place in second.appearances.order_by("start")]
    assert all(left[1] <= right[0] for left, right in pairwise(spans))


def test_the_reading_says_what_it_knows_of_the_words_that_came_along_and_leaves_the_claim() -> None:
    first = factories.make_article(BODY, title="Council").versions.get()
    record_extraction(first, analysis=analyse_version(first))
    claim = first.appearances.order_by("rank").first().claim
    Claim.objects.filter(pk=claim.pk).update(text="As a person said it")
    second = next_version(first, "A new first line of the story.\n\n" + BODY)
    follow_version(second)
    place = second.appearances.get(claim=claim)
    assert place.rank is None
    run = record_extraction(second, analysis=analyse_version(second))
    place.refresh_from_db()
    assert place.rank is not None  # which one it is hangs on the scores, and these on the processor
    assert place.extractor_version == run.extractor_version
    claim.refresh_from_db()
    assert claim.text == "As a person said it"


def test_what_people_dismissed_merged_or_reworded_stays_so() -> None:
    editor = factories.make_user("editor")
    first = factories.make_article(BODY, title="Council").versions.get()
    record_extraction(first, analysis=analyse_version(first))
    rise, hurt, cost = (
        Claim.objects.get(appearances__quote__contains=words) for words in ("Crime", "hurt", "Buses")
    )
    dismiss_claim(rise, by=editor, reason="Checked last year.")
    merge_families(cost, into=hurt, by=editor, note="One story.")
    edit_claim(hurt, by=editor, text="200 people were hurt", claimant="Police")
    count = Claim.objects.count()
    moved = BODY.replace(f"{RISE}, the mayor Ann Lee told its members.\n\n", "")
    second = next_version(first, f"{moved}\n\n“{RISE},” Lee repeated to reporters afterwards.")
    follow_version(second)
    record_extraction(second, analysis=analyse_version(second))
    assert Claim.objects.count() == count
    for claim in (rise, hurt, cost):
        claim.refresh_from_db()
    assert (rise.state, rise.dismissed_because) == ("dismissed", "Checked last year.")
    assert cost.canonical == hurt
    assert hurt.text == "200 people were hurt"
    assert second.appearances.filter(claim=rise).count() == 1


def test_a_late_reading_of_what_was_overtaken_adds_nothing() -> None:
    first, _claims = first_version(RISE)
    analysis = analyse_version(first)
    second = next_version(first, BODY + "\n\nIt rained.")
    follow_version(second)
    record_extraction(first, analysis=analysis)
    assert Claim.objects.count() == 1


@pytest.mark.parametrize("change", [{"start": 1}, {"fate": "removed"}, {"score": 1.5}, {"fate": "lost"}])
def test_the_database_keeps_fates_sound(change: dict[str, object]) -> None:
    first, (rise,) = first_version(RISE)
    second = next_version(first, BODY + "\n\nIt rained.")
    place = rise.appearances.get()
    there = factories.make_appearance(rise, second, place.start, place.end)
    sound = Anchoring(
        appearance=place,
        to_version=second,
        fate="unchanged",
        start=place.start,
        end=place.end,
        score=1,
        method="m",
        why="w",
        new_appearance=there,
    )
    wrong = Anchoring(
        **{f.attname: getattr(sound, f.attname) for f in Anchoring._meta.concrete_fields} | change
    )
    with pytest.raises(IntegrityError), transaction.atomic():
        wrong.save()
    sound.save()
    with pytest.raises(IntegrityError, match="one_fate_per_place_and_version"), transaction.atomic():
        copy_of(sound).save()


def copy_of(row: Anchoring, **change: object) -> Anchoring:
    names = [field.attname for field in Anchoring._meta.concrete_fields if field.attname != "id"]
    return Anchoring(**{**{name: getattr(row, name) for name in names}, **change})


def test_the_database_refuses_a_fate_in_any_but_the_next_version() -> None:
    first, (rise,) = first_version(RISE)
    second = next_version(first, BODY + "\n\nIt rained.")
    third = next_version(second, BODY + "\n\nIt snowed.")
    row = Anchoring(
        appearance=rise.appearances.get(), to_version=third, fate="removed", score=0, method="m", why="w"
    )
    with pytest.raises(IntegrityError, match="not of the version before"), transaction.atomic():
        row.save()


def test_a_fate_never_changes() -> None:
    first, _claims = first_version(RISE)
    follow_version(next_version(first, BODY + "\n\nIt rained."))
    for table in ("claims_anchoring", "claims_following"):
        with (
            pytest.raises(Exception, match="permission denied"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(f"DELETE FROM {table}")
    assert Anchoring.objects.count() == 1
