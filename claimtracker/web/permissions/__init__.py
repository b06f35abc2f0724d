"""The permission table: who may do what, one line for each address and method of the product.

It is held to the URL conf by a system check (an address without a line fails ``manage.py check``), to the
views by tests/ladder (every line is tried by everybody) and to docs/permissions.md, which is made from it.

Adding an address? Add a line to the area where it belongs, and how to try it to tests/ladder/tries.
Operations of the partner API say their scopes themselves (``PartnerView.scopes``): their lines are made
from those.
"""
