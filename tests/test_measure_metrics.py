"""Each metric against values worked by hand, and its canonical name."""

from __future__ import annotations

import dataclasses
import math
import subprocess
import sys
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from framing import registry
from framing.errors import ConfigError
from framing.measure import Bootstrap, measure, parse
from framing.measure.prominence import Prominence
from framing.measure.stance import AbstentionRate, Balance, ExpressionRate, LogitBalance, NetStance, StanceShare
from framing.measure.voice import Directness, QuoteLengthShare, SourceShare
from framing.types import Estimate, QuoteType

QUICK = Bootstrap(resamples=100)

# article, speaker, quote type, content, label toward nato_expansion, conditional, abstained
ROWS = [
    ("a1", "smith", "direct", "The door stays open", "support", False, False),
    ("a1", "smith", "indirect", "allies would decide", "support", True, False),
    ("a1", "lee", "direct", "No", "oppose", False, False),
    ("a2", "smith", "direct", "We'll see", "neutral", True, False),
    ("a2", None, "indirect", "it was a mistake, and a costly one", "oppose", False, False),
    ("a3", "lee", "mixed", "prices rise", "unrelated", False, False),
    ("a3", "lee", "mixed", "who knows", "unrelated", False, True),
    ("a4", "lee", "direct", "…", "support", False, True),
]


def run_tables(rows: list[Any] = ROWS) -> dict[str, pl.DataFrame]:
    articles, speakers, types, contents, labels, conditionals, abstentions = zip(*rows, strict=True)
    ids = [f"s{i}" for i in range(len(rows))]
    return {
        # a5 has no statement at all
        "articles": pl.DataFrame({"article_id": ["a1", "a2", "a3", "a4", "a5"], "outlet": ["A"] * 5}),
        "statements": pl.DataFrame(
            {
                "statement_id": ids,
                "article_id": articles,
                "speaker_id": speakers,
                "quote_type": types,
                "content": contents,
            }
        ),
        "speakers": pl.DataFrame({"speaker_id": ["lee", "smith"], "kind": ["person", "person"]}),
        "stances": pl.DataFrame(
            {
                "statement_id": ids,
                "target": ["nato_expansion"] * len(rows),
                "label": labels,
                "conditional": conditionals,
                "abstained": abstentions,
            }
        ),
    }


def values(metric: Any, tables: dict[str, pl.DataFrame] | None = None) -> dict[str, Estimate]:
    found = measure(tables or run_tables(), [metric], interval=QUICK)
    return {" ".join(value for key, value in each.group.items() if key != "outlet"): each for each in found}


def test_source_share_is_the_share_of_statements() -> None:
    found = values(SourceShare())
    assert {key: each.value for key, each in found.items()} == {"(none)": 1 / 8, "lee": 4 / 8, "smith": 3 / 8}
    assert {(each.articles, each.statements) for each in found.values()} == {(4, 8)}


def test_source_share_by_article_is_the_mean_over_articles_with_statements() -> None:
    found = {key: each.value for key, each in values(SourceShare(weight="article")).items()}
    expected = {"(none)": (1 / 2) / 4, "lee": (1 / 3 + 0 + 1 + 1) / 4, "smith": (2 / 3 + 1 / 2) / 4}
    assert found == pytest.approx(expected)


def test_prevalence_is_the_share_of_all_articles_that_quote_the_speaker() -> None:
    found = values(SourceShare(weight="prevalence"))
    assert {key: each.value for key, each in found.items()} == {"(none)": 1 / 5, "lee": 3 / 5, "smith": 2 / 5}
    assert {(each.articles, each.statements, each.design_effect) for each in found.values()} == {(5, 8, None)}


def test_rare_speakers_are_pooled_and_shares_still_sum_to_one() -> None:
    found = {key: each.value for key, each in values(SourceShare(min_statements=4)).items()}
    assert found == {"(none)": 1 / 8, "lee": 4 / 8, "(other)": 3 / 8}


def test_quote_length_share_counts_words() -> None:
    # smith 4 + 3 + 3 (We, ll, see), lee 1 + 2 + 2 + 0, nobody 8
    found = {key: each.value for key, each in values(QuoteLengthShare()).items()}
    assert found == {"smith": 10 / 23, "lee": 5 / 23, "(none)": 8 / 23}


def test_quote_length_share_can_be_of_one_type() -> None:
    found = values(QuoteLengthShare(quote_type=QuoteType.INDIRECT))
    assert {key: each.value for key, each in found.items()} == {"smith": 3 / 11, "(none)": 8 / 11}
    assert {each.statements for each in found.values()} == {2}


def test_contents_without_words_give_an_empty_estimate() -> None:
    assert values(QuoteLengthShare(), run_tables([ROWS[-1]]))[""].value is None


def test_net_stance_counts_conditional_positions_half() -> None:
    net = values(NetStance("nato_expansion"))[""]
    assert (net.value, net.articles, net.statements) == ((1 + 0.5 - 1 + 0 - 1) / 5, 2, 5)


