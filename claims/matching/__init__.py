"""Finding what was claimed before: plain parts (wording, encoder, agreement, ranking) and the one query."""
