"""Words of strangers in the administration and in files for spreadsheets."""

from __future__ import annotations

import io
import json

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from claimtracker.api.dumps.formats import Facts, Table
from reviews.models import PublicCheck
from tests import factories

from .browsers import IMAGE, MARK, OUT_OF_ATTRIBUTE, is_run_as_formula, runs
from .harness import suite
from .pages import CELLS, DUMPED_CELLS, FORMAT, TEMPLATES, read
from .scene import Scene


@suite.attack("an article's headline in the administration's list", "admin", "xss", FORMAT)
def admin_list(scene: Scene) -> bool:
    factories.make_submission(factories.make_partner(is_trusted=False), title=IMAGE)
    return read(scene, "/admin/claims/article/", scene.moderator)


@suite.attack("an article's headline above its page in the administration", "admin", "xss", TEMPLATES)
def admin_page(scene: Scene) -> bool:
    article = factories.make_submission(factories.make_partner(is_trusted=False), title=IMAGE)
    return read(scene, f"/admin/claims/article/{article.pk}/change/", scene.moderator)


@suite.attack("a partner's name in the administration", "admin", "xss", FORMAT)
def admin_partner(scene: Scene) -> bool:
    factories.make_partner(name=IMAGE)
    return read(scene, "/admin/partners/partner/", scene.moderator)


@suite.attack("what was wrong in an imported file", "admin", "xss", FORMAT)
def admin_import(scene: Scene) -> bool:
    document = {
        "@type": "ClaimReview",
        "url": "https://c.example/1",
        "claimReviewed": "X is Y.",
        "datePublished": IMAGE,
    }
    file = SimpleUploadedFile("reviews.json", json.dumps(document).encode())
    sent = scene.browser(scene.moderator).post("/admin/claims/knownclaimimport/add/", {"file": file})
    return sent.status_code == 302 and read(scene, sent["Location"], scene.moderator)


@suite.attack("words that are looked for in the administration", "admin", "xss", TEMPLATES)
def admin_search(scene: Scene) -> bool:
    return runs(
        scene.browser(scene.moderator).get("/admin/claims/claim/", {"q": OUT_OF_ATTRIBUTE}).content.decode()
    )


# --- spreadsheets


@suite.inputs(
    "cells of a file of appearances",
    "web",
    "xss",
    CELLS,
    each={
        "a formula": f"=HYPERLINK({MARK})",
        "plus": f"+{MARK}()",
        "minus": f"-2+{MARK}",
        "at": f"@SUM({MARK})",
        "full-width equals": f"＝{MARK}()",
        "after a line end": f"\n={MARK}()",
        "after a space": f" ={MARK}()",
    },
)
def cells(scene: Scene, words: str) -> bool:
    claim = factories.make_claim(text=words)
    return is_run_as_formula(
        scene.browser(scene.checker).get(f"/claims/{claim.pk}/appearances.csv").content.decode()
    )


@suite.attack("cells of the public dump", "web", "xss", DUMPED_CELLS)
def dumped(scene: Scene) -> bool:
    scene.publication(text=f"=cmd|'/c {MARK}'!A1")
    table = Table()
    sheet = io.StringIO()
    sheet.write(table.begin(Facts(timezone.now(), "https://claims.example/feeds/claimreview.json")))
    for line in PublicCheck.objects.all():
        sheet.write(table.line(line))
    return is_run_as_formula(sheet.getvalue())
