"""The complaint form, the page on which its writer follows it, and the desk's side."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from claimtracker.accounts.models import Role
from claimtracker.kernel.secret_addresses import masked
from reviews.models import Complaint, ComplaintWords
from tests import factories
from tests.reviews.test_complaints import WORDS, publication
from tests.web.review_words import url

__all__ = ["publication"]  # a fixture

pytestmark = pytest.mark.django_db


@pytest.fixture
def form(publication):
    return f"/fact-checks/{publication.slug}/complain/"


def test_a_reader_complains_and_follows_it_without_account_cookie_or_script(publication, form):
    reader = Client(enforce_csrf_checks=True)
    assert f'href="{form}"' in reader.get(f"/fact-checks/{publication.slug}/").text
    page = reader.get(form)
    assert (page.status_code, page["Cache-Control"]) == (200, "no-store")
    form_id = re.search(r'name="form_id" value="([\w-]{43})"', page.text)[1]
    sent = reader.post(form, {**WORDS, "form_id": form_id})
    assert sent.status_code == 303
    again = reader.post(form, {**WORDS, "form_id": form_id})
    assert again["Location"] == sent["Location"] == f"/complaints/{form_id}/"
    complaint = Complaint.objects.get()
    status = reader.get(sent["Location"])
    assert complaint.reference in status.text
    assert "An editor reads it." in status.text
    for word in ("Zora", "zora@", "Table 4"):
        assert word not in status.text, "whoever finds the address learns of nobody"
    assert (status["Cache-Control"], status["Referrer-Policy"]) == ("no-store", "no-referrer")
    assert not reader.cookies
    assert form_id not in masked(f"GET {sent['Location']} 200")
    for wrong in ("/complaints/x/", f"/complaints/{'A' * 43}/"):
        assert reader.get(wrong).status_code == 404
    assert reader.get("/fact-checks/nothing/complain/").status_code == 404


def test_nothing_typed_is_lost_and_what_is_missing_is_said_at_its_field(client, form):
    refused = client.post(form, {**WORDS, "kind": "", "email": "zora"})
    assert refused.status_code == 422
    for words in ("Choose what is wrong.", "Write the whole address", "Table 4 says", "Zora Quill"):
        assert words in refused.text
    assert not Complaint.objects.exists()


def test_a_program_is_told_nothing_and_stores_nothing(client, form):
    answer = client.post(form, {**WORDS, "website": "https://spam.example"})
    assert answer.status_code == 200
    assert "Nothing was sent." in answer.text
    assert WORDS["text"] in answer.text, "a person whose browser filled it in loses nothing"
    assert not Complaint.objects.exists()


def test_too_long_and_too_often_are_cut(client, form, settings):
    assert client.post(form, {**WORDS, "text": "x" * 70_000}).status_code == 413
    settings.COMPLAINTS_PER_HOUR = 2
    assert [client.post(form, {"text": ""}).status_code for _ in range(3)] == [422, 422, 429]
    other = factories.make_publication()
    assert client.post(f"/fact-checks/{other.slug}/complain/", WORDS).status_code == 303
    settings.COMPLAINTS_PER_HOUR = 0
    assert client.post(f"/fact-checks/{other.slug}/complain/", WORDS).status_code == 429


def test_the_desk_answers_and_the_reader_reads_it(client, publication, form, settings):
    settings.STANDARDS_BODY_NAME, settings.STANDARDS_BODY_URL = "EFCSN", "https://efcsn.example/complaints"
    page = Client().post(form, WORDS)["Location"]
    complaint = Complaint.objects.get()
    editor = factories.make_user(Role.EDITOR)
    client.force_login(editor)
    workspace = client.get(url(publication.claim)).text
    for words in (WORDS["text"], "Zora Quill", complaint.reference, "1 to answer"):
        assert words in workspace
    answer = url(publication.claim, f"complaints/{complaint.pk}/answer/")
    refused = client.post(answer, {"answer-outcome": "upheld", "answer-answer": ""})
    assert refused.status_code == 422
    assert "Write what the reader is told." in refused.text
    done = client.post(answer, {"answer-outcome": "upheld", "answer-answer": "Table 4 it is."}, follow=True)
    assert "The reader can read your answer." in done.text
    read = Client().get(page).text
    assert "You were right to say so." in read and "Table 4 it is." in read
    assert 'href="https://efcsn.example/complaints"' in read
    assert editor.name not in read
    erased = client.post(url(publication.claim, f"complaints/{complaint.pk}/erase/"), follow=True).text
    assert "Erased: who complained" in erased and "Zora" not in erased
    assert not ComplaintWords.objects.exists()


def test_who_does_not_answer_reads_no_complaint(client, publication):
    complaint = factories.make_complaint(publication, name="Zora Quill")
    claim, words = publication.claim, {"answer-outcome": "not_upheld", "answer-answer": "No."}
    answer = url(claim, f"complaints/{complaint.pk}/answer/")
    assert client.post(answer, words).status_code == 302
    for person, status in (
        (factories.make_user(Role.CHECKER), 403),
        (factories.make_user(Role.REPORTER), 403),
        (factories.make_user(Role.LEAD, factories.make_desk("sport")), 404),
    ):
        client.force_login(person)
        assert "Zora" not in client.get(url(claim)).text
        assert client.post(answer, words).status_code == status
    client.force_login(factories.make_user(Role.EDITOR))
    other = factories.make_publication()
    wrong = url(other.claim, f"complaints/{complaint.pk}/answer/")
    assert client.post(wrong, words).status_code == 404
    complaint.refresh_from_db()
    assert complaint.state == "received"


def test_moderators_see_it_in_the_admin(client, publication):
    complaint = factories.make_complaint(publication)
    client.force_login(factories.make_user(Role.MODERATOR, is_staff=True))
    assert complaint.reference in client.get("/admin/reviews/complaint/").text


def test_spam_waits_for_moderators_and_its_writer_sees_no_difference(client, publication, form):
    page = client.post(form, {**WORDS, "text": "Buy pills now. " * 30 + "http://a.example " * 9})["Location"]
    complaint = Complaint.objects.get()
    assert complaint.state == "held"
    shown = client.get(page).text
    assert "An editor reads it." in shown and "spam" not in shown.lower()
    client.force_login(factories.make_user(Role.MODERATOR, is_staff=True))
    assert "Complaints that look like spam" in client.get("/admin/").text
    assert (
        "The same words again and again"
        in client.get(f"/admin/reviews/complaint/{complaint.pk}/change/").text
    )
    chosen = {"_selected_action": [complaint.pk]}
    listed = "/admin/reviews/complaint/"
    facts = {"apply": "1", "reason": "Floods us", "days": "7", "note": ""}
    client.post(listed, {"action": "block_selected", **chosen, **facts})
    assert Client().post(form, WORDS).status_code == 403
    client.post(listed, {"action": "refuse_selected", **chosen, "apply": "1", "reason": "An advertisement."})
    assert "An advertisement." in client.get(page).text


def test_the_form_says_when_it_was_opened(client, publication, form):
    page = client.get(form).text
    opened = re.search(r'name="opened" value="([^"]+)"', page)[1]
    client.post(form, {**WORDS, "opened": opened})
    quick = Complaint.objects.get()
    assert [one["code"] for one in quick.spam_reasons] == ["fast"]
    assert quick.state == "received", "one sign alone holds nobody up"
