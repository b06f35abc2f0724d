"""Words that nobody changes, though another key may come to encrypt them."""

from __future__ import annotations

from collections.abc import Sequence

import pgtrigger

from .cipher import HEAD_LENGTH, MARK


def words_changed(*, encrypted: Sequence[str], plain: Sequence[str] = ()) -> str:
    """A condition in SQL over OLD and NEW: one of these columns gets another value. An ``encrypted`` one does
    not when what is there is replaced by ciphertext under another key, or by ciphertext where it stood in
    plain letters."""
    changed = [f'OLD."{column}" IS DISTINCT FROM NEW."{column}"' for column in plain]
    for column in encrypted:
        old, new = f'OLD."{column}"', f'NEW."{column}"'
        is_rekeyed = (
            f"starts_with({new}, '{MARK}') AND {old} <> '' "
            f"AND left({new}, {HEAD_LENGTH}) <> left({old}, {HEAD_LENGTH})"
        )
        changed.append(f"({old} IS DISTINCT FROM {new} AND NOT ({is_rekeyed}))")
    return " OR ".join(changed)


def kept_words(*, name: str, encrypted: Sequence[str], plain: Sequence[str] = ()) -> pgtrigger.Trigger:
    """A row keeps these columns; another key may come to encrypt them."""
    return pgtrigger.Protect(
        name=name,
        operation=pgtrigger.Update,
        condition=pgtrigger.Condition(words_changed(encrypted=encrypted, plain=plain)),
    )
