"""A run from end to end with tiny parts: rejections, reproducibility, and mistakes found before it starts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from chain import ROWS, TARGET, Colon, FirstWord, Sources, experiment, install, row, run

from framing import config, pipeline, tables
from framing.errors import ConfigError, CorpusError
from framing.run import read_manifest, sha256_of
from framing.types import Article

CHARTS = ["voice", *({"kind": kind, "target": TARGET} for kind in ("stance_by_outlet", "speaker_stance", "timeline"))]


@pytest.fixture(autouse=True)
def parts(monkeypatch: pytest.MonkeyPatch) -> None:
    install(monkeypatch)


def test_a_run_writes_every_table_the_report_and_a_manifest_that_counts_them(tmp_path: Path) -> None:
    folder = run(tmp_path, ROWS)
    manifest = read_manifest(folder)
    assert manifest.status == "finished"
    assert {name: manifest.counts[name] for name in ("articles", "statements", "speakers", "stances")} == {
        "articles": 5,
        "statements": 15,
        "speakers": 4,
        "stances": 15,
    }
    assert manifest.counts["estimates"] == tables.read(folder, "estimates").height
    written = ("articles", "statements", "speakers", "stances", "wire", "estimates")
    expected = {f"{name}.parquet" for name in written}
    assert set(manifest.files) == expected | {"config.yaml", "log.jsonl", "rejected.jsonl", "report.html"}


def test_the_same_input_and_seed_give_byte_identical_tables(tmp_path: Path) -> None:
    first, second = run(tmp_path, ROWS), run(tmp_path, ROWS)
    for path in sorted(first.glob("*.parquet")):
        assert path.read_bytes() == (second / path.name).read_bytes(), path.name


def test_the_order_of_the_articles_in_the_corpus_changes_no_table(tmp_path: Path) -> None:
    first, second = run(tmp_path, ROWS), run(tmp_path, ROWS[::-1])
    for path in sorted(first.glob("*.parquet")):
        assert path.read_bytes() == (second / path.name).read_bytes(), path.name


def test_a_run_repeats_from_the_config_in_its_folder(tmp_path: Path) -> None:
    first = run(tmp_path, ROWS)
    again = pipeline.run(config.load(str(first / "config.yaml")), output=tmp_path / "again")
    assert sha256_of(first / "estimates.parquet") == sha256_of(again / "estimates.parquet")
    assert read_manifest(first).config_sha256 == read_manifest(again).config_sha256
    assert read_manifest(first).corpus_sha256 == read_manifest(again).corpus_sha256


def test_small_batches_give_the_same_tables(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = run(tmp_path, ROWS)
    monkeypatch.setattr(pipeline, "BATCH", 2)
    second = run(tmp_path, ROWS)
    assert sha256_of(first / "estimates.parquet") == sha256_of(second / "estimates.parquet")


def test_long_articles_make_small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pipeline, "BATCH_CHARACTERS", 10)
    articles = [Article(str(n), "x" * length) for n, length in enumerate((4, 7, 12, 1, 1))]
    assert [[len(article.text) for article in batch] for batch in pipeline.batches(articles)] == [[4, 7], [12], [1, 1]]


def test_rows_that_cannot_be_read_are_kept_with_their_reason_and_counted(tmp_path: Path) -> None:
    folder = run(tmp_path, [{"id": "bad"}, *ROWS])
    rejected = [json.loads(line) for line in (folder / "rejected.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [(line["row"], line["reason"]) for line in rejected] == [(1, "no text")]
    manifest = read_manifest(folder)
    assert manifest.counts["rejected"] == 1
    assert manifest.counts["articles"] == 5
    assert "rejected.jsonl" in manifest.warnings[0]


def test_a_corpus_without_a_readable_article_fails_and_says_where_the_reasons_are(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match=r"no article could be read \(1 rows rejected\); see .*rejected\.jsonl"):
        run(tmp_path, [{"id": "bad"}])
    (failed,) = (tmp_path / "runs" / "small").iterdir()
    assert read_manifest(failed).status == "failed"
    assert not list(failed.glob(".parts-*"))


def test_articles_without_any_statement_give_a_report_with_a_warning(tmp_path: Path) -> None:
    folder = run(tmp_path, [row("a1", "Ledger", "Nobody spoke.")], report={"charts": CHARTS})
    assert read_manifest(folder).warnings == ["no statement was found in any article"]
    assert tables.read(folder, "estimates")["value"].null_count() == tables.read(folder, "estimates").height


def test_the_text_of_articles_stays_out_of_the_run_folder_where_asked(tmp_path: Path) -> None:
    corpus = {"kind": "lines", "path": str(tmp_path / "corpus.jsonl"), "keep_text": False}
    folder = run(tmp_path, ROWS, corpus=corpus)
    assert tables.read(folder, "articles")["text"].to_list() == [None] * 5
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert "Nothing was said here." not in page
    assert "yes, open it" in page


def test_without_a_classifier_there_are_no_stances(tmp_path: Path) -> None:
    folder = run(tmp_path, ROWS, stance=None, measure={"metrics": ["source_share"], "interval": {"resamples": 100}})
    assert not (folder / "stances.parquet").exists()
    assert tables.read(folder, "estimates")["metric"].unique().to_list() == ["source_share"]


def test_every_metric_is_measured_overall_by_group_and_over_time(tmp_path: Path) -> None:
    estimates = tables.read(run(tmp_path, ROWS), "estimates").filter(pl.col("metric").str.starts_with("net_stance"))
    flags = estimates.select(outlet=pl.col("outlet").is_not_null(), month=pl.col("month").is_not_null()).unique()
    assert flags.height == 4


def test_grouping_by_the_period_itself_measures_nothing_twice() -> None:
    measure = config.Measure.model_validate({"by": ["month"], "period": "month", "metrics": ["source_share"]})
    assert measure.groupings == ((), ("month",))


def test_a_speaker_of_many_articles_keeps_what_each_of_them_says() -> None:
    articles = [Article("a", "Lee: yes"), Article("b", "Kim: no")]
    found = pipeline.analyse(articles, Colon(), Sources(), FirstWord())
    assert [[stance.label for stance in item.stances] for item in found] == [["support"], ["oppose"]]
    assert [item.found.article.article_id for item in found] == ["a", "b"]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"quotes": "colons"}, r"quotes: .*did you mean 'colon'"),
        ({"measure": {"by": ["outlets"], "metrics": ["source_share"]}}, "did you mean 'outlet'"),
        ({"stance": None}, r"measure\.metrics\.1: net_stance\(target=open_door\) needs stances; add a `stance:`"),
        (
            {"measure": {"metrics": [{"kind": "net_stance", "target": "open_dor"}]}},
            r"measure\.metrics\.0\.target: .*did you mean 'open_door'",
        ),
        ({"report": {"charts": [{"kind": "timeline", "target": "else"}]}}, r"add \{kind: net_stance, target: else\}"),
        (
            {"measure": {"by": ["event_id"], "metrics": ["source_share"]}, "report": {"charts": ["voice"]}},
            r"compares outlets, but measure\.by is \['event_id'\]",
        ),
        (
            {
                "measure": {"period": None, "metrics": [{"kind": "net_stance", "target": TARGET}]},
                "report": {"charts": [{"kind": "timeline", "target": TARGET}]},
            },
            r"set measure\.period",
        ),
    ],
)
def test_a_mistake_is_found_before_anything_is_written(tmp_path: Path, changes: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        run(tmp_path, ROWS, **changes)
    assert not (tmp_path / "runs").exists()


def test_a_check_builds_every_part_and_tells_of_the_first_rows(tmp_path: Path) -> None:
    lines = pipeline.check(experiment(tmp_path, [*ROWS, {"id": "bad"}]))
    assert lines[:3] == [
        "small: every part fits",
        "corpus: of the first 6 rows 5 are articles",
        f"  {tmp_path / 'corpus.jsonl'} row 6: no text",
    ]
    assert "metric: net_stance(target=open_door)" in lines


def test_files_that_options_name_are_hashed_into_the_manifest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from framing.parts import assemble, resource_hashes

    words = tmp_path / "words.yaml"
    words.write_text("yes: support\n", encoding="utf-8")
    made = assemble(experiment(tmp_path, ROWS, stance={"kind": "first_word", "targets": [TARGET, str(words)]}))
    assert resource_hashes(made) == {f"stance.targets: {words}": sha256_of(words)}


def test_a_report_is_drawn_again_from_the_tables_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = run(tmp_path, ROWS, report={"charts": CHARTS[1:2]})
    before = (folder / "report.html").read_bytes()
    (folder / "report.html").unlink()
    (tmp_path / "corpus.jsonl").unlink()
    monkeypatch.setattr(Colon, "__call__", None)
    pipeline.render_again(folder)
    assert (folder / "report.html").read_bytes() == before
    assert read_manifest(folder).files["report.html"] == sha256_of(folder / "report.html")
