"""A newsroom at work, and every page that it reads: for tests of all pages, ``bench.pages`` and
``make screens``."""

from .building import Newsroom as Newsroom
from .pages import PAGES as PAGES
from .pages import Page as Page
from .pages import pages_of as pages_of
