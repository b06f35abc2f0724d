"""TLS is verified for the name in the URL, although the connection goes to a pinned address."""

import ipaddress
import socket
import ssl
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from claimtracker.kernel.outbound import OutboundPolicy, OutboundRefused, fetch
from tests.support.hostile_server import HostileServer, hostile_server


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate and its key for news.example, signed by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "news.example")])
    now = datetime.now(UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(
            x509.SubjectAlternativeName(
                [x509.DNSName("news.example"), x509.IPAddress(ipaddress.ip_address("93.184.215.14"))]
            ),
            critical=False,
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "news.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        + signed.public_bytes(serialization.Encoding.PEM)
    )
    return path


@pytest.fixture
def secure_server(certificate: Path) -> Iterator[tuple[HostileServer, list[str | None]]]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    names: list[str | None] = []
    context.sni_callback = lambda stream, name, _: names.append(name)
    with hostile_server(context) as server:
        server.gives("/", b"secret")
        yield server, names


def policy(port: int, certificate: Path | None) -> OutboundPolicy:
    trusting = ssl.create_default_context(cafile=str(certificate) if certificate else None)
    return OutboundPolicy(
        resolve=lambda host, _: ["93.184.215.14"],
        dial=lambda address, timeout: socket.create_connection(("127.0.0.1", port), timeout),
        tls=lambda: trusting,
    )


def test_the_name_is_sent_and_verified(
    secure_server: tuple[HostileServer, list[str | None]], certificate: Path
) -> None:
    server, names = secure_server
    answer = fetch("https://news.example/", allow=policy(server.port, certificate))
    assert answer.body == b"secret"
    assert names == ["news.example"]
    assert server.asked[0].headers["host"] == "news.example"


def test_another_name_on_the_same_server_is_refused(
    secure_server: tuple[HostileServer, list[str | None]], certificate: Path
) -> None:
    server, _ = secure_server
    with pytest.raises(OutboundRefused, match=r"identity of bank\.example") as refused:
        fetch("https://bank.example/", allow=policy(server.port, certificate))
    assert refused.value.code == "tls"
    assert server.asked == []


def test_an_unknown_authority_is_refused(secure_server: tuple[HostileServer, list[str | None]]) -> None:
    server, _ = secure_server
    with pytest.raises(OutboundRefused) as refused:
        fetch("https://news.example/", allow=policy(server.port, None))
    assert refused.value.code == "tls"
    assert server.asked == []


def test_a_plain_server_on_the_secure_port_is_refused(certificate: Path) -> None:
    def answer_plainly() -> None:
        connection, _ = listener.accept()
        with connection:
            connection.recv(1000)
            connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=answer_plainly, daemon=True).start()
        port = listener.getsockname()[1]
        with pytest.raises(OutboundRefused) as refused:
            fetch("https://news.example/", timeout=3, allow=policy(port, certificate))
    assert refused.value.code == "tls"
