"""Runs whose truth is known: outlets with given voices, stances and errors of the classifier become a run folder.

Nothing but the corpus is made up. The folder is read by `show`, `report` and every measure like any other; what a
classifier could not know, the true label of each statement, lies beside the tables in `truth.parquet`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated, NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray
from pydantic import AfterValidator, Field

from framing import tables
from framing.config import SLUG, Corpus, Experiment, Measure, NamedPart, Part, Report, Section, check
from framing.parts import build_charts
from framing.pipeline import render, write_estimates
from framing.protocols import ArticleStatements
from framing.registry import build
from framing.resources import read_yaml
from framing.run import Run
from framing.types import (
    Article,
    CueClass,
    Label,
    QuoteType,
    Resolution,
    Span,
    Speaker,
    SpeakerKind,
    Stance,
    Statement,
    statement_id,
)

MODEL = "simulated"
LABELS = tuple(Label)
FIRST_DAY = date(2024, 1, 1)
DAYS = 366

Integers = NDArray[np.int64]


def _shares(values: Mapping[str, float]) -> Mapping[str, float]:
    if not values or min(values.values()) < 0 or abs(sum(values.values()) - 1) > 1e-6:
        raise ValueError(f"shares must be 0 or more and sum to 1; these sum to {sum(values.values()):g}")
    return values


def _size(values: tuple[int, int]) -> tuple[int, int]:
    if not 0 <= values[0] <= values[1]:
        raise ValueError("expected the least and the greatest number of statements, such as [1, 7]")
    return values


Voices = Annotated[dict[str, Annotated[float, Field(allow_inf_nan=False)]], AfterValidator(_shares)]
LabelShares = Annotated[dict[Label, Annotated[float, Field(allow_inf_nan=False)]], AfterValidator(_shares)]


class Outlet(Section):
    """One outlet: its size, who it quotes, what they say, and what the classifier makes of it.

    `clustering` is the correlation of the labels within an article (0: statements are independent). `errors` gives for
    a true label the shares of the labels that the classifier sees; labels not listed are always seen right.
    """

    articles: int = Field(ge=1)
    statements: Annotated[tuple[int, int], AfterValidator(_size)] = (1, 7)
    voice: Voices
    stance: LabelShares
    clustering: float = Field(default=0.3, ge=0, le=0.95)
    errors: dict[Label, LabelShares] = Field(default_factory=dict)
    abstains: float = Field(default=0.0, ge=0, le=1)


class Simulation(Section):
    """A corpus to be made up: outlets by name, one target."""

    name: str = Field(default="simulation", pattern=SLUG)
    seed: int = Field(default=0, ge=0)
    target: str = Field(default="proposal", pattern=SLUG)
    outlets: dict[str, Outlet] = Field(min_length=1)


class Drawn(NamedTuple):
    """Records of a simulated run and, by statement, the true label that the classifier may have missed."""

    articles: list[Article]
    statements: list[Statement]
    speakers: list[Speaker]
    stances: list[Stance]
    truth: list[Label]

    def tables(self) -> dict[str, pl.DataFrame]:
        """Return the tables of the run folder."""
        found: dict[str, list[Statement]] = {article.article_id: [] for article in self.articles}
        for statement in self.statements:
            found[statement.article_id].append(statement)
        rows = [
            row
            for article in self.articles
            for row in tables.statement_rows(ArticleStatements(article, tuple(found[article.article_id])))
        ]
        return {
            "articles": tables.table("articles", map(tables.article_row, self.articles)),
            "statements": tables.table("statements", rows),
            "speakers": tables.table("speakers", map(tables.speaker_row, self.speakers)),
            "stances": tables.table("stances", map(tables.stance_row, self.stances)),
        }

    def hidden(self) -> pl.DataFrame:
        """Return the true labels, in the form in which coders hand in theirs."""
        ids = [statement.statement_id for statement in self.statements]
        target = [stance.target for stance in self.stances]
        rows = {"statement_id": ids, "target": target, "label": [label.value for label in self.truth]}
        return pl.DataFrame(rows, schema=dict.fromkeys(rows, pl.String)).sort("statement_id")


def load(path: str) -> Simulation:
    """Read a simulation from YAML.

    Raises:
        ConfigError: a key is unknown or a value does not fit.
    """
    return check(Simulation, read_yaml(path), place=path)


def draw(simulation: Simulation) -> Drawn:
    """Draw a corpus; the same simulation gives the same corpus."""
    drawn = Drawn([], [], [], [], [])
    random = np.random.default_rng(simulation.seed)
    for name, outlet in simulation.outlets.items():
        _draw_outlet(name, outlet, simulation.target, random, drawn)
    voices = sorted({voice for outlet in simulation.outlets.values() for voice in outlet.voice})
    drawn.speakers.extend(Speaker(voice, voice, SpeakerKind.PERSON) for voice in voices)
    return drawn


def run(simulation: Simulation, *, output: Path = Path("reports"), command: Sequence[str] = ()) -> Path:
    """Write a simulated run with its estimates, its report and its hidden truth, and return its folder."""
    experiment = _experiment(simulation)
    current = Run(experiment, output, list(command), [])
    with current.recorded():
        current.warn("this corpus is simulated: articles, speakers and labels were drawn by chance")
        drawn = draw(simulation)
        for name, table in drawn.tables().items():
            tables.write(table, current.folder / f"{name}.parquet")
            current.manifest.counts[name] = table.height
        tables.write(drawn.hidden(), current.folder / "truth.parquet")
        metrics = [build("metrics", part.kind, part.options) for part in experiment.measure.metrics]
        with current.timed("estimates"):
            write_estimates(experiment, metrics, current)
        with current.timed("report"):
            render(experiment, build_charts(experiment), current.folder, current.manifest)
    return current.folder


def _draw_outlet(name: str, outlet: Outlet, target: str, random: np.random.Generator, drawn: Drawn) -> None:
    sizes = random.integers(outlet.statements[0], outlet.statements[1] + 1, outlet.articles)
    truth = _labels(outlet, sizes, random)
    seen = _seen(outlet, truth, random)
    abstained = random.random(len(truth)) < outlet.abstains
    voices = list(outlet.voice)
    speaker = random.choice(len(voices), size=len(truth), p=_normalised(list(outlet.voice.values())))
    at = 0
    for number, size in enumerate(sizes.tolist()):
        mine = slice(at, at + size)
        article = f"{name}-{number:05d}"
        text, statements = _written(article, [voices[i] for i in speaker[mine]])
        day = FIRST_DAY + timedelta(days=number % DAYS)
        drawn.articles.append(Article(article, text, outlet=name, published=day, language="en"))
        drawn.statements.extend(statements)
        for statement, label, doubt in zip(statements, seen[mine].tolist(), abstained[mine].tolist(), strict=True):
            certain = {each: float(each == LABELS[label]) for each in LABELS}
            drawn.stances.append(
                Stance(statement.statement_id, target, LABELS[label], False, certain, bool(doubt), MODEL)
            )
        at += size
    drawn.truth.extend(LABELS[label] for label in truth.tolist())


def _labels(outlet: Outlet, sizes: Integers, random: np.random.Generator) -> Integers:
    """Draw true labels; each article leans its own way by a Dirichlet distribution of the given correlation."""
    shares = np.array(_normalised([outlet.stance.get(label, 0.0) for label in LABELS]))
    leaning = np.tile(shares, (len(sizes), 1))
    if outlet.clustering > 0:
        used = shares > 0
        leaning[:, used] = random.dirichlet(shares[used] * (1 / outlet.clustering - 1), len(sizes))
    return _chosen(np.repeat(leaning, sizes, axis=0), random)


def _seen(outlet: Outlet, truth: Integers, random: np.random.Generator) -> Integers:
    confusion = np.eye(len(LABELS))
    for label, shares in outlet.errors.items():
        confusion[LABELS.index(label)] = _normalised([shares.get(each, 0.0) for each in LABELS])
    return _chosen(confusion[truth], random)


def _chosen(shares: NDArray[np.float64], random: np.random.Generator) -> Integers:
    """Draw one column of each row by its shares."""
    upper = np.cumsum(shares, axis=1)
    upper[:, -1] = np.inf  # rounding must not leave a gap at the end
    return np.asarray((random.random(len(shares))[:, None] >= upper).sum(axis=1), np.int64)


def _normalised(shares: Sequence[float]) -> list[float]:
    return [share / sum(shares) for share in shares]


def _written(article: str, voices: Sequence[str]) -> tuple[str, list[Statement]]:
    """Write an article that attributes a numbered statement to each voice in turn."""
    text, statements = "", []
    for number, voice in enumerate(voices, start=1):
        source = Span(len(text), len(text) + len(voice))
        cue = Span(source.end + 1, source.end + 5)
        said = f"Statement {number} of {article}."
        content = Span(cue.end + 3, cue.end + 3 + len(said))
        text += f"{voice} said, “{said}”\n"
        statements.append(
            Statement(
                statement_id=statement_id(article, (content,)),
                article_id=article,
                content=(content,),
                cue=cue,
                source=source,
                quote_type=QuoteType.DIRECT,
                cue_class=CueClass.SPEECH,
                confidence=1.0,
                extractor=MODEL,
                speaker_id=voice,
                resolution=Resolution.EXACT,
                resolution_confidence=1.0,
            )
        )
    return text or "Nobody is quoted here.\n", statements


def _experiment(simulation: Simulation) -> Experiment:
    """Return the experiment that measures a simulated run; its corpus are the articles in the run folder itself."""
    asked = {"target": simulation.target}
    metrics: list[NamedPart] = [
        Part(kind="source_share"),
        *(Part(kind=kind, **asked) for kind in ("net_stance", "expression_rate", "abstention_rate")),
        Part(kind="stance_share", by_speaker=False, **asked),
    ]
    return Experiment(
        name=simulation.name,
        seed=simulation.seed,
        corpus=Corpus(kind="files", path="articles.parquet"),
        wire=None,
        measure=Measure(metrics=tuple(metrics), period=None),
        report=Report(charts=(Part(kind="voice"), Part(kind="stance_by_outlet", **asked))),
    )
