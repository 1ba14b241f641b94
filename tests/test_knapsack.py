"""The cheapest choice that gains enough, held against every choice there is."""

import sys
from itertools import product

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from mlscore import knapsack
from mlscore.knapsack import Choice, Knapsack, Option


@st.composite
def options(draw):
    """Options as the levels of a test give them: gains that need not all differ, costs that rise."""
    count = draw(st.integers(0, 3))
    gains = sorted(draw(st.lists(st.integers(1, 6), min_size=count, max_size=count)))
    costs = sorted(draw(st.lists(st.integers(1, 9), min_size=count, max_size=count)))
    return [Option(gain, cost) for gain, cost in zip(gains, costs, strict=True)]


ITEMS = st.lists(options(), max_size=5)


def choices(items, need):
    """Every choice that gains enough: what it costs, and what it does with each item."""
    for picks in product(*([None, *range(len(found))] for found in items)):
        taken = [found[pick] for found, pick in zip(items, picks, strict=True) if pick is not None]
        if sum(option.gain for option in taken) >= need:
            yield sum(option.cost for option in taken), picks


def does(picks):
    """What a choice does, in an order: more is greater, nothing is least."""
    return tuple(-1 if pick is None else pick for pick in picks)


def gained(items, choice):
    taken = [found[pick] for found, pick in zip(items, choice.picks, strict=True) if pick is not None]
    return sum(option.gain for option in taken), sum(option.cost for option in taken)


@settings(deadline=None)
@given(items=ITEMS, need=st.integers(-3, 40))
@example(items=[[Option(1, 1)], [Option(1, 1)]], need=1)
@example(items=[[Option(2, 2)], [Option(1, 1), Option(2, 2)]], need=2)
@example(items=[[Option(1, 1), Option(1, 1)]], need=1)
@example(items=[[Option(3, 1)], [Option(1, 5)]], need=2)
def test_it_is_the_cheapest_choice_and_of_equal_ones_the_one_that_does_more_with_earlier_items(items, need):
    found = Knapsack(items).cheapest(need)

    every = list(choices(items, need))
    if not every:
        assert found is None
        return
    cost = min(cost for cost, _ in every)
    picks = max((picks for price, picks in every if price == cost), key=does)
    assert found == Choice(picks, cost, cost)


@settings(deadline=None)
@given(items=ITEMS, need=st.integers(-3, 40))
@example(items=[[Option(2, 3), Option(2, 5), Option(3, 6)]], need=2)
@example(items=[[Option(1, 4), Option(1, 4)], [Option(1, 1)]], need=2)
@example(items=[[Option(10, 10)], [Option(9, 8)]], need=10)
def test_beyond_the_limit_it_is_near_the_cheapest_and_says_how_near(items, need):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(knapsack, "MAX_CELLS", 0)
        found = Knapsack(items).cheapest(need)

    least = min((cost for cost, _ in choices(items, need)), default=None)
    if found is None:
        assert least is None
        return
    gain, cost = gained(items, found)
    step = max((option.cost for options in items for option in options), default=0)
    assert gain >= need
    assert cost == found.cost
    assert found.at_least <= least <= found.cost
    assert found.cost - found.at_least <= step


@settings(deadline=None)
@given(items=ITEMS)
def test_a_choice_never_gets_cheaper_by_asking_for_more(items):
    for limit in (0, knapsack.MAX_CELLS):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(knapsack, "MAX_CELLS", limit)
            sack = Knapsack(items)
            costs = [sack.cheapest(need).cost for need in range(sack.most + 1)]

        assert costs == sorted(costs)


@settings(deadline=None)
@given(items=ITEMS)
def test_more_than_everything_gains_is_impossible(items):
    sack = Knapsack(items)

    assert sack.most == max(gain for gain in range(40) if any(True for _ in choices(items, gain)))
    assert sack.cheapest(sack.most) is not None
    assert sack.cheapest(sack.most + 1) is None


@pytest.mark.parametrize("limit", [0, knapsack.MAX_CELLS])
@pytest.mark.parametrize("items", [[], [[]], [[], []], [[Option(1, 1)], []]])
@pytest.mark.parametrize("need", [0, -1, -1000])
def test_where_nothing_is_needed_nothing_is_done(monkeypatch, limit, items, need):
    monkeypatch.setattr(knapsack, "MAX_CELLS", limit)

    assert Knapsack(items).cheapest(need) == Choice((None,) * len(items), 0, 0)


@pytest.mark.parametrize("items", [[], [[]], [[], [], []]])
def test_without_options_nothing_can_be_gained(items):
    assert Knapsack(items).most == 0
    assert Knapsack(items).cheapest(1) is None


@pytest.mark.parametrize("limit", [0, knapsack.MAX_CELLS])
def test_of_options_that_gain_alike_the_cheaper_is_taken(monkeypatch, limit):
    monkeypatch.setattr(knapsack, "MAX_CELLS", limit)

    assert Knapsack([[Option(1, 1), Option(2, 2), Option(2, 4)]]).cheapest(2) == Choice((1,), 2, 2)


def test_an_option_above_the_straight_way_between_others_is_not_taken_in_parts(monkeypatch):
    monkeypatch.setattr(knapsack, "MAX_CELLS", 0)

    assert Knapsack([[Option(1, 5), Option(4, 8)]]).cheapest(1) == Choice((1,), 8, 2)


def test_whether_every_combination_is_weighed_depends_on_items_times_gains(monkeypatch):
    items = [[Option(10, 10)], [Option(9, 8)]]
    monkeypatch.setattr(knapsack, "MAX_CELLS", 2 * (19 + 1))
    exact = Knapsack(items).cheapest(10)
    monkeypatch.setattr(knapsack, "MAX_CELLS", 2 * (19 + 1) - 1)
    near = Knapsack(items).cheapest(10)

    assert exact == Choice((0, None), 10, 10)
    assert near == Choice((0, 0), 18, 9)


def calls_of(work):
    """How many functions a piece of work calls, and what it returns."""
    count = 0

    def profile(frame, event, argument):
        nonlocal count
        count += event in {"call", "c_call"}

    sys.setprofile(profile)
    try:
        found = work()
    finally:
        sys.setprofile(None)
    return count, found


def test_a_thousand_items_are_weighed_within_a_bounded_amount_of_work():
    items = [
        [Option(1, 1 + place % 7), Option(2, 2 + place % 5), Option(4, 5 + place % 3)] for place in range(1000)
    ]
    sack = Knapsack(items)
    assert sack.most == 4000

    first, found = calls_of(lambda: sack.cheapest(2000))
    second, _ = calls_of(lambda: sack.cheapest(1999))

    assert gained(items, found) == (pytest.approx(2000, abs=3), found.cost)
    assert found.at_least == found.cost
    cells = [len(costs) for costs in sack._costs]
    assert len(cells) == 1001
    assert sum(cells) <= len(items) * (sack.most + 1) <= knapsack.MAX_CELLS
    assert first < 60 * len(items)  # nothing is called for a single cell
    assert second < 40 * len(items)  # the tables are made once


def test_beyond_the_limit_the_work_does_not_depend_on_how_fine_the_gains_are():
    counts = []
    for scale in (10**4, 10**8):
        items = [[Option(scale, 1 + place % 7), Option(2 * scale + 1, 3 + place % 5)] for place in range(1000)]
        sack = Knapsack(items)
        counts.append(calls_of(lambda sack=sack: sack.cheapest(sack.most // 2))[0])
        assert "_costs" not in vars(sack)

    assert counts[0] == pytest.approx(counts[1], rel=0.01)
    assert counts[1] < 200 * 1000
