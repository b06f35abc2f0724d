"""What the outbound client may talk to: no spelling of a private place gets through."""

import socket
import time

import pytest

from claimtracker.kernel.outbound import OutboundPolicy, OutboundRefused, default_policy, fetch, parse_pairs
from claimtracker.kernel.outbound_address import ALLOW_VARIABLE, KNOWN_NAMES, checked_addresses

PRIVATE_URLS = [
    "http://127.0.0.1/",
    "http://127.1/",
    "http://2130706433/",
    "http://0x7f000001/",
    "http://0x7f.0.0.1/",
    "http://017700000001/",
    "http://127.0.0.1./",
    "http://127。0。0。1/",
    "http://0/",
    "http://0.0.0.0/",
    "http://localhost/",
    "http://localhost./",
    "http://printer.localhost/",
    "http://metadata.google.internal/",
    "http://printer.local/",
    "http://printer.LOCAL./",
    "http://10.0.0.5/",
    "http://172.16.3.4/",
    "http://172.31.255.255/",
    "http://192.168.1.1/",
    "http://100.64.0.1/",
    "http://100.100.100.200/",
    "http://169.254.169.254/latest/meta-data/",
    "http://168.63.129.16/",
    "http://192.0.0.192/",
    "http://198.18.0.1/",
    "http://203.0.113.9/",
    "http://224.0.0.1/",
    "http://240.0.0.1/",
    "http://255.255.255.255/",
    "http://[::1]/",
    "http://[::]/",
    "http://[::ffff:127.0.0.1]/",
    "http://[::ffff:7f00:1]/",
    "http://[::127.0.0.1]/",
    "http://[64:ff9b::10.0.0.5]/",
    "http://[64:ff9b:1::10.0.0.5]/",
    "http://[2002:7f00:1::]/",
    "http://[2001:0:4136:e378:8000:63bf:3fff:fdd2]/",
    "http://[2600::5efe:127.0.0.1]/",
    "http://[fd00:ec2::254]/",
    "http://[fe80::1]/",
    "http://[fec0::1]/",
    "http://[ff02::1]/",
    "http://[2001:db8::1]/",
    "https://[::1]/",
]


def no_socket(address: tuple[str, int], timeout: float) -> socket.socket:
    raise AssertionError(f"connected to {address}")


@pytest.mark.parametrize("url", PRIVATE_URLS)
def test_private_places_are_refused_before_any_connection(url: str) -> None:
    with pytest.raises(OutboundRefused) as refused:
        fetch(url, allow=OutboundPolicy(dial=no_socket))
    assert refused.value.code == "private_address"
    assert refused.value.reason.endswith("Give a public address.")


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("ftp://example.org/", "bad_scheme"),
        ("file:///etc/passwd", "bad_scheme"),
        ("javascript:alert(1)", "bad_scheme"),
        ("example.org/story", "bad_scheme"),
        ("http://user:secret@example.org/", "credentials_in_url"),
        ("http://@example.org/", "credentials_in_url"),
        ("http://example.org@127.0.0.1/", "credentials_in_url"),
        ("http://example.org:22/", "bad_port"),
        ("http://example.org:8080/", "bad_port"),
        ("http://example.org:6379/", "bad_port"),
        ("", "bad_url"),
        ("http://", "bad_url"),
        ("http:///path", "bad_url"),
        ("http://exa mple.org/", "bad_url"),
        ("http://example.org\\@127.0.0.1/", "bad_url"),
        ("http://example.org/\r\nHost: inside", "bad_url"),
        ("http://[fe80::1%25eth0]/", "bad_url"),
        ("http://①②⑦.0.0.1/", "bad_url"),
        ("http://0177.0.0.1/", "bad_url"),
        ("http://[::1/", "bad_url"),
        ("http://example.org/" + "a" * 3000, "bad_url"),
        ("http://134744072/", "bad_host"),
    ],
)
def test_other_addresses_are_refused_with_their_own_reason(url: str, code: str) -> None:
    with pytest.raises(OutboundRefused) as refused:
        fetch(url, allow=OutboundPolicy(dial=no_socket, resolve=lambda host, port: ["93.184.215.14"]))
    assert refused.value.code == code
    assert refused.value.reason.endswith(".")


