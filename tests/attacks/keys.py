"""Keys, tokens and signatures: how they are compared, and what a forged or used one opens."""

from __future__ import annotations

import operator
from datetime import timedelta
from types import SimpleNamespace
from typing import Any
from unittest import mock

from django.contrib.auth.hashers import MD5PasswordHasher
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from claimtracker.ledger import signing as ledger_signing
from claimtracker.partners import keys as partner_keys
from claimtracker.partners.key_format import read_key
from claimtracker.partners.keys import revoke_key
from claimtracker.partners.models import ApiKey, Partner
from reviews.actions.letters import stop_url
from reviews.actions.replies import ask_for_reply, call_off_request
from reviews.models import Complaint, NoticePreference, Reply
from tests import factories

from .harness import Guard, suite
from .removing import both, set_to
from .scene import PartnerClient, Scene, replaced


def _compared_with_equals(module: Any) -> Any:
    import hmac

    return lambda _scene: mock.patch.object(
        module, "hmac", SimpleNamespace(compare_digest=operator.eq, new=hmac.new)
    )


KEY_COMPARED = Guard(
    "keys are compared in constant time",
    "claimtracker.partners.keys:hmac.compare_digest",
    _compared_with_equals(partner_keys),
)
LEDGER_COMPARED = Guard(
    "signatures of the ledger are compared in constant time",
    "claimtracker.ledger.signing:hmac.compare_digest",
    _compared_with_equals(ledger_signing),
)
LINK_COMPARED = Guard(
    "signed links are compared in constant time",
    "django.core.signing:constant_time_compare",
    replaced("django.core.signing.constant_time_compare", operator.eq),
)
DIGESTS = Guard(
    "tokens are looked for by their digest",
    "reviews.actions.replies:token_digest",
    both(
        *(
            replaced(f"{place}.token_digest", lambda token: token)
            for place in ("reviews.views.public_reply", "reviews.views.public_complaint")
        )
    ),
)
NOBODYS_PASSWORD = Guard(
    "nobody's password takes as long",
    "django.contrib.auth.base_user:AbstractBaseUser.set_password",
    replaced("django.contrib.auth.base_user.AbstractBaseUser.set_password", lambda *_a: None),
)


def compared(act: Any) -> int:
    """How often the comparison in constant time was asked."""
    import hmac

    spy = mock.Mock(wraps=hmac.compare_digest)
    with (
        mock.patch("hmac.compare_digest", spy),
        mock.patch("django.utils.crypto.secrets.compare_digest", spy),
    ):
        act()
    return spy.call_count


def other_secret(plain: str) -> str:
    """The same key with another secret and a checksum that fits: only the comparison tells."""
    from claimtracker.partners.key_format import KeyText

    found = read_key(plain)
    assert found is not None
    return str(KeyText(found.kind, found.prefix, "0" * 43))


def other_prefix(plain: str) -> str:
    from claimtracker.partners.key_format import KeyText

    found = read_key(plain)
    assert found is not None
    return str(KeyText(found.kind, "a" * 12, found.secret))


def asking(scene: Scene, plain: str) -> int:
    headers = {"Authorization": f"Bearer {plain}"}
    return scene.browser().get("/api/v1/key", headers=headers).status_code


@suite.inputs(
    "how long a key's comparison takes",
    "api",
    "timing",
    KEY_COMPARED,
    each={
        "of a wrong secret": other_secret,
        "of an unknown prefix": other_prefix,
    },
)
def key_timing(scene: Scene, forge: Any) -> bool:
    plain = forge(scene.partner.plain)
    return compared(lambda: asking(scene, plain)) == 0


@suite.attack("how long a signature of the ledger takes", "command line", "timing", LEDGER_COMPARED)
def ledger_timing(_scene: Scene) -> bool:
    return compared(lambda: ledger_signing.is_signed("text", "0" * 64)) == 0


@suite.attack("how long a signed link takes", "web", "timing", LINK_COMPARED)
def link_timing(scene: Scene) -> bool:
    address = stop_url(scene.checker.pk, "due").removeprefix(scene.settings.SITE_URL)
    return compared(lambda: scene.browser().get(f"{address[:-4]}AAA/")) == 0


