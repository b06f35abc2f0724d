"""The outbound client against a server that wishes it harm."""

import gzip
import socket
import threading
import time
import tracemalloc
import zlib
from contextlib import suppress

import pytest

from claimtracker.kernel.outbound import OutboundPolicy, OutboundRefused, default_policy, fetch
from tests.support.hostile_server import Asked, HostileServer, hostile_server

OK_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"


def refusal(url: str, **options: object) -> OutboundRefused:
    with pytest.raises(OutboundRefused) as refused:
        fetch(url, **options)
    assert len(refused.value.reason) > 20
    return refused.value


def test_an_ordinary_answer_comes_back_whole(server: HostileServer) -> None:
    url = server.gives(
        "/a?b=c", b"hello", headers=("Content-Type: Text/HTML; charset=utf-8", "X-A: 1", "X-A: 2")
    )
    answer = fetch(url + "#part")
    assert (answer.status, answer.body, answer.url) == (200, b"hello", url)
    assert answer.content_type == "text/html"
    assert answer.headers["x-a"] == "1, 2"
    assert 0 < answer.elapsed_seconds < 5
    sent = server.asked[0].headers
    assert sent["host"] == server.pair
    assert sent["user-agent"].startswith("Claimtracker/")
    assert "cookie" not in sent


def test_an_error_status_is_an_answer(server: HostileServer) -> None:
    assert fetch(server.gives("/", b"gone", status="404 Not Found")).status == 404


