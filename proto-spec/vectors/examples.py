"""One believable request and response for each operation, and the other messages.

The valid vectors and the worked examples in spec.md are made from these.
"""

SLOT_TIME = {"date": "2026-12-05", "start_time": "12:00:00", "end_time": "14:00:00", "starts_at": 1796443200}
SLOT = {
    "orq": 1, "slot_id": 10, "status": "ACTIVE", **SLOT_TIME, "total_capacity": 200, "booked_count": 150,
    "created_at": 1795000000, "updated_at": 1795450000,
}
FULL_SLOT = {
    **SLOT, "slot_id": 11, "status": "FULL", "start_time": "14:00:00", "end_time": "16:00:00",
    "starts_at": 1796450400, "booked_count": 200,
}
CODE = "TKT-2026-ABC123-DEF456"
RESERVATION = {
    "slot_id": 10, "reservation_id": 789, "customer_email": "ana@example.com", "customer_phone": "+12025551234",
    "status": "RESERVED", "reserved_at": 1795451000, "slot": SLOT_TIME,
}
TICKET = {
    "orq": 1, "ticket_id": 4503599627370497, "ticket_code": CODE, "product_id": 5, "order_id": 456,
    "status": "ACTIVATED", "created_at": 1795000000, "updated_at": 1795000000,
}
RESERVED_TICKET = {**TICKET, "status": "RESERVED", "updated_at": 1795451000, "reservation": RESERVATION}
ORGANIZATION = {
    "orq": 1, "created_at": 1794000000, "time_zone": "Asia/Taipei", "name": "Harbour Museum", "allow_started": False,
}
# A picture of one pixel.
LOGO = (
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c4944415478da63902a7e010002"
    "20017658cb31190000000049454e44ae426082"
)
PROFILE = {**ORGANIZATION, "updated_at": 1795452000}
FULL_PROFILE = {
    **PROFILE, "accent_color": "#1a73e8", "logo": LOGO, "contact_email": "visit@example.com", "contact_phone": "+886223456789",
    "website": "https://museum.example.com/visit", "retention_days": 90,
}
# What the gateway calls a request in the logs.
REQUEST = "9b8f3c5e21d7046a"
CONTACT = {"customer_email": "ana@example.com", "customer_phone": "+12025551234"}
DELIVERY = {
    "ticket_code": CODE, "reservation_id": 789, **CONTACT, "slot": SLOT_TIME, "language": "de", "outbox_id": 4711, "lease_id": 1,
    "attempt": 1, "kind": "email", "first_queued_at": 1795451000, "organization": {
        "orq": 1, "time_zone": "Asia/Taipei", "name": "Harbour Museum", "accent_color": "#1a73e8", "contact_email": "visit@example.com",
        "contact_phone": "+886223456789", "website": "https://museum.example.com/visit"},
    "ends_at": 1796450400, "request_id": REQUEST,
}
BARE_DELIVERY = {
    **{key: value for key, value in DELIVERY.items() if key != "request_id"}, "language": "en", "outbox_id": 4712, "lease_id": 9, "attempt": 4, "organization": {
        "orq": 2, "time_zone": "Europe/Zurich", "name": "Théâtre du Lac 湖"},
}
ENTRY = {
    "orq": 1, "ticket_code": CODE, "reservation_id": 789, **CONTACT, "status": "QUEUED", "created_at": 1795451000,
    "updated_at": 1795451060, "language": "de", "outbox_id": 4711, "attempt": 2, "kind": "email", "next_attempt_at": 1795451075,
    "last_error": "421 4.7.0 try again later", "first_queued_at": 1795451000, "request_id": REQUEST,
}
BACKUP = "/var/backups/reservation-portal/reservations-20261123T170320Z.sqlite"
WAITING_ENTRY = {key: value for key, value in ENTRY.items() if key != "last_error"} | {
    "updated_at": 1795451000, "attempt": 0, "next_attempt_at": 1795451000}
SENT_ENTRY = {key: value for key, value in ENTRY.items() if key != "next_attempt_at"} | {
    "status": "SENT", "provider_id": "14c5d75ce93.dfd.64b469.filter0001.16648.5515E0B88.0"}
DAEMON_METRICS = "# HELP reservationd_writable Whether the store takes writes.\n# TYPE reservationd_writable gauge\nreservationd_writable 1\n"
MAILER_METRICS = (
    "# HELP reservation_mailer_paused Whether nothing is sent.\n# TYPE reservation_mailer_paused gauge\nreservation_mailer_paused 0\n")