@suite.inputs(
    "how far a token fits",
    "web",
    "timing",
    DIGESTS,
    each={
        "of a reply": f"/reply/{'B' * 43}/",
        "of a complaint": f"/complaints/{'B' * 43}/",
    },
)
def token_timing(scene: Scene, address: str) -> bool:
    """The database compares letter by letter; of a digest that tells nothing."""
    with CaptureQueriesContext(connection) as asked:
        scene.browser().get(address)
    return any("B" * 43 in query["sql"] for query in asked.captured_queries)


@suite.attack("whose address has an account, by how long it takes", "web", "timing", NOBODYS_PASSWORD)
def nobodys_password(scene: Scene) -> bool:
    hashed: list[int] = []
    encode = MD5PasswordHasher.encode

    def counting(self: Any, password: str, salt: str) -> str:
        hashed.append(1)
        return encode(self, password, salt)

    with mock.patch.object(MD5PasswordHasher, "encode", counting):
        scene.browser().post("/account/login/", {"login": "nobody@example.org", "password": "x"})
    return not hashed


@suite.attack(
    "whose address has an account, by what is said",
    "web",
    "timing",
    Guard(
        "the same is said of everybody",
        "django.conf:settings.ACCOUNT_PREVENT_ENUMERATION",
        set_to(ACCOUNT_PREVENT_ENUMERATION=False),
    ),
)
def enumerated(scene: Scene) -> bool:
    factories.make_user(email="ana@example.org")
    answers = [
        scene.browser().post("/account/password/reset/", {"email": email}).status_code
        for email in ("ana@example.org", "nobody@example.org")
    ]
    return answers[0] != answers[1]


# --- what a forged or used one opens

SECRET = Guard(
    "a key has its secret",
    "claimtracker.partners.keys:hmac.compare_digest",
    lambda _s: mock.patch.object(partner_keys, "hmac", SimpleNamespace(compare_digest=lambda *_a: True)),
)
USABLE = Guard(
    "a key is usable",
    "claimtracker.partners.keys:why_unusable",
    replaced("claimtracker.partners.keys.why_unusable", lambda _key: ("", "")),
)
SCOPES = Guard(
    "a key has its scopes",
    "claimtracker.api.v1.permissions:HasScope.has_permission",
    replaced("claimtracker.api.v1.permissions.HasScope.has_permission", lambda *_a: True),
)
LIMITS = Guard(
    "a key has its limits",
    "claimtracker.partners.limits:admit",
    replaced("claimtracker.partners.limits.admit", lambda *_a, **_k: None),
)
SIGNED = Guard(
    "links are signed",
    "django.core.signing:Signer.unsign",
    lambda _s: mock.patch(
        "django.core.signing.Signer.unsign", lambda self, text: text.rpartition(self.sep)[0]
    ),
)


@suite.attack("a key with another secret", "api", "forgery", SECRET)
def wrong_secret(scene: Scene) -> bool:
    return asking(scene, other_secret(scene.partner.plain)) == 200


def _revoked(scene: Scene) -> None:
    revoke_key(scene.partner.key, by="system")


def _expired(scene: Scene) -> None:
    ApiKey.objects.filter(pk=scene.partner.key.pk).update(expires_at=timezone.now() - timedelta(seconds=1))


def _suspended(scene: Scene) -> None:
    Partner.objects.filter(pk=scene.partner.partner.pk).update(is_active=False)


@suite.inputs(
    "a key that is over",
    "api",
    "forgery",
    USABLE,
    each={"revoked": _revoked, "expired": _expired, "of a suspended partner": _suspended},
)
def over(scene: Scene, end: Any) -> bool:
    end(scene)
    return scene.partner.get("articles").status_code == 200


