"""The hand-coding round trip of a run: how many articles to code, which ones, and how far the coders agree."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl

from framing import pipeline, registry
from framing.agreement.coefficients import Level
from framing.agreement.study import Model, Scale, study
from framing.coding import plan as planning
from framing.coding import sheet
from framing.coding.codes import check_units
from framing.coding.design import Sample, draw, read_sample
from framing.coding.read import read_codes
from framing.errors import ConfigError, CorpusError, did_you_mean
from framing.measure.interval import Bootstrap
from framing.resources import PREFIX
from framing.run import Manifest, find, read_manifest
from framing.stance.codebook import read_codebook
from framing.writing import write_text

MODEL = "model"
SAMPLE = "sample.csv"
DESIGN = "design.json"


def plan(run: Path, *, half_width: float, by: Sequence[str], target: str | None = None) -> str:
    """Return how many articles of each group have to be coded for intervals of a half width.

    Raises:
        ConfigError: the run has no stances, or not toward this target.
    """
    loaded = pipeline.load_tables(find(run))
    known = _targets(loaded)
    targets = [_chosen(target, known)] if target else known
    return planning.as_text(planning.plan(loaded, targets, half_width=half_width, by=by), half_width)


def sample(
    run: Path,
    output: Path,
    *,
    articles: int,
    by: Sequence[str],
    seed: int,
    target: str | None = None,
    proposition: str | None = None,
) -> str:
    """Draw articles of a run and write what coders and the correction need into a new folder.

    `sample.csv` holds the drawn articles with their inclusion probabilities, `design.json` how they were drawn,
    `coding_sheet.csv` a row a statement, `label_studio.json` and `label_studio.xml` tasks and labelling configuration.

    Raises:
        ConfigError: the run has no such target or no texts, or a group is not one of articles.
        CorpusError: the folder holds a sample already, whose codes would be lost.
    """
    folder = find(run)
    manifest = read_manifest(folder)
    loaded = pipeline.load_tables(folder)
    target = _chosen(target, _targets(loaded))
    drawn = draw(loaded["articles"], size=articles, by=by, seed=seed)
    texts = drawn.articles.join(_texts(folder, drawn), on="article_id", maintain_order="left")
    asked = loaded["stances"].filter(pl.col("target") == target).select("statement_id")
    statements = loaded["statements"].join(asked, on="statement_id", how="semi", maintain_order="left")
    found = list(sheet.items(texts, statements, target, proposition or _proposition(manifest, target)))
    design = {
        "run": manifest.name,
        "corpus_sha256": manifest.corpus_sha256,
        "target": target,
        "by": list(by),
        "articles": articles,
        "seed": seed,
        "strata": [stratum._asdict() for stratum in drawn.strata],
    }
    written = {
        SAMPLE: drawn.articles.write_csv(),
        DESIGN: json.dumps(design, indent=1, ensure_ascii=False) + "\n",
        "coding_sheet.csv": sheet.as_csv(found),
        "label_studio.json": sheet.as_tasks(found),
        "label_studio.xml": sheet.labelling_config(),
    }
    _write_folder(output, written)
    return _summary(drawn, found, output)


class Compared(NamedTuple):
    """What codes are compared with: a run toward a target, and the folder of the sample that was coded."""

    run: Path | None = None
    target: str | None = None
    sample: Path | None = None


ALONE = Compared()


def agree(
    paths: Sequence[Path],
    compared: Compared = ALONE,
    scale: Scale | None = None,
    *,
    interval: Bootstrap | None = None,
    seed: int = 0,
    output: Path | None = None,
) -> str:
    """Compare the codes of people, and with a run its stances as one more coder's.

    Raises:
        ConfigError: the run has no such target, or a sample is given without its run.
        CorpusError: a unit is not in the run or the sample, a label is unknown, or no unit was coded twice.
    """
    codes = read_codes(paths)
    model = None
    if compared.run is not None:
        loaded = pipeline.load_tables(find(compared.run))
        model = _model(loaded, _chosen(compared.target, _targets(loaded)))
        check_units(codes, model.articles, among=f"the run {compared.run}")
        if compared.sample is not None:
            kept = set(read_sample(compared.sample / SAMPLE, loaded["articles"])["article_id"])
            inside = {unit for unit, article in model.articles.items() if article in kept}
            check_units(codes, inside, among=f"the sample {compared.sample}")
    elif compared.sample is not None or compared.target is not None:
        raise ConfigError("--target and --sample: expected --run too, the run that was coded")
    found = study(codes, scale or Scale.of((), Level.NOMINAL), model, interval=interval, seed=seed)
    if output:
        write_text(output, json.dumps(found.as_dict(), indent=1, ensure_ascii=False, allow_nan=False) + "\n")
    return found.as_text()


def _texts(folder: Path, drawn: Sample) -> pl.DataFrame:
    """Read the texts of the drawn articles alone, as a run may hold more text than fits the memory."""
    rows = pl.scan_parquet(folder / "articles.parquet").select("article_id", "text")
    return rows.filter(pl.col("article_id").is_in(drawn.articles["article_id"].implode())).collect()


def _model(loaded: Mapping[str, pl.DataFrame], target: str) -> Model:
    """Take the decided stances of a run as a coder's; what it abstained from it did not code."""
    stances = loaded["stances"].filter(pl.col("target") == target)
    asked = loaded["statements"].join(stances.select("statement_id"), on="statement_id", how="semi")
    decided = stances.filter(~pl.col("abstained"))
    return Model(
        MODEL,
        target,
        dict(decided.select("statement_id", "label").iter_rows()),
        dict(asked.select("statement_id", "article_id").iter_rows()),
        dict(asked.select("statement_id", "content").iter_rows()),
    )


