"""The card's section 9: Validation Error Tests. What exactly is a valid address or number stands here too."""

from __future__ import annotations

import pytest

from portal.api import Api, problems, refused
from portal.stock import Stock
from portal.system import Portal


@pytest.mark.parametrize("code", ids=lambda code: repr(code[:24]), argvalues=[
    "TKT-2025-ABC123", "TKT-25-ABC123-DEF456", "TKT-2025-ABC12-DEF456", "TKT-2025-ABC123-DEF4567", "TICKET", "", "   ",
    "TKT-2025-ABC12!-DEF456", "TKT-2025-ÄBC123-DEF456", "TKT_2025_ABC123_DEF456", "TKT-2025-ABC123-DEF456\nTKT-2025-ABC123-DEF456",
    "TKT-２０２５-ABC123-DEF456", "A" * 10000, "TKT-2025-ABC123-DEF456\u0000", "' OR 1=1 --",
])
def test_invalid_ticket_code_format(api: Api, code: str):
    """Validate invalid ticket code format → 400 Bad Request"""
    refused(api.validate(code), 400, "INVALID_TICKET_CODE")


def test_non_existent_ticket(api: Api):
    """Validate non-existent ticket → 400 TICKET_NOT_FOUND"""
    refused(api.validate("TKT-2025-NOSUCH-TICKET"), 400, "TICKET_NOT_FOUND")


def test_pending_payment_ticket(api: Api, stock: Stock):
    """Validate PENDING_PAYMENT ticket → 400 TICKET_NOT_ACTIVATED"""
    error = refused(api.validate(stock.ticket("PENDING_PAYMENT").code), 400, "TICKET_NOT_ACTIVATED")
    assert "payment" in error["message"].lower()


def test_reserved_ticket(api: Api, stock: Stock):
    """Validate RESERVED ticket → 409 TICKET_ALREADY_RESERVED"""
    ticket = stock.ticket("RESERVED")
    error = refused(api.validate(ticket.code), 409, "TICKET_ALREADY_RESERVED")
    assert error["reserved_date"] == stock.shown(ticket)["reservation"]["slot"]["date"]
    assert error["reserved_date"] in error["message"]


INVALID_EMAILS = [
    "", "john", "john@", "@example.com", "john@example", "john@localhost", "john@@example.com", "john@exam ple.com", "john doe@example.com",
    "john@example..com", ".john@example.com", "john.@example.com", "jo..hn@example.com", '"john doe"@example.com', "john@[192.0.2.1]",
    "john@192.0.2.1", "john@-example.com", "john@example-.com", "john@exam_ple.com", "John <john@example.com>", "john@example.com\n",
    "john@example.com\r\nBcc: all@example.com", "jo\u0000hn@example.com", "john@example.com,ann@example.com", " john@example.com",
    "a" * 65 + "@example.com", "a@" + "b" * 60 + "." + "c" * 60 + "." + "d" * 60 + "." + "e" * 70 + ".com", "john@example.c",
]
VALID_EMAILS = [
    "john@example.com", "john.doe+tickets@mail.example.co.uk", "JOHN@EXAMPLE.COM", "o'brien@example.ie", "x@y.zz", "1@example.com",
    "a" * 64 + "@example.com", "jörg@example.com", "john@bücher.example", "john@xn--bcher-kva.example", "a_b-c=d@example.museum",
]
INVALID_PHONES = [
    "", "12025551234", "+", "+0123456789", "+1202555123a", "+1 202 555 1234", "+1-202-555-1234", "(202) 5551234", "0012025551234",
    "+123456", "+1234567890123456", "++12025551234", "+12025551234\n", " +12025551234", "+１２０２５５５１２３４", "tel:+12025551234",
]
VALID_PHONES = ["+12025551234", "+1234567", "+376312345", "+298123456", "+123456789012345", "+4915123456789"]


@pytest.mark.parametrize("email", INVALID_EMAILS, ids=range(len(INVALID_EMAILS)))
def test_invalid_email_format(api: Api, stock: Stock, email: str):
    """Verify invalid email format → 400 INVALID_CONTACT"""
    found = problems(refused(api.verify(1, email=email), 400, "INVALID_CONTACT"))
    assert set(found) == {"email"}


@pytest.mark.parametrize("phone", INVALID_PHONES, ids=range(len(INVALID_PHONES)))
def test_invalid_phone_format(api: Api, phone: str):
    """Verify invalid phone format → 400 INVALID_CONTACT"""
    found = problems(refused(api.verify(1, phone=phone), 400, "INVALID_CONTACT"))
    assert set(found) == {"phone"}


def test_both_mistakes_are_told_at_once(api: Api):
    """validation_errors names every field that is wrong"""
    assert set(problems(refused(api.verify(1, email="john", phone="5551234"), 400, "INVALID_CONTACT"))) == {"email", "phone"}


@pytest.mark.parametrize("email", VALID_EMAILS)
def test_valid_email_format(api: Api, stock: Stock, email: str):
    """Email format: RFC 5322 validation"""
    assert api.verify(1, email=email).status_code == 200


@pytest.mark.parametrize("phone", VALID_PHONES)
def test_valid_phone_format(api: Api, phone: str):
    """Phone format: E.164 international format (e.g., +12025551234)"""
    assert api.verify(1, phone=phone).status_code == 200


def test_an_internationalised_domain_is_stored_as_punycode(api: Api, stock: Stock):
    """internationalised domains are stored as punycode"""
    ticket = stock.ticket()
    assert api.create(ticket.id, stock.slot().id, email="John@BÜCHER.example").status_code == 200
    assert stock.shown(ticket)["reservation"]["customer_email"] == "John@xn--bcher-kva.example"


@pytest.mark.parametrize(("email", "phone", "fields"), [
    ("john", "+12025551234", {"customer_email"}), ("john@example.com", "5551234", {"customer_phone"}),
    ("john", "5551234", {"customer_email", "customer_phone"}),
])
def test_create_checks_the_contact_too(api: Api, stock: Stock, email: str, phone: str, fields: set[str]):
    """customer_email: valid email; customer_phone: valid phone"""
    ticket, slot = stock.ticket(), stock.slot()
    assert set(problems(refused(api.create(ticket.id, slot.id, email, phone), 400, "INVALID_CONTACT"))) == fields
    assert stock.shown(ticket)["status"] == "ACTIVATED"


def test_the_minimum_of_digits_is_an_option(portal: Portal):
    """at least 7 digits (--phone-minimum-digits)"""
    _, api = portal.another_gateway("--phone-minimum-digits", "10")
    refused(api.verify(1, phone="+376312345"), 400, "INVALID_CONTACT")
    assert api.verify(1, phone="+3763123456").status_code == 200
    ticket, slot = portal.stock.ticket(), portal.stock.slot()
    refused(api.create(ticket.id, slot.id, phone="+376312345"), 400, "INVALID_CONTACT")
