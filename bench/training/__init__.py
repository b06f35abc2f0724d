"""Training of the one encoder behind claim detection; needs the `train` dependency group, the product does not."""
