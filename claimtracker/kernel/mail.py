"""Handing one e-mail to the mail server, so that one knows afterwards whether it may have arrived.

A mail server takes a message in steps; only with the last, the words themselves, can it arrive. What fails
before may be tried again. What breaks during it may or may not have arrived, and nobody can find out: the
window is from the DATA command to the server's answer.
"""

from __future__ import annotations

import smtplib
from collections.abc import Callable
from contextlib import suppress

from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.smtp import EmailBackend
from django.core.mail.message import sanitize_address
from django.utils.translation import gettext as _

TAKEN, GO_ON = (250, 251), 354


class MailRefused(Exception):
    """The message did not arrive. ``may_heal``: a later try may do better."""

    def __init__(self, reason: str, *, may_heal: bool) -> None:
        super().__init__(reason)
        self.reason, self.may_heal = reason[:500], may_heal


class OutcomeUnknown(Exception):
    """The connection broke while the words were handed over: the message may have arrived."""


def one_line(text: str) -> str:
    """``text`` as a header may hold it: with a line end in it the mail would never go out."""
    return " ".join(text.split())


def hand_over(message: EmailMessage, *, before_words: Callable[[], None]) -> None:
    """Bring ``message`` to its one recipient. ``before_words`` is called right before the words go out: what
    it writes down tells whoever comes after a crash that the message may have arrived; it may raise to stop.

    Never within a transaction. Raises MailRefused or OutcomeUnknown.
    """
    connection = get_connection()
    if isinstance(connection, EmailBackend):
        _by_smtp(connection, message, before_words)
    else:  # the console, a file, the memory of tests
        before_words()
        connection.send_messages([message])


def _by_smtp(connection: EmailBackend, message: EmailMessage, before_words: Callable[[], None]) -> None:
    try:
        connection.open()
        server: smtplib.SMTP = connection.connection  # type: ignore[assignment] # open() sets it or raises
        _envelope(server, message)
    except (smtplib.SMTPException, OSError) as error:
        _close(connection)
        raise MailRefused(_words_of(error), may_heal=_may_heal(error)) from error
    except MailRefused:
        _close(connection)
        raise
    try:
        before_words()
        _words(server, message)
    finally:
        _close(connection)


def _envelope(server: smtplib.SMTP, message: EmailMessage) -> None:
    server.ehlo_or_helo_if_needed()
    (recipient,) = message.recipients()
    encoding = message.encoding or "utf-8"
    for code, answer in (
        server.mail(sanitize_address(message.from_email, encoding)),
        server.rcpt(sanitize_address(recipient, encoding)),
    ):
        if code not in TAKEN:
            raise _refusal(code, answer)


def _words(server: smtplib.SMTP, message: EmailMessage) -> None:
    try:
        code, answer = server.data(message.message().as_bytes(linesep="\r\n"))  # type: ignore[call-arg] # unknown to the stubs
    except smtplib.SMTPDataError as error:  # it did not even want to read them
        raise _refusal(error.smtp_code, error.smtp_error) from error
    except (smtplib.SMTPException, OSError) as error:
        raise OutcomeUnknown(_words_of(error)) from error
    if code not in TAKEN:
        raise _refusal(code, answer)


def _refusal(code: int, answer: bytes | str) -> MailRefused:
    words = answer.decode(errors="replace") if isinstance(answer, bytes) else answer
    return MailRefused(
        _("The mail server said %(code)s %(words)s") % {"code": code, "words": words}, may_heal=code < 500
    )


def _may_heal(error: Exception) -> bool:
    return not (isinstance(error, smtplib.SMTPResponseException) and error.smtp_code >= 500)


def _words_of(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:500]


def _close(connection: EmailBackend) -> None:
    with suppress(smtplib.SMTPException, OSError):
        connection.close()