CANCELLATION_DELIVERY = {**DELIVERY, "outbox_id": 4714, "purpose": "cancellation", "sequence": 2}
NAMED_RESERVATION = {
    "orq": 1, "ticket_id": 4503599627370497, "ticket_code": CODE, "slot_id": 10, "reservation_id": 789}
MOVE_NOTE = {
    "role": "admin", "orq": 1, "ticket_id": 4503599627370497, "slot_id": 12, "reservation_id": 789, "operator": 7,
    "reason": "asked by phone", "previous_slot_id": 10, "history_id": 42, "action": "MOVED", "at": 1795451000, "uid": 1000}
SLOT_NOTE = {
    "role": "service", "orq": 1, "slot_id": 10, "detail": "from 200 to 250", "history_id": 43, "action": "SLOT_CAPACITY_SET",
    "at": 1795451060}
BOOKED_EVENT = {
    "orq": 1, "ticket_id": 4503599627370497, "slot_id": 10, "reservation_id": 789, "kind": "RESERVED", "at": 1795451000, "position": 4712}
MOVED_EVENT = {**BOOKED_EVENT, "kind": "MOVED", "slot_id": 12, "previous_slot_id": 10, "position": 4713}
SLOT_EVENT = {"orq": 1, "slot_id": 12, "kind": "SLOT_FULL", "at": 1795451000, "position": 4714}
LISTED = {
    **NAMED_RESERVATION, "product_id": 5, "order_id": 456, **CONTACT, "status": "RESERVED", "updated_at": 1795451000,
    "reserved_at": 1795451000, "slot": SLOT_TIME, "language": "de", "sequence": 0}
MASKED = {
    **LISTED, "ticket_code": "TKT-2026-***456", "customer_email": "a***@example.com", "customer_phone": "+***34",
    "reservation_id": 790, "status": "VERIFIED", "sequence": 1, "verified_at": 1796443000, "verified_by": 7}
PERSONS_TICKET = {"orq": 1, "ticket_id": 4503599627370497, "ticket_code": CODE, **CONTACT, "status": "ACTIVATED"}
NUMBERED_TICKET = {key: value for key, value in PERSONS_TICKET.items() if key != "customer_email"}
KEY = "00112233445566778899aabbccddeeff"
INSTANCE = "000102030405060708090a0b0c0d0e0f"

