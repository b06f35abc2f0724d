"""What people entrust us with, by the ways on which it comes in, and a dump that tells none of it."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client

from claims.actions.check_requests import ask_for_check
from claims.actions.drafts import bring_draft, read, record_draft_reading
from claims.actions.submitting import Sender
from claims.actions.suggestions import Said, suggest_claim
from claims.models import SuggestionWords
from claimtracker.accounts.models import Role
from claimtracker.embedded import database_url, wheels
from claimtracker.embedded.accounts import service_account
from claimtracker.intake.tokens import new_token
from claimtracker.ledger import audit
from claimtracker.partners.endpoints import rotate_secret
from claimtracker.partners.models import KeptAnswer
from reviews.actions.complaints import decide_complaint
from reviews.actions.conflicts import declare_conflict
from reviews.actions.discussion import add_comment
from reviews.actions.replies import ask_for_reply, receive_reply
from reviews.actions.sources import protect_source
from reviews.models import Notification
from tests import factories
from tests.api.conftest import Asker
from tests.support.limits import forget_requests

pytestmark = pytest.mark.django_db(transaction=True)

Found = Callable[..., list[str]]
BACKUP = Path(__file__).resolve().parents[2] / "docs" / "deploy" / "backup.sh"
BY_CONTROL = "Everybody may read that rents rose in spring"


def dump(folder: Path) -> str:
    """What docs/deploy/backup.sh writes, as SQL."""
    programs = wheels.postgres_bin(service_account())
    (folder / "head.jsonl").touch()
    environ = {
        "PATH": f"{programs}:{os.environ['PATH']}",
        "DATABASE_OWNER_URL": database_url(name=connection.settings_dict["NAME"], role="owner"),
        "LEDGER_HEAD_PATH": str(folder / "head.jsonl"),
    }
    subprocess.run([BACKUP, folder], env=environ, check=True)
    read = [programs / "pg_restore", "--data-only", "--file=-", folder / "database.dump"]
    return subprocess.run(read, capture_output=True, check=True).stdout.decode()


@pytest.fixture
def found_in_dump(tmp_path: Path) -> Found:
    """Of these words those that a backup holds, which it does hold the rest of."""

    def look(*words: str) -> list[str]:
        factories.make_article(BY_CONTROL)
        text = dump(tmp_path)
        assert BY_CONTROL in text
        return [word for word in words if word in text or word.encode().hex() in text]

    return look


def test_a_complaint_and_its_answer(found_in_dump: Found) -> None:
    publication = factories.make_publication()
    complaint = factories.make_complaint(
        publication, name="Zora Quill", email="zora@reader.example", text="My sister works at Table 4."
    )
    answer = "Dear Ms Quill, your sister is right."
    decide_complaint(complaint, by=publication.approved_by, outcome="not_upheld", answer=answer)
    assert found_in_dump("Zora Quill", "zora@reader.example", "My sister works", "your sister is right") == []


def test_what_colleagues_say_of_a_source_and_what_is_quoted_of_it_in_notices(found_in_dump: Found) -> None:
    ana = factories.make_user(name="Ana")
    factories.make_user(Role.EDITOR, name="Eve")
    task = factories.make_taken_task(ana)
    evidence = factories.make_evidence(
        task.claim, ana, title="Zanzibar memo", publisher="A clerk", url="https://zanzibar.example/memo",
        citation="Clerk of room 7", interest_note="Owes her cousin", quotation="We knew it in March",
        note="Ring at 0151 after nine", is_confidential=True, confidential_because="Her cousin hits",
    )  # fmt: skip
    add_comment(task.claim, by=ana, text="@Eve meet her under the bridge", evidence=evidence)
    assert "under the bridge" in Notification.objects.get(kind="mentioned").text
    assert found_in_dump(
        "Zanzibar memo", "A clerk", "zanzibar.example", "Clerk of room", "Owes her", "We knew it in", "0151",
        "Her cousin", "under the bridge",
    ) == []  # fmt: skip


def test_why_a_source_is_protected(found_in_dump: Found) -> None:
    lead = factories.make_user(Role.LEAD)
    source = factories.make_evidence(factories.make_claim(), lead, title="Ledger of Bo").source
    protect_source(source, by=lead, because="Bo was followed home")
    assert found_in_dump("Ledger of Bo", "followed home") == []


def test_a_partners_secrets_and_its_contact(found_in_dump: Found) -> None:
    endpoint = factories.make_endpoint(factories.make_partner(contact_email="night-desk@wire.example"))
    before = endpoint.secret
    after = rotate_secret(endpoint, by="system")
    assert after.previous_secret == before
    assert found_in_dump(before, after.secret, "night-desk@wire.example") == []


def test_an_answer_that_is_kept_for_a_repetition(found_in_dump: Found) -> None:
    forget_requests()
    asker = Asker(factories.make_partner())
    wish = {"text": "The harbour grew twofold.", "note": "Our mole in the port says so"}
    first = asker.post("requests", wish, Idempotency_Key='"k-1"')
    assert first.status_code == 201, first.content
    assert "Our mole" in bytes(KeptAnswer.objects.get().body).decode()
    assert asker.post("requests", wish, Idempotency_Key='"k-1"').content == first.content
    assert found_in_dump("Our mole") == []


def test_what_a_partner_writes_beside_its_wish(found_in_dump: Found) -> None:
    sender = Sender("partner:wire", audit.partner_actor("partner:wire", "Wire"))
    ask_for_check("The harbour grew twofold.", sender=sender)
    other = Sender("partner:post", audit.partner_actor("partner:post", "Post"))
    ask_for_check(
        "The harbour grew twofold.", sender=other, note="Our mole in the port says so",
        url="https://mole.example/81",
    )  # fmt: skip
    assert found_in_dump("Our mole", "mole.example") == []


def test_who_suggests_a_claim_and_why(found_in_dump: Found) -> None:
    said = Said(
        "The city planted 700 trees.", said_by="Uncle Odd", said_where="At the Blue Door", name="Rita Rook",
        email="rita@rook.example", url="https://hidden.example/7", why="He hits my aunt",
    )  # fmt: skip
    row = suggest_claim(said, token=new_token(), seconds=60.0)
    found = SuggestionWords.objects.filter(address_digest__matches="Rita@rook.example")
    assert [one.suggestion for one in found] == [row]
    assert found_in_dump("Uncle Odd", "Blue Door", "Rita Rook", "rita@rook", "hidden.", "my aunt") == []


def test_a_draft_and_what_was_found_in_it(found_in_dump: Found) -> None:
    ana = factories.make_user()
    body = 'The minister said: "The tunnel cost 41 million euros last year."'
    draft = bring_draft(by=ana, desk=factories.make_desk(), body=body, title="The tunnel", transcript=body)
    remarks, refusal = read(draft)
    record_draft_reading(draft.pk, remarks=remarks, refusal=refusal)
    draft.refresh_from_db()
    assert draft.remarks == remarks
    assert found_in_dump("The tunnel", "41 million") == []


def test_a_stake_and_a_reply_before_anybody_decides_on_it(found_in_dump: Found) -> None:
    lead = factories.make_user(Role.LEAD)
    declare_conflict(by=lead, kind="topic", subject="Roads", reason="My brother digs them")
    publication = factories.make_publication()
    asked = {"person": "Gus Zoll", "channel": "email", "question": "Did you dig it?", "hours": 48}
    _request, token = ask_for_reply(publication.claim, by=publication.approved_by, **asked)
    receive_reply(token, name="Gus Zoll", role="Foreman", text="My lawyer will ring you.")
    assert found_in_dump("My brother digs", "Gus Zoll", "Did you dig", "Foreman", "My lawyer") == []


def test_a_backup_holds_no_session(client: Client, found_in_dump: Found) -> None:
    client.force_login(factories.make_user())
    key = client.cookies["sessionid"].value
    assert found_in_dump(key) == []
