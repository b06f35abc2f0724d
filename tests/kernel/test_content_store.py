"""Contents on disk: whole or not there, once each, and nothing that a row names is ever swept."""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Collection
from pathlib import Path

import pytest

from claimtracker.kernel.content_store import ContentDamaged, ContentMissing, ContentStore

OLD = 10_000


@pytest.fixture
def store(tmp_path: Path) -> ContentStore:
    return ContentStore(tmp_path / "contents")


def age(path: Path) -> None:
    long_ago = time.time() - OLD
    os.utime(path, (long_ago, long_ago))


def test_what_is_put_is_got_and_kept_once(store: ContentStore) -> None:
    digest = store.put(b"page")
    assert digest == hashlib.sha256(b"page").hexdigest()
    assert store.put(b"page") == digest
    assert store.get(digest) == b"page"
    assert list(store.digests()) == [digest]
    assert not list((store.root / "tmp").iterdir())


def test_what_is_not_there_or_not_what_it_says_is_told_apart(store: ContentStore) -> None:
    with pytest.raises(ContentMissing):
        store.get("0" * 64)
    digest = store.put(b"page")
    store.path_of(digest).write_bytes(b"pag3")
    with pytest.raises(ContentDamaged):
        store.get(digest)


@pytest.mark.parametrize("name", ["../../etc/passwd", "", "A" * 64, "0" * 63, "0" * 64 + "/x"])
def test_no_name_leads_outside(store: ContentStore, name: str) -> None:
    with pytest.raises(ValueError, match="not a SHA-256"):
        store.path_of(name)


def test_a_sweep_removes_what_is_old_and_unnamed(store: ContentStore) -> None:
    named, orphan, young = store.put(b"named"), store.put(b"orphan"), store.put(b"young")
    half = store.root / "tmp" / "half"
    half.write_bytes(b"hal")
    for path in (store.path_of(named), store.path_of(orphan), half):
        age(path)
    swept = store.sweep(lambda digests: {named} & set(digests), older_than=OLD / 2, dry_run=True)
    assert (swept.unnamed, swept.unfinished, swept.freed) == (1, 1, 9)
    assert store.has(orphan), "a dry run removes nothing"
    assert store.sweep(lambda digests: {named} & set(digests), older_than=OLD / 2) == swept
    assert [store.has(digest) for digest in (named, orphan, young)] == [True, False, True]
    assert not half.exists()


def test_what_is_put_again_is_not_swept_before_its_row_is_there(store: ContentStore) -> None:
    digest = store.put(b"page")
    age(store.path_of(digest))
    store.put(b"page")
    assert store.sweep(lambda digests: set(), older_than=OLD / 2).unnamed == 0
    assert store.has(digest)


def test_many_contents_are_asked_for_in_batches(store: ContentStore) -> None:
    asked: list[int] = []

    def named(digests: Collection[str]) -> set[str]:
        asked.append(len(digests))
        return set(digests)

    for number in range(501):
        path = store.path_of(hashlib.sha256(str(number).encode()).hexdigest())
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"")
    store.sweep(named, older_than=0)
    assert sum(asked) == 501 and max(asked) == 500


WRITER = """
import sys
from pathlib import Path
from claimtracker.kernel.content_store import ContentStore
store, number = ContentStore(Path(sys.argv[1])), 0
print("ready", flush=True)
while True:
    store.put(number.to_bytes(4, "big") * 250_000)
    number += 1
"""


def test_a_killed_writer_leaves_whole_contents_only(store: ContentStore) -> None:
    """SIGKILL at some moment of writing, five times: whatever has a name is what its name says."""
    for turn in range(5):
        writer = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(store.root)], stdout=subprocess.PIPE, cwd=Path.cwd()
        )
        assert writer.stdout is not None and writer.stdout.readline() == b"ready\n"
        time.sleep(0.05 + 0.03 * turn)
        writer.send_signal(signal.SIGKILL)
        writer.wait()
        writer.stdout.close()
    contents = list(store.digests())
    assert contents
    assert {len(store.get(digest)) for digest in contents} == {1_000_000}
    for path in (store.root / "tmp").iterdir():
        age(path)
    left = len(list((store.root / "tmp").iterdir()))
    assert store.sweep(set, older_than=OLD / 2).unfinished == left
    assert store.put(b"next")
