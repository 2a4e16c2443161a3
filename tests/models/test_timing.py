"""What a measurement of the machine decides."""

import os

import torch

from rft_core.models import timing


def test_threads_are_those_with_which_products_are_fast_and_no_more_than_there_are() -> None:
    before = torch.get_num_threads()
    found = timing.best_threads()
    assert 1 <= found <= (os.cpu_count() or 1)
    assert torch.get_num_threads() == before


def test_fewer_threads_are_taken_where_more_are_hardly_faster(monkeypatch) -> None:
    """With a clock on which four threads are as fast as two, and one is half as fast."""
    monkeypatch.setattr(os, "cpu_count", lambda: 4)
    chosen = [1]
    monkeypatch.setattr(torch, "set_num_threads", lambda n: chosen.append(n))
    cost = {1: 2.0, 2: 1.04, 4: 1.0}
    now = [0.0]

    def clock() -> float:
        now[0] += cost[chosen[-1]]
        return now[0]

    monkeypatch.setattr(timing.time, "perf_counter", clock)
    assert timing.best_threads() == 2


def test_a_kept_measurement_of_an_older_form_is_made_again() -> None:
    file = timing._file("embedded")
    file.write_text('{"model_id": "embedded", "machine": "m", "device": "cpu", "threads": 2}')
    assert timing.saved("embedded") is None
