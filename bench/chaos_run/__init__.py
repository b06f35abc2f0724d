"""The parts of ``python -m bench.chaos``."""
