"""Every word that a person reads goes through gettext."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from .gettext_words import ROOT, untranslated, untranslated_markup, untranslated_script

# not for people who use the product: operators, developers, partners' programs; and what only starts things
OPERATORS = (
    "migrations", "management", "settings", "embedded", "demo", "smoke", "samples", "api", "jobs", "ledger",
    "permissions",  # becomes docs/permissions.md
)  # fmt: skip
# plain Python without Django (pyproject.toml): its sentences are given to whoever calls, in English
PLAIN = (
    "claims/extraction", "claims/sources", "claims/matching", "claims/anchoring", "claims/explaining.py",
    "claimtracker/kernel/outbound", "reviews/placement", "reviews/claimreview.py",
)  # fmt: skip
# what partners' developers read beside their deliveries
MIGRATING = ("claimtracker/kernel/migrating.py",)
DOCS = ("claimtracker/web/privacy/retention.py",)  # a page of the docs is written from it
DELIVERIES = tuple(
    f"claimtracker/partners/{name}.py" for name in ("attempts", "delivery", "delivering", "event_types")
)


def modules() -> Iterator[Path]:
    for room in ("claimtracker", "claims", "reviews"):
        for path in sorted((ROOT / room).rglob("*.py")):
            name = path.relative_to(ROOT).as_posix()
            if set(name.split("/")) & set(OPERATORS) or name.startswith(
                (*PLAIN, *DELIVERIES, *MIGRATING, *DOCS)
            ):
                continue
            yield path


def test_sentences_and_labels_in_python_are_translated() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{line}: {text}" for path in modules() for line, text in untranslated(path)
    ]
    assert not found, "put them into gettext, with %(name)s for what varies:\n" + "\n".join(found)


def test_text_and_attributes_in_templates_are_translated() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{line}: {text}"
        for path in sorted((ROOT / "templates").rglob("*.html"))
        for line, text in untranslated_markup(path.read_text(encoding="utf-8"))
    ]
    assert not found, "put them into {% translate %} or {% blocktranslate %}:\n" + "\n".join(found)


def test_scripts_take_their_words_from_templates() -> None:
    scripts = ROOT / "claimtracker" / "static" / "claimtracker" / "js"
    found = [
        f"{path.name}:{line}: {text}"
        for path in sorted(scripts.glob("*.js"))
        for line, text in untranslated_script(path.read_text(encoding="utf-8"))
    ]
    assert not found, "put them into templates/_js_texts.html or a data attribute:\n" + "\n".join(found)


def test_the_finder_finds(tmp_path: Path) -> None:
    module = tmp_path / "module.py"
    module.write_text(
        '"""Words about it."""\n'
        'raise ActionRefused("Say why it moves.", code="x")\n'
        'raise ActionRefused(_("Say why it moves."), code="x")\n'
        'Denied(f"{name} has this task already.")\n'
        'name = forms.CharField(label="Name")\n'
        'raise ValueError("Not for people to read.")\n'
    )
    assert [line for line, _text in untranslated(module)] == [2, 4, 5]
    page = '<p title="Take it">{% translate "Taken" %} by {{ who }}</p>\n<img alt="{% translate "x" %}">'
    assert list(untranslated_markup(page)) == [(1, "Take it"), (1, "by")]
    assert list(untranslated_script('toast("Nothing was found.");\n// Nothing was found.\n')) == [
        (1, "Nothing was found.")
    ]
