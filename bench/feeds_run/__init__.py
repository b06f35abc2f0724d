"""What `bench.feeds` is made of: sites with faults, and what must be true in the end."""
