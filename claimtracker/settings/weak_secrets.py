"""Secrets that are none: examples from documentation, words, or too short to withstand guessing."""

from collections.abc import Mapping

SHORTEST = 32
LEAST_DIFFERENT = 10  # characters; 32 times the same one is long and no secret
WORDS = ("change", "secret", "password", "example", "throw-away", "development", "insecure", "test-only")


def weaknesses(secrets: Mapping[str, str]) -> list[str]:
    """A sentence with the mend for each that is weak, by name; what they are is said nowhere."""
    found = []
    for name, value in secrets.items():
        if len(value) < SHORTEST:
            found.append(f"{name} has {len(value)} characters; make it {SHORTEST} or more.")
        elif len(set(value)) < LEAST_DIFFERENT:
            found.append(f"{name} repeats the same few characters.")
        elif any(word in value.lower() for word in WORDS):
            found.append(f"{name} looks like an example or a word.")
    for value in dict.fromkeys(secrets.values()):
        same = [name for name in secrets if secrets[name] == value]
        if len(same) > 1:
            found.append(f"{' and '.join(same)} are the same; each needs its own.")
    return found
