"""Agreement of people beside agreement with a model, from codes to text and JSON."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from framing.agreement.coefficients import Level
from framing.agreement.compare import Agreement
from framing.agreement.report import Study
from framing.agreement.study import Model, Scale, study
from framing.coding.codes import Code, Codes
from framing.errors import ConfigError, CorpusError
from framing.measure.interval import Bootstrap

QUICK = Bootstrap(resamples=200)
NOMINAL = Scale.of((), Level.NOMINAL)


def codes(**labels: str) -> Codes:
    """Make codes from a string a coder, a letter a unit: s, o, n, u, or "." for none."""
    names = {"s": "support", "o": "oppose", "n": "neutral", "u": "unrelated"}
    return Codes(
        tuple(
            Code(f"a{number // 3}:{number}", coder, names[letter], f"{coder} row {number}")
            for coder, letters in labels.items()
            for number, letter in enumerate(letters)
            if letter != "."
        )
    )


def figure(found: Study, comparison: str, coefficient: str, category: str | None = None) -> Agreement:
    asked = (comparison, category, coefficient)
    (only,) = [each for each in found.figures if (each.comparison, each.category, each.coefficient) == asked]
    return only


def model(labels: str) -> Model:
    found = codes(model=labels).table()
    units = [f"a{number // 3}:{number}" for number in range(len(labels))]
    return Model(
        "model",
        "open_door",
        {unit: given["model"] for unit, given in found.items()},
        {unit: unit.partition(":")[0] for unit in units},
        {unit: f"text of {unit}" for unit in units},
    )


ANN = "ssnnoousonsuosnusoons"
BEA = "ssnnoosssnsuosnuonons"
RUN = "ssnsooussnsuo.nssnons"


def test_people_are_compared_beside_the_model_and_pair_by_pair() -> None:
    found = study(codes(ann=ANN, bea=BEA), NOMINAL, model(RUN), interval=QUICK)
    names = list(dict.fromkeys(each.comparison for each in found.figures))
    decided = "human–human, where the model decided"
    assert names == ["human–human", decided, "human–model", "ann – bea", "ann – model", "bea – model"]
    human, pair = (figure(found, name, "alpha") for name in ("human–human", "ann – bea"))
    assert human._replace(comparison="") == pair._replace(comparison="")
    with_model = [figure(found, name, "kappa").value or 0 for name in ("ann – model", "bea – model")]
    assert figure(found, "human–model", "kappa").value == pytest.approx(sum(with_model) / 2)


def test_people_are_compared_on_the_units_that_the_model_decided_too() -> None:
    abstaining = study(codes(ann="sonson", bea="sonnso"), NOMINAL, model("son..."), interval=QUICK)
    decided = study(codes(ann="sonson", bea="sonnso"), NOMINAL, model("sonson"), interval=QUICK)
    figures = [figure(abstaining, name, "percent") for name in ("human–human", "human–human, where the model decided")]
    assert [(each.value, each.units) for each in figures] == [(0.5, 6), (1.0, 3)]
    assert "human–human, where the model decided" not in {each.comparison for each in decided.figures}


def test_every_defined_figure_has_an_interval_around_it() -> None:
    found = study(codes(ann=ANN, bea=BEA), NOMINAL, interval=QUICK)
    for each in found.figures:
        assert each.value is not None
        assert each.low is not None
        assert each.high is not None
        assert each.low <= each.value <= each.high, each


def test_the_interval_is_the_quantiles_of_alpha_over_units_drawn_again() -> None:
    # Alpha of two coders and two categories has a closed form that needs no coincidences: Scott's with a correction.
    one, other = ("s" * 30 + "o" * 30, "s" * 24 + "o" * 30 + "s" * 6)
    found = study(codes(ann=one, bea=other), NOMINAL, interval=Bootstrap(resamples=4000))
    a, b = (np.array(list(each)) == "s" for each in (one, other))
    random, drawn = np.random.default_rng(7), []
    for _ in range(4000):
        at = random.integers(0, 60, 60)
        share, n = (a[at].mean() + b[at].mean()) / 2, 120
        drawn.append(1 - (a[at] != b[at]).mean() / (2 * share * (1 - share) * n / (n - 1)))
    alpha = figure(found, "human–human", "alpha")
    assert (alpha.low, alpha.high) == pytest.approx(np.quantile(drawn, [0.025, 0.975]), abs=0.02)


def test_the_order_of_rows_and_files_changes_no_figure() -> None:
    given = codes(ann=ANN, bea=BEA)
    assert study(Codes(given.given[::-1]), NOMINAL, interval=QUICK) == study(given, NOMINAL, interval=QUICK)


def test_whole_articles_are_drawn_again_where_a_run_or_the_ids_name_them() -> None:
    given = codes(ann=ANN * 3, bea=BEA * 3)
    named = Codes(tuple(replace(code, unit=code.unit.replace(":", ":0-")) for code in given.given))
    units, by_run, by_id = study(given, NOMINAL), study(given, NOMINAL, model(RUN * 3)), study(named, NOMINAL)
    assert [found.redrawn for found in (units, by_run, by_id)] == ["units", "articles", "articles"]
    assert any("too narrow if they share some" in note for note in units.notes)
    alphas = [figure(found, "human–human", "alpha") for found in (units, by_run, by_id)]
    assert len({alpha.value for alpha in alphas}) == 1
    assert alphas[1].low == alphas[2].low != alphas[0].low


def test_articles_whose_statements_are_alike_make_wider_intervals_than_units() -> None:
    one, other = (
        "".join(letter * 5 for letter in letters) for letters in ("sosososososososososo", "sososososoosososoosos")
    )
    given = codes(ann=one, bea=other[: len(one)])
    together = Model(
        "model", "open_door", {}, {code.unit: str(int(code.unit.split(":")[1]) // 5) for code in given.given}, {}
    )
    widths = []
    for found in (study(given, NOMINAL), study(given, NOMINAL, together)):
        alpha = figure(found, "human–human", "alpha")
        assert alpha.low is not None
        assert alpha.high is not None
        widths.append(alpha.high - alpha.low)
    assert widths[1] > 1.8 * widths[0]


def test_where_nothing_varies_alpha_has_no_value_but_a_note() -> None:
    found = study(codes(ann="s" * 30, bea="s" * 30), NOMINAL, interval=QUICK)
    alpha = figure(found, "human–human", "alpha")
    assert (alpha.value, alpha.low, alpha.high) == (None, None, None)
    assert alpha.note == "undefined: nothing varies"
    assert figure(found, "human–human", "kappa").value is None
    percent = figure(found, "human–human", "percent")
    assert percent.value == 1
    assert percent.low == pytest.approx(0.05 ** (1 / 30))
    assert "undefined*" in found.as_text()
    assert "NaN" not in json.dumps(found.as_dict())


def test_coders_of_a_part_without_a_common_unit_get_a_note_beside_those_with_one() -> None:
    found = study(codes(ann="so....", bea="sosons", cem="....no"), NOMINAL, interval=QUICK)
    assert figure(found, "ann – cem", "alpha").note == "undefined: coders without a unit in common"
    assert figure(found, "ann – bea", "alpha").value is not None


def test_an_order_leaves_unrelated_out_and_says_so() -> None:
    found = study(codes(ann=ANN, bea=BEA), Scale.of((), Level.ORDINAL), interval=QUICK)
    assert found.categories == ("oppose", "neutral", "support")
    assert any("outside the scale" in note for note in found.notes)


def test_numbers_as_labels_are_their_own_values() -> None:
    assert Scale.of(("1", "2.5", "10"), Level.INTERVAL).points == (1.0, 2.5, 10.0)
    assert Scale.of(("low", "high"), Level.INTERVAL).points == (0.0, 1.0)


def test_disagreements_of_people_come_before_those_of_the_model_alone() -> None:
    found = study(codes(ann="sso", bea="sno"), NOMINAL, model("oso"), interval=QUICK)
    assert [(each.unit, each.text) for each in found.disagreements] == [
        ("a0:1", "text of a0:1"),
        ("a0:0", "text of a0:0"),
    ]
    assert found.disagreements[0].labels == {"ann": "support", "bea": "neutral", "model": "support"}


def test_what_a_coder_or_the_model_left_out_is_counted() -> None:
    given = Codes(codes(ann="sson", bea="sso.").given, left_blank=1)
    notes = study(given, NOMINAL, model("ss.n"), interval=QUICK).notes
    assert "units left without a label, which count as not coded: 1" in notes
    assert "units that the model abstained from, which count as not coded by it: 1" in notes


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (Codes((Code("1", "ann", "suport", "x.csv row 1"),)), "x.csv row 1: no label is called 'suport'.*'support'"),
        (codes(ann="ss"), "ann is the only coder"),
        (codes(ann="ss...", bea="...ss"), r"no unit was coded by two coders \(ann has 'a0:0', bea has 'a1:3'\)"),
    ],
)
def test_codes_that_cannot_be_compared_are_refused(given: Codes, said: str) -> None:
    with pytest.raises(CorpusError, match=said):
        study(given, NOMINAL)


def test_a_model_that_abstained_from_every_coded_unit_leaves_the_people_compared() -> None:
    found = study(codes(ann="ssno", bea="sono"), NOMINAL, model("...."), interval=QUICK)
    assert {each.comparison for each in found.figures} == {"human–human"}
    assert "units that the model abstained from, which count as not coded by it: 4" in found.notes


def test_codes_toward_another_target_or_several_are_refused() -> None:
    given = codes(ann="so", bea="so")
    other = Codes(tuple(replace(code, target="nato") for code in given.given))
    with pytest.raises(CorpusError, match="this code is toward 'nato', expected 'open_door'"):
        study(other, NOMINAL, model("so"))
    mixed = Codes((*other.given, replace(given.given[0], unit="z", target="open_door")))
    with pytest.raises(CorpusError, match="toward 'open_door', expected 'nato'"):
        study(mixed, NOMINAL)


def test_a_coder_with_the_name_of_the_model_is_refused() -> None:
    with pytest.raises(ConfigError, match="a coder is called 'model'"):
        study(codes(model="ss"), NOMINAL, model("ss"))


@pytest.mark.parametrize("labels", [("one",), ("yes", "yes")])
def test_a_scale_needs_two_different_labels(labels: tuple[str, ...]) -> None:
    with pytest.raises(ConfigError, match="two different labels"):
        Scale.of(labels, Level.NOMINAL)
