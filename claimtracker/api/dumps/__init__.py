"""Everything that is published as files: the feed of ClaimReviews, NDJSON, CSV and JSON, made every night."""