def test_proxies_of_the_environment_are_ignored(
    server: HostileServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    assert fetch(server.gives("/", b"direct")).body == b"direct"


def test_a_redirect_is_followed_to_an_allowed_address(server: HostileServer) -> None:
    server.gives("/end", b"there")
    answer = fetch(server.redirects("/start", "end"))
    assert (answer.body, answer.url) == (b"there", server.url("/end"))


@pytest.mark.parametrize(
    ("location", "code"),
    [
        ("http://127.0.0.1:1/", "bad_port"),
        ("http://127.0.0.1/", "private_address"),
        ("http://localhost/admin", "private_address"),
        ("http://2130706433/", "private_address"),
        ("//169.254.169.254/latest/meta-data/", "private_address"),
        ("http://[::ffff:10.0.0.1]/", "private_address"),
        ("file:///etc/passwd", "bad_scheme"),
        ("gopher://127.0.0.1:6379/_FLUSHALL", "bad_scheme"),
        ("http://a:b@example.org/", "credentials_in_url"),
        ("http://[broken", "bad_redirect"),
    ],
)
def test_a_redirect_is_checked_like_a_first_address(server: HostileServer, location: str, code: str) -> None:
    assert refusal(server.redirects("/", location)).code == code
    assert len(server.asked) == 1


def test_a_redirect_to_another_local_port_is_refused(server: HostileServer) -> None:
    with hostile_server() as inside:
        inside.gives("/secret", b"secret")
        assert refusal(server.redirects("/", inside.url("/secret"))).code == "bad_port"
        assert inside.asked == []


def test_the_same_port_under_another_name_is_refused(server: HostileServer) -> None:
    url = server.redirects("/", server.url("/end", host="localhost"))
    assert refusal(url).code == "bad_port"


def test_a_redirect_loop_ends(server: HostileServer) -> None:
    assert refusal(server.redirects("/loop", "/loop")).code == "too_many_redirects"
    assert len(server.asked) == 6


def test_a_post_never_follows_a_redirect(server: HostileServer) -> None:
    server.gives("/end", b"no")
    url = server.redirects("/hook", "/end", status="307 Temporary Redirect")
    answer = fetch(url, method="POST", body=b'{"a":1}', headers={"content-type": "application/json"})
    assert answer.status == 307
    assert [(asked.method, asked.path, asked.body) for asked in server.asked] == [
        ("POST", "/hook", b'{"a":1}')
    ]
    with pytest.raises(ValueError, match="POST never follows"):
        fetch(url, method="POST", body=b"", follow_redirects=True)


def test_secrets_stay_with_the_first_site(server: HostileServer, monkeypatch: pytest.MonkeyPatch) -> None:
    with hostile_server() as other:
        policy = OutboundPolicy(
            let_through=frozenset({("127.0.0.1", server.port), ("127.0.0.1", other.port)})
        )
        other.gives("/", b"x")
        url = server.redirects("/", other.url("/"))
        fetch(
            url,
            headers={"Authorization": "Bearer x", "If-None-Match": '"1"', "Accept": "text/html"},
            allow=policy,
        )
        assert server.asked[0].headers["authorization"] == "Bearer x"
        assert not {"authorization", "if-none-match"} & set(other.asked[0].headers)
        assert other.asked[0].headers["accept"] == "text/html"


@pytest.mark.parametrize("headers", [{"Host": "x"}, {"Cookie": "a"}, {"X-A": "b\r\nX-C: d"}, {"X A": "b"}])
def test_callers_cannot_set_headers_that_would_undo_the_checks(headers: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="header"):
        fetch("http://example.org/", headers=headers)


def test_changing_dns_cannot_move_the_connection(server: HostileServer) -> None:
    """The second answer of the name server points inside; only the first, checked one is dialled."""
    looked_up: list[str] = []
    dialled: list[tuple[str, int]] = []

    def changing(host: str, port: int) -> list[str]:
        looked_up.append(host)
        return ["93.184.215.14"] if len(looked_up) == 1 else ["127.0.0.1"]

    def dial(address: tuple[str, int], timeout: float) -> socket.socket:
        dialled.append(address)
        return socket.create_connection(("127.0.0.1", server.port), timeout)

    policy = OutboundPolicy(resolve=changing, dial=dial)
    server.gives("/", b"public")
    assert fetch("http://rebind.example/", allow=policy).body == b"public"
    assert (looked_up, dialled) == (["rebind.example"], [("93.184.215.14", 80)])
    assert server.asked[0].headers["host"] == "rebind.example"
    assert refusal("http://rebind.example/", allow=policy).code == "private_address"
    assert len(dialled) == 1


def test_changing_dns_between_redirects_is_caught(server: HostileServer) -> None:
    answers = iter([["93.184.215.14"], ["10.0.0.5"]])
    policy = OutboundPolicy(
        resolve=lambda host, port: next(answers),
        dial=lambda address, timeout: socket.create_connection(("127.0.0.1", server.port), timeout),
    )
    server.redirects("/", "/again")
    assert refusal("http://rebind.example/", allow=policy).code == "private_address"
    assert [asked.path for asked in server.asked] == ["/"]


def test_the_next_checked_address_is_tried_when_the_first_is_dead(server: HostileServer) -> None:
    def dial(address: tuple[str, int], timeout: float) -> socket.socket:
        if address[0] == "93.184.215.14":
            raise ConnectionRefusedError
        return socket.create_connection(("127.0.0.1", server.port), timeout)

    server.gives("/", b"second")
    policy = OutboundPolicy(resolve=lambda host, port: ["93.184.215.14", "8.8.8.8"], dial=dial)
    assert fetch("http://news.example/", allow=policy).body == b"second"


def test_a_dead_port_is_said_to_be_dead(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    monkeypatch.setenv("CLAIMTRACKER_OUTBOUND_ALLOW", f"127.0.0.1:{port}")
    refused = refusal(f"http://127.0.0.1:{port}/")
    assert (refused.code, refused.may_heal) == ("unreachable", True)
    assert str(port) in refused.reason


def endless(connection: socket.socket, asked: Asked) -> None:
    connection.sendall(OK_HEAD + b"\r\n")
    while True:
        connection.sendall(b"word " * 2000)


def endless_chunks(connection: socket.socket, asked: Asked) -> None:
    connection.sendall(OK_HEAD + b"Transfer-Encoding: chunked\r\n\r\n")
    while True:
        connection.sendall(b"1\r\nx\r\n" * 2000)


@pytest.mark.parametrize("answer", [endless, endless_chunks])
def test_an_endless_body_is_cut_at_the_cap(server: HostileServer, answer: object) -> None:
    started = time.monotonic()
    refused = refusal(server.sends("/", answer), max_bytes=100_000, timeout=8)
    assert refused.code == "too_large"
    assert "100,000 bytes" in refused.reason
    assert time.monotonic() - started < 5


@pytest.mark.parametrize("packing", ["identity", "gzip"])
def test_a_caller_who_wants_only_the_status_gets_a_cut_body(server: HostileServer, packing: str) -> None:
    body = bytes(range(256)) * 1_000
    sent = gzip.compress(body, mtime=0) if packing == "gzip" else body
    url = server.gives("/", sent, headers=(f"Content-Encoding: {packing}",))
    answer = fetch(url, method="POST", body=b"{}", max_bytes=10_000, cut_body=True)
    assert answer.status == 200
    assert body.startswith(answer.body) and len(answer.body) <= 10_000
    if packing == "identity":
        assert len(answer.body) == 10_000
    server.sends("/", endless)
    assert len(fetch(url, max_bytes=10_000, cut_body=True).body) == 10_000


def test_a_declared_length_over_the_cap_is_not_read(server: HostileServer) -> None:
    def boast(connection: socket.socket, asked: Asked) -> None:
        connection.sendall(OK_HEAD + b"Content-Length: 99999999999\r\n\r\n")
        time.sleep(3)

    started = time.monotonic()
    assert refusal(server.sends("/", boast), timeout=5).code == "too_large"
    assert time.monotonic() - started < 2.5


def drip_body(connection: socket.socket, asked: Asked) -> None:
    connection.sendall(OK_HEAD + b"Content-Length: 1000\r\n\r\n")
    for _ in range(60):
        connection.sendall(b"x")
        time.sleep(0.05)


def drip_head(connection: socket.socket, asked: Asked) -> None:
    for byte in OK_HEAD * 2:
        connection.sendall(bytes([byte]))
        time.sleep(0.05)


def drip_early_hints(connection: socket.socket, asked: Asked) -> None:
    for _ in range(60):
        connection.sendall(b"HTTP/1.1 103 Early Hints\r\n\r\n")
        time.sleep(0.05)


def silence(connection: socket.socket, asked: Asked) -> None:
    time.sleep(3)


@pytest.mark.parametrize("answer", [drip_body, drip_head, drip_early_hints, silence])
def test_a_slow_drip_is_cut_by_the_total_deadline(server: HostileServer, answer: object) -> None:
    started = time.monotonic()
    refused = refusal(server.sends("/", answer), timeout=0.5)
    assert refused.code == "timeout"
    assert "0.5 seconds" in refused.reason
    assert time.monotonic() - started < 2.5


def test_redirects_share_one_deadline(server: HostileServer) -> None:
    def slow_redirect(connection: socket.socket, asked: Asked) -> None:
        time.sleep(0.3)
        connection.sendall(b"HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 0\r\n\r\n")

    started = time.monotonic()
    assert refusal(server.sends("/", slow_redirect), timeout=0.5).code == "timeout"
    assert time.monotonic() - started < 2


def test_a_receiver_that_does_not_read_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        held: list[socket.socket] = []
        threading.Thread(target=lambda: held.append(listener.accept()[0]), daemon=True).start()
        monkeypatch.setenv("CLAIMTRACKER_OUTBOUND_ALLOW", f"127.0.0.1:{port}")
        url = f"http://127.0.0.1:{port}/"
        assert refusal(url, method="POST", body=b"x" * 30_000_000, timeout=0.5).code == "timeout"
        for connection in held:
            connection.close()


@pytest.mark.parametrize(
    ("encoding", "packed"),
    [
        ("gzip", gzip.compress(b"hello " * 100, mtime=0)),
        ("x-gzip", gzip.compress(b"hello " * 100, mtime=0)),
        ("deflate", zlib.compress(b"hello " * 100)),
        ("deflate", zlib.compress(b"hello " * 100, wbits=-15)),
        ("gzip", gzip.compress(b"hello " * 50, mtime=0) + gzip.compress(b"hello " * 50, mtime=0)),
        ("identity", b"hello " * 100),
    ],
)
def test_packed_bodies_are_unpacked(server: HostileServer, encoding: str, packed: bytes) -> None:
    url = server.gives("/", packed, headers=(f"Content-Encoding: {encoding}",))
    assert fetch(url).body == b"hello " * 100


@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
def test_a_compression_bomb_is_cut_at_the_cap(server: HostileServer, encoding: str) -> None:
    packer = zlib.compressobj(9, wbits=31 if encoding == "gzip" else 15)
    zeros = bytes(1_000_000)
    bomb = b"".join(packer.compress(zeros) for _ in range(100)) + packer.flush()
    assert len(bomb) < 400_000
    url = server.gives("/", bomb, headers=(f"Content-Encoding: {encoding}",))
    tracemalloc.start()
    try:
        assert refusal(url, max_bytes=1_000_000).code == "too_large"
        _, most_memory = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most_memory < 8_000_000


@pytest.mark.parametrize(
    ("encoding", "packed", "code"),
    [
        ("gzip", gzip.compress(b"hello " * 100, mtime=0)[:-12], "bad_response"),
        ("gzip", b"this is not gzip at all", "bad_response"),
        ("br", b"\x0b\x02\x80hello\x03", "bad_encoding"),
        ("gzip, gzip", gzip.compress(gzip.compress(b"x", mtime=0), mtime=0), "bad_encoding"),
    ],
)
def test_broken_and_foreign_packing_is_refused(
    server: HostileServer, encoding: str, packed: bytes, code: str
) -> None:
    assert refusal(server.gives("/", packed, headers=(f"Content-Encoding: {encoding}",))).code == code


def test_huge_headers_are_refused(server: HostileServer) -> None:
    def huge(connection: socket.socket, asked: Asked) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\n")
        with suppress(OSError):
            for number in range(2000):
                connection.sendall(b"X-%d: " % number + b"y" * 1000 + b"\r\n")
        time.sleep(0.5)

    assert refusal(server.sends("/", huge), timeout=5).code == "bad_response"


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\x00\x01\x02 garbage\r\n\r\n",
        b"SSH-2.0-OpenSSH_9.6\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nshort",
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 9\r\n\r\nhello",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nhello",
    ],
)
def test_broken_answers_are_refused(server: HostileServer, raw: bytes) -> None:
    refused = refusal(server.sends("/", lambda connection, asked: connection.sendall(raw)), timeout=5)
    assert refused.code == "bad_response"


def test_the_default_policy_lets_nothing_local_through(
    server: HostileServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = server.gives("/", b"x")
    assert fetch(url).status == 200
    monkeypatch.delenv("CLAIMTRACKER_OUTBOUND_ALLOW")
    assert default_policy().let_through == frozenset()
    assert refusal(url).code == "bad_port"
    assert len(server.asked) == 1
