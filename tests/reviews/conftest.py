"""Fixtures of more than one file of this folder."""

from tests.support.cited_pages import server  # noqa: F401 - the fixture
from tests.support.mail_server import mail_server  # noqa: F401 - the fixture
