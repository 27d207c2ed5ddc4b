"""Compare runs: match their articles, estimate what differs, and write tables, figures and one page."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl

from framing import plot, tables
from framing.charts import by_method, counted, grouped
from framing.comparison import page
from framing.comparison.combined import MATCHED, PAIR, combine
from framing.comparison.corrected import correctable_runs, corrected_estimates, said_of_correction
from framing.comparison.figures import difference_figure, headline
from framing.comparison.labels import LabelChanges, counterparts, label_changes, stacked
from framing.comparison.matching import Matching, match
from framing.comparison.runs import ComparedRun, metrics_of, read_runs
from framing.errors import ConfigError, CorpusError, did_you_mean
from framing.measure import Bootstrap, measure
from framing.measure.between import between
from framing.measure.corrected_cell import PPI
from framing.measure.differences import OVER
from framing.measure.grouping import ARTICLE_GROUPS, RUN
from framing.measure.scopes import EVENTS
from framing.protocols import Metric
from framing.summary import is_share, with_interval
from framing.writing import write_text

COMPARISON = "comparison.json"
SECTIONS = ("corpus", "quotes", "speakers", "stance", "wire", "seed")


class Options(NamedTuple):
    """What is compared: metrics by canonical name (without any, all in common), by which groups, and how strictly."""

    metrics: Sequence[str] = ()
    by: Sequence[str] = ()
    paired: bool = False
    articles: int = 500


DEFAULT = Options()


def compare(places: Sequence[str], output: Path, options: Options = DEFAULT) -> page.Compared:
    """Compare runs with the first of them and write the comparison into a new folder.

    The folder gets `estimates.parquet`, `changed_labels.parquet` and `.csv`, `figures/`, `report.html` and
    `comparison.json`, which names the runs. Interval, correction and seed are those of the first run. Runs that have
    hand codes toward one target are compared once more as these correct them.

    Raises:
        ConfigError: the runs have no target or metric in common, or an option does not fit.
        CorpusError: a folder is no finished run, no article is in two runs though `paired` asks so, or the output
            exists.
    """
    runs = read_runs(places)
    metrics, notes = metrics_of(runs, options.metrics)
    by, said = _by(runs, options.by)
    matchings = [match(runs[0].tables["articles"], run.tables["articles"]) for run in runs[1:]]
    policies = {run.wire_policy for run in runs}
    said += ["wire copy: " + "; ".join(f"{run.label}: {run.wire_policy}" for run in runs)] * (len(policies) > 1)
    warnings = [*notes, *said, *_matching_notes(runs, matchings, options.paired)]
    found = _compared(runs, metrics, by, matchings, warnings)
    _new(output)
    tables.write(found.estimates, output / "estimates.parquet")
    own_ids = [pl.col(name).str.replace(r"^\d+/", "") for name in ("statement_before", "statement_after")]
    changes = found.changes.with_columns(own_ids)
    tables.write(changes, output / "changed_labels.parquet")
    write_text(output / "changed_labels.csv", changes.write_csv(), encoding="utf-8-sig")
    labels = [run.label for run in runs]
    figures = {
        name: plot.save(difference_figure(str(metric), found.estimates, labels, by[0] if by else None), folder, name)
        for folder in [output / "figures"]
        for name, metric in _figure_names(metrics)
    }
    page.write(output, found, figures, articles=options.articles)
    write_text(output / COMPARISON, json.dumps(_record(found, metrics), indent=1, ensure_ascii=False) + "\n")
    return found


def _compared(
    runs: Sequence[ComparedRun],
    metrics: Sequence[Metric],
    by: Sequence[str],
    matchings: Sequence[Matching],
    warnings: Sequence[str],
) -> page.Compared:
    first, chosen = runs[0], runs[0].experiment.measure
    interval = Bootstrap(
        level=chosen.interval.level,
        resamples=chosen.interval.resamples,
        method="studentised" if chosen.interval.method == "studentised" else "percentile",
    )
    asked = chosen.compare
    combined = combine(runs, matchings)
    by_hand = correctable_runs(runs, combined, metrics)
    tie = MATCHED if any(matching.pairs.height for matching in matchings) else EVENTS
    seed = first.experiment.seed
    estimates = []
    for groups in dict.fromkeys([(), tuple(by)]):
        estimates += measure(combined, metrics, by=(RUN, *groups), interval=interval, seed=seed)
        estimates += between(
            combined,
            metrics,
            first=first.label,
            by=groups,
            tie=tie,
            correction=asked.correction if asked else "holm",
            permutations=asked.permutations if asked else 999,
            interval=interval,
            seed=seed,
        )
        estimates += corrected_estimates(by_hand, groups) if by_hand else []
    policy = " / ".join(dict.fromkeys(run.wire_policy for run in runs))
    table = tables.estimates_table([replace(each, wire_policy=policy) for each in estimates])
    targets = sorted(set.intersection(*(run.targets for run in runs)))
    answers = [
        label_changes(combined, run.label, first=first.label, target=target, interval=interval, seed=seed)
        for run, matching in zip(runs[1:], matchings, strict=True)
        for target in targets
        if matching.pairs.height
    ]
    changes, labels = stacked([rows for _, rows in answers]), [found for found, _ in answers]
    return page.Compared(
        runs=runs,
        tables=combined,
        by=by,
        estimates=table,
        changes=changes,
        labels=labels,
        counterparts=[counterparts(combined, run.label, first.label) for run in runs[1:]],
        sentences=[
            *_sentences(runs, matchings, table, metrics),
            *(_changed_sentence(found, first.label) for found in labels),
        ],
        warnings=[*warnings, *said_of_correction(runs, by_hand)],
        facts=list(_facts(runs, matchings)),
    )


def _by(runs: Sequence[ComparedRun], asked: Sequence[str]) -> tuple[tuple[str, ...], list[str]]:
    """Return the groups of articles that are compared within, and what is said where those of the runs cannot be."""
    for name in asked:
        if name not in ARTICLE_GROUPS:
            raise ConfigError(
                f"--by {name}: there is no grouping of articles of that name; {did_you_mean(name, ARTICLE_GROUPS)}"
            )
    own = runs[0].experiment.measure.by
    if asked:
        return tuple(asked), []
    if all(name in ARTICLE_GROUPS for name in own):
        return own, []
    return (), [
        f"measure.by of {runs[0].label} ({', '.join(own)}) groups statements; runs are compared over everything"
    ]


def _matching_notes(runs: Sequence[ComparedRun], matchings: Sequence[Matching], paired: bool) -> Iterator[str]:
    first = runs[0]
    for run, matching in zip(runs[1:], matchings, strict=True):
        if not matching.pairs.height:
            said = (
                f"{run.label} ({run.folder}) has no article in common with {first.label} ({first.folder}): neither ids "
                f"with the same outlet and date nor texts match"
            )
            if paired:
                raise CorpusError(f"compare: {said}; name runs of one corpus, or leave out --paired")
            yield f"{said}. They are compared as separate samples, and no label can be compared"
        if matching.rewritten:
            count = counted(matching.rewritten, "article")
            yield f"{count} of {run.label} with the id, outlet and date of one of {first.label}, and another text"
        if matching.strangers:
            yield (
                f"{counted(matching.strangers, 'article')} of {run.label} with the id, but neither the text nor the "
                f"outlet and date, of one of {first.label}: taken for other articles"
            )


def _sentences(
    runs: Sequence[ComparedRun], matchings: Sequence[Matching], estimates: pl.DataFrame, metrics: Sequence[Metric]
) -> Iterator[str]:
    first = runs[0]
    for run, matching in zip(runs[1:], matchings, strict=True):
        by_text = matching.pairs.filter(pl.col("by") == "text").height
        yield (
            f"{run.label} has {counted(run.tables['articles'].height, 'article')}, {first.label} "
            f"{first.tables['articles'].height:,}; {matching.pairs.height:,} are in both"
            + (f", {by_text:,} of these matched by their text." if by_text else ".")
        )
    for metric in (str(metric) for metric in metrics if not metric.keys):
        share = is_share(metric)
        for method, how in ((None, ""), (PPI, ", corrected by hand codes")):
            made = by_method(estimates, method)
            own = {row[RUN]: row for row in grouped(made, metric, (RUN,)).iter_rows(named=True)}
            for row in headline(grouped(made, metric, (RUN, "against", OVER))).iter_rows(named=True):
                values = ", ".join(
                    f"{name} {with_interval(own[name], share=share)}" for name in (row[RUN], first.label)
                )
                yield f"{metric}{how}: {values}; difference over {row[OVER]} {with_interval(row, share=share)}."


def _changed_sentence(found: LabelChanges, first: str) -> str:
    return (
        f"{found.target}: of {counted(found.both, 'statement')} that {found.run} and {first} both have, "
        f"{found.changed:,} changed their label. {page.agreement(found)}"
    )


def _facts(runs: Sequence[ComparedRun], matchings: Sequence[Matching]) -> Iterator[Mapping[str, Any]]:
    first = runs[0].experiment.as_dict()
    for run, matching in zip(runs, chain([None], matchings), strict=True):
        own = run.experiment.as_dict()
        by = {} if matching is None else dict(matching.pairs.group_by("by").len().iter_rows())
        yield {
            "label": run.label,
            "started": run.manifest.started[:16].replace("T", " "),
            "configuration": run.manifest.config_sha256[:8],
            "articles": f"{run.tables['articles'].height:,}",
            "statements": f"{run.tables['statements'].height:,}",
            "by_id": "–" if matching is None else f"{by.get('id', 0):,}",
            "by_text": "–" if matching is None else f"{by.get('text', 0):,}",
            "differs": "" if matching is None else ", ".join(s for s in SECTIONS if own.get(s) != first.get(s)),
        }


def _figure_names(metrics: Sequence[Metric]) -> Iterator[tuple[str, Metric]]:
    single = [metric for metric in metrics if not metric.keys]
    for number, metric in enumerate(single, start=1):
        yield f"compare-{number}-{str(metric).partition('(')[0]}", metric


def _record(found: page.Compared, metrics: Sequence[Metric]) -> dict[str, Any]:
    """Return what names the runs of a comparison, so that it can be made again."""
    return {
        "runs": [
            {
                "label": run.label,
                "folder": str(run.folder),
                "started": run.manifest.started,
                "config_sha256": run.manifest.config_sha256,
                "corpus_sha256": run.manifest.corpus_sha256,
                "articles_matched": None
                if number == 0
                else found.tables["articles"].filter((pl.col(RUN) == run.label) & pl.col(PAIR).is_not_null()).height,
            }
            for number, run in enumerate(found.runs)
        ],
        "metrics": [str(metric) for metric in metrics],
        "by": list(found.by),
        "seed": found.runs[0].experiment.seed,
        "warnings": list(found.warnings),
    }


def _new(folder: Path) -> None:
    if folder.exists() and any(folder.iterdir() if folder.is_dir() else [folder]):
        raise CorpusError(f"{folder}: is there already and not empty; choose another -o")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CorpusError(f"{folder}: cannot be made ({error.strerror}); choose another -o") from error
