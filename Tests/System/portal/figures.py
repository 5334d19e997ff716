"""The names of the metrics that the programs tell, with their labels: what rules and dashboard may speak of."""

from __future__ import annotations

import re
from collections.abc import Iterator

HISTOGRAMS = {
    "ticket_validation_latency_seconds": (),
    "reservation_creation_latency_seconds": (),
    "reservation_completion_seconds": (),
    "gateway_http_request_duration_seconds": ("route",),
    "reservationd_request_duration_seconds": ("operation",),
    "reservationd_commit_duration_seconds": (),
    "reservationd_batch_size": (),
    "reservation_mailer_delivery_duration_seconds": ("transport",),
}

PLAIN = {
    # The gateway.
    "ticket_validation_count_total": ("result", "reason"),
    "contact_verification_count_total": ("result",),
    "reservation_creation_count_total": ("result", "reason"),
    "gateway_http_requests_total": ("route", "status"),
    "gateway_open_pages": (),
    "gateway_connections": (),
    "gateway_connection_limit": (),
    "gateway_rate_limited_total": ("limit",),
    "gateway_daemon_up": (),
    # The daemon.
    "reservationd_requests_total": ("operation", "status"),
    "reservationd_commits_total": ("result",),
    "reservationd_queue_depth": (),
    "reservationd_connections": ("role",),
    "reservationd_writable": (),
    "reservationd_start_time_seconds": (),
    "reservationd_overloaded_total": (),
    "reservationd_outbox_entries": ("state",),
    "reservationd_outbox_oldest_age_seconds": (),
    "reservationd_database_bytes": (),
    "reservationd_wal_bytes": (),
    "reservationd_disk_free_bytes": (),
    "reservationd_last_backup_timestamp_seconds": (),
    "reservationd_tickets": (),
    "reservationd_reservations": (),
    "email_confirmation_count_total": ("result",),
    # The mailer.
    "reservation_mailer_deliveries_total": ("transport", "result"),
    "reservation_mailer_paused": (),
    # Each program.
    "process_resident_memory_bytes": ("program",),
    "process_cpu_seconds_total": ("program",),
    "process_open_fds": ("program",),
    "process_start_time_seconds": ("program",),
    "reservation_build_info": ("program", "version"),
}

# What labels say, where it is one of a few; others are codes and names of the contract and the protocol.
VALUES = {
    ("ticket_validation_count_total", "result"): {"valid", "invalid", "error"},
    ("contact_verification_count_total", "result"): {"valid", "invalid", "error"},
    ("reservation_creation_count_total", "result"): {
        "success", "slot_full", "already_reserved", "refused", "invalid", "error", "rate_limited"},
    ("gateway_rate_limited_total", "limit"): {"validation", "creation"},
    ("reservationd_commits_total", "result"): {"committed", "rolled_back"},
    ("reservationd_outbox_entries", "state"): {"pending", "leased", "dead_letter"},
    ("email_confirmation_count_total", "result"): {"sent", "retried", "failed"},
    ("reservation_mailer_deliveries_total", "result"): {"accepted", "retry", "refused", "credentials_refused"},
}

# What Prometheus makes by itself.
OWN = {"up": (), "ALERTS": ("alertname", "alertstate", "severity")}

SERIES: dict[str, tuple[str, ...]] = {
    **PLAIN, **OWN,
    **{f"{name}_bucket": (*labels, "le") for name, labels in HISTOGRAMS.items()},
    **{f"{name}_{part}": labels for name, labels in HISTOGRAMS.items() for part in ("sum", "count")},
}

_WORDS = {
    "sum", "min", "max", "avg", "count", "topk", "by", "on", "ignoring", "without", "or", "and", "unless", "rate", "increase", "changes",
    "time", "absent", "clamp_max", "histogram_quantile", "avg_over_time", "max_over_time", "predict_linear", "round", "label_values"}


def selectors(expression: str) -> Iterator[tuple[str, list[tuple[str, str, str]]]]:
    """Each series that a PromQL expression names, with its matchers: (label, operator, value)."""
    plain = re.sub(r"\b(by|on|without|ignoring)\s*\([^)]*\)", " ", expression)
    plain = re.sub(r"\[[^\]]*\]", " ", plain)
    quoted = r'"(?:[^"\\]|\\.)*"'
    for match in re.finditer(rf"(?<![\w:.$\"])([a-zA-Z_:][\w:]*)\s*(\{{(?:[^{{}}\"]|{quoted})*\}})?", plain):
        name, braces = match.groups()
        if name in _WORDS or _inside(plain, match.start()):
            continue
        yield name, re.findall(r'(\w+)\s*(=~|!~|!=|=)\s*"([^"]*)"', braces or "")


def _inside(text: str, position: int) -> bool:
    """Whether a position lies between quotes or braces."""
    before = re.sub(r'"(?:[^"\\]|\\.)*"', "", text[:position])
    return before.count('"') % 2 == 1 or before.count("{") > before.count("}")


def unknown(expression: str, recorded: set[str]) -> list[str]:
    """What an expression says of series that nobody tells."""
    found = []
    for name, matchers in selectors(expression):
        if name in recorded:
            labels: tuple[str, ...] = ()
        elif name in SERIES:
            labels = SERIES[name]
        else:
            found.append(f"{name} is no metric")
            continue
        for label, operator, value in matchers:
            if label not in (*labels, "job", "instance"):
                found.append(f"{name} has no label {label}")
            known = VALUES.get((name, label))
            if known and not set(value.split("|")) <= known:
                found.append(f"{label} of {name} is never {operator}{value}")
    return found
