"""Charts draw every estimate with its interval, the same bytes each time, whatever the names are."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
import pytest
from matplotlib.axes import Axes

from framing import charts, plot
from framing.errors import ConfigError
from framing.tables import estimates_table
from framing.types import Estimate

NET, SHARE, STANCE = "net_stance(target=door)", "source_share", "stance_share(target=door)"
LABELS = ("support", "oppose")
BOOTSTRAP = "ratio, article bootstrap 90%"


def tables(estimates: list[Estimate]) -> dict[str, pl.DataFrame]:
    speakers = pl.DataFrame({"speaker_id": ["lee", "kim"], "name": ["Lee", "Kim $5"]})
    return {"estimates": estimates_table(estimates), "speakers": speakers}


def estimate(metric: str, value: float | None, low: float | None, high: float | None, **group: str) -> Estimate:
    note = None if value is not None else "suppressed: fewer than 5 statements"
    return Estimate(metric, group, value, low, high, 9, 12, 1.0, BOOTSTRAP, note=note)


def intervals(axes: Axes, *, vertical: bool = False) -> list[tuple[float, float]]:
    """Return the ends of the lines of two points that lie along the axis of the values."""
    ends = []
    for line in axes.lines:
        data: Any = line.get_ydata(), line.get_xdata()
        along, across = data if vertical else data[::-1]
        if len(along) == 2 and across[0] == across[1] and line.get_transform() == axes.transData:
            ends.append((float(along[0]), float(along[1])))
    return ends


STANCES = [
    estimate(NET, 0.25, -0.1, 0.5, outlet="Ledger"),
    estimate(NET, -0.5, -0.75, -0.25, outlet="Herald"),
    estimate(NET, 1.0, None, None, outlet="Post"),
    estimate(NET, 0.1, 0.0, 0.2),
]
VOICES = [
    *(estimate(SHARE, 0.25, 0.1, 0.5, outlet=outlet, speaker="lee") for outlet in ("Ledger", "Herald")),
    estimate(SHARE, 0.5, 0.25, 0.75, outlet="Herald", speaker="kim"),
    *(estimate(SHARE, value, 0.0, 0.9, speaker=name) for name, value in (("lee", 0.3), ("kim", 0.5), ("(none)", 0.2))),
]


def test_stance_by_outlet_draws_the_interval_of_each_outlet_the_most_supportive_first() -> None:
    figure = charts.StanceByOutlet("door")(tables(STANCES))
    axes = figure.axes[0]
    assert intervals(axes) == [(-0.1, 0.5), (-0.75, -0.25)]
    assert [label.get_text() for label in axes.get_yticklabels()] == ["Post", "Ledger", "Herald"]


def test_a_value_without_an_interval_is_hollow_and_the_axis_says_why() -> None:
    axes = charts.StanceByOutlet("door")(tables(STANCES)).axes[0]
    hollow: list[Any] = [line.get_xdata() for line in axes.lines if line.get_markerfacecolor() == "white"]
    assert [float(x) for (x,) in hollow] == [1.0]
    assert "hollow: one article, no interval" in axes.get_xlabel()


def test_an_interval_by_the_rule_of_three_is_dotted_and_the_axis_says_so() -> None:
    alike = Estimate(NET, {"outlet": "Gazette"}, 1.0, 0.4, 1.0, 9, 12, None, "ratio, rule of three 90%")
    axes = charts.StanceByOutlet("door")(tables([*STANCES, alike])).axes[0]
    dotted: list[Any] = [line.get_xdata() for line in axes.lines if line.get_linestyle() == ":"]
    assert [list(ends) for ends in dotted] == [[0.4, 1.0]]
    assert "dotted: all articles alike, rule of three" in axes.get_xlabel()


def test_where_nothing_has_an_interval_none_is_promised() -> None:
    single = Estimate(NET, {"outlet": "Post"}, 1.0, None, None, 1, 1, None, "ratio")
    axes = charts.StanceByOutlet("door")(tables([single])).axes[0]
    assert "net stance, hollow: one article, no interval" in axes.get_xlabel()
    assert [text.get_text() for text in axes.texts] == ["1 statement\nin 1 article"]


def test_the_axis_names_the_level_that_was_measured() -> None:
    assert "90% interval" in charts.StanceByOutlet("door")(tables(STANCES)).axes[0].get_xlabel()


def test_voice_draws_the_most_quoted_speakers_and_none_that_are_counted_together() -> None:
    figure = charts.Voice(speakers=2)(tables(VOICES))
    herald, ledger = figure.axes
    assert [label.get_text() for label in herald.get_yticklabels()] == ["Kim $5", "Lee"]
    assert intervals(herald) == [(0.25, 0.75), (0.1, 0.5)]
    assert intervals(ledger) == [(0.1, 0.5)]


def test_every_interval_of_every_panel_of_voice_lies_inside_the_axis() -> None:
    small = [estimate(SHARE, 0.02, 0.01, 0.03, outlet="Abacus", speaker=name) for name in ("lee", "kim")]
    for axes in charts.Voice()(tables([*small, *VOICES])).axes:
        low, high = axes.get_xlim()
        assert all(low <= start <= end <= high for start, end in intervals(axes)), axes.get_title()


def test_a_suppressed_cell_shows_its_count_and_no_interval() -> None:
    made = [estimate(STANCE, 0.5, 0.2, 0.8, speaker="lee", label=label) for label in LABELS]
    made += [estimate(STANCE, None, None, None, outlet="Ledger", speaker="lee", label=label) for label in LABELS]
    together, ledger = charts.SpeakerStance("door")(tables(made)).axes
    assert (len(intervals(together)), len(intervals(ledger))) == (2, 0)
    assert [text.get_text() for text in ledger.texts] == ["n = 12"]


def test_support_and_oppose_differ_in_colour_and_in_shape() -> None:
    made = [
        estimate(STANCE, value, 0.0, 1.0, speaker="lee", label=label, **group)
        for label, value in (("support", 0.75), ("oppose", 0.25))
        for group in ({}, {"outlet": "Ledger"})
    ]
    axes = charts.SpeakerStance("door")(tables(made)).axes[0]
    marks = {(line.get_color(), line.get_marker()) for line in axes.lines if line.get_marker() in ("o", "s")}
    assert len({colour for colour, _ in marks}) == len({mark for _, mark in marks}) == 2


def test_the_timeline_draws_all_outlets_together_and_each_apart() -> None:
    made = [
        *STANCES,
        *(estimate(NET, 0.0, -0.5, 0.5, month=month) for month in ("2024-03", "2024-04", "(none)")),
        estimate(NET, 0.5, 0.25, 0.75, outlet="Ledger", month="2024-03"),
        estimate(NET, None, None, None, outlet="Ledger", month="2024-04"),
    ]
    together, ledger = charts.Timeline("door")(tables(made)).axes
    assert together.get_title(loc="left") == "all outlets"
    assert intervals(together, vertical=True) == [(-0.5, 0.5), (-0.5, 0.5)]
    assert intervals(ledger, vertical=True) == [(0.25, 0.75)]


def test_more_outlets_than_fit_are_cut_and_the_title_says_so() -> None:
    figure = charts.StanceByOutlet("door", outlets=2)(tables(STANCES))
    assert figure.get_suptitle().endswith("(2 of 3 outlets)")


def test_a_metric_with_other_options_is_found_by_its_kind_and_target() -> None:
    made = [estimate("source_share(min_statements=3)", 0.5, 0.2, 0.8, outlet="Ledger", speaker="lee")]
    made += [estimate("source_share(min_statements=3)", 0.5, 0.2, 0.8, speaker="lee")]
    assert intervals(charts.Voice()(tables(made)).axes[0]) == [(0.2, 0.8)]


def test_a_chart_of_something_unmeasured_says_what_is_missing() -> None:
    with pytest.raises(ConfigError, match="did not measure net_stance"):
        charts.StanceByOutlet("window")(tables(STANCES))


def test_a_figure_is_the_same_byte_for_byte_in_every_format(tmp_path: Path) -> None:
    first, second = (plot.save(charts.Voice()(tables(VOICES)), tmp_path / name, "voice") for name in "ab")
    assert sorted(first) == ["pdf", "png", "svg"]
    for suffix, path in first.items():
        assert path.read_bytes() == second[suffix].read_bytes(), suffix


def test_dollar_signs_and_long_names_neither_fail_nor_take_the_room(tmp_path: Path) -> None:
    name = "The $\\frac$ " + "Very " * 20 + "Long Gazette"
    figure = charts.StanceByOutlet("door")(tables([estimate(NET, 0.0, -0.5, 0.5, outlet=name)]))
    plot.save(figure, tmp_path, "stance")
    (label,) = figure.axes[0].get_yticklabels()
    assert label.get_text().startswith("The $\\frac$ Very")
    assert len(label.get_text()) <= plot.LABEL
