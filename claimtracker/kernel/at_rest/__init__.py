"""Values that a thief of the database must not be able to read: encrypted as they are written, under a key
that is outside of it (docs/adr/0028-encrypted-at-rest.md)."""
