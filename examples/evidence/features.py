"""Features of a small churn model, and the model: a line through two of them. Standard library only."""

import csv
import math
import random
from pathlib import Path

DATA = Path(__file__).parent / "data" / "train.csv"
PLANS = ("basic", "plus", "pro")


def rows() -> list[dict[str, str]]:
    """Read the training data."""
    with DATA.open(newline="") as file:
        return list(csv.DictReader(file))


def features(row: dict[str, str]) -> list[float]:
    """Turn one customer into numbers: the same code trains and serves."""
    tenure = float(row["tenure_months"])
    calls = float(row["support_calls"])
    return [math.log1p(tenure), calls, calls / (1 + tenure), float(PLANS.index(row["plan"]))]


def train(data: list[dict[str, str]], seed: int = 0, steps: int = 400) -> list[float]:
    """Fit a logistic regression by stochastic gradient descent; the last weight is the intercept."""
    rng = random.Random(seed)
    weights = [0.0] * 5
    for _ in range(steps):
        row = rng.choice(data)
        error = predict(weights, row) - float(row["churned"])
        for place, value in enumerate([*features(row), 1.0]):
            weights[place] -= 0.05 * error * value
    return weights


def predict(weights: list[float], row: dict[str, str]) -> float:
    """Return the probability that a customer leaves."""
    total = sum(weight * value for weight, value in zip(weights, [*features(row), 1.0], strict=True))
    return 1 / (1 + math.exp(-total))


def loss(weights: list[float], data: list[dict[str, str]]) -> float:
    """Return the mean log loss."""
    total = 0.0
    for row in data:
        chance = min(max(predict(weights, row), 1e-9), 1 - 1e-9)
        total -= math.log(chance) if row["churned"] == "1" else math.log(1 - chance)
    return total / len(data)