def test_one_private_address_among_public_ones_refuses_the_name() -> None:
    policy = OutboundPolicy(dial=no_socket, resolve=lambda host, port: ["93.184.215.14", "10.0.0.5"])
    with pytest.raises(OutboundRefused, match=r"10\.0\.0\.5") as refused:
        fetch("http://news.example/", allow=policy)
    assert refused.value.code == "private_address"


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700::1111", "64:ff9b::808:808", "::ffff:8.8.8.8"])
def test_public_addresses_pass(address: str) -> None:
    policy = OutboundPolicy(resolve=lambda host, port: [address])
    deadline = time.monotonic() + 5
    assert checked_addresses("news.example", 443, policy=policy, deadline=deadline) == [
        address.replace("::ffff:8.8.8.8", "::ffff:808:808")
    ]


def test_an_unknown_name_is_said_to_be_unknown() -> None:
    def others(host: str, port: int) -> list[str]:
        if host in KNOWN_NAMES:
            return ["93.184.215.14"]
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    with pytest.raises(OutboundRefused, match=r"No site called news\.example") as refused:
        fetch("http://news.example/", allow=OutboundPolicy(resolve=others, dial=no_socket))
    assert refused.value.code == "unknown_host"
    assert refused.value.may_heal


def test_where_nothing_resolves_it_is_the_network_that_is_away() -> None:
    asked: list[str] = []

    def nothing(host: str, port: int) -> list[str]:
        asked.append(host)
        raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")

    with pytest.raises(OutboundRefused, match="the network may be away") as refused:
        fetch("http://news.example/", allow=OutboundPolicy(resolve=nothing, dial=no_socket))
    assert refused.value.code == "network_away"
    assert refused.value.may_heal
    assert "spelling" not in refused.value.reason
    assert set(asked) == {"news.example", *KNOWN_NAMES}


def test_one_name_that_is_found_is_enough_for_the_network_to_be_there() -> None:
    def last_alone(host: str, port: int) -> list[str]:
        if host == KNOWN_NAMES[-1]:
            return ["93.184.215.14"]
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    with pytest.raises(OutboundRefused) as refused:
        fetch("http://news.example/", allow=OutboundPolicy(resolve=last_alone, dial=no_socket))
    assert refused.value.code == "unknown_host"


def test_a_network_that_is_away_is_not_waited_for_beyond_the_deadline() -> None:
    def slowly(host: str, port: int) -> list[str]:
        if host in KNOWN_NAMES:
            time.sleep(5)
        raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")

    started = time.monotonic()
    with pytest.raises(OutboundRefused) as refused:
        fetch("http://news.example/", timeout=0.4, allow=OutboundPolicy(resolve=slowly, dial=no_socket))
    assert refused.value.code == "network_away"
    assert time.monotonic() - started < 2.5


def test_a_name_server_that_never_answers_is_cut_by_the_deadline() -> None:
    def asleep(host: str, port: int) -> list[str]:
        time.sleep(3)
        return ["93.184.215.14"]

    started = time.monotonic()
    with pytest.raises(OutboundRefused) as refused:
        fetch("http://news.example/", timeout=0.3, allow=OutboundPolicy(resolve=asleep, dial=no_socket))
    assert refused.value.code == "timeout"
    assert time.monotonic() - started < 2.5


def test_the_environment_lets_exact_pairs_through(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(ALLOW_VARIABLE, "127.0.0.1:8123, [::1]:9000,receiver.test:8080")
    assert default_policy().let_through == {("127.0.0.1", 8123), ("::1", 9000), ("receiver.test", 8080)}


@pytest.mark.parametrize("setting", ["127.0.0.1", "127.0.0.1:", ":80", "127.0.0.1:0", "host:99999", "host:x"])
def test_a_broken_setting_is_named(setting: str) -> None:
    with pytest.raises(ValueError, match=ALLOW_VARIABLE):
        parse_pairs(setting)
