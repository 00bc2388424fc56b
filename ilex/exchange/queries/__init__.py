"""Named reads, by noun. Loading is permission: see access."""

from ilex.exchange.queries.access import (
    entry_for,
    needs_reason,
    paper_for,
    receivers,
    request_for,
    siblings,
    visible,
    visible_requests,
)
from ilex.exchange.queries.desk import (
    SHOWS,
    DeskRow,
    desk_counts,
    desk_partners,
    desk_row,
    desk_rows,
)
from ilex.exchange.queries.reach import Reach, reach
from ilex.exchange.queries.reading import channel_name, channel_sign, consult, desk_channels, preview
from ilex.exchange.queries.search import Found, SearchFilter, search
from ilex.exchange.queries.steps import NextStep, awaiting_outcome, next_step, steps
from ilex.exchange.queries.timeline import Moment, Tick, corrections, timeline
from ilex.exchange.queries.twins import open_twins

__all__ = [
    "SHOWS",
    "DeskRow",
    "Found",
    "Moment",
    "NextStep",
    "Reach",
    "SearchFilter",
    "Tick",
    "awaiting_outcome",
    "channel_name",
    "channel_sign",
    "consult",
    "corrections",
    "desk_channels",
    "desk_counts",
    "desk_partners",
    "desk_row",
    "desk_rows",
    "entry_for",
    "needs_reason",
    "next_step",
    "open_twins",
    "paper_for",
    "preview",
    "reach",
    "receivers",
    "request_for",
    "search",
    "siblings",
    "steps",
    "timeline",
    "visible",
    "visible_requests",
]
