"""What editors and leads are told of the newsroom's work: counted in the database, for the desks that one
sees, each page with what it does not tell."""