def test_balance_leaves_out_the_statements_that_take_no_side() -> None:
    balance = values(Balance("nato_expansion"))[""]
    assert (balance.value, balance.articles, balance.statements) == ((1 + 0.5 - 1 - 1) / 4, 2, 4)


def test_logit_balance_adds_half_a_count_to_either_side() -> None:
    # support 1 and a conditional half, oppose 2
    balance = values(LogitBalance("nato_expansion"))[""]
    assert balance.value == pytest.approx(math.log((1.5 + 0.5) / (2 + 0.5)))
    assert (balance.articles, balance.statements, balance.estimator) == (2, 4, "log odds, article bootstrap 95%")


def test_logit_balance_of_one_side_only_is_finite_and_its_interval_is_the_rule_of_three_on_the_logit_scale() -> None:
    rows = [(f"a{i}", "lee", "direct", "No", "oppose", False, False) for i in (1, 2, 3)]
    balance = values(LogitBalance("nato_expansion"), run_tables(rows))[""]
    assert balance.value == pytest.approx(math.log(0.5 / 3.5))
    share = 1 - 0.05 ** (1 / 3)  # of support, at most
    assert balance.low == pytest.approx(balance.value)
    assert balance.high == pytest.approx(math.log((3 * share + 0.5) / (3 * (1 - share) + 0.5)))


@pytest.mark.parametrize("metric", [Balance("nato_expansion"), LogitBalance("nato_expansion")])
def test_where_nobody_takes_a_side_the_balance_is_empty_and_not_zero(metric: Any) -> None:
    found = values(metric, run_tables([("a1", "lee", "direct", "Maybe", "neutral", False, False)]))[""]
    assert (found.value, found.note) == (None, "nothing to count in 5 articles")


def test_directness_is_the_share_of_direct_statements_and_counts_mixed_ones_half() -> None:
    found = values(Directness())[""]
    assert (found.value, found.statements) == ((4 + 2 * 0.5) / 8, 8)


def test_directness_by_words_weighs_statements_by_their_length() -> None:
    # direct 4 + 1 + 3 + 0 words, mixed 2 + 2, indirect 3 + 8
    assert values(Directness(weight="word"))[""].value == pytest.approx((8 + 4 / 2) / 23)


def placed(*places: tuple[str, int]) -> dict[str, pl.DataFrame]:
    """Make a run of articles of 200 characters, the first three paragraphs 60 long, from (article, start)."""
    tables = run_tables([(article, "lee", "direct", "No", "oppose", False, False) for article, _ in places])
    tables["articles"] = tables["articles"].with_columns(n_characters=200, lead_end=60)
    tables["statements"] = tables["statements"].with_columns(
        content_start=pl.Series([[start, start + 9] for _, start in places])
    )
    return tables


def test_prominence_is_the_mean_place_of_the_first_statements() -> None:
    found = values(Prominence(), placed(("a1", 150), ("a1", 20), ("a2", 100)))[""]
    assert found.value == pytest.approx((0.1 + 0.5) / 2)
    assert (found.articles, found.statements) == (2, 3)
    assert found.design_effect is None


def test_prominence_of_the_lead_is_the_share_that_begins_in_the_first_three_paragraphs() -> None:
    found = values(Prominence(of="lead"), placed(("a1", 59), ("a1", 60), ("a2", 0), ("a2", 199)))[""]
    assert (found.value, found.statements) == (2 / 4, 4)


def test_prominence_in_a_run_that_does_not_know_the_places_says_so() -> None:
    with pytest.raises(ConfigError, match=r"prominence\(of=lead\): the table of articles has no column lead_end"):
        values(Prominence(of="lead"))


def test_expression_rate_is_the_share_that_takes_a_side() -> None:
    assert values(ExpressionRate("nato_expansion"))[""].value == 4 / 5


def test_abstention_rate_leaves_out_what_was_decided_to_be_unrelated() -> None:
    rate = values(AbstentionRate("nato_expansion"))[""]
    assert (rate.value, rate.statements) == (2 / 7, 7)


def test_stance_share_splits_the_statements_of_each_speaker() -> None:
    found = values(StanceShare("nato_expansion", min_cell=1))
    assert {key: each.value for key, each in found.items()} == {
        "(none) neutral": 0.0,
        "(none) oppose": 1.0,
        "(none) support": 0.0,
        "lee neutral": 0.0,
        "lee oppose": 1.0,
        "lee support": 0.0,
        "smith neutral": 1 / 3,
        "smith oppose": 0.0,
        "smith support": 2 / 3,
    }
    assert found["smith support"].statements == 3


def test_stance_share_without_speakers_gives_the_raw_counts_of_net_stance() -> None:
    found = values(StanceShare("nato_expansion", by_speaker=False))
    assert {key: (each.value or 0) * each.statements for key, each in found.items()} == pytest.approx(
        {"neutral": 1, "oppose": 2, "support": 2}
    )


