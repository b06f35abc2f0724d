"""Training of the one encoder behind claim detection; only it needs the `train` dependency group."""
