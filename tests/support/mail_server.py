"""A real SMTP server on loopback that keeps what it is given, and fails in the ways that a test asks for."""

from __future__ import annotations

import email
import email.policy
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Any

import pytest


@dataclass
class MailServer:
    """``answers`` replaces the server's answer to a command (``MAIL``, ``RCPT``, ``DATA``, or ``WORDS`` for
    the end of a message); an empty one hangs up. ``pause`` names the command at which it waits for ``go``."""

    port: int = 0
    messages: list[EmailMessage] = field(default_factory=list)
    answers: dict[str, str] = field(default_factory=dict)
    pause: str = ""
    reached: threading.Event = field(default_factory=threading.Event)
    go: threading.Event = field(default_factory=threading.Event)

    def settings(self) -> dict[str, Any]:
        return {
            "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "EMAIL_HOST": "127.0.0.1",
            "EMAIL_PORT": self.port,
            "EMAIL_TIMEOUT": 3,
        }

    def env(self) -> dict[str, str]:
        """For a worker of its own process."""
        return {"EMAIL_HOST": "127.0.0.1", "EMAIL_PORT": str(self.port)}


class _Conversation(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        try:
            self._talk(self.server.mail_server)  # type: ignore[attr-defined] # set by running()
        except OSError:
            return  # the other side is gone

    def _talk(self, mail: MailServer) -> None:
        self._say("220 here")
        while line := self.rfile.readline():
            word = line.decode().strip().split(" ")[0].upper()
            if word == "QUIT":
                return self._say("221 bye")
            usual = {"EHLO": "250 here", "DATA": "354 go on"}.get(word, "250 ok")
            if not self._answer(mail, word, usual):
                return
            if word == "DATA" and "DATA" not in mail.answers:
                mail.messages.append(self._read())
                if not self._answer(mail, "WORDS", "250 kept"):
                    return

    def _answer(self, mail: MailServer, word: str, usual: str) -> bool:
        if mail.pause == word:
            mail.reached.set()
            mail.go.wait(60)
        if not (answer := mail.answers.get(word, usual)):
            return False
        self._say(answer)
        return True

    def _read(self) -> EmailMessage:
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line[1:] if line.startswith(b".") else line)
        message = email.message_from_bytes(b"".join(lines), policy=email.policy.default)
        assert isinstance(message, EmailMessage)
        return message

    def _say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    block_on_close = False


@contextmanager
def running() -> Iterator[MailServer]:
    mail = MailServer()
    with _Server(("127.0.0.1", 0), _Conversation) as server:
        server.mail_server = mail  # type: ignore[attr-defined] # read by the conversation
        mail.port = server.server_address[1]
        threading.Thread(target=server.serve_forever, args=[0.05], daemon=True).start()
        try:
            yield mail
        finally:
            mail.go.set()
            server.shutdown()


@pytest.fixture
def mail_server(settings: Any) -> Iterator[MailServer]:
    """The server, with Django's settings pointing to it."""
    with running() as mail:
        for name, value in mail.settings().items():
            setattr(settings, name, value)
        yield mail