def test_a_cell_of_few_statements_is_suppressed_and_says_so_while_its_counts_stay() -> None:
    found = values(StanceShare("nato_expansion", min_cell=3))
    hidden, shown = found["lee oppose"], found["smith support"]
    assert (hidden.value, hidden.low, hidden.high, hidden.design_effect) == (None, None, None, None)
    assert (hidden.articles, hidden.statements, hidden.note) == (1, 1, "suppressed: fewer than 3 statements")
    assert (shown.value, shown.statements) == (2 / 3, 3)


def test_unnamed_and_unresolved_speakers_are_counted_together_whatever_their_article() -> None:
    rows = [(article, f"officials@{article}", *row) for article, *row in [(a, *rest) for a, _, *rest in ROWS[:5]]]
    tables = run_tables([*rows, *ROWS[5:]])
    tables["speakers"] = pl.DataFrame(
        {"speaker_id": ["officials@a1", "officials@a2", "lee"], "kind": ["anonymous", "unknown", "person"]}
    )
    found = {key: each.value for key, each in values(SourceShare(min_statements=9), tables).items()}
    assert found == {"(anonymous)": 3 / 8, "(unknown)": 2 / 8, "(other)": 3 / 8}


def test_the_design_effect_of_a_share_is_that_of_the_formula() -> None:
    # smith: 2 of 3, 1 of 2, 0 of 2, 0 of 1 statements; R = 3/8
    residuals = [2 - 9 / 8, 1 - 6 / 8, 0 - 6 / 8, 0 - 3 / 8]
    clustered = 4 / 3 * sum(e * e for e in residuals)
    independent = 8 / 7 * 8 * (3 / 8) * (5 / 8)
    assert values(SourceShare())["smith"].design_effect == pytest.approx(clustered / independent)


def test_a_target_that_nobody_was_asked_about_names_the_known_ones() -> None:
    with pytest.raises(ConfigError, match=r"did you mean 'nato_expansion'\? \(targets of this run: nato_expansion\)"):
        values(NetStance("nato_expension"))


def test_stance_metrics_without_stances_say_what_to_add() -> None:
    tables = {name: rows for name, rows in run_tables().items() if name != "stances"}
    with pytest.raises(ConfigError, match="add a `stance:` part"):
        values(NetStance("nato_expansion"), tables)


def test_a_run_in_which_nothing_was_said_gives_empty_estimates() -> None:
    tables = {name: rows.clear() if name != "articles" else rows for name, rows in run_tables().items()}
    for metric in (SourceShare(), NetStance("nato_expansion"), StanceShare("nato_expansion", min_cell=1)):
        assert [each.value for each in values(metric, tables).values()] == [None]


@pytest.mark.parametrize(
    ("metric", "name"),
    [
        (SourceShare(), "source_share"),
        (SourceShare(weight="article", min_statements=5), "source_share(weight=article,min_statements=5)"),
        (QuoteLengthShare(quote_type=QuoteType.DIRECT), "quote_length_share(quote_type=direct)"),
        (Directness(weight="word"), "directness(weight=word)"),
        (Prominence(of="lead"), "prominence(of=lead)"),
        (LogitBalance("nato_expansion"), "logit_balance(target=nato_expansion)"),
        (NetStance("nato_expansion"), "net_stance(target=nato_expansion)"),
        (StanceShare("nato_expansion", by_speaker=False), "stance_share(target=nato_expansion,by_speaker=false)"),
    ],
)
def test_a_metric_has_a_canonical_name_that_parses_back(metric: Any, name: str) -> None:
    assert str(metric) == name
    assert parse(name) == metric


@given(st.text())
def test_any_target_survives_the_round_trip(target: str) -> None:
    assert parse(str(NetStance(target))) == NetStance(target)


@pytest.mark.parametrize("kind", sorted(registry.SHIPPED["metrics"]))
def test_the_canonical_name_is_the_one_in_the_registry(kind: str) -> None:
    part = registry.load("metrics", kind)
    required = [field for field in dataclasses.fields(part) if field.default is dataclasses.MISSING]
    assert str(part(*("t" for _ in required))).partition("(")[0] == kind


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("net_stence(target=x)", "did you mean 'net_stance'"),
        ("net_stance(traget=x)", "did you mean 'target'"),
        ("net_stance(target=x", "is no metric"),
        ("net_stance(target)", "expected option=value"),
        ("source_share(weight=reader)", "found 'reader'"),
        ("source_share(min_statements=0)", "min_statements is 0"),
    ],
)
def test_a_name_that_cannot_be_read_says_why(name: str, message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        parse(name)


def test_importing_the_package_loads_no_heavy_library() -> None:
    code = "import sys, framing.measure; print(sorted({'polars', 'numpy', 'scipy'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"
