"""What ``bench.api`` is made of: the rows, the servers that are compared, and what asks them."""
