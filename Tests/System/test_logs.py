"""The card's section 7 in the journal: event names, masked addresses and numbers, and nothing a caller could forge."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from portal.api import accepted
from portal.conditions import eventually
from portal.log_events import CARD, DAEMON, GATEWAY, MAILER, check_entry, entry_of_line
from portal.rsv import Peer, frame
from portal.system import Portal


def all_logs(portal: Portal) -> str:
    return portal.daemon.log() + "".join(gateway.log() for gateway in [portal.gateway, *portal.more_gateways])


def logged(portal: Portal, *words: object) -> str:
    """The first line, of whichever program, that holds all the words."""
    def find() -> str | None:
        return next((line for line in all_logs(portal).splitlines() if all(str(word) in line for word in words)), None)
    return eventually(f"a line with {words}", find, 5)


def test_validation_requested(portal: Portal):
    """ticket.validation.requested - {ticket_code, result: valid|invalid}"""
    ticket = portal.stock.ticket()
    accepted(portal.api.validate(ticket.code))
    line = logged(portal, "ticket.validation.requested", ticket.code[-3:])
    assert "ticket_code=" in line and "result=valid" in line


def test_validation_failed(portal: Portal):
    """ticket.validation.failed - {ticket_code, reason: TICKET_NOT_FOUND|ALREADY_RESERVED|...}"""
    portal.api.validate("TKT-2025-LOGLOG-LOGXYZ")
    line = logged(portal, "ticket.validation.failed", "XYZ", "TICKET_NOT_FOUND")
    assert "ticket_code=" in line and "result=invalid" in line
    reserved = portal.stock.ticket("RESERVED")
    portal.api.validate(reserved.code)
    logged(portal, "ticket.validation.failed", reserved.code[-3:], "TICKET_ALREADY_RESERVED")


def test_contact_verification_requested(portal: Portal):
    """contact.verification.requested - {ticket_id, email, phone}"""
    ticket = portal.stock.ticket()
    portal.api.verify(ticket.id, email="quentin@log.example", phone="+12025550177")
    line = logged(portal, "contact.verification.requested", f"ticket_id={ticket.id}")
    assert "log.example" in line and "77" in line


def test_contact_verification_failed(portal: Portal):
    """contact.verification.failed - {ticket_id, validation_errors}"""
    ticket = portal.stock.ticket()
    portal.api.verify(ticket.id, email="nobody", phone="12")
    line = logged(portal, "contact.verification.failed", f"ticket_id={ticket.id}")
    assert "validation_errors=" in line and "email" in line and "phone" in line


def test_creation_started_and_success(portal: Portal):
    """reservation.creation.started - {ticket_id, slot_id}; reservation.creation.success - {reservation_id, ticket_id, slot_id, slot_date}"""
    ticket, slot = portal.stock.ticket(), portal.stock.slot()
    created = accepted(portal.api.create(ticket.id, slot.id))
    logged(portal, "reservation.creation.started", f"ticket_id={ticket.id}", f"slot_id={slot.id}")
    logged(
        portal, "reservation.creation.success", f"reservation_id={created['reservation_id']}", f"ticket_id={ticket.id}",
        f"slot_id={slot.id}", f"slot_date={slot.date}")


def test_creation_failed(portal: Portal):
    """reservation.creation.failed - {ticket_id, slot_id, reason: SLOT_FULL|TICKET_ALREADY_RESERVED}"""
    full, ticket, reserved = portal.stock.slot(capacity=1, booked=1), portal.stock.ticket(), portal.stock.ticket("RESERVED")
    portal.api.create(ticket.id, full.id)
    logged(portal, "reservation.creation.failed", f"ticket_id={ticket.id}", f"slot_id={full.id}", "SLOT_FULL")
    portal.api.create(reserved.id, full.id)
    logged(portal, "reservation.creation.failed", f"ticket_id={reserved.id}", f"slot_id={full.id}", "TICKET_ALREADY_RESERVED")


def test_organization_changed(portal: Portal):
    """organization.changed - {orq, changed_fields}: which, never what they are now"""
    orq = portal.stock.organization()
    portal.stock.peer.must(
        "organization.set", {"orq": orq, "contact_email": "quentin@log.example", "name": "Loghouse", "accent_color": "#123456"})
    line = logged(portal, "organization.changed", f"orq={orq}")
    assert "changed_fields=name,accent_color,contact_email" in line
    assert not any(value in line for value in ("quentin", "log.example", "Loghouse", "123456"))


def test_request_id_is_in_reply_and_log(portal: Portal):
    """request id in reply and log (of what succeeded without a trace in the data: at level debug)"""
    api = portal.api
    for response in (
        api.validate("TKT-2025-NOSUCH-TICKET"), api.get("/nowhere"), api.create(portal.stock.ticket().id, portal.stock.slot().id),
    ):
        logged(portal, f"request_id={response.headers['x-request-id']}")
    _, talkative = portal.another_gateway("--log-level", "debug")
    logged(portal, f"request_id={talkative.available().headers['x-request-id']}")


def test_request_id_reaches_the_daemon(portal: Portal):
    """request id through gateway and daemon; a replay is told under the id of the request that got it"""
    api, ticket, slot = portal.api, portal.stock.ticket(), portal.stock.slot()
    validated = api.validate(ticket.code).headers["x-request-id"]
    api.verify(ticket.id, headers={"X-Request-Id": "my.contact_1"})
    first = api.create(ticket.id, slot.id, key="a-key-for-logs-01").headers["x-request-id"]
    again = api.create(ticket.id, slot.id, key="a-key-for-logs-01").headers["x-request-id"]
    for event, name in (
        ("ticket.validation.requested", validated), ("contact.verification.requested", "my.contact_1"),
        ("reservation.creation.success", first), ("reservation.creation.success", again),
    ):
        eventually(f"the daemon tells {event}", lambda e=event, n=name: portal.daemon.log_lines(f" {e} ", f"request_id={n}"))
    replayed = portal.daemon.log_lines(f"request_id={again}")[0]
    assert "replayed=true" in replayed and f"slot_date={slot.date}" in replayed and "reservation_id=" in replayed


def test_a_request_id_that_is_none_is_refused(portal: Portal):
    """over the socket, too, nobody forges a line"""
    for name in ("", "a b", "x" * 65, "é", "a\nb"):
        reply = portal.stock.peer.call("ticket.validate", {"orq": 1, "ticket_code": "TKT-2025-NOSUCH-TICKET", "request_id": name})
        assert reply.status == "INVALID_REQUEST", name


def test_every_line_is_complete(portal: Portal):
    """whatever was written so far has the fields, the priority and the program that its event must have"""
    test_creation_failed(portal)
    test_contact_verification_failed(portal)
    seen = set()
    for program in [portal.daemon, portal.gateway, *portal.more_gateways]:
        for line in program.log().splitlines():
            entry = entry_of_line(line, program.name)
            check_entry(entry)
            seen.add((entry["SYSLOG_IDENTIFIER"], entry.get("RESERVATION_EVENT")))
    for event, described in CARD.items():
        if described.programs != (MAILER,):
            assert (DAEMON, event) in seen or (GATEWAY, event) in seen, event


@pytest.mark.parametrize("level", ["trace", "info"])
def test_nothing_personal(make_portal: Callable[..., Portal], level: str):
    """e-mail and phone masked, ticket codes too, at every level"""
    portal = make_portal()
    portal.daemon.start("--log-level", level)
    portal.stock.organization(orq=1)
    portal.gateway.start("--log-level", level)
    api, stock = portal.api, portal.stock
    ticket, slot, key = stock.ticket(), stock.slot(capacity=1), "a-secret-idempotency-key"
    email, phone = "wilhelmina.oversteegen@example.com", "+31612345699"
    api.validate(ticket.code)
    api.verify(ticket.id, email, phone, code=ticket.code)
    accepted(api.create(ticket.id, slot.id, email, phone, code=ticket.code, key=key))
    api.create(ticket.id, slot.id, email, phone, key=key)
    api.create(stock.ticket().id, slot.id, email, phone, code=ticket.code)
    api.create(stock.ticket().id, slot.id, email, phone)
    api.verify(ticket.id, email + "\u0000", phone)
    api.verify(ticket.id, email, phone + "x")
    api.get(f"/api/tickets/validate?ticket_code={ticket.code}&email={email}")
    api.get(f"/reserve?ticket={ticket.code}")
    stock.peer.must("tickets.show", {"ticket_id": ticket.id})
    stock.peer.call("tickets.issue", {"orq": 1, "ticket_code": ticket.code, "product_id": 1, "order_id": 1, "count": 1})
    stock.peer.must("organization.set", {"orq": 1, "contact_email": email, "contact_phone": phone})
    stock.peer.must("organization.get", {"orq": 1})
    stock.peer.call("organization.set", {"orq": 1, "contact_email": email + " ", "contact_phone": phone})
    portal.stop()
    written = all_logs(portal)
    assert "reservation.creation.success" in written
    for secret in ("wilhelmina", "oversteegen", "31612345699", "612345699", ticket.code, ticket.code[9:], key):
        found = [line for line in written.splitlines() if secret.lower() in line.lower()]
        assert not found, f"{secret} is in the log: {found[:3]}"


def test_no_forged_lines(own: Portal):
    """no raw user bytes: what a caller sends cannot look like a line of its own, nor command a terminal"""
    forged = "x\n2026-01-01T00:00:00.000Z info reservation.creation.success reservation_id=666\r\x1b[2J\u202e\u2028forged"
    own.api.validate(forged)
    own.api.validate("TKT-2025-NOSUCH-TICKET", headers={"User-Agent": "\x7fforged reservation.creation.success", "X-Request-Id": "forged id=1"})
    own.api.verify(1, email=forged, phone=forged)
    own.api.create(1, 1, email=forged)
    own.api.available(month=forged)
    own.api.get("/nowhere%0Aforged reservation.creation.success")
    own.api.get("/nowhere", headers={"Host": "forged.example", "X-Forwarded-For": "forged"})
    with Peer(own.daemon.socket("admin"), greet=False) as peer:
        name = "forged\nreservation.creation.success"
        peer.write(frame("HELLO", (b'{"magic":"RSV","version_min":1,"version_max":1,"client_name":"forged reservation.creation.success"}'), encoding="JSON"))
        assert peer.read() is not None
        peer.call("ticket.validate", {"orq": 1, "ticket_code": name})
        peer.call("organization.add", {"orq": 66, "time_zone": forged, "name": "forged\nname"})
    own.stop()
    for line in all_logs(own).splitlines():
        assert "reservation.creation.success" not in line or "forged" in line, line
        assert not any(ord(character) < 32 or ord(character) == 127 or character in "\u202e\u2028" for character in line), repr(line)
    assert "reservation_id=666" not in [word for line in all_logs(own).splitlines() for word in line.split()]


def test_lines_can_be_read(own: Portal):
    """readable lines on stderr: a time, a level, a name of the event, and fields"""
    ticket = own.stock.ticket()
    own.api.validate(ticket.code)
    own.stop()
    for line in all_logs(own).splitlines():
        moment, level, _ = line.split(" ", 2)
        assert moment.endswith("Z") and level in ("trace", "debug", "info", "notice", "warning", "error", "critical"), line
    names = [line.split(" ")[2] for line in own.daemon.log().splitlines()]
    assert names[0] == "daemon.ready" and names[-1] == "daemon.stopped", names


def test_the_journal_only_when_systemd_connected_it(own: Portal):
    """to journald natively when its socket is there, else readable lines on stderr: a terminal's user sees the lines"""
    assert "daemon.ready" in own.daemon.log()
