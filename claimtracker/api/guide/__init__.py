"""The partner's guide: what one does with the API, in order, by examples that are run as tests."""
