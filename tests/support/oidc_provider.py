"""A small OpenID provider on loopback: one person at a time, no consent page, real signatures."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

CLIENT, SECRET, KID = "claimtracker", "a-secret-of-the-client-0123456789", "test-key"


class OpenIdProvider:
    """``person``: the claims of whoever sits before it. ``in_token``: more of them, or others, in the ID
    token; None there leaves a claim out. ``signer`` and ``algorithm``: with what it signs, where that is not
    its published key. ``configured``: what its configuration says otherwise. ``answers``: by path, a status
    (and a body) that it gives instead of its own. ``asked``: every path, in order."""

    def __init__(self) -> None:
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.codes: dict[str, dict[str, str]] = {}
        self.refusals: list[str] = []
        self.asked: list[str] = []
        self.as_new()
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), type("Own", (Handler,), {"provider": self}))
        self.issuer = f"http://127.0.0.1:{self.server.server_port}"

    def as_new(self) -> None:
        self.person: dict[str, Any] = {}
        self.in_token: dict[str, Any] = {}
        self.configured: dict[str, Any] = {}
        self.answers: dict[str, tuple[int, str]] = {}
        self.signer: Any = self.key
        self.algorithm = "RS256"
        self.refusals.clear()
        self.asked.clear()

    def jwks(self) -> dict[str, Any]:
        public = json.loads(RSAAlgorithm.to_jwk(self.key.public_key()))
        return {"keys": [{**public, "kid": KID, "use": "sig", "alg": "RS256"}]}

    def configuration(self) -> dict[str, Any]:
        paths = {"authorization": "authorize", "token": "token", "userinfo": "userinfo"}
        return {
            "issuer": self.issuer,
            **{f"{name}_endpoint": f"{self.issuer}/{path}" for name, path in paths.items()},
            "jwks_uri": f"{self.issuer}/jwks",
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
            **self.configured,
        }

    def authorize(self, asked: dict[str, str]) -> str:
        """Where the browser is sent back to."""
        code = secrets.token_urlsafe(16)
        self.codes[code] = asked
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"

    def token(self, sent: dict[str, str]) -> dict[str, Any] | None:
        """None, with why in ``refusals``, for a code that is used, another client's or not verified."""
        asked = self.codes.pop(sent.get("code", ""), None)
        digest = hashlib.sha256(sent.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if asked is None:
            self.refusals.append("code")
        elif (sent.get("client_id"), sent.get("client_secret")) != (CLIENT, SECRET):
            self.refusals.append("client")
        elif asked.get("code_challenge_method") != "S256" or asked["code_challenge"] != challenge:
            self.refusals.append("verifier")
        else:
            return {"access_token": "access", "token_type": "Bearer", "id_token": self._signed(asked)}
        return None

    def _signed(self, asked: dict[str, str]) -> str:
        now = int(time.time())
        claims = {
            "iss": self.issuer, "aud": CLIENT, "iat": now, "exp": now + 60, "nonce": asked.get("nonce"),
            **self.person, **self.in_token,
        }  # fmt: skip
        said = {name: value for name, value in claims.items() if value is not None}
        return jwt.encode(said, self.signer, algorithm=self.algorithm, headers={"kid": KID})


@contextmanager
def openid_provider() -> Iterator[OpenIdProvider]:
    provider = OpenIdProvider()
    thread = threading.Thread(target=provider.server.serve_forever, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        provider.server.shutdown()
        provider.server.server_close()
        thread.join()


class Handler(BaseHTTPRequestHandler):
    provider: OpenIdProvider

    def log_message(self, *_args: Any) -> None:
        pass

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        if self._answered_otherwise(parts.path):
            return
        if parts.path == "/.well-known/openid-configuration":
            self._json(self.provider.configuration())
        elif parts.path == "/authorize":
            asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
            self.send_response(302)
            self.send_header("Location", self.provider.authorize(asked))
            self.end_headers()
        elif parts.path == "/jwks":
            self._json(self.provider.jwks())
        elif parts.path == "/userinfo" and self.headers["Authorization"] == "Bearer access":
            self._json(self.provider.person)
        else:
            self._json({"error": "not_found"}, 404)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        sent = {name: values[0] for name, values in parse_qs(body).items()}
        if self._answered_otherwise(self.path):
            return
        answer = self.provider.token(sent)
        self._json(answer or {"error": "invalid_grant"}, 200 if answer else 400)

    def _answered_otherwise(self, path: str) -> bool:
        self.provider.asked.append(path)
        if path not in self.provider.answers:
            return False
        status, body = self.provider.answers[path]
        self.send_response(status)
        if 300 <= status < 400:
            self.send_header("Location", body)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body.encode())
        return True

    def _json(self, content: dict[str, Any], status: int = 200) -> None:
        body = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
