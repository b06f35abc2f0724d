"""The doors through which people outside reach us: who is blocked, what looks like spam, and how fast."""
