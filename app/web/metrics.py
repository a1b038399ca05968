"""What /metrics tells about a web process's work."""

from prometheus_client import Counter, Histogram

EDGE_ANSWERS = Counter(
    "mailtide_edge_answers_total", "Opens (i) and clicks (c) answered, by why", ["endpoint", "why"]
)
EDGE_SECONDS = Histogram(
    "mailtide_edge_seconds",
    "Time to answer an open or a click, seconds",
    ["endpoint"],
    buckets=(0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0),
)
EVENTS_LOST = Counter("mailtide_events_lost_total", "Events that neither Redis nor the spool could keep")
