"""The endpoints, a module for each resource: parse, call, answer."""
