"""Settings of looking up what is known already. docs/operations.md lists them."""

from .environment import env

# folders of encoders, the newest last; the shipped one when empty (docs/operations.md, "Known claims")
MATCHING_ENCODERS = env.list("MATCHING_ENCODERS", default=[])
# how old a claim may be that is looked up again when other publishers' reviews come in
MATCHING_RECENT_DAYS = env.int("MATCHING_RECENT_DAYS", default=30)
MATCHING_ENCODER_MODULE = "claims.matching.encoder"  # what reads those folders; tests have one of their own
# how far the search for near vectors looks around; more finds more and takes longer
MATCHING_EF_SEARCH = env.int("MATCHING_EF_SEARCH", default=200)