# The first pair of each operation is the worked example of spec.md; further requests and responses
# show what the first leaves out: optional fields, empty lists.
OPERATIONS = {
    "ticket.validate": {
        "requests": {
            "": {"orq": 1, "ticket_code": CODE, "request_id": REQUEST},
            "without-request-id": {"orq": 1, "ticket_code": CODE},
        },
        "responses": {"": {
            "ticket_id": 4503599627370497, "ticket_code": CODE, "product_id": 5, "order_id": 456, "status": "ACTIVATED"}},
    },
    "contact.verify": {
        "requests": {
            "": {"orq": 1, "ticket_id": 4503599627370497, "ticket_code": CODE, **CONTACT, "request_id": REQUEST},
            "without-code": {"orq": 1, "ticket_id": 4503599627370497, **CONTACT},
        },
        "responses": {"": CONTACT},
    },
    "slots.available": {
        "requests": {
            "": {"orq": 1, "month": "2026-12"},
            "by-date": {"orq": 1, "date": "2026-12-05"},
            "this-month": {"orq": 1},
        },
        "responses": {
            "": {"month": "2026-12", "time_zone": "Asia/Taipei", "slots": [SLOT, FULL_SLOT]},
            "none": {"month": "2026-12", "time_zone": "Asia/Taipei"},
        },
    },
    "reservation.create": {
        "requests": {
            "": {"orq": 1, "ticket_id": 4503599627370497, "ticket_code": CODE, "slot_id": 10, "idempotency_key": KEY, **CONTACT,
                "request_id": REQUEST},
            "required-only": {"orq": 1, "ticket_id": 123, "slot_id": 10, **CONTACT},
            "in-german": {"orq": 1, "ticket_id": 123, "slot_id": 10, **CONTACT, "language": "de"},
        },
        "responses": {"": {
            "orq": 1, "ticket_id": 4503599627370497, "ticket_code": CODE, "slot_id": 10, "reservation_id": 789,
            "reserved_at": 1795451000, "slot": SLOT_TIME, "confirmation_queued": True}},
    },
    "daemon.health": {
        "requests": {"": {}},
        "responses": {"": {"writable": True}, "read-only": {"writable": False}},
    },
    "slots.months": {
        "requests": {"": {"orq": 1}},
        "responses": {
            "": {"date": "2026-11-25", "time_zone": "Asia/Taipei", "months": [
                {"month": "2026-11", "available_count": 0, "slot_count": 8},
                {"month": "2026-12", "available_count": 9000, "slot_count": 120}]},
            "none": {"date": "2026-11-25", "time_zone": "Asia/Taipei"},
        },
    },
    "organization.get": {
        "requests": {"": {"orq": 1}},
        "responses": {"": FULL_PROFILE, "bare": PROFILE},
    },
    "slots.watch": {"requests": {"": {}}, "responses": {"": {}}},
    "metrics.read": {
        "requests": {"": {}},
        "responses": {
            "": {"reports": [
                {"program": "reservationd", "text": DAEMON_METRICS, "age_ms": 0},
                {"program": "reservation-mailer", "text": MAILER_METRICS, "age_ms": 4200}]},
            "none": {}},
    },
    "tickets.issue": {
        "requests": {
            "": {"orq": 1, "product_id": 5, "order_id": 456, "count": 2},
            "given-code": {
                "orq": 1, "ticket_id": 123, "ticket_code": CODE, "product_id": 5, "order_id": 456,
                "status": "PENDING_PAYMENT", "count": 1, "valid_until": "2026-12-31"},
        },
        "responses": {"": {"tickets": [
            TICKET, {**TICKET, "ticket_id": 6755399441055745, "ticket_code": "TKT-2026-GHJ789-KLM012"}]}},
    },
    "tickets.import": {
        "requests": {"": {"tickets": [
            {"orq": 1, "ticket_id": 123, "ticket_code": CODE, "product_id": 5, "order_id": 456, "status": "ACTIVATED"},
            {"orq": 1, "ticket_code": "TKT-2026-GHJ789-KLM012", "product_id": 5, "order_id": 457, "valid_until": "2026-12-31"}]},
            "dry-run": {"tickets": [
                {"orq": 1, "ticket_code": "TKT-2026-GHJ789-KLM012", "product_id": 5, "order_id": 457}], "dry_run": True}},
        "responses": {
            "": {"created_count": 1, "existing_count": 1},
            "dry-run": {"created_count": 7, "existing_count": 1, "problems": [{"message": "the ticket code is taken", "row": 1}]},
            "problems": {"created_count": 0, "existing_count": 0, "problems": [{"message": "the ticket code is taken", "row": 1}]},
        },
    },
    "tickets.show": {
        "requests": {"": {"ticket_code": CODE}, "by-id": {"ticket_id": 4503599627370497}},
        "responses": {"": {"tickets": [RESERVED_TICKET]}, "without-reservation": {"tickets": [TICKET]}, "valid-until": {"tickets": [{**TICKET, "valid_until": "2026-12-31"}]}},
    },
    "outbox.lease": {
        "requests": {
            "": {"limit": 64, "lease_ms": 120000, "wait_ms": 30000},
            "at-once": {"limit": 1, "lease_ms": 1000, "wait_ms": 0},
        },
        "responses": {"": {"deliveries": [DELIVERY]}, "two": {"deliveries": [DELIVERY, BARE_DELIVERY]},
            "cancellation": {"deliveries": [CANCELLATION_DELIVERY]}, "none": {}},
    },
    "outbox.done": {
        "requests": {
            "": {"outbox_id": 4711, "lease_id": 1, "provider_id": "14c5d75ce93.dfd.64b469.filter0001.16648.5515E0B88.0"},
            "nameless": {"outbox_id": 4711, "lease_id": 1},
        },
        "responses": {"": {}},
    },
    "outbox.retry": {
        "requests": {"": {"retry_after_ms": 15000, "outbox_id": 4711, "lease_id": 1, "detail": "421 4.7.0 try again later"}},
        "responses": {"": {}},
    },
    "outbox.dead_letter": {
        "requests": {"": {"outbox_id": 4711, "lease_id": 1, "detail": "550 5.1.1 no such mailbox"}},
        "responses": {"": {}},
    },
    "metrics.report": {
        "requests": {"": {"program": "reservation-mailer", "text": MAILER_METRICS}},
        "responses": {"": {}},
    },
    "tickets.activate": {
        "requests": {"": {"ticket_code": CODE, "operator": 7}, "of-organization": {"orq": 1, "ticket_code": CODE},
            "by-id": {"ticket_id": 4503599627370497}},
        "responses": {"": {"tickets": [TICKET]}},
    },
    "tickets.check_in": {
        "requests": {
            "": {"orq": 1, "ticket_code": CODE, "operator": 7}, "any-day": {"ticket_id": 4503599627370497, "any_day": True}},
        "responses": {
            "": {**NAMED_RESERVATION, "slot": SLOT_TIME, "verified_at": 1796443000, "verified_by": 7, "repeated": False},
            "nobody": {**NAMED_RESERVATION, "slot": SLOT_TIME, "verified_at": 1796443000, "repeated": True}},
    },
    "reservations.cancel": {
        "requests": {"": {"reservation_id": 789, "operator": 7, "reason": "asked by phone"}, "by-ticket": {"orq": 1, "ticket_code": CODE}},
        "responses": {"": {**NAMED_RESERVATION, "status": "CANCELLED", "slot": SLOT_TIME, "sequence": 1}},
    },
    "reservations.move": {
        "requests": {
            "": {"slot_id": 12, "reservation_id": 789, "idempotency_key": KEY, "operator": 7, "reason": "asked by phone"},
            "by-ticket": {"orq": 1, "ticket_code": CODE, "slot_id": 12}},
        "responses": {"": {
            **NAMED_RESERVATION, "slot_id": 12, "status": "RESERVED", "slot": SLOT_TIME, "sequence": 1, "previous_slot_id": 10}},
    },
    "tickets.expire": {
        "requests": {"": {"ticket_code": CODE, "operator": 7}},
        "responses": {"": {"tickets": [{**TICKET, "status": "EXPIRED"}]}},
    },
    "events.subscribe": {
        "requests": {"": {"position": 4711}, "oldest": {"oldest": True}, "from-now": {}},
        "responses": {
            "": {"position": 4711, "oldest_position": 120, "newest_position": 4790},
            "nothing-yet": {"position": 0, "oldest_position": 0, "newest_position": 0}},
    },
    "organization.add": {
        "requests": {
            "": {"orq": 1, "time_zone": "Asia/Taipei", "name": "Harbour Museum"},
            "allow-started": {"orq": 2, "time_zone": "Europe/Zurich", "name": "Théâtre du Lac 湖", "allow_started": True},
        },
        "responses": {"": {"organizations": [ORGANIZATION]}},
    },
    "organization.list": {
        "requests": {"": {}},
        "responses": {"": {"organizations": [{**ORGANIZATION, "retention_days": 90}, {**ORGANIZATION, "orq": 2}]}, "none": {}},
    },
    "organization.set": {
        "requests": {
            "": {
                "orq": 1, "accent_color": "#1A73E8", "logo": LOGO, "contact_email": "visit@example.com",
                "contact_phone": "+886223456789", "website": "https://museum.example.com/visit"},
            "rules": {"orq": 1, "time_zone": "Asia/Taipei", "name": "Harbour Museum", "allow_started": False, "retention_days": 90},
            "take-away": {"orq": 1, "accent_color": "", "logo": "", "contact_email": "", "contact_phone": "", "website": "",
                "retention_days": 0},
            "nothing": {"orq": 1},
        },
        "responses": {"": FULL_PROFILE, "bare": PROFILE},
    },
    "slots.create": {
        "requests": {"": {"orq": 1, "date": "2026-12-05", "start_time": "12:00:00", "end_time": "14:00:00", "total_capacity": 200}},
        "responses": {"": {"slots": [{**SLOT, "booked_count": 0, "updated_at": 1795000000}]}},
    },
    "slots.generate": {
        "requests": {
            "": {
                "orq": 1, "total_capacity": 200, "date_from": "2026-12-01", "date_to": "2026-12-31", "weekdays": ["sat", "sun"],
                "times": [
                    {"start_time": "10:00:00", "end_time": "12:00:00"}, {"start_time": "12:00:00", "end_time": "14:00:00"}]},
            "with-exceptions": {
                "orq": 1, "total_capacity": 200, "date_from": "2026-12-01", "date_to": "2026-12-31",
                "times": [{"start_time": "10:00:00", "end_time": "12:00:00"}],
                "except": [
                    {"date_from": "2026-12-24", "date_to": "2026-12-26"}, {"date_from": "2026-12-31", "date_to": "2026-12-31"}],
                "dry_run": True}},
        "responses": {
            "": {"created_count": 15, "existing_count": 1},
            "clocks-put-forward": {"created_count": 1, "existing_count": 0, "nonexistent": [
                {"date": "2027-03-28", "start_time": "02:00:00", "end_time": "03:00:00"}]}},
    },
    "slots.list": {
        "requests": {
            "": {"orq": 1, "date_from": "2026-12-01", "date_to": "2026-12-31", "after_slot_id": 9, "limit": 1},
            "everything": {},
        },
        "responses": {"": {"more": True, "slots": [SLOT]}, "none": {"more": False}},
    },
    "slots.set_state": {
        "requests": {"": {"slot_id": 10, "status": "CLOSED"}, "with-reason": {"slot_id": 10, "status": "CLOSED", "reason": "burst pipe"}},
        "responses": {"": {"slots": [{**SLOT, "status": "CLOSED"}]}},
    },
    "slots.set_capacity": {
        "requests": {"": {"slot_id": 10, "total_capacity": 250}},
        "responses": {"": {"slots": [{**SLOT, "total_capacity": 250}]}},
    },
    "slots.set_states": {
        "requests": {
            "": {
                "orq": 1, "status": "CLOSED", "date_from": "2026-12-01", "date_to": "2026-12-31", "weekdays": ["mon"],
                "times": [{"start_time": "10:00:00", "end_time": "12:00:00"}], "reason": "holiday"},
            "next-page": {
                "orq": 1, "status": "ACTIVE", "date_from": "2026-12-01", "date_to": "2026-12-31", "after_slot_id": 10, "dry_run": True}},
        "responses": {
            "": {"more": False, "changed_count": 4, "unchanged_count": 0},
            "first-page": {"after_slot_id": 10, "more": True, "changed_count": 99, "unchanged_count": 1}},
    },
    "slots.delete": {
        "requests": {
            "": {"slot_id": 10, "reason": "made by mistake"},
            "of-dates": {
                "orq": 1, "date_from": "2026-12-01", "date_to": "2026-12-31", "weekdays": ["mon"],
                "times": [{"start_time": "10:00:00", "end_time": "12:00:00"}], "after_slot_id": 10, "dry_run": True}},
        "responses": {
            "": {"more": False, "deleted_count": 1, "in_use_count": 0},
            "first-page": {"after_slot_id": 10, "more": True, "deleted_count": 98, "in_use_count": 2}},
    },
    "outbox.list": {
        "requests": {"": {"status": "QUEUED", "limit": 1}, "next-page": {"orq": 1, "after_outbox_id": 4711}, "everything": {}},
        "responses": {
            "": {"more": True, "entries": [ENTRY], "after_outbox_id": 4711},
            "last-page": {"more": False, "entries": [SENT_ENTRY]},
            "none": {"more": False},
        },
    },
    "outbox.show": {
        "requests": {"": {"outbox_id": 4711}},
        "responses": {"": {"entries": [ENTRY]}, "sent": {"entries": [SENT_ENTRY]},
            "change": {"entries": [{**SENT_ENTRY, "purpose": "change"}]}},
    },
    "outbox.requeue": {
        "requests": {"": {"outbox_id": 4711}},
        "responses": {"": {"entries": [WAITING_ENTRY]}},
    },
    "outbox.cancel": {
        "requests": {"": {"outbox_id": 4711}},
        "responses": {"": {"entries": [
            {key: value for key, value in ENTRY.items() if key != "next_attempt_at"} | {"status": "CANCELLED"}]}},
    },
    "reservations.resend": {
        "requests": {"": {"reservation_id": 789}},
        "responses": {"": {"entries": [WAITING_ENTRY | {"outbox_id": 4713}]}},
    },
    "reservations.show": {
        "requests": {"": {"reservation_id": 789}},
        "responses": {
            "": {
                **NAMED_RESERVATION, **CONTACT, "status": "VERIFIED", "reserved_at": 1795451000, "slot": SLOT_TIME, "language": "de",
                "sequence": 1, "verified_at": 1796443000, "verified_by": 7},
            "reserved": {
                **NAMED_RESERVATION, **CONTACT, "status": "RESERVED", "reserved_at": 1795451000, "slot": SLOT_TIME, "language": "en",
                "sequence": 0}},
    },
    "reservations.list": {
        "requests": {
            "": {"orq": 1, "date_from": "2026-12-01", "date_to": "2026-12-31", "limit": 1, "contacts": True},
            "next-page": {
                "orq": 1, "status": "RESERVED", "date_from": "2026-12-01", "after_slot_id": 10, "after_reservation_id": 789},
            "of-slot": {"slot_id": 10, "after_reservation_id": 789},
            "everything": {}},
        "responses": {
            "": {"after_slot_id": 10, "more": True, "reservations": [LISTED], "after_reservation_id": 789},
            "last-page": {"more": False, "reservations": [MASKED]}, "none": {"more": False}},
    },
    "tickets.list": {
        "requests": {
            "": {"orq": 1, "status": "ACTIVATED", "limit": 1, "contacts": True}, "next-page": {"after_ticket_id": 4503599627370497},
            "everything": {}},
        "responses": {
            "": {"more": True, "tickets": [TICKET], "after_ticket_id": 4503599627370497},
            "last-page": {"more": False, "tickets": [{**TICKET, "ticket_code": "TKT-2026-***456"}]}, "none": {"more": False}},
    },
    "daemon.status": {
        "requests": {"": {}},
        "responses": {"": {
            "instance_id": INSTANCE, "writable": True, "uptime_s": 86400, "software_version": "1.0.0",
            "organization_count": 2, "slot_count": 120, "ticket_count": 1000000, "reservation_count": 4321,
            "outbox_pending_count": 3, "connection_count": 5, "queue_depth": 0, "request_count": 98765,
            "batch_count": 4000, "commit_count": 3999, "commit_time_us": 1234567, "database_bytes": 268435456,
            "outbox_sent_count": 4310, "outbox_failed_count": 1, "outbox_oldest_s": 75,
            "last_backup_at": 1795450000}},
    },
    "daemon.doctor": {
        "requests": {"": {}, "repair": {"repair": True}},
        "responses": {
            "": {"findings": [
                {"check": "slot counters", "ok": True, "detail": "120 slots agree with their reservations"},
                {"check": "integrity", "ok": False, "detail": "index reservation_ticket: row 17 missing"}]},
            "none": {},
        },
    },
    "daemon.backup": {
        "requests": {
            "": {"path": "/var/backups/reservation-portal", "keep": 14},
            "follow": {"backup_id": 6271890432170001}},
        "responses": {
            "": {"path": BACKUP, "backup_id": 6271890432170001, "phase": "COPYING", "pages_done": 12000, "pages_total": 65536},
            "done": {
                "reservation_count": 4321, "database_bytes": 268435456, "path": BACKUP, "backup_id": 6271890432170001,
                "phase": "DONE", "pages_done": 65536, "pages_total": 65536, "duration_ms": 31250,
                "snapshot_at": 1795451000, "last_reservation_id": 4711, "removed_count": 1}},
    },
    "history.list": {
        "requests": {
            "": {"reservation_id": 789}, "of-ticket": {"orq": 1, "ticket_code": CODE, "limit": 2, "after_history_id": 41},
            "of-slot": {"slot_id": 10}, "everything": {}},
        "responses": {
            "": {"more": False, "history": [MOVE_NOTE]},
            "first-page": {"more": True, "history": [MOVE_NOTE, SLOT_NOTE], "after_history_id": 43}, "none": {"more": False}},
    },
    "personal_data.export": {
        "requests": {
            "": {"customer_email": "ana@example.com"}, "by-phone": {"customer_phone": "+12025551234", "after_reservation_id": 789},
            "tickets": {"customer_email": "ana@example.com", "after_ticket_id": 0},
            "messages": {"customer_email": "ana@example.com", "after_outbox_id": 4711}},
        "responses": {
            "": {"more": True, "history": [MOVE_NOTE], "reservations": [LISTED], "after_ticket_id": 0},
            "more": {"more": True, "after_reservation_id": 1789},
            "tickets": {"more": True, "after_outbox_id": 0, "persons_tickets": [PERSONS_TICKET, NUMBERED_TICKET]},
            "messages": {"more": False, "entries": [SENT_ENTRY]}},
    },
    "personal_data.erase": {
        "requests": {
            "": {"customer_email": "ana@example.com", "operator": 7, "include_upcoming": True},
            "dry-run": {"customer_phone": "+12025551234", "after_reservation_id": 789, "dry_run": True},
            "tickets": {"customer_email": "ana@example.com", "after_ticket_id": 4503599627370497},
            "messages": {"customer_email": "ana@example.com", "after_outbox_id": 0},
            "history": {"customer_email": "ana@example.com", "after_history_id": 2000}},
        "responses": {
            "": {"more": True, "ticket_count": 0, "after_ticket_id": 0, "erased_count": 2, "upcoming_count": 1, "emptied_count": 3},
            "messages": {
                "more": True, "after_outbox_id": 4711, "ticket_count": 0, "erased_count": 0, "upcoming_count": 0, "emptied_count": 0},
            "history": {
                "more": True, "ticket_count": 0, "after_history_id": 0, "erased_count": 0, "upcoming_count": 0, "emptied_count": 1},
            "reservations": {
                "more": True, "ticket_count": 0, "after_reservation_id": 1789, "erased_count": 0, "upcoming_count": 0, "emptied_count": 0},
            "last-page": {"more": False, "ticket_count": 1, "erased_count": 0, "upcoming_count": 0, "emptied_count": 0}},
    },
}

