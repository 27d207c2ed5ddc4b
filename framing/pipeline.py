"""The stages in order: articles stream through the parts into tables, tables into estimates, these into a report."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from framing import registry
from framing.config import Experiment, Part
from framing.errors import CorpusError
from framing.progress import tracked
from framing.protocols import (
    ArticleStatements,
    Chart,
    Metric,
    QuoteExtractor,
    Reader,
    Rejection,
    SpeakerResolver,
    StanceClassifier,
)
from framing.resources import PREFIX, locate
from framing.run import Manifest, Run, sha256_of
from framing.stance.queries import queries
from framing.types import Article, Speaker, Stance

if TYPE_CHECKING:
    import polars as pl

BATCH = 64
CHECKED_ROWS = 100


class Parts(NamedTuple):
    """The parts of an experiment, built and checked before the first article is read."""

    reader: Reader
    extractor: QuoteExtractor
    resolver: SpeakerResolver
    classifier: StanceClassifier | None
    metrics: tuple[Metric, ...]
    charts: Mapping[str, Chart]


class Analysed(NamedTuple):
    """One article with everything the chain found in it."""

    found: ArticleStatements
    speakers: tuple[Speaker, ...]
    stances: tuple[Stance, ...]


def assemble(experiment: Experiment) -> Parts:
    """Build every part of an experiment.

    Raises:
        ConfigError: a kind is unknown or an option does not fit.
    """
    return Parts(
        reader=_build("corpus", experiment.corpus, "corpus"),
        extractor=_build("quotes", experiment.quotes, "quotes"),
        resolver=_build("speakers", experiment.speakers, "speakers"),
        classifier=_build("stance", experiment.stance, "stance") if experiment.stance else None,
        metrics=tuple(
            _build("metrics", part, f"measure.metrics.{i}") for i, part in enumerate(experiment.measure.metrics)
        ),
        charts=build_charts(experiment),
    )


def build_charts(experiment: Experiment) -> dict[str, Chart]:
    """Build the charts of an experiment by kind; a second chart of one kind gets a number behind its name.

    Raises:
        ConfigError: a kind is unknown or an option does not fit.
    """
    charts: dict[str, Chart] = {}
    for i, part in enumerate(experiment.report.charts):
        again = sum(name.partition("-")[0] == part.kind for name in charts)
        charts[f"{part.kind}-{again + 1}" if again else part.kind] = _build("charts", part, f"report.charts.{i}")
    return charts


def analyse(
    articles: Sequence[Article],
    extractor: QuoteExtractor,
    resolver: SpeakerResolver,
    classifier: StanceClassifier | None = None,
) -> list[Analysed]:
    """Run the stages over one batch of articles; the result is aligned with it."""
    extracted = [ArticleStatements(*pair) for pair in zip(articles, extractor(articles), strict=True)]
    resolved = resolver(extracted)
    found = [ArticleStatements(a.article, r.statements) for a, r in zip(extracted, resolved, strict=True)]
    asked = [queries(item, classifier.targets) if classifier else [] for item in found]
    answered = iter(classifier([query for some in asked for query in some]) if classifier else ())
    stances = [tuple(islice(answered, len(some))) for some in asked]
    return [Analysed(f, r.speakers, s) for f, r, s in zip(found, resolved, stances, strict=True)]


def run(
    experiment: Experiment,
    *,
    output: Path = Path("reports"),
    command: Sequence[str] = (),
    overrides: Sequence[str] = (),
) -> Path:
    """Execute an experiment and return its run folder.

    Raises:
        ConfigError: a part does not fit; nothing is written then.
        CorpusError: the corpus as a whole cannot be read, or holds no article.
    """
    parts = assemble(experiment)
    current = Run(experiment, output, list(command), list(overrides))
    with current.recorded():
        current.manifest.resources = _resource_hashes(experiment)
        _fill_tables(experiment, parts, current)
        with current.timed("estimates"):
            _write_estimates(experiment, parts, current)
        with current.timed("report"):
            render(experiment, parts.charts, current.folder, current.manifest)
    return current.folder


def render(experiment: Experiment, charts: Mapping[str, Chart], folder: Path, manifest: Manifest) -> Path:
    """Draw the figures and write `report.html` from the tables of a run folder; no model is needed."""
    from framing import plot, report, tables

    loaded = {name: tables.read(folder, name) for name in ("estimates", "speakers")}
    drawn = {name: plot.save(chart(loaded), folder / "figures", name) for name, chart in charts.items()}
    details = report.Details(
        title=experiment.report.title or experiment.name,
        started=manifest.started,
        config_sha256=manifest.config_sha256,
        versions=manifest.versions,
        counts=manifest.counts,
        warnings=manifest.warnings,
    )
    return report.write(folder, drawn, details, articles=experiment.report.articles)


def check(experiment: Experiment) -> list[str]:
    """Build every part and read the first rows of the corpus; return what was found, a line each.

    Raises:
        ConfigError: a part does not fit.
        CorpusError: the corpus as a whole cannot be read.
    """
    parts = assemble(experiment)
    rows = list(islice(parts.reader(), CHECKED_ROWS))
    rejections = [row for row in rows if isinstance(row, Rejection)]
    return [
        f"{experiment.name}: every part fits",
        f"corpus: of the first {len(rows)} rows {len(rows) - len(rejections)} are articles",
        *(f"  {rejection.file} row {rejection.row}: {rejection.reason}" for rejection in rejections),
        *(f"metric: {metric}" for metric in parts.metrics),
    ]


def _build(seam: str, part: Part, place: str) -> Any:
    return registry.build(seam, part.kind, part.options, place=place)


def _fill_tables(experiment: Experiment, parts: Parts, current: Run) -> None:
    from framing import tables

    written = [name for name in tables.SCHEMAS if name != "stances" or parts.classifier]
    writers = {name: tables.TableWriter(name, current.folder / f".{name}") for name in written}
    speakers: dict[str, Speaker] = {}
    with (current.folder / "rejected.jsonl").open("w", encoding="utf-8") as rejected:
        articles = _accepted(tracked(parts.reader(), "articles"), rejected, current)
        while batch := _timed_batch(articles, current):
            with current.timed("statements"):
                analysed = analyse(batch, parts.extractor, parts.resolver, parts.classifier)
            with current.timed("tables"):
                for item in analysed:
                    row = tables.article_row(item.found.article)
                    writers["articles"].add([row if experiment.corpus.keep_text else {**row, "text": None}])
                    writers["statements"].add(tables.statement_rows(item.found))
                    if parts.classifier:
                        writers["stances"].add(map(tables.stance_row, item.stances))
                    _merge(speakers, item.speakers)
    with current.timed("tables"):
        writers["speakers"].add(map(tables.speaker_row, speakers.values()))
        for name, writer in writers.items():
            current.manifest.counts[name] = writer.close(current.folder / f"{name}.parquet")
            current.log("table", name=name, rows=current.manifest.counts[name])
    counts = current.manifest.counts
    if not counts["articles"]:
        raise CorpusError(
            f"corpus: no article could be read ({counts['rejected']} rows rejected); "
            f"see {current.folder / 'rejected.jsonl'} for the reason of each"
        )
    if counts["rejected"]:
        current.warn(f"{counts['rejected']} rows of the corpus were rejected; rejected.jsonl gives the reason of each")
    if not counts["statements"]:
        current.warn("no statement was found in any article")


def _accepted(items: Iterable[Article | Rejection], rejected: Any, current: Run) -> Iterator[Article]:
    counts = current.manifest.counts
    counts["rejected"] = 0
    for item in items:
        if isinstance(item, Rejection):
            counts["rejected"] += 1
            rejected.write(json.dumps(item._asdict(), ensure_ascii=False) + "\n")
        else:
            yield item


def _timed_batch(articles: Iterator[Article], current: Run) -> list[Article]:
    with current.timed("articles"):
        return list(islice(articles, BATCH))


def _merge(speakers: dict[str, Speaker], found: Iterable[Speaker]) -> None:
    """Keep each speaker once: aliases of all articles together, the rest from the first article that says it."""
    for new in found:
        old = speakers.setdefault(new.speaker_id, new)
        if old is not new:
            speakers[new.speaker_id] = dataclasses.replace(
                old,
                role=old.role or new.role,
                affiliation=old.affiliation or new.affiliation,
                aliases=tuple(sorted({*old.aliases, *new.aliases})),
                wikidata_id=old.wikidata_id or new.wikidata_id,
            )


def _write_estimates(experiment: Experiment, parts: Parts, current: Run) -> None:
    from framing import tables

    loaded = load_tables(current.folder)
    current.manifest.corpus_sha256 = corpus_sha256(loaded["articles"])
    estimates = _estimates(experiment, parts, loaded)
    current.manifest.counts["estimates"] = len(estimates)
    tables.write(tables.estimates_table(estimates), current.folder / "estimates.parquet")


def _estimates(experiment: Experiment, parts: Parts, loaded: Mapping[str, pl.DataFrame]) -> list[Any]:
    from framing.measure import Bootstrap, measure

    chosen = experiment.measure
    interval = Bootstrap(level=chosen.interval.level, resamples=chosen.interval.resamples)
    groupings = [(), chosen.by, *([(*chosen.by, chosen.period)] if chosen.period else [])]
    return [
        estimate
        for by in dict.fromkeys(groupings)
        for estimate in measure(loaded, parts.metrics, by=by, interval=interval, seed=experiment.seed)
    ]


def load_tables(folder: Path) -> dict[str, pl.DataFrame]:
    """Read the tables that metrics count in; the text of the articles stays on disk."""
    from framing import tables

    loaded = {
        "articles": tables.read(folder, "articles", [name for name in tables.SCHEMAS["articles"] if name != "text"])
    }
    for name in ("statements", "speakers", "stances"):
        if (folder / f"{name}.parquet").exists():
            loaded[name] = tables.read(folder, name)
    return loaded


def corpus_sha256(articles: pl.DataFrame) -> str:
    """Return the fingerprint of a corpus: the same articles give the same hash in whatever files they came."""
    import hashlib

    rows = articles.select("article_id", "outlet", "published", "text_sha256").sort("article_id")
    return hashlib.sha256(rows.write_json().encode()).hexdigest()


def _resource_hashes(experiment: Experiment) -> dict[str, str]:
    """Hash every file or folder (codebook, lexicon, aliases, model) that an option of a part names."""
    named = [experiment.quotes, experiment.speakers, *([experiment.stance] if experiment.stance else [])]
    seams = ("quotes", "speakers", "stance")
    found = {}
    for seam, part in zip(seams, named, strict=False):
        built = registry.build(seam, part.kind, part.options)
        for field in dataclasses.fields(built):
            value = getattr(built, field.name)
            if isinstance(value, str) and (value.startswith(PREFIX) or "/" in value) and locate(value).exists():
                found[f"{seam}.{field.name}: {value}"] = sha256_of(locate(value))
    return found
