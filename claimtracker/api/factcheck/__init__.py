"""The search of Google's Fact Check Tools, answered from what we published: a client of theirs changes only
its address."""
