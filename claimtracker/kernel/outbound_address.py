"""Which hosts and addresses the outbound client may talk to.

A name is resolved once, every address it has is checked, and the caller connects to the
addresses returned here and to nothing else: a second look-up could give another answer.
"""

import ipaddress
import os
import queue
import socket
import ssl
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import certifi

from claimtracker.kernel.outbound_errors import NETWORK_AWAY, OutboundRefused

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolver = Callable[[str, int], Sequence[str]]
Refuser = Callable[[str], str]
Dialler = Callable[[tuple[str, int], float], socket.socket]

ALLOW_VARIABLE = "CLAIMTRACKER_OUTBOUND_ALLOW"
# names that everybody's resolver knows: where none of them is found, it is the network that is away
KNOWN_NAMES = ("a.root-servers.net", "www.iana.org")
_LONGEST_SECOND_LOOK = 2.0  # seconds
WEB_PORTS = frozenset({80, 443})

_REFUSED_V4 = tuple(
    (ipaddress.IPv4Network(network), kind)
    for network, kind in (
        ("0.0.0.0/8", "this machine"),
        ("10.0.0.0/8", "a private network"),
        ("100.64.0.0/10", "a provider's internal network"),
        ("127.0.0.0/8", "this machine"),
        ("169.254.0.0/16", "a link-local network"),
        ("172.16.0.0/12", "a private network"),
        ("192.0.0.0/24", "a reserved network"),
        ("192.0.2.0/24", "a documentation network"),
        ("192.88.99.0/24", "a relay network"),
        ("192.168.0.0/16", "a private network"),
        ("198.18.0.0/15", "a test network"),
        ("198.51.100.0/24", "a documentation network"),
        ("203.0.113.0/24", "a documentation network"),
        ("224.0.0.0/4", "a multicast network"),
        ("240.0.0.0/4", "a reserved network"),
        # Azure answers with machine metadata on this public address.
        ("168.63.129.16/32", "a cloud metadata service"),
    )
)
_GLOBAL_V6 = ipaddress.IPv6Network("2000::/3")
_REFUSED_V6 = tuple(
    (ipaddress.IPv6Network(network), kind)
    for network, kind in (
        ("::1/128", "this machine"),
        ("::/128", "this machine"),
        ("fc00::/7", "a private network"),
        ("fe80::/10", "a link-local network"),
        ("fec0::/10", "a private network"),
        ("ff00::/8", "a multicast network"),
        ("2001::/32", "a tunnel (Teredo)"),
        ("2001::/23", "a reserved network"),
        ("2001:db8::/32", "a documentation network"),
        ("2002::/16", "a tunnel (6to4)"),
        ("3fff::/20", "a documentation network"),
    )
)
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


@lru_cache(maxsize=1)
def tls_context() -> ssl.SSLContext:
    """Verifies against the machine's own authorities and certifi's: slim images lack the former."""
    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    return context


def system_resolve(host: str, port: int) -> list[str]:
    """Every address of a name, in the system's order. Raises OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def nothing_refused(host: str) -> str:
    return ""


@dataclass(frozen=True, slots=True)
class OutboundPolicy:
    """What may be reached. `let_through` are exact (host, port) pairs, as the URL writes the host,
    that skip the port and address checks: for tests, the demo and the smoke receiver. `refuse` gives a
    sentence for a host that is not to be asked, "" for any other; it is asked at every redirect."""

    let_through: frozenset[tuple[str, int]] = frozenset()
    ports: frozenset[int] = WEB_PORTS
    resolve: Resolver = system_resolve
    dial: Dialler = socket.create_connection
    tls: Callable[[], ssl.SSLContext] = tls_context
    refuse: Refuser = nothing_refused


def default_policy() -> OutboundPolicy:
    """The policy of this process: the public web, and the pairs in CLAIMTRACKER_OUTBOUND_ALLOW.

    Raises ValueError when the variable is not a comma-separated list of host:port.
    """
    return OutboundPolicy(let_through=parse_pairs(os.environ.get(ALLOW_VARIABLE, "")))


def parse_pairs(setting: str) -> frozenset[tuple[str, int]]:
    """`127.0.0.1:8123,[::1]:9000` as (host, port) pairs. Raises ValueError."""
    pairs = set()
    for entry in filter(None, (part.strip() for part in setting.split(","))):
        host, _, port = entry.rpartition(":")
        if not host or not port.isascii() or not port.isdigit() or not 0 < int(port) < 65536:
            raise ValueError(f"{ALLOW_VARIABLE} needs host:port pairs separated by commas, not {entry!r}.")
        pairs.add((host.strip("[]").lower(), int(port)))
    return frozenset(pairs)


def checked_addresses(host: str, port: int, *, policy: OutboundPolicy, deadline: float) -> list[str]:
    """The addresses that a connection to host:port may use, all of them checked.

    `deadline` is on time.monotonic()'s clock. Raises OutboundRefused.
    """
    let_through = (host, port) in policy.let_through
    if not let_through and port not in policy.ports:
        raise OutboundRefused(
            f"Port {port} is not allowed. Give an address on the web's usual ports (80 or 443).", "bad_port"
        )
    literal = _as_address(host, strict=not let_through)
    if literal is not None:
        addresses = [literal]
    else:
        if not let_through and is_local_name(host):
            raise _inside("this machine or its private network", host)
        addresses = [_parsed(text, host) for text in _resolve_in_time(host, port, policy, deadline)]
    if not addresses:
        raise _unknown_host(host)
    if not let_through:
        for address in addresses:
            kind = refused_kind(address)
            if kind is not None:
                raise _inside(kind, str(address))
    return [str(address) for address in addresses]


def is_local_name(host: str) -> bool:
    """Whether a name tells by itself that it leads to this machine or its private network: RFC 6761 and 6762,
    and ICANN's `internal`."""
    name = host.rstrip(".").lower()
    return name == "localhost" or name.endswith((".localhost", ".local", ".internal"))


