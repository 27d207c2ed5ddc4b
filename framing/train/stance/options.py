"""What can be set of a training of the stance encoder."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from framing.train.stance.layout import Columns, Labels

Share = Annotated[float, Field(ge=0, lt=1)]


@dataclass(frozen=True)
class StanceOptions:
    """The settings of a training.

    Data: `data` are files of labelled statements (CSV, TSV, JSONL, Parquet, Label Studio, `hub:owner/name`), whose
    layout `columns`, `labels` and `target` describe; `public` names the folders of public sets by set (see
    `public.SETS`). Rows of `held_targets` are kept apart, or else the share `tune` of the groups of rows that share
    any of `group_by` (article, speaker, target, family, text); whatever shares these with them is not learnt. What
    is kept apart follows the training, ends it after `patience` epochs without gain, and calibrates it, together with
    up to `calibrating` examples of half of the dev part of each public set.

    Mixture: an epoch takes all rows of `data` and of each public set, or so many as `draws` says of a set ("data" are
    the rows); rare labels are then drawn more often than common ones. `composed` statements are made anew in each
    epoch, from patterns and wordings that ship with the package (see its folder `data/stance/composed`).

    Model: `base` is a Hub id or a folder of an encoder, or a folder written by this task, whose heads are then kept;
    `frozen` lets only the heads learn, which suits a few rows of a new target. An input has up to `pieces`.

    Learning: each pair of `rates` and `seeds` is tried, and the one with the least held-out loss is kept. `rates` are
    for the encoder, `head_rate` for the heads. `class_weights` lets rare answers count as much as common ones.
    `masked` and `masked_holders` are the shares of pieces and of holders that are hidden, `turned` of rows asked about
    the negation, `strangers` of rows added with the target of another. `folds` adds a grouped cross-validation.

    Use: a statement gets a label where its conformal set at `level` holds exactly one.
    """

    output: Path
    data: tuple[str, ...] = ()
    public: Mapping[str, str] = field(default_factory=dict)
    calibrating: Annotated[int, Field(ge=0)] = 500
    draws: Mapping[str, Annotated[int, Field(ge=1)]] = field(default_factory=dict)
    composed: Annotated[int, Field(ge=0)] = 0
    codebook: str = "framing:codebooks/foreign_policy.yaml"
    columns: Columns = field(default_factory=dict)
    labels: Labels = field(default_factory=dict)
    target: str | None = None
    held_targets: tuple[str, ...] = ()
    tune: Annotated[float, Field(gt=0, lt=0.6)] = 0.1
    group_by: tuple[Literal["article", "speaker", "target", "family", "text"], ...] = ("family", "text")
    base: str = "sentence-transformers/all-MiniLM-L6-v2"
    frozen: bool = False
    seeds: Annotated[tuple[int, ...], Field(min_length=1)] = (13,)
    rates: Annotated[tuple[Annotated[float, Field(gt=0)], ...], Field(min_length=1)] = (1.2e-4,)
    head_rate: Annotated[float, Field(gt=0)] = 1e-3
    epochs: Annotated[int, Field(ge=1)] = 3
    patience: Annotated[int, Field(ge=1)] | None = None
    batch: Annotated[int, Field(ge=1)] = 32
    pieces: Annotated[int, Field(ge=32)] = 112
    warmup: Share = 0.06
    decay: Annotated[float, Field(ge=0)] = 0.01
    mean: Share = 0.997
    width: Annotated[int, Field(ge=8)] = 256
    class_weights: bool = False
    masked: Share = 0.06
    masked_holders: Share = 0.2
    turned: Share = 0.1
    strangers: Share = 0.08
    folds: Annotated[int, Field(ge=0)] = 0
    level: Annotated[float, Field(gt=0, lt=1)] = 0.8
    note: str = ""
