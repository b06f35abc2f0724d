"""Reading: what the queue, the claim workspace and the public pages show. Nothing here changes anything."""
