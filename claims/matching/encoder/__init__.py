"""Statements as vectors: near to each other when they claim the same."""

from .runtime import MODEL_FOLDER, Embedder, embedder_for, newest_embedder

__all__ = ["MODEL_FOLDER", "Embedder", "embedder_for", "newest_embedder"]