def refused_kind(address: IPAddress) -> str | None:
    """What kind of place an address points to when it is not the public internet, else None."""
    if isinstance(address, ipaddress.IPv4Address):
        return next((kind for network, kind in _REFUSED_V4 if address in network), None)
    embedded = address.ipv4_mapped
    if embedded is None and address in _NAT64:
        embedded = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    if embedded is not None:
        return refused_kind(embedded)
    kind = next((kind for network, kind in _REFUSED_V6 if address in network), None)
    if kind is None and address not in _GLOBAL_V6:
        return "a reserved network"
    # ISATAP hides an IPv4 address behind an ordinary prefix.
    if kind is None and (int(address) >> 32) & 0xFCFFFFFF == 0x00005EFE:
        return "a tunnel (ISATAP)"
    return kind


def _as_address(host: str, *, strict: bool) -> IPAddress | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        pass
    try:
        # The C library also reads 2130706433, 0x7f.1, 0177.0.0.1 and 127.1 as addresses.
        legacy = ipaddress.IPv4Address(socket.inet_aton(host))
    except OSError:
        return None
    if strict:
        kind = refused_kind(legacy)
        if kind is not None:
            raise _inside(kind, f"{host} is {legacy}")
        raise OutboundRefused(
            f"{host} is an unusual way to write {legacy}. Give the site's name instead.", "bad_host"
        )
    return legacy


def _resolve_in_time(host: str, port: int, policy: OutboundPolicy, deadline: float) -> Sequence[str]:
    """getaddrinfo takes no timeout, so it runs in a thread that is left behind when it is late."""
    answers = _looking_up(host, port, policy)
    try:
        answer = answers.get(timeout=max(0.0, deadline - time.monotonic()))
    except queue.Empty:
        raise OutboundRefused(f"Looking up {host} took too long. Try again later.", "timeout") from None
    if isinstance(answer, OSError) and _is_away(port, policy, deadline):
        raise OutboundRefused(
            f"{host} was not found, nor any other site: the network may be away. Try again later.",
            NETWORK_AWAY,
        ) from answer
    if isinstance(answer, Exception):
        raise _unknown_host(host) from answer
    return answer


def _looking_up(
    host: str, port: int, policy: OutboundPolicy
) -> queue.SimpleQueue[Sequence[str] | OSError | UnicodeError]:
    answers: queue.SimpleQueue[Sequence[str] | OSError | UnicodeError] = queue.SimpleQueue()

    def look_up() -> None:
        try:
            answers.put(policy.resolve(host, port))
        except (OSError, UnicodeError) as error:
            answers.put(error)

    threading.Thread(target=look_up, name="outbound-resolve", daemon=True).start()
    return answers


def _is_away(port: int, policy: OutboundPolicy, deadline: float) -> bool:
    """Whether names that are always there are not found either. Without time left to ask, it is not said."""
    until = min(deadline, time.monotonic() + _LONGEST_SECOND_LOOK)
    if until <= time.monotonic():
        return False
    asked = [_looking_up(name, port, policy) for name in KNOWN_NAMES]
    for answers in asked:
        try:
            found = answers.get(timeout=max(0.0, until - time.monotonic()))
        except queue.Empty:
            continue
        if not isinstance(found, Exception) and found:
            return False
    return True


def _parsed(text: str, host: str) -> IPAddress:
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        raise _unknown_host(host) from None


def _inside(kind: str, address: str) -> OutboundRefused:
    return OutboundRefused(
        f"This address points inside {kind} ({address}), which is never fetched. Give a public address.",
        "private_address",
    )


def _unknown_host(host: str) -> OutboundRefused:
    return OutboundRefused(
        f"No site called {host} was found. Check the spelling of the address.", "unknown_host"
    )
