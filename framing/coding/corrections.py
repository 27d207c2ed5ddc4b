"""Hand codes and their sample as the correction of estimates takes them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import polars as pl

from framing.coding.codes import check_labels, check_target, settled
from framing.coding.design import read_sample
from framing.coding.read import read_codes
from framing.measure.correction import Coding
from framing.types import Label


def read_coding(labels: Sequence[Path], sample: Path, articles: pl.DataFrame, *, target: str) -> Coding:
    """Read the codes of a sample of a run's articles; `sample` is the `sample.csv` that was drawn with them.

    Raises:
        CorpusError: a file cannot be read, coders differ on a unit, a label is unknown or toward another target, or an
            inclusion probability is 0, above 1 or missing.
    """
    codes = read_codes(labels)
    check_labels(codes, [label.value for label in Label])
    check_target(codes, target)
    return Coding(settled(codes).with_columns(target=pl.lit(target)), read_sample(sample, articles))
