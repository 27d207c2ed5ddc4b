"""Hand codes and their sample as the correction of estimates takes them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from framing.coding.codes import Codes, check_labels, check_target, check_units, settled
from framing.coding.design import read_sample
from framing.coding.read import read_codes
from framing.errors import ConfigError, CorpusError, did_you_mean
from framing.measure.codes import WAY_OUT, inclusion
from framing.measure.correction import Coding
from framing.protocols import Tables
from framing.types import Label

SAMPLE = "sample.csv"


@dataclass(frozen=True, slots=True)
class HandCodes:
    """What coders said toward one target, with the sample that they coded, before it meets the run it is of."""

    files: tuple[Path, ...]
    codes: Codes
    sample_file: Path
    sample: pl.DataFrame
    target: str

    def coding(self, tables: Tables) -> Coding:
        """Match codes and sample with the tables of a run.

        Raises:
            CorpusError: an article or a unit is not in the run, a unit is of an article that is not in the sample.
        """
        drawn = inclusion(tables["articles"], self.sample)
        asked = tables["stances"].filter(pl.col("target") == self.target).select("statement_id")
        asked = tables["statements"].join(asked, on="statement_id", how="semi")
        check_units(self.codes, set(asked["statement_id"]), among="this run")
        inside = asked.join(drawn, on="article_id", how="semi")["statement_id"]
        check_units(self.codes, set(inside), among=f"the sample {self.sample_file}")
        return Coding(settled(self.codes).with_columns(target=pl.lit(self.target)), drawn)


def read_hand_codes(
    labels: Sequence[Path], sample: Path | None, *, target: str | None, targets: Sequence[str]
) -> HandCodes:
    """Read codes and their sample, and check all that needs no run, so that no hours are spent before a mistake shows.

    Without `sample` it is the `sample.csv` in the folder of the first codes. Without `target` it is the one that the
    codes name, or the only one of `targets`, those that the statements are asked about.

    Raises:
        ConfigError: the target is unknown, or there are several to choose from.
        CorpusError: a file cannot be read, coders differ on a unit, a label is unknown or toward another target, or an
            inclusion probability is 0, above 1 or missing.
    """
    codes = read_codes(labels)
    check_labels(codes, [label.value for label in Label])
    settled(codes)
    chosen = _target(codes, target, targets)
    check_target(codes, chosen)
    place = sample or labels[0].parent / SAMPLE
    if not place.is_file():
        raise CorpusError(
            f"correct.sample: {place} is no file; without the probability with which each article was drawn its labels "
            f"cannot stand for the corpus, and nothing is corrected: {WAY_OUT}, or name it by correct.sample"
        )
    return HandCodes(tuple(labels), codes, place, read_sample(place), chosen)


def _target(codes: Codes, target: str | None, targets: Sequence[str]) -> str:
    named = sorted({code.target for code in codes.given if code.target})
    found = [target] if target else named or list(targets)
    if len(found) > 1:
        where = "the codes are toward" if named else "the statements are asked about"
        raise ConfigError(f"correct.target: {where} {', '.join(found)}; name the one to correct")
    if found[0] not in targets:
        hint = did_you_mean(found[0], targets)
        raise ConfigError(f"correct.target: no statement is asked about {found[0]!r}; {hint}")
    return found[0]
