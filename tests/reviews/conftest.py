"""Cited pages for the tests of this folder."""

from tests.support.cited_pages import server  # noqa: F401 - the fixture
