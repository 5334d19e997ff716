"""What every log entry must carry: the events of the card's section 7 and those an operator acts on, with their fields in the journal.

Used on readable lines and on journald's own protocol (`test_journal.py`), and by whoever has real entries:

    for entry in map(json.loads, journalctl("-o", "json")):
        check_entry(entry)
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from .programs import REPOSITORY

DAEMON, GATEWAY, MAILER = "reservationd", "reservation-gateway", "reservation-mailer"

# PRIORITY, as syslog numbers them.
CRITICAL, ERROR, WARNING, NOTICE, INFO, DEBUG = "234567"


@dataclass(frozen=True)
class Event:
    """Who writes it, at which priorities, and the fields that are always there."""

    programs: tuple[str, ...]
    priorities: tuple[str, ...]
    fields: tuple[str, ...]


# The card's section 7, in its order. REQUEST_ID is always there when the request came by the gateway, else when its sender gave one; an
# id is missing only where the request had none that can be read.
CARD = {
    "ticket.validation.requested": Event((DAEMON, GATEWAY), (INFO,), ("TICKET_CODE", "RESULT", "REQUEST_ID")),
    "ticket.validation.failed": Event((DAEMON, GATEWAY), (INFO, WARNING), ("TICKET_CODE", "REASON", "REQUEST_ID")),
    "contact.verification.requested": Event(
        (DAEMON, GATEWAY), (INFO,), ("TICKET_ID", "CUSTOMER_EMAIL", "CUSTOMER_PHONE", "REQUEST_ID")),
    "contact.verification.failed": Event(
        (DAEMON, GATEWAY), (INFO, WARNING), ("TICKET_ID", "VALIDATION_ERRORS", "REASON", "REQUEST_ID")),
    "reservation.creation.started": Event((GATEWAY,), (INFO,), ("TICKET_ID", "SLOT_ID", "REQUEST_ID")),
    "reservation.creation.success": Event(
        (DAEMON,), (INFO,), ("RESERVATION_ID", "TICKET_ID", "SLOT_ID", "SLOT_DATE", "CUSTOMER_EMAIL", "REQUEST_ID")),
    "reservation.creation.failed": Event((DAEMON, GATEWAY), (INFO, WARNING), ("TICKET_ID", "SLOT_ID", "REASON", "REQUEST_ID")),
    "email.confirmation.sent": Event(
        (MAILER,), (INFO,), ("RESERVATION_ID", "CUSTOMER_EMAIL", "OUTBOX_ID", "ATTEMPT", "PROVIDER_ID", "ORQ", "REQUEST_ID")),
    "email.confirmation.failed": Event(
        (MAILER,), (WARNING, ERROR), ("RESERVATION_ID", "CUSTOMER_EMAIL", "ERROR", "RESULT", "OUTBOX_ID", "ATTEMPT", "ORQ", "REQUEST_ID")),
}

# Beyond the card: what the catalogue, the page of queries or an alert rests on.
OPERATION = {
    "outbox.dead_letter": Event((DAEMON,), (ERROR,), ("OUTBOX_ID", "RESERVATION_ID", "REQUEST_ID")),
    "outbox.changed": Event((DAEMON,), (NOTICE,), ("OPERATION", "OUTBOX_ID", "RESERVATION_ID", "RESULT")),
    "http.request": Event(
        (GATEWAY,), (DEBUG, INFO, NOTICE, WARNING), ("METHOD", "PATH", "HTTP_STATUS", "DURATION_US", "REASON", "REQUEST_ID")),
    "daemon.ready": Event((DAEMON,), (NOTICE,), ("VERSION", "INSTANCE_ID", "SOCKET")),
    "daemon.stopping": Event((DAEMON,), (NOTICE,), ("REASON",)),
    "daemon.stopped": Event((DAEMON,), (NOTICE,), ()),
    "program.failed": Event((DAEMON, GATEWAY), (CRITICAL,), ("ERROR",)),
    "gateway.listening": Event((GATEWAY,), (NOTICE,), ("LISTEN",)),
    "mailer.started": Event((MAILER,), (NOTICE,), ("SOCKET", "TRANSPORT", "COUNT")),
    "mailer.stopping": Event((MAILER,), (INFO,), ()),
    "mailer.stopped": Event((MAILER,), (INFO,), ()),
}

EVENTS = CARD | OPERATION

# In every entry of the three programs that has RESERVATION_EVENT.
ALWAYS = ("MESSAGE", "MESSAGE_ID", "PRIORITY", "SYSLOG_IDENTIFIER", "RESERVATION_EVENT")

# A value that was none, and is therefore not repeated.
UNREADABLE = "***"

MASKED = {
    "TICKET_CODE": re.compile(r"TKT-\d{4}-\*\*\*[A-Z0-9]{3}|\*\*\*"),
    "CUSTOMER_EMAIL": re.compile(r"[^@*]?\*\*\*@[^@]+|\*\*\*"),
    "CUSTOMER_PHONE": re.compile(r"\+\*\*\*\d{2}|\*\*\*"),
}


@dataclass(frozen=True)
class CatalogueText:
    """What `journalctl -x` shows under an event's MESSAGE_ID."""

    message_id: str
    subject: str
    # Names between @ signs, which each entry fills in.
    fields: frozenset[str]


