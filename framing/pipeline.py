"""The stages in order: articles stream through the parts into tables, tables into estimates, these into a report."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, NamedTuple, TextIO

from framing.collation import Collation
from framing.config import Align as AlignSection
from framing.config import Experiment, load
from framing.errors import CorpusError
from framing.estimation import estimated, judge
from framing.jsonlines import json_line
from framing.parts import Parts, assemble, build_charts, resource_hashes
from framing.progress import tracked
from framing.protocols import (
    ArticleStatements,
    Chart,
    Metric,
    QuoteExtractor,
    Rejection,
    SpeakerResolver,
    StanceClassifier,
)
from framing.run import Manifest, Run, hash_files, read_manifest, write_manifest
from framing.stance.queries import queries
from framing.types import Article, Speaker, Stance

if TYPE_CHECKING:
    import polars as pl

    from framing.coding.corrections import HandCodes

BATCH = 64
BATCH_CHARACTERS = 4_000_000  # a batch of long articles ends early, so that memory stays bounded
CHECKED_ROWS = 100


class Analysed(NamedTuple):
    """One article with everything the chain found in it."""

    found: ArticleStatements
    speakers: tuple[Speaker, ...]
    stances: tuple[Stance, ...]


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


def batches(articles: Iterable[Article]) -> Iterator[list[Article]]:
    """Yield articles in batches of at most `BATCH` articles and about `BATCH_CHARACTERS` characters."""
    batch: list[Article] = []
    size = 0
    for article in articles:
        batch.append(article)
        size += len(article.text)
        if len(batch) == BATCH or size >= BATCH_CHARACTERS:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


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
        current.manifest.resources = resource_hashes(parts)
        _fill_tables(experiment, parts, current)
        if experiment.measure.align:
            with current.timed("aligned"):
                write_aligned(experiment.measure.align, current)
        with current.timed("estimates"):
            write_estimates(experiment, parts.metrics, current, parts.hand_codes)
        with current.timed("report"):
            render(experiment, parts.charts, current.folder, current.manifest)
    return current.folder


def render(experiment: Experiment, charts: Mapping[str, Chart], folder: Path, manifest: Manifest) -> Path:
    """Draw the figures and write `report.html` from the tables of a run folder; no model is needed."""
    from framing import curves, methods, plot, report, tables

    loaded = {name: tables.read(folder, name) for name in ("estimates", "speakers")}
    drawn = {name: plot.save(chart(loaded), folder / "figures", name) for name, chart in charts.items()}
    details = report.Details(
        title=experiment.report.title or experiment.name,
        started=manifest.started,
        config_sha256=manifest.config_sha256,
        versions=manifest.versions,
        counts=manifest.counts,
        warnings=manifest.warnings,
        by=experiment.measure.by,
        wire_notes=manifest.wire_notes,
        of=experiment.measure.compare.of if experiment.measure.compare else "outlet",
        record=methods.Record(**{name: getattr(manifest, name) for name in methods.Record._fields}),
    )
    varied = {
        name: plot.save(drawing, folder / "figures", name) for name, drawing in curves.figures(curves.read(folder))
    }
    return report.write(folder, drawn, details, articles=experiment.report.articles, curve_figures=varied)


def render_again(folder: Path) -> Path:
    """Write the report of a finished run anew from its own configuration, and the hashes of its files with it.

    Raises:
        CorpusError: the run has no tables, because it failed.
    """
    experiment, manifest = load(str(folder / "config.yaml")), read_manifest(folder)
    written = render(experiment, build_charts(experiment), folder, manifest)
    manifest.files = hash_files(folder)
    write_manifest(folder, manifest)
    return written


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
        *(f"chart: {name}" for name in parts.charts),
    ]


def load_tables(folder: Path) -> dict[str, pl.DataFrame]:
    """Read the tables that metrics count in; the text of the articles stays on disk."""
    from framing import tables

    loaded = {
        "articles": tables.read(folder, "articles", [name for name in tables.SCHEMAS["articles"] if name != "text"])
    }
    for name in ("statements", "speakers", "stances", "wire", "aligned"):
        if (folder / f"{name}.parquet").exists():
            loaded[name] = tables.read(folder, name)
    return loaded


def write_aligned(chosen: AlignSection, current: Run) -> None:
    """Write the table of the utterances that several outlets render."""
    from framing import tables
    from framing.measure.alignment.align import Align

    align = Align(**chosen.model_dump(include={field.name for field in dataclasses.fields(Align)}))
    aligned = align(load_tables(current.folder))
    current.manifest.counts["aligned"] = aligned.height
    tables.write(aligned, current.folder / "aligned.parquet")


def write_estimates(
    experiment: Experiment, metrics: Sequence[Metric], current: Run, hand_codes: HandCodes | None = None
) -> None:
    """Measure the tables of a run folder and write the table of estimates; before it, those of the classifier's errors.

    Raises:
        CorpusError: the hand codes are not those of a probability sample of this run.
    """
    from framing import tables

    loaded = load_tables(current.folder)
    current.manifest.corpus_sha256 = corpus_sha256(loaded["articles"])
    coded = judge(experiment, hand_codes, loaded, current.folder) if hand_codes else None
    estimates = estimated(experiment, metrics, loaded, coded)
    current.manifest.counts["estimates"] = len(estimates)
    tables.write(tables.estimates_table(estimates), current.folder / "estimates.parquet")


def corpus_sha256(articles: pl.DataFrame) -> str:
    """Return the fingerprint of a corpus: the same articles give the same hash in whatever files they came."""
    digest = hashlib.sha256()
    for row in articles.select("article_id", "outlet", "published", "text_sha256").sort("article_id").iter_rows():
        digest.update(json.dumps(row, default=str).encode())
    return digest.hexdigest()


def _fill_tables(experiment: Experiment, parts: Parts, current: Run) -> None:
    from framing import tables

    written = [name for name in tables.SCHEMAS if name != "stances" or parts.classifier]
    speakers: dict[str, Speaker] = {}
    with (
        TemporaryDirectory(prefix=".parts-", dir=current.folder) as parts_folder,
        (current.folder / "rejected.jsonl").open("w", encoding="utf-8") as rejected,
    ):
        writers = {name: tables.TableWriter(name, Path(parts_folder) / name) for name in written}
        articles = _accepted(tracked(parts.reader(), "articles"), rejected, current)
        collation = Collation(parts)
        read = batches(articles)
        while batch := _timed_next(read, current):
            with current.timed("wire"):
                collation.add(batch)
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
    _check_counts(current)
    with current.timed("wire"):
        collation.write(current)


def _check_counts(current: Run) -> None:
    counts = current.manifest.counts
    if not counts["articles"]:
        raise CorpusError(
            f"corpus: no article could be read ({counts['rejected']} rows rejected); "
            f"see {current.folder / 'rejected.jsonl'} for the reason of each"
        )
    if counts["rejected"]:
        current.warn(
            f"rows of the corpus that could not be read: {counts['rejected']}; rejected.jsonl has the reason of each"
        )
    if not counts["statements"]:
        current.warn("no statement was found in any article")


def _accepted(items: Iterable[Article | Rejection], rejected: TextIO, current: Run) -> Iterator[Article]:
    counts = current.manifest.counts
    counts["rejected"] = 0
    for item in items:
        if isinstance(item, Rejection):
            counts["rejected"] += 1
            rejected.write(json_line(item._asdict()))
        else:
            yield item


def _timed_next(read: Iterator[list[Article]], current: Run) -> list[Article]:
    with current.timed("articles"):
        return next(read, [])


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
