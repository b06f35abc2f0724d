"""Pages of this room: parse, call one action, show its answer."""
