"""The chain over roles, against an enumeration of every path."""

from __future__ import annotations

from itertools import pairwise, product

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from framing.quotes.tagger import decode
from framing.quotes.tagger.network import chain_loss
from framing.types import Span

ROLES = range(5)
LENGTH = 4


def random_scores(seed: int) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    random = np.random.default_rng(seed)
    return (
        random.normal(size=(1, LENGTH, 5)).astype(np.float32),
        random.normal(size=(5, 5)).astype(np.float32),
    )


def weight(path: tuple[int, ...], scores: NDArray[np.float32], transitions: NDArray[np.float32]) -> float:
    local = sum(float(scores[0, at, role]) for at, role in enumerate(path))
    return local + sum(float(transitions[a, b]) for a, b in pairwise(path))


def is_legal(path: tuple[int, ...]) -> bool:
    return path[0] not in (2, 4) and all(b not in (2, 4) or a in (b, b - 1) for a, b in pairwise(path))


@pytest.mark.parametrize("seed", range(5))
def test_the_best_path_is_the_best_of_all_legal_paths(seed: int) -> None:
    scores, transitions = random_scores(seed)
    found = decode.best_paths(scores, decode.legal(transitions))[0]
    every = [path for path in product(ROLES, repeat=LENGTH) if is_legal(path)]
    assert tuple(found) == max(every, key=lambda path: weight(path, scores, transitions))


@pytest.mark.parametrize("seed", range(3))
def test_marginals_are_the_shares_of_all_paths(seed: int) -> None:
    scores, transitions = random_scores(seed)
    expected = np.zeros((LENGTH, 5))
    for path in product(ROLES, repeat=LENGTH):
        share = np.exp(weight(path, scores, transitions))
        for at, role in enumerate(path):
            expected[at, role] += share
    expected /= expected.sum(axis=1, keepdims=True)
    np.testing.assert_allclose(decode.marginals(scores, transitions)[0], expected, rtol=1e-4)


def test_the_loss_of_a_path_is_its_negative_log_likelihood_without_the_padding() -> None:
    scores, transitions = random_scores(7)
    path = (0, 3, 4, 0)
    padded = np.concatenate([scores, np.full((1, 2, 5), 9.0, np.float32)], axis=1)
    gold = torch.tensor([[*path, 1, 1]])
    mask = torch.tensor([[1.0, 1, 1, 1, 0, 0]])
    loss = chain_loss(torch.from_numpy(padded), torch.from_numpy(transitions), gold, mask)
    every = [weight(each, scores, transitions) for each in product(ROLES, repeat=LENGTH)]
    assert float(loss[0]) == pytest.approx(np.logaddexp.reduce(every) - weight(path, scores, transitions), rel=1e-4)


def test_a_cue_begins_at_its_threshold_and_goes_on_while_inside_is_likelier_than_outside() -> None:
    probabilities = np.array([[0.9, 0.1, 0.0], [0.3, 0.6, 0.1], [0.2, 0.1, 0.7], [0.8, 0.0, 0.2]], np.float32)
    (cue,) = decode.cues(probabilities, 0.5)
    assert cue.pieces == Span(1, 3)
    assert cue.probability == pytest.approx(0.6)


def test_two_cues_side_by_side_stay_two() -> None:
    probabilities = np.array([[0.1, 0.8, 0.1], [0.1, 0.8, 0.1]], np.float32)
    assert [cue.pieces for cue in decode.cues(probabilities, 0.5)] == [Span(0, 1), Span(1, 2)]


def test_stretches_of_a_role_begin_anew_at_each_begin() -> None:
    assert decode.runs([0, 1, 2, 1, 0, 3, 4, 1, 2], decode.CONTENT) == [Span(1, 3), Span(3, 4), Span(7, 9)]
    assert decode.runs([0, 1, 2, 1, 0, 3, 4, 1, 2], decode.SOURCE) == [Span(5, 7)]
