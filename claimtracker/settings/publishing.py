"""Settings of what goes out: the newsroom's policies, the right of reply. docs/operations.md lists them."""

from .environment import env

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
SECURITY_CONTACT: list[str] = env.list("SECURITY_CONTACT", default=[])
# where readers may look for a cited page as it was; {day} is YYYYMMDD, {url} the page's address
ARCHIVE_LOOKUP_URL = env.str("ARCHIVE_LOOKUP_URL", default="https://web.archive.org/web/{day}/{url}")
# how many working days after a complaint its writer is owed an answer (EFCSN: 7), and how often an hour the
# form of one check may be sent
COMPLAINT_WORKING_DAYS = env.int("COMPLAINT_WORKING_DAYS", default=7)
COMPLAINTS_PER_HOUR = env.int("COMPLAINTS_PER_HOUR", default=20)
# to whom readers may turn who are not content with our answer
STANDARDS_BODY_NAME = env.str("STANDARDS_BODY_NAME", default="")
STANDARDS_BODY_URL = env.str("STANDARDS_BODY_URL", default="")
# more of what readers are owed: how the newsroom stays impartial (IFCN 1), how to reach it, where to suggest
# a claim, and a sentence or two about who it is
IMPARTIALITY_URL = env.str("IMPARTIALITY_URL", default="")
PUBLISHER_CONTACT = env.str("PUBLISHER_CONTACT", default="")
CLAIM_SUGGESTIONS = env.str("CLAIM_SUGGESTIONS", default="")
PUBLISHER_STATEMENT = env.str("PUBLISHER_STATEMENT", default="")
# under which licence others may use what we publish: its address, and its name for people. Shown in the feed
# and with the dumps; nothing is promised when unset
DATA_LICENCE_URL = env.str("DATA_LICENCE_URL", default="")
DATA_LICENCE_NAME = env.str("DATA_LICENCE_NAME", default="")
# the folder of the dumps; development and tests have one beside their other state
DUMP_DIR = env.str("DUMP_DIR", default="/var/lib/claimtracker/dumps")
# from which hour on (UTC) each day's dump is made, and for how many days it is kept
DUMP_HOUR = env.int("DUMP_HOUR", default=2)
DUMP_KEEP_DAYS = env.int("DUMP_KEEP_DAYS", default=7)
