"""What an identity provider says of somebody, once it is sure that the provider says it, now, and to us."""

from __future__ import annotations

import hmac
from typing import Any

import jwt
from allauth.socialaccount.app_settings import UID_MAX_LENGTH

# signatures by a key pair only: never "none", and never one that our own secret could make
ALGORITHMS = frozenset({"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"})
CLOCKS_DIFFER = 60  # seconds
REQUIRED = ["iss", "sub", "aud", "exp", "iat"]


class NotTrusted(Exception):
    """The token proves nothing."""


def read_id_token(token: Any, *, keys: Any, issuer: str, client_id: str, nonce: str) -> dict[str, Any]:
    """The claims of an ID token that one of ``keys`` (a JWKS) signed, for this client and this sign-in.
    Raises NotTrusted."""
    try:
        header = jwt.get_unverified_header(token)
        if header.get("alg") not in ALGORITHMS:
            raise NotTrusted("the ID token is signed in a way that we do not take")
        claims: dict[str, Any] = jwt.decode(
            token,
            _key(keys, header.get("kid")),
            algorithms=[header["alg"]],
            audience=client_id,
            issuer=issuer,
            leeway=CLOCKS_DIFFER,
            options={"require": REQUIRED},
        )
    except (jwt.PyJWTError, TypeError, ValueError, AttributeError) as error:
        raise NotTrusted(f"the ID token does not hold: {type(error).__name__}") from error
    _check_party(claims, client_id)
    if not nonce or not hmac.compare_digest(str(claims.get("nonce") or "").encode(), nonce.encode()):
        raise NotTrusted("the ID token is of another sign-in: its nonce is not ours")
    return claims


def _key(keys: Any, kid: Any) -> jwt.PyJWK:
    """By its name; where the token names none, the only one."""
    able = [key for key in jwt.PyJWKSet.from_dict(keys).keys if key.public_key_use in (None, "sig")]
    found = [key for key in able if key.key_id == kid] if kid is not None else able
    if len(found) != 1:
        raise NotTrusted("none of the published keys is the one of the ID token")
    return found[0]


def _check_party(claims: dict[str, Any], client_id: str) -> None:
    """A token for several may have been asked for by another of them."""
    several = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
    party = claims.get("azp", None if several else client_id)
    if party != client_id:
        raise NotTrusted("the ID token was made for somebody else")
    subject = claims["sub"]
    if not subject or len(subject) > UID_MAX_LENGTH or not subject.isprintable():
        raise NotTrusted("its identifier of the person is none that can be kept")