# name -> (operation, status, payload)
ERRORS = {
    "backup-running": ("daemon.backup", "BACKUP_RUNNING", {
        "message": f"A backup is being made already, to {BACKUP}. Wait until it is done."}),
    "slot-full": ("reservation.create", "SLOT_FULL", {
        "message": "This time slot is full. Please select another time.",
        "alternative_slots": [{
            "slot_id": 12, "date": "2026-12-05", "start_time": "16:00:00", "end_time": "18:00:00",
            "total_capacity": 200, "booked_count": 20}]}),
    "slot-full-no-alternative": ("reservation.create", "SLOT_FULL", {"message": "This time slot is full."}),
    "already-reserved": ("ticket.validate", "TICKET_ALREADY_RESERVED", {
        "message": "This ticket is already reserved for 2026-12-05", "reserved_date": "2026-12-05"}),
    "invalid-contact": ("contact.verify", "INVALID_CONTACT", {
        "message": "Please enter a valid email and phone number",
        "validation_errors": [
            {"message": "Invalid email format", "field": "email"}, {"message": "Invalid phone number", "field": "phone"}]}),
    "wrong-day": ("tickets.check_in", "WRONG_DAY", {
        "message": "The visit is for 2026-12-05, 2 days from now.", "reserved_date": "2026-12-05", "days_early": 2}),
    "already-used": ("tickets.check_in", "TICKET_ALREADY_USED", {
        "message": "This ticket has already been used.", "verified_at": 1796443000, "verified_by": 7}),
    "visit-too-late": ("reservation.create", "VISIT_TOO_LATE", {
        "message": "This ticket is valid until 2026-12-31.", "valid_until": "2026-12-31"}),
    "contact-erased": ("reservations.resend", "CONTACT_ERASED", {
        "message": "Who made this reservation was erased: there is nobody to write to."}),
    "events-trimmed": ("events.subscribe", "EVENTS_TRIMMED", {
        "message": "What happened behind this position is not kept any more.", "oldest_position": 120, "newest_position": 4790}),
    "events-ahead": ("events.subscribe", "EVENTS_AHEAD", {
        "message": "No event has this position yet.", "oldest_position": 120, "newest_position": 4790}),
    "lease-lost": ("outbox.done", "LEASE_LOST", {"message": "The lease has passed to another, or the message is no longer to be sent."}),
    "overloaded": ("reservation.create", "OVERLOADED", {"message": "too many requests in flight", "retry_after_ms": 50}),
    "outcome-unknown": ("reservation.create", "OUTCOME_UNKNOWN", {"message": "the write may or may not have happened"}),
    "escapes": ("slots.list", "INVALID_REQUEST", {
        "message": "quote \" backslash \\ slash / tab \t newline \n bell \u0007 delete \u007f é 湖 🎟"}),
}
CONNECTION_ERRORS = {
    "unsupported-version": ("UNSUPPORTED_VERSION", {"version_min": 1, "version_max": 1, "message": "this server speaks RSV/1"}),
    "frame-too-large": ("FRAME_TOO_LARGE", {"message": "a payload may hold 1048576 bytes"}),
    "too-many-connections": ("TOO_MANY_CONNECTIONS", {"message": "too many connections", "retry_after_ms": 1000}),
}