@cache
def catalogue() -> dict[str, CatalogueText]:
    """The texts of `deploy/systemd/reservation-portal.catalog` by event."""
    text = (REPOSITORY / "deploy/systemd/reservation-portal.catalog").read_text(encoding="utf-8")
    parts = re.split(r"^# ([a-z_.]+)\n-- ([0-9a-f]{32})\nSubject: (.*)\n", text, flags=re.MULTILINE)
    return {
        event: CatalogueText(message_id, subject, frozenset(re.findall(r"@([A-Z0-9_]+)@", subject + body)))
        for event, message_id, subject, body in zip(parts[1::4], parts[2::4], parts[3::4], parts[4::4])
    }


def check_entry(entry: Mapping[str, str]) -> None:
    """Holds one entry of the journal, its fields by name, against all of the above. An entry without an event is free text of a library."""
    name = entry.get("RESERVATION_EVENT")
    if name is None:
        return
    for field in ALWAYS:
        assert field in entry, f"{name} has no {field}: {entry}"
    text = catalogue().get(name)
    assert text is not None, f"{name} is not in the catalogue"
    assert entry["MESSAGE_ID"] == text.message_id, f"{name} has another event's MESSAGE_ID"
    assert entry["MESSAGE"].startswith(name), entry["MESSAGE"]
    missing = [field for field in text.fields if field not in entry]
    assert not missing, f"the catalogue's text of {name} names {missing}, which the entry does not have: {entry}"
    for field, form in MASKED.items():
        assert field not in entry or form.fullmatch(entry[field]), f"{name}: {field} is not masked: {entry[field]}"
    event = EVENTS.get(name)
    if event is None:
        return
    assert entry["SYSLOG_IDENTIFIER"] in event.programs, f"{name} is written by {entry['SYSLOG_IDENTIFIER']}"
    assert entry["PRIORITY"] in event.priorities, f"{name} has PRIORITY={entry['PRIORITY']}"
    optional = {"REQUEST_ID"}
    if entry["SYSLOG_IDENTIFIER"] == GATEWAY:
        # What ends at the gateway may have had no id that can be read.
        optional = set() if name == "reservation.creation.started" else {"TICKET_ID", "SLOT_ID"}
    missing = [field for field in event.fields if field not in entry and field not in optional]
    assert not missing, f"{name} has no {', '.join(missing)}: {entry}"


LEVELS = {"trace": DEBUG, "debug": DEBUG, "info": INFO, "notice": NOTICE, "warning": WARNING, "error": ERROR, "critical": CRITICAL}
PAIR = re.compile(r' ([^ ="]+)=(?:"((?:[^"\\]|\\.)*)"|([^ "]*))')


def entry_of_line(line: str, program: str) -> dict[str, str]:
    """A readable line of standard error as the entry that it would be in the journal; free text of a library has no event."""
    _, level, message = line.split(" ", 2)
    name = message.split(" ", 1)[0]
    entry = {
        field.upper(): bare or quoted.replace('\\"', '"').replace("\\\\", "\\") for field, quoted, bare in PAIR.findall(message)}
    entry |= {"MESSAGE": message, "PRIORITY": LEVELS[level], "SYSLOG_IDENTIFIER": program}
    if re.fullmatch(r"[a-z0-9_]+(\.[a-z0-9_]+)+", name):
        entry["RESERVATION_EVENT"] = name
        if name in catalogue():
            entry["MESSAGE_ID"] = catalogue()[name].message_id
    return entry
