"""Which of PostgreSQL's text search configurations reads which language."""

from __future__ import annotations

from django.conf import settings

PLAIN = "simple"  # words as they stand, for every language without a configuration
_CONFIGURATIONS = {
    "ar": "arabic", "ca": "catalan", "da": "danish", "de": "german", "el": "greek", "en": "english",
    "es": "spanish", "eu": "basque", "fi": "finnish", "fr": "french", "ga": "irish", "hi": "hindi",
    "hu": "hungarian", "hy": "armenian", "id": "indonesian", "it": "italian", "lt": "lithuanian",
    "nb": "norwegian", "ne": "nepali", "nl": "dutch", "nn": "norwegian", "no": "norwegian",
    "pt": "portuguese", "ro": "romanian", "ru": "russian", "sr": "serbian", "sv": "swedish",
    "ta": "tamil", "tr": "turkish", "yi": "yiddish",
}  # fmt: skip


def configuration_for(language: str) -> str:
    """The configuration for a language tag such as ``en`` or ``pt-BR``; empty means the site's language."""
    primary = (language or settings.LANGUAGE_CODE).replace("_", "-").partition("-")[0]
    return _CONFIGURATIONS.get(primary.strip().lower(), PLAIN)
