"""Requests and answers as they look, for the schema."""
