"""What follows a commit never tells whoever asked that their work failed."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest
from django.db import transaction

from claimtracker.kernel.commits import after_commit

ROOT = Path(__file__).resolve().parents[2]
MAY_RAISE = {"claimtracker/kernel/commits.py", "claimtracker/ledger/sealing.py"}  # the seal's job tries again


class Broken:
    """Callable, and without a name, as a functools.partial is."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def __call__(self, word: str) -> None:
        self.asked.append(word)
        raise LookupError("the broker's wire was cut")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("in_transaction", [True, False])
def test_what_fails_after_the_commit_is_logged_and_the_next_hook_runs(
    in_transaction: bool, caplog: pytest.LogCaptureFixture
) -> None:
    broken, told = Broken(), []
    with caplog.at_level(logging.ERROR, logger="django.db.backends.base"):
        if in_transaction:
            with transaction.atomic():
                after_commit(broken, "first")
                after_commit(told.append, "second")
                assert not broken.asked
        else:
            after_commit(broken, "first")
            after_commit(told.append, "second")
    assert (broken.asked, told) == (["first"], ["second"])
    assert "Broken" in caplog.text and "the broker's wire was cut" in caplog.text


@pytest.mark.django_db(transaction=True)
def test_nothing_follows_a_transaction_that_is_undone() -> None:
    told: list[str] = []
    with pytest.raises(LookupError), transaction.atomic():
        after_commit(told.append, "never")
        raise LookupError
    assert not told


def test_everything_that_follows_a_commit_comes_this_way() -> None:
    asking = {
        str(path.relative_to(ROOT))
        for room in ("claimtracker", "claims", "reviews")
        for path in (ROOT / room).rglob("*.py")
        if "on_commit(" in path.read_text()
    }
    assert asking == MAY_RAISE
