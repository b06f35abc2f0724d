"""The record: an append-only, chained audit and the outbox of events."""
