"""English passes, however it is written; the check needs no network and does not waver."""

from __future__ import annotations

import pytest

from claims.extraction.language import check_language
from claims.extraction.model import UnsupportedText
from claims.samples import load_samples


@pytest.mark.parametrize("sample", load_samples(), ids=lambda sample: sample.slug)
def test_samples_are_english(sample: object) -> None:
    assert check_language(getattr(sample, "body")) == "en"  # noqa: B009 (the fixture is typed as object)


def test_an_english_article_with_foreign_names_passes() -> None:
    text = (
        "Le Monde and Die Zeit said that Jean-Yves Le Drian of Cesson-Sévigné met Ursula von der Leyen in "
        "the Palais de l'Élysée and that the ministers had agreed on a plan."
    )
    assert check_language(text) == "en"


def test_a_foreign_article_with_an_english_quotation_is_refused() -> None:
    text = (
        "Der Minister sagte, die Arbeitslosigkeit sei im vergangenen Jahr um drei Prozent gesunken. "
        "„We are very happy“, fügte er hinzu, bevor er in den Zug nach Berlin stieg und verschwand."
    )
    with pytest.raises(UnsupportedText) as refusal:
        check_language(text)
    assert "German" in str(refusal.value)


def test_the_answer_does_not_waver() -> None:
    text = "Crime fell. Rents rose. Wages fell in Leeds last year too."
    assert {check_language(text) for _ in range(5)} == {"en"}
