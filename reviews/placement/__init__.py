"""Where a claim goes and how urgent it is: plain rules over facts, without Django."""
