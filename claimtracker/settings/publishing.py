"""Settings of what goes out: the newsroom's policies, the right of reply. docs/operations.md lists them."""

import environ

env = environ.Env()

# pages that readers of a fact check are owed (IFCN 4); our own pages serve for the first two when unset
PUBLISHING_PRINCIPLES_URL = env.str("PUBLISHING_PRINCIPLES_URL", default="")
CORRECTIONS_POLICY_URL = env.str("CORRECTIONS_POLICY_URL", default="")
OWNERSHIP_FUNDING_URL = env.str("OWNERSHIP_FUNDING_URL", default="")
ETHICS_POLICY_URL = env.str("ETHICS_POLICY_URL", default="")
STAFF_URL = env.str("STAFF_URL", default="")
# where readers ask for a correction: an address of a page, or of mail
REPLY_LATE_DAYS = env.int("REPLY_LATE_DAYS", default=14)  # a reply page stays open after its deadline
REPLY_PER_HOUR = env.int("REPLY_PER_HOUR", default=20)  # how often one address may send a reply form
CORRECTIONS_CONTACT = env.str("CORRECTIONS_CONTACT", default="")
# where readers may look for a cited page as it was; {day} is YYYYMMDD, {url} the page's address
ARCHIVE_LOOKUP_URL = env.str("ARCHIVE_LOOKUP_URL", default="https://web.archive.org/web/{day}/{url}")
