"""Selection, presentation and aligned quotes from the experiment to the page."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
import pytest
from chain import TARGET, experiment, install, row, run

from framing import parts, summary, tables
from framing.errors import ConfigError
from framing.estimate_tables import estimate_tables, main_table
from framing.run import read_manifest

NET = f"net_stance(target={TARGET})"
SAID = "yes, the door was open on the day we came and it will be open on the day we leave"
CORPUS = [
    *(row(f"l{i}", "Ledger", "Lee: yes", "Kim: yes" if i % 2 else "Kim: no") for i in range(5)),
    *(row(f"h{i}", "Herald", "Kim: no", "Lee: no" if i % 3 else "Lee: maybe") for i in range(5)),
    row("l9", "Ledger", f"Lee: {SAID}!"),
    row("h9", "Herald", "Nothing was said here.", f"officials: {SAID[:52]}"),
]


@pytest.fixture(autouse=True)
def chain_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    install(monkeypatch)


def asking(**more: Any) -> dict[str, Any]:
    metrics = ["source_share", *({"kind": kind, "target": TARGET} for kind in ("net_stance", "logit_balance"))]
    return {"metrics": metrics, "interval": {"resamples": 200}, "period": None, **more}


def test_a_difference_is_split_in_the_table_of_estimates_and_in_the_report(tmp_path: Path) -> None:
    folder = run(tmp_path, CORPUS, measure=asking(decompose={"splits": ["speaker", "speaker_kind"]}))
    rows = tables.read(folder, "estimates").filter(pl.col("term").is_not_null())
    assert set(rows["metric"]) == {NET}
    assert rows.select("outlet", "against", "over", "split", "term").rows() == [
        ("Herald", "Ledger", "all articles", split, term)
        for split in ("speaker", "speaker_kind")
        for term in ("difference", "presentation", "selection")
    ]
    values = dict(rows.filter(pl.col("split") == "speaker").select("term", "value").iter_rows())
    assert values["difference"] == pytest.approx(values["selection"] + values["presentation"])
    assert rows["low"].null_count() == 0
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert "as the sum of selection, who is heard, and presentation" in page
    assert "Herald  Ledger   all articles  speaker       selection" in main_table(folder, ["outlet"])


def test_the_summary_says_how_much_of_a_difference_is_who_is_heard(tmp_path: Path) -> None:
    folder = run(tmp_path, CORPUS, measure=asking(decompose={"splits": ["speaker", "speaker_kind"]}))
    facts = summary.facts(folder, read_manifest(folder).counts)
    (said,) = [text for text in summary.sentences(folder, facts, ["outlet"]) if "who is heard" in text]
    assert said.startswith(f"{NET}, Herald against Ledger: of a difference of −1.")
    assert said.endswith("how the same speakers are shown.")


def test_behind_a_term_are_the_statements_of_both_outlets(tmp_path: Path) -> None:
    folder = run(tmp_path, CORPUS, measure=asking(decompose={}))
    made = estimate_tables(tables.read(folder, "estimates"), tables.read(folder, "speakers"), ["outlet"])
    table = next(each for each in made if "term" in each.keys)
    where = table.rows[0].cells[0].conditions["where"]
    assert where["outlet"] == ["Herald", "Ledger"]
    assert not {"split", "term", "over", "against"} & set(where)


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"decompose": {"of": "outlets"}}, r"measure\.decompose\.of: there is no grouping of articles 'outlets'"),
        ({"decompose": {"metrics": ["balance(target=x)"]}}, r"decompose\.metrics: balance\(target=x\) is not measured"),
        ({"decompose": {"metrics": ["source_share"]}}, "source_share has a value for each speaker and cannot be split"),
        ({"metrics": [{"kind": "aligned", "outcome": "kept"}]}, r"metrics\.0: aligned\(outcome=kept\) compares pairs"),
    ],
)
def test_what_cannot_be_split_or_aligned_is_refused_before_the_run(
    tmp_path: Path, more: dict[str, Any], message: str
) -> None:
    with pytest.raises(ConfigError, match=message):
        parts.assemble(experiment(tmp_path, CORPUS, measure=asking(**more)))


def test_aligned_quotes_are_a_table_of_the_run_that_leads_to_the_statements(tmp_path: Path) -> None:
    folder = run(tmp_path, CORPUS, measure=asking(align={}))
    aligned = tables.read(folder, "aligned")
    assert aligned["article_id"].to_list() == ["h9", "l9"]
    assert aligned["utterance"].unique().to_list() == [aligned["statement_id"][1]]
    statements = tables.read(folder, "statements")
    assert aligned.join(statements, on="statement_id").height == 2
    assert read_manifest(folder).counts["aligned"] == 2
    assert "aligned.parquet" in read_manifest(folder).files


def test_the_report_shows_every_version_and_how_outlets_compare(tmp_path: Path) -> None:
    folder = run(tmp_path, CORPUS, measure=asking(align={}))
    found = tables.read(folder, "estimates").filter(pl.col("over") == "aligned quotes")
    assert set(found["metric"]) == {
        f"aligned(outcome={name})" for name in ("kept", "direct", "plain_verb", "speech", "lead", "position")
    }
    direct = found.row(by_predicate=pl.col("metric") == "aligned(outcome=direct)", named=True)
    assert (direct["outlet"], direct["against"], direct["value"], direct["low"]) == ("Herald", "Ledger", -1.0, None)
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert '<section id="aligned">' in page
    assert "1 utterance rendered by two outlets or more, in 2 statements of 2 outlets" in page
    assert "Herald − Ledger" in page
    assert SAID in page


def test_a_run_that_aligns_no_quotes_has_neither_table_nor_section(tmp_path: Path) -> None:
    folder = run(tmp_path, CORPUS, measure=asking())
    assert not (folder / "aligned.parquet").exists()
    assert 'id="aligned"' not in (folder / "report.html").read_text(encoding="utf-8")


def test_without_a_common_quote_the_estimates_are_empty_and_say_so(tmp_path: Path) -> None:
    folder = run(tmp_path, CORPUS[:-1], measure=asking(align={}))
    found = tables.read(folder, "estimates").filter(pl.col("over") == "aligned quotes")
    assert found["value"].null_count() == found.height == 6
    assert set(found["note"]) == {"no quote of both Herald and Ledger"}
    assert "No utterance was found" in (folder / "report.html").read_text(encoding="utf-8")


def test_copies_can_be_dropped_where_differences_are_split_and_quotes_aligned(tmp_path: Path) -> None:
    long = [f"Lee: yes, {SAID} and {' '.join(f'word{n}' for n in range(30))}", "Kim: no"]
    corpus = [*CORPUS, row("l8", "Ledger", *long), row("t8", "Tribune", *long, published="2024-03-02")]
    wire = {"kind": "minhash", "policy": "drop", "beside": ["keep"]}
    folder = run(tmp_path, corpus, wire=wire, measure=asking(align={}, decompose={}))
    rows = tables.read(folder, "estimates").filter(pl.col("outlet") == "Tribune").drop_nulls("against")
    rows = pl.concat([rows, tables.read(folder, "estimates").filter(pl.col("against") == "Tribune")])
    dropped = rows.filter(pl.col("wire_policy") == "drop")
    assert dropped["value"].null_count() == dropped.height
    assert set(dropped.filter(pl.col("term").is_not_null())["note"]) == {
        "every article is a copy of one that is kept elsewhere (Tribune)"
    }
    kept = rows.filter((pl.col("wire_policy") == "keep") & (pl.col("metric") == "aligned(outcome=kept)"))
    assert kept.filter(pl.col("outlet") == "Ledger")["value"].to_list() == [0.0]
