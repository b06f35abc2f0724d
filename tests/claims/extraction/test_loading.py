"""Loading the pipeline brings in no more of spaCy than reading needs."""

from __future__ import annotations

import subprocess
import sys

_LOADS = """
import sys
from claims.extraction.parsing import load_pipeline
load_pipeline()
assert "weasel" not in sys.modules and "typer" not in sys.modules
import spacy.cli
assert spacy.cli.info.__name__ == "info" and spacy.cli.download
"""


def test_spacys_commands_are_loaded_only_for_who_asks() -> None:
    done = subprocess.run([sys.executable, "-c", _LOADS], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
