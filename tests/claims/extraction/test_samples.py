"""The bundled articles are complete and of the promised length."""

from __future__ import annotations

from claims.extraction.blocks import find_blocks
from claims.samples import load_samples


def test_samples_are_complete() -> None:
    samples = load_samples()
    assert len(samples) >= 5
    assert len({sample.slug for sample in samples}) == len(samples)
    assert len({sample.topic for sample in samples}) >= 5
    for sample in samples:
        assert 250 <= len(sample.body.split()) <= 600, sample.slug
        assert sample.published_at.tzinfo is not None
        headline = find_blocks(sample.body)[0]
        assert sample.body[headline.start : headline.end] == sample.title
        assert f"By {sample.byline}" in sample.body
