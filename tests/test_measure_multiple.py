"""Corrections for many comparisons, against values worked by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from framing.measure.multiple import benjamini_hochberg, holm, max_t


def test_holm_multiplies_the_smallest_by_the_size_of_the_family_and_so_down() -> None:
    # .005 × 4, .01 × 3, .03 × 2, and .04 × 1 is raised to the one before
    assert holm(np.array([0.01, 0.04, 0.03, 0.005])) == pytest.approx([0.03, 0.06, 0.06, 0.02])


def test_benjamini_hochberg_multiplies_by_the_size_over_the_rank() -> None:
    # .005 × 4 / 1, .01 × 4 / 2, .03 × 4 / 3, .04 × 4 / 4
    assert benjamini_hochberg(np.array([0.01, 0.04, 0.03, 0.005])) == pytest.approx([0.02, 0.04, 0.04, 0.02])


def test_benjamini_hochberg_lowers_one_to_those_after_it() -> None:
    # .02 × 3 / 1 = .06, .024 × 3 / 2 = .036, .03 × 3 / 3 = .03
    assert benjamini_hochberg(np.array([0.02, 0.024, 0.03])) == pytest.approx([0.03, 0.03, 0.03])


def test_comparisons_without_a_test_do_not_count() -> None:
    for adjust in (holm, benjamini_hochberg):
        assert adjust(np.array([np.nan, 0.02, np.nan])) == pytest.approx([np.nan, 0.02, np.nan], nan_ok=True)


def test_max_t_counts_the_resamples_in_which_anything_in_the_family_was_as_far_out() -> None:
    largest = np.array([0.5, 1.0, 1.5, 2.0])
    found = max_t(np.array([1.5, -2.5, 0.0, np.nan]), largest)
    assert found == pytest.approx([3 / 5, 1 / 5, 5 / 5, np.nan], nan_ok=True)


@given(st.lists(st.floats(0.001, 1), min_size=1, max_size=12))
def test_adjusting_never_lowers_a_p_value_and_keeps_their_order(p_values: list[float]) -> None:
    given_values = np.array(p_values)
    order = np.argsort(given_values, kind="stable")
    for adjusted in (holm(given_values), benjamini_hochberg(given_values)):
        assert (adjusted >= given_values - 1e-12).all()
        assert (adjusted <= 1).all()
        assert (np.diff(adjusted[order]) >= -1e-12).all()
    assert (benjamini_hochberg(given_values) <= holm(given_values) + 1e-12).all()
