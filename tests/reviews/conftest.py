"""Fixtures of more than one file."""

from tests.support.mail_server import mail_server  # noqa: F401 - a fixture
