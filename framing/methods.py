"""The methods section of a report: what a run did, said from its manifest and its tables, with what it rests on.

A sentence is written only of what the tables hold or the manifest records; parts that are not of this package are named
and not described.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import polars as pl

from framing import curves, tables
from framing.charts import counted
from framing.measure.classifier_error import ROGAN_GLADEN
from framing.measure.differences import AGAINST
from framing.measure.wire import CORRECTED, WIRE
from framing.plot import RULE
from framing.resources import PREFIX, read_yaml
from framing.summary import FEW

REFERENCES = f"{PREFIX}references.yaml"
CITED_FOR: Mapping[str, tuple[str, ...]] = {
    "source_share": ("sigal1973",),
    "net_stance": ("kriesi2008",),
    "balance": ("lowe2011",),
    "logit_balance": ("lowe2011",),
    "source_diversity": ("hill1973", "chao2014"),
}
ADJUSTED_BY = {"Holm": ("holm1979",), "Benjamini–Hochberg": ("benjamini1995",), "max-T": ("westfall1993",)}
POLICIES = {
    "keep": "copies count like any other article",
    "drop": "one article stands for each copied text",
    "weight": "each of n copies weighs 1/n",
}


class Record(NamedTuple):
    """What the manifest of a run says about how it was made."""

    config: Mapping[str, Any]
    resources: Mapping[str, str]
    versions: Mapping[str, str]
    counts: Mapping[str, int]
    corpus_sha256: str | None
    config_sha256: str
    seed: int
    git: Mapping[str, str | bool] | None = None
    wire_notes: Sequence[str] = ()


class Reference(NamedTuple):
    """One work, as it is cited and as it is listed."""

    key: str
    cite: str
    listed: str


class Sentence(NamedTuple):
    """What was done, and the works that it rests on."""

    text: str
    references: list[Reference]


class Methods(NamedTuple):
    """The paragraph, sentence by sentence, and the works that it cites, by author."""

    sentences: list[Sentence]
    references: list[Reference]


def methods(folder: Path, record: Record) -> Methods:
    """Say what a run did.

    Raises:
        CorpusError: a table of the run is missing.
    """
    known = {key: _reference(key, work) for key, work in read_yaml(REFERENCES).items()}
    said = [
        Sentence(text, [known[key] for key in dict.fromkeys(keys)])
        for text, keys in (*_corpus(folder, record), *_chain(folder, record), *_measures(folder, record))
    ]
    cited = {reference.key: reference for sentence in said for reference in sentence.references}
    return Methods(said, sorted(cited.values(), key=lambda reference: reference.listed))


Said = Iterator[tuple[str, tuple[str, ...]]]


def _corpus(folder: Path, record: Record) -> Said:
    articles = tables.read(folder, "articles", ["outlet", "published", "event_id"])
    days, outlets = articles["published"].drop_nulls(), articles["outlet"].drop_nulls().n_unique()
    dated = f", dated {days.min()!s} to {days.max()!s}" if len(days) else ", none of them dated"
    dated += f" ({articles.height - len(days):,} without a date)" if 0 < len(days) < articles.height else ""
    rejected = record.counts.get("rejected", 0)
    yield (
        f"The corpus has {counted(articles.height, 'article')} of {counted(outlets, 'outlet')}{dated}; "
        f"{counted(rejected, 'row')} could not be read. Its fingerprint is {_short(record.corpus_sha256)}.",
        (),
    )
    if record.config.get("events"):
        events = articles["event_id"].drop_nulls().n_unique()
        yield f"{counted(events, 'event')} were told by the part {record.config['events']['kind']!r}.", ()
    elif articles["event_id"].null_count() < articles.height:
        yield f"Event ids came with the corpus ({counted(articles['event_id'].drop_nulls().n_unique(), 'event')}).", ()
    wire = record.config.get("wire")
    if wire is None or not (folder / "wire.parquet").exists():
        yield "Wire copy was not looked for.", ()
        return
    ledger = tables.read(folder, WIRE)
    estimates = tables.read(folder, "estimates")
    beside = estimates[WIRE].drop_nulls().unique().sort().to_list() if WIRE in estimates.columns else []
    again = "".join(f"; the main estimates were made once more where {POLICIES[policy]}" for policy in beside)
    how = " by MinHash, confirmed by containment of shingles" if wire["kind"] == "minhash" else ""
    yield (
        f"Wire copy was looked for{how}: {counted(ledger.height, 'article')} share a text with another outlet. In the "
        f"estimates {POLICIES[wire.get('policy', 'keep')]} (policy {wire.get('policy', 'keep')!r}){again}.",
        ("broder1997",) if how else (),
    )


def _chain(folder: Path, record: Record) -> Said:
    if (folder / "truth.parquet").exists():
        yield "Articles, statements and labels are made up by `framing simulate`: no classifier saw them.", ()
        return
    statements = tables.read(folder, "statements", ["extractor", "resolution", "speaker_id"])
    extractors = ", ".join(statements["extractor"].unique().sort()) or "none"
    yield (
        f"{counted(statements.height, 'statement')} were found by the part {_kind(record, 'quotes')} "
        f"(extractor {extractors}{_hashes(record, 'quotes')}).",
        (),
    )
    if statements.height:
        ways = statements["resolution"].value_counts().sort("count", "resolution", descending=[True, False])
        shares = ", ".join(f"{way} {count / statements.height:.0%}" for way, count in ways.iter_rows())
        nobody = statements["speaker_id"].null_count() / statements.height
        yield (
            f"Their sources were resolved to speakers by the part {_kind(record, 'speakers')}"
            f"{_hashes(record, 'speakers', ' (', ')')}: {shares}; {nobody:.0%} have no speaker.",
            (),
        )
    if not (folder / "stances.parquet").exists():
        yield "No stance was asked for.", ()
        return
    stances = tables.read(folder, "stances", ["target", "abstained", "model", "label"])
    models = ", ".join(stances["model"].unique().sort()) or "none"
    targets = ", ".join(stances["target"].unique().sort()) or "no target"
    yield (
        f"Their stance toward {targets} was labelled by the part {_kind(record, 'stance')} "
        f"(model {models}{_hashes(record, 'stance')}).",
        (),
    )
    if stances.height:
        abstained = stances["abstained"].sum()
        yield (
            f"It abstained from {abstained:,} of {stances.height:,} decisions ({abstained / stances.height:.1%}), "
            "which are counted apart and have no label.",
            (),
        )


def _measures(folder: Path, record: Record) -> Said:
    estimates = tables.read(folder, "estimates")
    plain = estimates.filter(pl.col(CORRECTED).is_null()) if CORRECTED in estimates.columns else estimates
    names = estimates["metric"].unique().sort().to_list()
    cited = [key for name in names for key in CITED_FOR.get(name.partition("(")[0], ())]
    yield f"Measured were {', '.join(names) or 'no metrics'}.", tuple(cited)
    made = sorted(
        {text.partition(", ")[2].partition(", p by ")[0] for text in plain.drop_nulls("low")["estimator"]} - {""}
    )
    resamples = record.config["measure"]["interval"]["resamples"]
    if made:
        rule = ("hanley1983",) if any(RULE in text for text in made) else ()
        yield (
            f"Intervals are these: {'; '.join(made)} ({resamples:,} resamples where any are drawn).",
            (*(("field2007", "cameron2008") if any("bootstrap" in text for text in made) else ()), *rule),
        )
    effects = plain["design_effect"].drop_nulls()
    if len(effects):
        yield (
            f"The design effect of clustering in articles has a median of {np.median(effects.to_numpy()):.2f} over "
            f"{counted(len(effects), 'estimate')}.",
            ("kish1965",),
        )
    yield from _tests(estimates)
    if (folder / "error_rates.parquet").exists():
        sample, codes = tables.read(folder, "sample"), tables.read(folder, "hand_codes")
        yield (
            f"Estimates that say so were corrected by the hand codes of {counted(codes.height, 'statement')} in "
            f"{counted(sample.height, 'article')} with given inclusion probabilities, group by group, by "
            "prediction-powered inference clustered by article.",
            ("angelopoulos2023", "duchi2023", "egami2023"),
        )
        yield (
            "Sensitivity and specificity have Wilson's intervals for the effective number of statements.",
            ("wilson1927", "korn1998"),
        )
        if not estimates.filter(pl.col(CORRECTED) == ROGAN_GLADEN).is_empty():
            yield "A second opinion inverts the error rates of each group.", ("rogan1978",)
    elif (folder / "stances.parquet").exists():
        yield "The errors of the stance classifier were not corrected.", ()
    if "term" in estimates.columns:
        yield "Differences were split into who is heard and how the same voices are shown.", ("kitagawa1955",)
    if (folder / "aligned.parquet").exists():
        yield "Quotes of the same utterance were aligned between outlets and compared pair by pair.", ()
    if (folder / f"{curves.TABLE}.parquet").exists():
        yield "The measures were run again under other choices of the analyst.", ("simonsohn2020",)
    git = record.git or {}
    state = f", commit {str(git['commit'])[:8]}{' with changes' * bool(git['dirty'])}" if git else ""
    versions = ", ".join(f"{name} {record.versions[name]}" for name in ("framing", "python") if name in record.versions)
    yield (
        f"Software: {versions}{state}; configuration {_short(record.config_sha256)}, seed {record.seed}.",
        (),
    )


def _tests(estimates: pl.DataFrame) -> Said:
    if AGAINST not in estimates.columns:
        return
    tested = estimates.filter(pl.col("p_value").is_not_null())
    if tested.is_empty():
        return
    adjusted = tested.filter(pl.col("p_adjusted").is_not_null())["correction"].unique().sort()
    used = [name for name in ADJUSTED_BY if any(name in text for text in adjusted)]
    permuted = tested["estimator"].str.contains("p by permutation").any()
    yield (
        f"{counted(tested.height, 'difference')} were tested"
        + (", by permutation of whole articles where the estimate says so" if permuted else "")
        + (f"; p-values are adjusted within each family by {' and '.join(used)}" if used else "; none is adjusted")
        + ", not across families.",
        (*(("chung2013",) if permuted else ()), *(key for name in used for key in ADJUSTED_BY[name])),
    )


def few(estimates: pl.DataFrame) -> tuple[int, int]:
    """Count the estimates that rest on few articles or events, and all that have a value."""
    valued = estimates.drop_nulls("value")
    return valued.filter(pl.col("note").fill_null("").str.contains(FEW, literal=True)).height, valued.height


def _kind(record: Record, seam: str) -> str:
    part = record.config.get(seam)
    return repr(part["kind"]) if part else "(none)"


def _hashes(record: Record, seam: str, before: str = "; ", after: str = "") -> str:
    """Name the files that a part read, with the beginning of their hashes."""
    found = [
        f"{name.partition(': ')[2]} sha256 {_short(digest)}"
        for name, digest in sorted(record.resources.items())
        if name.startswith(f"{seam}.")
    ]
    return f"{before}{'; '.join(found)}{after}" if found else ""


def _short(digest: str | None) -> str:
    return digest[:12] if digest else "unknown"


def _reference(key: str, work: Mapping[str, Any]) -> Reference:
    listed = f"{work['authors']} ({work['year']}). {work['title']}. {work['venue']}."
    return Reference(key, f"{work['cite']} {work['year']}", listed)
