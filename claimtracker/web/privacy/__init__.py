"""Personal data of the people who work here: what is held, what goes with them, what they get of it."""
