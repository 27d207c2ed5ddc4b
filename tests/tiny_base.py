"""A base encoder of a few thousand weights with a tokenizer over letters and a few words, written to a folder."""

from __future__ import annotations

import string
from pathlib import Path

import torch
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers
from transformers import BertConfig, BertModel

WORDS = ["said", "that", "the", "minister", "official", "he", "she", "we", "will", "wait", "join", "alliance", "rain"]


def write_base(folder: Path, *, seed: int = 0) -> Path:
    """Write a random BERT of two layers that a training can start from."""
    folder.mkdir(parents=True, exist_ok=True)
    marks = [*"“”‘’\"'.,;:!?-«»„"]
    letters = [*string.ascii_lowercase, *(f"##{letter}" for letter in string.ascii_lowercase)]
    names = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *marks, *letters, *WORDS]
    tokenizer = Tokenizer(models.WordPiece({name: at for at, name in enumerate(names)}, unk_token="[UNK]"))  # noqa: S106
    tokenizer.normalizer = normalizers.BertNormalizer()
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.save(str(folder / "tokenizer.json"))
    torch.set_num_threads(1)  # threads cost more than they bring at this size
    torch.manual_seed(seed)
    config = BertConfig(
        vocab_size=len(names),
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=4,
        intermediate_size=64,
        max_position_embeddings=128,
        hidden_dropout_prob=0.0,
    )
    BertModel(config, add_pooling_layer=False).save_pretrained(folder)
    return folder
