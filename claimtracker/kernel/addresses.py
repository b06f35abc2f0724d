"""One spelling for one web address, so that the same page is the same source."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

TRACKING = ("utm_", "fbclid", "gclid", "mc_cid", "mc_eid")


def normalised_url(url: str) -> str:
    """Lower-case scheme and host, no default port, fragment or tracking parameters.

    Raises ValueError, with a sentence for people, when it is no http(s) address.
    """
    parts = urlsplit(url.strip())
    if parts.scheme.lower() not in {"http", "https"} or not parts.hostname:
        raise ValueError("This is not a web address. It starts with https:// or http://.")
    host = parts.hostname.lower()
    host = f"[{host}]" if ":" in host else host
    default = {"http": 80, "https": 443}[parts.scheme.lower()]
    netloc = host if parts.port in {None, default} else f"{host}:{parts.port}"
    kept = [
        (k, v)
        for k, v in parse_qsl(parts.query, keep_blank_values=True)
        if not k.lower().startswith(TRACKING)
    ]
    return urlunsplit((parts.scheme.lower(), netloc, parts.path or "/", urlencode(kept), ""))
