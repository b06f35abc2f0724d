"""The rows, made by the product's own actions wherever one exists."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from claims import states as claim_states
from claims.actions.curation import dismiss_claim
from claims.actions.drafts import MOST_DRAFTS, bring_draft
from claims.models import Appearance, Article, ArticleFetch, Claim, Feed, FeedItem, WebHost
from claimtracker.accounts.models import DayOff, Leave, Membership, Role, User, WorkingHours
from claimtracker.intake.models import Block
from claimtracker.partners.limits import usage_field
from claimtracker.partners.models import Partner
from claimtracker.partners.usage import add_batch, days_back
from reviews.actions.assignment import take_task
from reviews.actions.blind_review import open_blind_review
from reviews.actions.complaints import receive_complaint
from reviews.actions.discussion import add_comment
from reviews.actions.flags import flag
from reviews.actions.publishing import publish_verdict
from reviews.actions.replies import ask_for_reply
from reviews.actions.saved_views import save_view
from reviews.actions.second_review import approve_verdict, dissent_from_verdict, request_changes
from reviews.actions.verdicts import submit_verdict
from reviews.models import (
    ClaimRoute,
    ConflictOfInterest,
    Evidence,
    EvidenceChange,
    Notification,
    Publication,
    QuotationCheck,
    ReasonTemplate,
    ReviewTask,
    SourceCheck,
    SourceSnapshot,
    StoredContent,
    Verdict,
)
from reviews.models.routing import FirstStep
from reviews.snapshot_store import snapshot_store
from tests import factories

from .a_draft import draft_with_remarks
from .partners import add_held_update, add_partner, add_partners
from .stories import ACCOUNTS, QUOTATION, story

PEOPLE = {
    "reporter": (Role.REPORTER, "Rosa Lindqvist"),
    "checker": (Role.CHECKER, "Imran Qureshi"),
    "colleague": (Role.CHECKER, "Mara Okafor"),
    "editor": (Role.EDITOR, "Ellen Marsh"),
    "lead": (Role.LEAD, "Lena Kovač"),
    "moderator": (Role.MODERATOR, "Milo Duarte"),
}
SUMMARY = "The accounts show 35 completed homes, a little over half of what was said."
RATIONALE = (
    "The council's own capital accounts count 31 homes for social rent and 4 in shared ownership that were "
    "handed over by the end of January. The larger figure adds homes that are still being built."
)


class Newsroom:
    """A desk, its people, and work in every state. ``grow(rows)`` adds as many rows to every list."""

    def __init__(self) -> None:
        self.desk = factories.make_desk("eastmouth", name="Eastmouth")
        self.people: dict[str, User] = {
            name: factories.make_user(role, self.desk, name=shown, email=f"{name}@newsroom.example")
            for name, (role, shown) in PEOPLE.items()
        }
        self.people["moderator"].is_staff = True
        self.people["moderator"].save(update_fields=["is_staff"])
        self.topic = factories.make_topic("Housing", ["homes"], harm=1)
        factories.make_scale()
        self.rows = 0
        self.claims: dict[str, Claim] = {}
        self._open_the_desk()
        self._first_of_each()

    def person(self, name: str) -> User:
        return self.people[name]

    # what pages are opened with

    @property
    def article(self) -> Article:
        return self.read

    @property
    def place(self) -> Appearance:
        """Where the claim "queued" stands, whose words can still be adjusted."""
        return self.claims["queued"].appearances.get(version__article=self.article)

    def claim(self, state: str) -> Claim:
        return self.claims[state]

    def publication(self, state: str) -> Publication:
        return Publication.objects.filter(claim=self.claims[state]).latest("number")

    def grow(self, rows: int) -> None:
        """``rows`` more of everything that a page lists."""
        for _ in range(rows):
            self.rows += 1
            self._add_row(self.rows)

    # what is there from the beginning

    def _open_the_desk(self) -> None:
        lead, desk = self.person("lead"), self.desk
        for weekday in range(5):
            WorkingHours.objects.create(desk=desk, weekday=weekday, opens=540, closes=1020)
        self.rule = factories.make_rule(
            desk, name="Weak claims", max_score=0.3, first_step=FirstStep.TRIAGE, deadline_hours=48
        )
        self.view = save_view(by=lead, name="Late", show="late", query="score:>0.5")

    def _first_of_each(self) -> None:
        checker, editor = self.person("checker"), self.person("editor")
        self.changed = self._told(999)
        self._claims_of(self.changed)
        self.read = self._told(1000)
        claims = self._claims_of(self.read)
        self.claims = {"taken": claims[0], "submitted": claims[1], "returned": claims[2]}
        self.claims |= {"published": claims[3], "queued": claims[4]}
        for name, quoted in (
            ("taken", True),
            ("submitted", False),
            ("returned", False),
            ("published", False),
        ):
            take_task(factories.make_task(self.claims[name]), by=checker)
            self._cite(self.claims[name], quoted=quoted)
        for name in ("submitted", "returned", "published"):
            self._propose(self.claims[name], checker)
        returned = self._verdict("returned")
        request_changes(
            returned, by=editor, reason="Which households are counted?", revision=returned.revision
        )
        self._publish(self.claims["published"])
        more = self._claims_of(self._told(1001))
        for name, claim in zip(("approved", "disputed", "blind", "triage", "dismissed"), more, strict=True):
            self.claims[name] = claim
        self._further_states(checker, editor)
        self._corrected_and_retracted()
        self._asked_and_answered()
        self.first_correction = self.publication("corrected")
        add_partners(self.first_correction)
        add_held_update(0, by=self.person("moderator"))

    def _further_states(self, checker: User, editor: User) -> None:
        for name in ("approved", "disputed", "blind"):
            take_task(factories.make_task(self.claims[name]), by=checker)
            self._cite(self.claims[name])
            self._propose(self.claims[name], checker)
        approved = self._verdict("approved")
        approve_verdict(approved, by=editor, revision=approved.revision)
        disputed = self._verdict("disputed")
        dissent_from_verdict(
            disputed,
            by=editor,
            rating=factories.make_rating("half-true"),
            reason="Homes under construction are homes that were begun.",
            revision=disputed.revision,
        )
        open_blind_review(self.claims["blind"], self._verdict("blind"))
        Claim.objects.filter(pk=self.claims["triage"].pk).update(score=0.2)
        self.claims["triage"].refresh_from_db()
        factories.make_task(self.claims["triage"])
        factories.make_task(self.claims["dismissed"])
        dismiss_claim(self.claims["dismissed"], by=checker, reason="An opinion about all towns.")

    def _corrected_and_retracted(self) -> None:
        article = self._told(1002)
        claims = self._claims_of(article)
        for name, claim in zip(("corrected", "retracted"), claims, strict=False):
            self.claims[name] = claim
            factories.make_publication(claim=claim)
        factories.make_correction(
            self.publication("corrected"), rating="half-true", note="The office revised it."
        )
        factories.make_retraction(self.publication("retracted"))

    def _asked_and_answered(self) -> None:
        checker = self.person("checker")
        claim = self.claims["submitted"]
        _request, self.reply_token = ask_for_reply(
            claim,
            by=checker,
            person="Colm Darragh",
            channel="email",
            question="Which households did you count, and which costs?",
            hours=48,
        )
        self.complaint_token = factories.new_token()
        self.complaint = receive_complaint(
            self.publication("published"),
            kind="wrong",
            text="The table says 33 homes for social rent, not 31.",
            name="Ada Brook",
            email="ada@reader.example",
            token=self.complaint_token,
        )
        self.suggestion_token = factories.new_token()
        self.suggestion = factories.make_suggestion(token=self.suggestion_token)
        factories.make_suggestion("Buy pills now. " * 30, seconds=1.0)
        self.draft = draft_with_remarks(checker, self.desk)
        self.fetch = ArticleFetch.objects.create(
            url="https://gazette.example/homes", desk=self.desk, requested_by=checker
        )

    # a row more of everything

    def _add_row(self, n: int) -> None:
        article = self._told(n)
        claims = self._claims_of(article)
        checker, colleague, lead = self.person("checker"), self.person("colleague"), self.person("lead")
        for claim in claims:
            ClaimRoute.objects.filter(claim=claim).first() or factories.make_task(claim)
        take_task(factories.make_task(claims[2]), by=checker)
        take_task(factories.make_task(claims[1]), by=colleague)
        self._cite(claims[1])
        self._propose(claims[1], colleague)
        factories.make_publication(claim=claims[0])
        self._around_one_claim(n, self.claims["taken"])
        self._around_one_claim(n, self.claims["submitted"])
        self._around_a_publication(n)
        self._next_version(n)
        self._around_the_desk(n, lead, checker)

    def _around_one_claim(self, n: int, claim: Claim) -> None:
        checker, editor = self.person("checker"), self.person("editor")
        if claim == self.claims["taken"]:  # a verdict that waits keeps the evidence it was proposed on
            self._cite(claim, quoted=n % 2 == 0)
        factories.make_another_appearance(claim, site_name=f"Gazette {n}")
        said = add_comment(claim, by=editor, text=f"Is this the figure of table {n}, @{checker.email}?")
        for who in ("colleague", "lead"):
            note = f"Page {n} of the accounts is not public."
            flag(claim, by=self.person(who), reason="personal_data", note=note, comment=said.comment)
        factories.make_match(claim, known=factories.make_known_claim(text=claim.text, rating="Mostly false"))
        Notification.objects.create(
            user=checker, claim=claim, kind="due", key=f"row-{n}-{claim.pk}", text="A task of yours is due."
        )

    def _around_a_publication(self, n: int) -> None:
        publication = self.publication("corrected")
        if n % 5 == 1:
            factories.make_correction(publication, note=f"Table {n} was revised.", rating="half-true")
        factories.make_complaint(self.publication("published"))
        factories.make_suggestion(f"The city planted {n * 100 + 7} trees in spring.")
        factories.make_suggestion("Buy pills now. " * 30, seconds=1.0)
        Block.objects.create(kind="domain", value=f"hoax-{n}.example", label="Hoax", reason="Hoaxes")

    def _next_version(self, n: int) -> None:
        newest = self.changed.versions.latest("number")
        factories.make_version(self.changed, f"{newest.body}\nThe council met again on day {n}.\n")

    def _around_the_desk(self, n: int, lead: User, checker: User) -> None:
        desk = self.desk
        day = timezone.localdate() + timedelta(days=30 + n)
        DayOff.objects.create(desk=desk, day=day, name=f"Holiday {n}")
        Leave.objects.create(user=checker, first_day=day, last_day=day)
        factories.make_rule(desk, name=f"Rule {n}", keywords=["homes"], is_active=False)
        factories.make_topic(f"Topic {n}", [f"word{n}"])
        ReasonTemplate.objects.create(text=f"The quotation is not on page {n}.")
        ConflictOfInterest.objects.create(user=checker, kind="topic", subject=f"Trams {n}", reason="Shares.")
        save_view(by=lead, name=f"View {n}", show="all", query=f"score:>0.{n % 9}") if n < 12 else None
        host = WebHost.objects.create(name=f"news-{n}.example")
        feed = Feed.objects.create(
            desk=desk,
            host=host,
            url=f"https://news-{n}.example/rss",
            kind="feed",
            title=f"Gazette {n}",
            added_by=lead,
            visited_at=timezone.now(),
            succeeded_at=timezone.now(),
        )
        feed.state = claim_states.WATCHED
        feed.save(update_fields=["state"])
        self.feed = getattr(self, "feed", feed)
        FeedItem.objects.create(
            feed=self.feed,
            host=host,
            url=f"https://news-{n}.example/story",
            url_digest=f"{n:064}",
            state="ingested",
            article=self.article,
            title=f"Story {n}",
        )
        factories.make_user(Role.CHECKER, desk, name=f"Colleague {n}")
        self._key_of(factories.make_partner(f"gazette-{n}", desk=desk), n)
        add_partner(n, self.first_correction)
        add_held_update(n, by=self.person("moderator"))
        another = factories.make_desk(f"desk-{n}", name=f"Desk {n}")
        Membership.objects.create(user=lead, desk=another, role=Role.LEAD)
        if n < MOST_DRAFTS:
            bring_draft(by=checker, desk=desk, title=f"Homes, part {n}", body=f"It built {n} homes.\n")

    # how each of them is made

    def _key_of(self, partner: Partner, n: int) -> None:
        key, _plain = factories.make_key(partner, label=f"Story desk {n}")
        add_batch(
            f"batch {n}", {usage_field(days_back(1).isoformat(), key.pk, "claims", "requests"): 1200 + n}
        )

    def _told(self, n: int) -> Article:
        told = story(n)
        return factories.make_article(
            told.body,
            desk=self.desk,
            title=told.title,
            site_name="Eastmouth Gazette",
            url=f"https://gazette.example/{n}",
        )

    def _claims_of(self, article: Article) -> list[Claim]:
        version = article.versions.get()
        return [
            factories.make_claim(said.words, article=article, claimant=said.claimant, score=said.score)
            for said in story(int(article.versions.get().article.url.rpartition("/")[2])).said
            if said.words in version.body
        ]

    def _cite(self, claim: Claim, *, quoted: bool = False) -> Evidence:
        evidence = factories.make_evidence(
            claim,
            self.person("checker"),
            title="Capital accounts to 31 January",
            publisher="Eastmouth council",
            quotation=QUOTATION,
            note="The auditors use the same figure.",
        )
        if quoted:
            self._looked_at(evidence)
        return evidence

    def _looked_at(self, evidence: Evidence) -> None:
        now = timezone.now()
        page, text = (self._stored(content) for content in (f"<p>{ACCOUNTS}</p>", ACCOUNTS))
        self.snapshot = SourceSnapshot.objects.create(
            source=evidence.source,
            url=evidence.source.url,
            media_type="text/html",
            page=page,
            text=text,
            main_digest=page.digest,
            taken_at=now,
        )
        evidence.source.last_snapshot = self.snapshot
        evidence.source.save(update_fields=["last_snapshot"])
        SourceCheck.objects.create(
            source=evidence.source, condition="alive", snapshot=self.snapshot, checked_at=now
        )
        QuotationCheck.objects.create(
            evidence=evidence, snapshot=self.snapshot, result="missing", checked_at=now
        )
        EvidenceChange.objects.create(evidence=evidence, kind="gone", noticed_at=now)
        self.evidence = evidence

    def _stored(self, text: str) -> StoredContent:
        content = text.encode()
        digest = snapshot_store().put(content)
        return StoredContent.objects.get_or_create(digest=digest, defaults={"size": len(content)})[0]

    def _propose(self, claim: Claim, by: User) -> Verdict:
        task = ReviewTask.objects.get(claim=claim, kind="research", state="taken")
        return submit_verdict(
            task, by=by, rating=factories.make_rating("false"), summary=SUMMARY, rationale=RATIONALE
        )

    def _verdict(self, state: str) -> Verdict:
        return Verdict.objects.filter(claim=self.claims[state]).latest("id")

    def _publish(self, claim: Claim) -> None:
        editor = self.person("editor")
        verdict = Verdict.objects.get(claim=claim)
        verdict = approve_verdict(verdict, by=editor, revision=verdict.revision)
        publish_verdict(verdict, by=editor)
