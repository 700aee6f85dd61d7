"""From a place that was clicked in the timeline to the period that it belongs to."""

from __future__ import annotations

import datetime as dt

from sm_tracker.figures.timeline.timeline_model import TimelineModel


def place_on_axis(x: object) -> float | None:
    """A place as the screen reports it, as a place of the model; None where it is neither."""
    if isinstance(x, int | float):
        return float(x)
    try:
        return float((dt.date.fromisoformat(str(x)[:10]) - dt.date(1970, 1, 1)).days)
    except ValueError:
        return None


def period_at(model: TimelineModel, x: float) -> str:
    """Identity of the drawn period that a place lies in, the last started one of several.

    Parameters
    ----------
    model : TimelineModel
    x : float
        Place on the time axis of the model  [d]. The first day of a period still belongs
        to the time before it.

    Returns
    -------
    str
        ``period_id``, blank where no drawn period ran.
    """
    bars = [bar for lane in model.lanes for bar in lane.bars]
    running = [b for b in bars if b.middle_start < x and (x <= b.middle_end or _open(b.end_status))]
    return max(running, key=lambda bar: bar.middle_start).period_id if running else ""


def _open(end_status: str) -> bool:
    return end_status == "ongoing"