def _targets(loaded: Mapping[str, pl.DataFrame]) -> list[str]:
    if "stances" not in loaded:
        raise ConfigError("the run has no stances to code or compare; add a `stance:` part to the experiment")
    found: list[str] = loaded["stances"]["target"].unique().sort().to_list()
    return found


def _chosen(target: str | None, known: Sequence[str]) -> str:
    if target is None and len(known) == 1:
        return known[0]
    if target is None:
        raise ConfigError(f"--target: expected one of the run's targets ({', '.join(known) or 'it has none'})")
    if target not in known:
        raise ConfigError(f"--target {target}: the run has no such target; {did_you_mean(target, known)}")
    return target


def _proposition(manifest: Manifest, target: str) -> str:
    """Return the target as a sentence, from the codebook of the run, or its name if the run had none."""
    stance: Mapping[str, Any] | None = manifest.config.get("stance")
    if stance is None:
        return target
    part = registry.load("stance", stance["kind"])
    defaults = {field.name: field.default for field in dataclasses.fields(part)}
    path = stance.get("codebook", defaults.get("codebook"))
    if path is None:
        return target
    place = path if str(path).startswith(PREFIX) else Path(manifest.working_folder) / path
    try:
        codebook = read_codebook(place)
    except ConfigError as error:
        raise ConfigError(f"{error}; coders need the proposition of {target!r}: give it with --proposition") from error
    return codebook.targets[codebook.require(target, place=str(path))].proposition


def _write_folder(folder: Path, written: Mapping[str, str]) -> None:
    for name in written:
        if (folder / name).exists():
            raise CorpusError(f"{folder / name}: is there already, and may hold codes; choose another -o")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CorpusError(f"{folder}: cannot be made ({error.strerror}); choose another -o") from error
    for name, text in written.items():
        # Spreadsheets take a CSV for UTF-8 by its byte order mark only.
        write_text(folder / name, text, encoding="utf-8-sig" if name == "coding_sheet.csv" else "utf-8")


def _summary(drawn: Sample, found: Sequence[sheet.Item], output: Path) -> str:
    lines = []
    for stratum in drawn.strata:
        name = " × ".join(stratum.group.values()) or "all articles"
        every = "; all of them, with probability 1" if stratum.drawn == stratum.articles else ""
        probability = f"each with probability {stratum.inclusion_probability:.4f}{every}"
        lines.append(f"{name}: {stratum.drawn:,} of {stratum.articles:,} articles, {probability}")
    coded = len({item.unit.rpartition(":")[0] for item in found})
    empty = drawn.articles.height - coded
    lines.append(f"{len(found):,} statements to code in {coded:,} articles ({empty:,} drawn articles have none)")
    return "\n".join([*lines, f"written to {output}"])