@suite.inputs(
    "a key without the scope",
    "api",
    "forgery",
    SCOPES,
    each={
        "sends": ("POST", "articles", ["read"]),
        "reads": ("GET", "claims", ["submit"]),
        "asks for checks": ("POST", "requests", ["read"]),
        "looks at endpoints": ("GET", "webhook-endpoints", ["read"]),
    },
)
def without_scope(scene: Scene, asked: tuple[str, str, list[str]]) -> bool:
    method, path, scopes = asked
    weak = PartnerClient(scene.partner.partner, scopes=scopes)
    body: Any = (
        {"body": "It cost 4 million."} if path == "articles" else {"text": "The harbour grew tenfold."}
    )
    return weak.ask(method, path, body if method == "POST" else b"").status_code != 403


@suite.attack("more requests than a key may make", "api", "forgery", LIMITS)
def flooding(scene: Scene) -> bool:
    Partner.objects.filter(pk=scene.partner.partner.pk).update(requests_per_minute=3)
    return [scene.partner.get("articles").status_code for _ in range(6)][-1] == 200


@suite.attack("a link that stops another's mail", "web", "forgery", SIGNED)
def stopped(scene: Scene) -> bool:
    from django.core import signing

    real = stop_url(scene.checker.pk, "due").rstrip("/").rsplit("/", 1)[1]
    other = factories.make_user()
    body = signing.dumps([other.pk, "due"], salt="x").split(":")[0]
    forged = ":".join([body, *real.split(":")[1:]])
    scene.browser().post(f"/unsubscribe/{forged}/")
    return NoticePreference.objects.filter(user=other, email="never").exists()


@suite.attack(
    "a cursor of another list",
    "api",
    "forgery",
    Guard(
        "a cursor belongs to its list",
        "claimtracker.api.v1.pagination:_list_digest",
        replaced("claimtracker.api.v1.pagination._list_digest", lambda _request: "same"),
    ),
)
def cursor(scene: Scene) -> bool:
    for _ in range(3):
        factories.make_submission(scene.partner.partner)
    following = scene.partner.get("articles?limit=1").json()["next"].partition("cursor=")[2]
    return (
        scene.partner.get(f"articles?state=accepted&limit=1&cursor={following.partition('&')[0]}").status_code
        == 200
    )


@suite.attack(
    "a reply page that was called off",
    "web",
    "forgery",
    Guard(
        "a reply page ends",
        "reviews.actions.replies:closed_because",
        both(
            replaced("reviews.actions.replies.closed_because", lambda _r: ""),
            replaced("reviews.views.public_reply.closed_because", lambda _r: ""),
            replaced("reviews.actions.replies._close", lambda *_a: None),
        ),
    ),
)
def called_off(scene: Scene) -> bool:
    claim = factories.make_claim()
    asked, token = ask_for_reply(
        claim, by=scene.lead, person="Ann", channel="email", question="Why?", hours=48
    )
    call_off_request(asked, by=scene.lead, reason="The wrong person.")
    scene.browser().post(f"/reply/{token}/", {"name": "Ann", "role": "", "text": "Yes."})
    return Reply.objects.exists()


@suite.attack(
    "a program that fills in the complaint form",
    "web",
    "forgery",
    Guard(
        "a field that only programs fill",
        "reviews.forms.complaints:ComplaintForm.is_by_a_program",
        replaced("reviews.forms.complaints.ComplaintForm.is_by_a_program", lambda _self: False),
    ),
)
def program(scene: Scene) -> bool:
    slug = scene.publication().slug
    sent = {
        "kind": "wrong",
        "text": "Buy this now, it is cheap and it works.",
        "website": "https://spam.example",
    }
    scene.browser().post(f"/fact-checks/{slug}/complain/", sent)
    return Complaint.objects.exists()


@suite.attack(
    "a flood of complaints",
    "web",
    "forgery",
    Guard(
        "some complaints an hour",
        "reviews.views.public_complaint:_is_too_often",
        replaced("reviews.views.public_complaint._is_too_often", lambda _p: False),
    ),
)
def complaints(scene: Scene) -> bool:
    from django.core.cache import cache

    cache.clear()
    scene.settings.COMPLAINTS_PER_HOUR = 2
    slug = scene.publication().slug
    for number in range(5):
        scene.browser().post(
            f"/fact-checks/{slug}/complain/",
            {"kind": "wrong", "text": f"The table says {number} million, not 9."},
        )
    return Complaint.objects.count() > 2
