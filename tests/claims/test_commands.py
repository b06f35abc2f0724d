"""The two commands: claims in a text without a database, and an article through the real pipeline."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from claims.models import Article, Channel
from claimtracker.jobs.models import Job
from claimtracker.kernel.outbound_address import ALLOW_VARIABLE
from tests import factories
from tests.support.hostile_server import hostile_server

FIELDS = {
    "text",
    "quote",
    "start",
    "end",
    "claimant",
    "claimant_span",
    "attribution",
    "kind",
    "score",
    "reasons",
    "rank",
    "changes",
    "parts",
}
ROOT = Path(__file__).parent.parent.parent
STORY = (
    "Council closes libraries\r\n\r\n"
    "🙂 “The city spent £9.4m more than it received last year,” the treasurer Helen Marsh said.\r\n"
    "Eastmouth council voted by 31 to 22 on Tuesday to close four of its eleven libraries.\r\n"
)


def stdin_of(monkeypatch: pytest.MonkeyPatch, content: bytes) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(content)))


def extracted(path: Path | str, **options: bool) -> str:
    out = io.StringIO()
    call_command("extract", str(path), stdout=out, **options)
    return out.getvalue()


# --- extract


def test_json_positions_count_code_points_of_the_file_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "story.txt"
    path.write_bytes(STORY.encode())
    found = json.loads(extracted(path, json=True))
    assert set(found) == {"version", "language", "sentences", "claims"}
    assert found["language"] == "en"
    assert len(found["claims"]) >= 2
    for claim in found["claims"]:
        assert set(claim) == FIELDS
        assert STORY[claim["start"] : claim["end"]] == claim["quote"]
        assert claim["attribution"] in {"quoted", "reported", "author"}
        assert (claim["claimant"] is None) == (claim["attribution"] == "author")
        if claim["claimant_span"]:
            start, end = claim["claimant_span"]
            assert STORY[start:end]
    assert any(claim["claimant"] == "Helen Marsh" for claim in found["claims"])


def test_a_byte_order_mark_counts_as_the_code_point_it_is(tmp_path: Path) -> None:
    path = tmp_path / "story.txt"
    path.write_bytes(b"\xef\xbb\xbf" + STORY.encode())
    for claim in json.loads(extracted(path, json=True))["claims"]:
        assert ("\ufeff" + STORY)[claim["start"] : claim["end"]] == claim["quote"]


def test_the_table_shows_the_strongest_first_with_speaker_and_reasons(tmp_path: Path) -> None:
    path = tmp_path / "story.txt"
    path.write_text(STORY, encoding="utf-8")
    shown = extracted(path)
    assert "Helen Marsh, quoted" in shown
    assert "because:" in shown
    scores = [float(line[:4]) for line in shown.splitlines() if line[:1] in "01" and line[1:2] == "."]
    assert scores == sorted(scores, reverse=True)
    assert len(scores) >= 2


def test_standard_input_is_read_as_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    stdin_of(monkeypatch, STORY.encode())
    assert json.loads(extracted("-", json=True))["claims"]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "The text is empty"),
        (b" \r\n\t", "The text is empty"),
        (b"\x7fELF\x00\x01\x02", "a binary file"),
        ("caf\xe9 prices rose by nine per cent".encode("latin-1"), "not in UTF-8 (byte 3"),
        (STORY.encode("utf-16"), "a binary file"),
        ("Le gouvernement a annoncé hier que les impôts vont baisser de dix pour cent.".encode(), "French"),
        (b"Prices rose. " * 100_000, "1,000,000"),
    ],
)
def test_what_cannot_be_read_is_refused_with_the_mend(tmp_path: Path, content: bytes, says: str) -> None:
    path = tmp_path / "story.txt"
    path.write_bytes(content)
    with pytest.raises(CommandError) as refused:
        extracted(path)
    assert says in str(refused.value)


def test_missing_files_and_folders_are_named(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"There is no file .*nothing\.txt"):
        extracted(tmp_path / "nothing.txt")
    with pytest.raises(CommandError, match="cannot be read: Is a directory"):
        extracted(tmp_path)


def test_no_database_and_no_service_is_needed_and_the_exit_code_tells(tmp_path: Path) -> None:
    state = tmp_path / "state"
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "claimtracker.settings.dev",
        "DATABASE_URL": "postgres://nobody@127.0.0.1:1/nothing",
        "REDIS_URL": "redis://127.0.0.1:1/0",
        "CLAIMTRACKER_STATE": str(state),
    }
    command = [sys.executable, "manage.py", "extract", "-", "--json"]
    for content, code in ((STORY.encode(), 0), (b"", 1)):
        done = subprocess.run(
            command, input=content, capture_output=True, cwd=ROOT, env=environment, timeout=100, check=False
        )
        assert done.returncode == code, done.stderr.decode()
        if code == 0:
            assert json.loads(done.stdout)["claims"]
        else:
            assert (
                done.stderr.decode().strip()
                == "CommandError: The text is empty. Paste or upload the article's words."
            )
    assert not list(state.rglob("*")), "no service was started"


# --- ingest


def ingested(*arguments: str) -> tuple[str, str]:
    out, err = io.StringIO(), io.StringIO()
    call_command("ingest", *arguments, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


@pytest.mark.django_db
def test_a_file_goes_through_the_real_pipeline(tmp_path: Path, settings: object) -> None:
    desk = factories.make_desk()
    path = tmp_path / "story.txt"
    path.write_text(STORY, encoding="utf-8")
    out, _ = ingested(str(path), "--title", "Libraries")
    article = Article.objects.get()
    assert out.splitlines() == [
        f"http://localhost:8000/articles/{article.pk}/",
        "1 job waiting for a worker.",
    ]
    assert (article.title, article.desk, article.channel) == ("Libraries", desk, Channel.COMMAND)
    assert Job.objects.get().kind == "claims.extract_article"
    out, err = ingested(str(path))
    assert "here already" in err
    assert f"/articles/{article.pk}/" in out


@pytest.mark.django_db
def test_what_an_article_says_now_is_its_next_version(tmp_path: Path) -> None:
    factories.make_desk()
    path = tmp_path / "story.txt"
    path.write_text(STORY, encoding="utf-8")
    ingested(str(path))
    article = Article.objects.get()
    path.write_text(STORY + "\n\nThe vote is on 4 December.\n", encoding="utf-8")
    out, err = ingested(str(path), "--article", str(article.pk))
    assert "this text is its version 2" in err
    assert f"/articles/{article.pk}/" in out
    assert ingested(str(path), "--article", str(article.pk))[1] == "This very text is here already.\n"
    assert article.versions.count() == 2
    with pytest.raises(CommandError, match="There is no article 0"):
        ingested(str(path), "--article", "0")
    with pytest.raises(CommandError, match="leave --desk out"):
        ingested(str(path), "--article", str(article.pk), "--desk", "politics")


@pytest.mark.django_db
def test_standard_input_and_a_chosen_desk(monkeypatch: pytest.MonkeyPatch) -> None:
    factories.make_desk()
    world = factories.make_desk("world")
    stdin_of(monkeypatch, STORY.encode())
    ingested("-", "--desk", "world")
    article = Article.objects.get()
    assert (article.desk, article.origin) == (world, "desk:world")
    assert article.title == "Council closes libraries"


@pytest.mark.django_db
def test_an_address_is_fetched_here_and_known_again(monkeypatch: pytest.MonkeyPatch) -> None:
    factories.make_desk()
    page = f"<html><head><title>Libraries</title></head><body><article><p>{STORY}</p></article></body></html>"
    with hostile_server() as server:
        monkeypatch.setenv(ALLOW_VARIABLE, server.pair)
        url = server.gives("/story", page.encode(), headers=("Content-Type: text/html; charset=utf-8",))
        ingested(url)
        _, err = ingested(url)
    article = Article.objects.get()
    assert (article.channel, article.external_id, article.title) == (Channel.URL, url, "Libraries")
    assert "here already" in err


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["{folder}/nothing.txt"], "There is no file"),
        (["{folder}"], "cannot be read: Is a directory"),
        (["{folder}/empty.txt"], "The file is empty"),
        (["{folder}/binary.txt"], "not a text file"),
        (["{folder}/story.doc"], "not taken"),
        (["http://10.0.0.7/story"], "private"),
        (["{folder}/story.txt", "--desk", "nowhere"], "There is no desk “nowhere”. Desks: politics"),
    ],
)
def test_ingest_refuses_with_the_mend(tmp_path: Path, arguments: list[str], says: str) -> None:
    factories.make_desk()
    (tmp_path / "empty.txt").write_bytes(b"")
    (tmp_path / "binary.txt").write_bytes(bytes(range(256)) * 10)
    for name in ("story.txt", "story.doc"):
        (tmp_path / name).write_text(STORY, encoding="utf-8")
    with pytest.raises(CommandError) as refused:
        ingested(*[argument.format(folder=tmp_path) for argument in arguments])
    assert says in str(refused.value)
    assert not Article.objects.exists()


@pytest.mark.django_db
def test_without_a_default_desk_the_desks_are_named(tmp_path: Path) -> None:
    path = tmp_path / "story.txt"
    path.write_text(STORY, encoding="utf-8")
    with pytest.raises(CommandError, match=r"name one with --desk\. Desks: none yet"):
        ingested(str(path))
