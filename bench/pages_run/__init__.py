"""What ``bench.pages`` and ``bench.screens`` share: a site as in production, its newsroom, a browser."""
