"""Tests that stand for tests of the rubric: the marker names which."""

import math
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent.parent))

from features import PLANS, features, loss, predict, rows, train


@pytest.mark.mlscore("data-7")
@pytest.mark.parametrize("plan", PLANS)
def test_features_are_finite_for_new_customers(plan: str) -> None:
    row = {"tenure_months": "0", "support_calls": "0", "plan": plan}

    assert all(math.isfinite(value) for value in features(row))


@pytest.mark.mlscore("data-7")
def test_an_unknown_plan_is_an_error() -> None:
    with pytest.raises(ValueError, match="not in tuple"):
        features({"tenure_months": "1", "support_calls": "0", "plan": "gold"})


@pytest.mark.mlscore("infra-1")
def test_training_twice_gives_the_same_weights() -> None:
    assert train(rows(), seed=1) == train(rows(), seed=1)


@pytest.mark.mlscore("infra-2")
def test_training_lowers_the_loss() -> None:
    assert loss(train(rows()), rows()) < loss([0.0] * 5, rows())


@pytest.mark.mlscore("model-5", "infra-4")
def test_the_model_beats_the_majority() -> None:
    data = rows()
    share = sum(row["churned"] == "1" for row in data) / len(data)
    baseline = -(share * math.log(share) + (1 - share) * math.log(1 - share))

    assert loss(train(data, steps=4000), data) < baseline


@pytest.mark.mlscore("monitor-5")
def test_predictions_are_probabilities() -> None:
    weights = train(rows())

    assert all(0 <= predict(weights, row) <= 1 for row in rows())


@pytest.mark.mlscore("model-6")
def test_every_plan_is_predicted_well_enough() -> None:
    """Fails today: the model is too coarse for one plan. The claim says otherwise, and evidence shows it."""
    weights = train(rows(), steps=4000)

    for plan in PLANS:
        part = [row for row in rows() if row["plan"] == plan]
        assert loss(weights, part) < 0.40, plan
