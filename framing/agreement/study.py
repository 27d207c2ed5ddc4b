"""From codes to an agreement study: which labels are compared on which scale, with or without a model."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from framing.agreement.coefficients import MISSING, Alpha, Codings, Level
from framing.agreement.compare import agreements, comparisons, disagreements
from framing.agreement.report import Study
from framing.coding.codes import Code, Codes, check_labels, check_overlap, check_target, joined
from framing.errors import ConfigError
from framing.measure.interval import Bootstrap
from framing.types import Label

SIDES = (Label.OPPOSE.value, Label.NEUTRAL.value, Label.SUPPORT.value)
STATEMENT = re.compile(r"(.+):\d+-\d+", re.DOTALL)
LABELS = tuple(label.value for label in Label)


class Scale(NamedTuple):
    """The labels that are compared, in their order, at a level of measurement; other `known` labels are left out."""

    labels: tuple[str, ...]
    level: Level
    known: tuple[str, ...]

    @classmethod
    def of(cls, labels: Sequence[str], level: Level) -> Scale:
        """Take the labels asked for, or those of a stance; `unrelated` has no place in an order.

        Raises:
            ConfigError: there are fewer than two labels, or one comes twice.
        """
        if not labels:
            return cls(LABELS if level is Level.NOMINAL else SIDES, level, LABELS)
        if len(labels) < 2 or len(set(labels)) < len(labels):
            raise ConfigError(f"--labels {','.join(labels)}: expected two different labels or more, in their order")
        return cls(tuple(labels), level, tuple(labels))

    @property
    def points(self) -> tuple[float, ...]:
        """Return the values of the labels: the numbers they are, or else their places in the order."""
        try:
            return tuple(map(float, self.labels))
        except ValueError:
            return tuple(map(float, range(len(self.labels))))


class Model(NamedTuple):
    """The labels that a run gave toward a target, as one more coder; `articles` and `texts` are those of the units."""

    name: str
    target: str
    labels: Mapping[str, str]
    articles: Mapping[str, str]
    texts: Mapping[str, str]


def study(
    codes: Codes, scale: Scale, model: Model | None = None, *, interval: Bootstrap | None = None, seed: int = 0
) -> Study:
    """Compare the codes of people, and with a model theirs with its own for the units that they coded.

    Articles are drawn again where the model or the ids of statements say which they are, since statements of one
    article resemble each other, and units otherwise. Simulated with 75 articles of one to five statements, two coders
    and articles that differ in difficulty, 95% intervals cover 93 to 95% with articles, and 84 to 86% with units.

    Raises:
        CorpusError: a label is unknown, the codes are of another target or of several, or no unit has two codes.
        ConfigError: a coder has the name of the model.
    """
    interval = interval or Bootstrap()
    check_labels(codes, scale.known)
    check_target(codes, model.target if model else None)
    notes = [f"units left without a label, which count as not coded: {codes.left_blank:,}"] * (codes.left_blank > 0)
    if model is not None:
        codes, said = _with_model(codes, model)
        notes += said
    check_overlap(codes)
    table = codes.table()
    coders = codes.coders
    outside = sum(code.label not in scale.labels for code in codes.given)
    if outside:
        notes.append(f"codes outside the scale {' < '.join(scale.labels)}, which count as missing: {outside:,}")
    single = sum(len(labels) == 1 for labels in table.values())
    if single:
        notes.append(f"units coded by one coder only, which show no agreement: {single:,}")
    number = {label: at for at, label in enumerate(scale.labels)}
    values = [[number.get(labels.get(coder, ""), MISSING) for coder in coders] for labels in table.values()]
    articles = _articles(table, model)
    if not articles:
        notes.append(
            "units are drawn again, as their ids name no articles: intervals are too narrow if they share some"
        )
    name = model.name if model and model.name in coders else None  # it may have abstained from every coded unit
    return Study(
        coders={coder: sum(code.coder == coder for code in codes.given) for coder in coders},
        categories=scale.labels,
        level=str(scale.level),
        figures=tuple(
            agreements(
                Codings(np.array(values, np.int64), len(scale.labels)),
                scale.labels,
                comparisons(coders, name, partial=model is not None and not table.keys() <= model.labels.keys()),
                alpha=Alpha(scale.level, scale.points),
                clusters=np.unique(articles or list(table), return_inverse=True)[1],
                interval=interval,
                seed=seed,
            )
        ),
        disagreements=tuple(disagreements(table, model.texts if model else {}, name)),
        interval=interval,
        redrawn="articles" if articles else "units",
        seed=seed,
        notes=tuple(notes),
    )


def _articles(units: Iterable[str], model: Model | None) -> list[str]:
    """Return the article of each unit, or nothing if that is not known of all of them."""
    if model is not None:
        return [model.articles[unit] for unit in units]
    found = [STATEMENT.fullmatch(unit) for unit in units]
    return [match[1] for match in found if match] if all(found) else []


def _with_model(codes: Codes, model: Model) -> tuple[Codes, list[str]]:
    if model.name in codes.coders:
        raise ConfigError(f"codes: a coder is called {model.name!r}, as the run's labels are; give the coder a name")
    units = sorted({code.unit for code in codes.given})
    own = Codes(tuple(Code(unit, model.name, model.labels[unit], "run") for unit in units if unit in model.labels))
    abstained = len(units) - len(own.given)
    notes = [f"units that the model abstained from, which count as not coded by it: {abstained:,}"] * (abstained > 0)
    return joined([codes, own]), notes
