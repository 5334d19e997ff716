"""Confirmations and notices by providers' HTTP APIs, and into a directory."""

from __future__ import annotations

import base64
import os
import time
from email.utils import formatdate
from pathlib import Path

import pytest

from portal.mail import SAMPLE_CODE, Mail, MailerCommands, Tried, decoded_picture
from portal.mail_api import Answer, Asked, ProviderStub, SendGrid, Twilio
from portal.programs import Programs

HOSTILE = 'Museum "Ü" <script>alert(1)</script>\r\nBcc: thief@example.com\r\n\r\n🎟️; DROP, \\n'


@pytest.fixture(scope="module")
def mailer(programs: Programs) -> MailerCommands:
    return MailerCommands(programs)


@pytest.fixture
def key(tmp_path: Path) -> Path:
    path = tmp_path / "sendgrid"
    path.write_text(SendGrid.key + "\n")
    return path


@pytest.fixture
def twilio_credentials(tmp_path: Path) -> Path:
    path = tmp_path / "twilio"
    path.write_text(f"{Twilio.account}:{Twilio.token}\n")
    return path


# SendGrid


def by_sendgrid(mailer: MailerCommands, stub: ProviderStub, key: Path, *arguments: str | Path, parameters: str = "", **options) -> Tried:
    return mailer.test_mail(f"sendgrid:?base={stub.base}{parameters}", "--credentials", key, *arguments, **options)


def test_sendgrid_takes_the_message(mailer: MailerCommands, key: Path, tmp_path: Path):
    with ProviderStub(SendGrid()) as stub:
        tried = by_sendgrid(mailer, stub, key, "--contact-email", "info@museum.example", "--organization", HOSTILE, "--language", "fr")
        assert tried.is_accepted, tried
        assert tried.lines == ["accepted: 14c5d75ce93.dfd.64b469"]
        [asked] = stub.asked
    mail = asked.json
    assert mail["personalizations"][0]["to"] == [{"email": "jane@example.com"}]
    assert mail["reply_to"]["email"] == "info@museum.example"
    assert mail["from"]["email"] == "tickets@portal.example"
    assert "\n" not in mail["subject"] + mail["from"]["name"]
    arguments = mail["personalizations"][0]["custom_args"]
    assert mail["headers"]["Message-ID"] == f"<1.{arguments['outbox_id']}.{arguments['reservation_id']}@portal.example>"
    pictures = [part for part in mail["attachments"] if part["disposition"] == "inline"]
    assert f'src="cid:{pictures[0]["content_id"]}"' in mail["content"][1]["value"]
    assert decoded_picture(base64.b64decode(pictures[0]["content"]), tmp_path) == SAMPLE_CODE
    assert "<script>" not in mail["content"][1]["value"]
    assert mail["tracking_settings"] == {"click_tracking": {"enable": False}, "open_tracking": {"enable": False}}


def test_the_rules_are_checked_at_all():
    """a stub that takes everything would prove nothing"""
    judge = SendGrid()
    good = {
        "personalizations": [{"to": [{"email": "jane@example.com"}]}], "from": {"email": "a@b.example"}, "subject": "x",
        "content": [{"type": "text/plain", "value": "x"}, {"type": "text/html", "value": "x"}],
        "attachments": [{"content": "eA==", "filename": "x.ics", "type": "text/calendar"}]}
    assert judge.problems(good) == []
    for change in (
        {"content": list(reversed(good["content"]))}, {"subject": ""}, {"from": {}}, {"personalizations": []}, {"to": "x"},
        {"headers": {"Subject": "x"}}, {"custom_args": {"outbox_id": 7}}, {"content": [{"type": "text/plain", "value": ""}]},
        {"attachments": [{"content": "eA==", "filename": "x.ics", "type": "text/calendar; method=PUBLISH"}]},
        {"attachments": [{"content": "eA==", "filename": "x.png", "disposition": "inline"}]},
    ):
        assert judge.problems(good | change), change


def test_sendgrid_requests_share_a_connection(mailer: MailerCommands, key: Path):
    with ProviderStub(SendGrid()) as stub:
        assert by_sendgrid(mailer, stub, key, "--count", "10", "--connections", "1").is_accepted
        assert len(stub.asked) == 10
        assert stub.connections == 1


def test_the_sandbox_sends_nothing_and_says_so(mailer: MailerCommands, key: Path):
    with ProviderStub(SendGrid()) as stub:
        tried = by_sendgrid(mailer, stub, key, parameters="&sandbox=1")
        assert tried.lines == ["accepted: sandbox"]
        assert stub.asked[0].json["mail_settings"] == {"sandbox_mode": {"enable": True}}


def test_a_wrong_key(mailer: MailerCommands, tmp_path: Path):
    wrong = tmp_path / "wrong"
    wrong.write_text("SG.not-the-key\n")
    with ProviderStub(SendGrid()) as stub:
        tried = by_sendgrid(mailer, stub, wrong)
    assert tried.credentials_refused, tried
    assert "SG.not-the-key" not in tried.output + tried.error


def test_a_sender_that_sendgrid_does_not_know(mailer: MailerCommands, key: Path):
    body = {"errors": [{"message": "The from address does not match a verified Sender Identity.", "field": "from"}]}
    with ProviderStub(lambda _: Answer(403, body=body)) as stub:
        tried = by_sendgrid(mailer, stub, key)
    assert tried.credentials_refused, tried
    assert "verified Sender Identity" in tried.output


@pytest.mark.parametrize("status", [400, 413, 415])
def test_a_message_that_sendgrid_does_not_take(mailer: MailerCommands, key: Path, status: int):
    body = {"errors": [{"message": "Does not contain a valid address: jane@example.com", "field": "personalizations.0.to.0.email"}]}
    with ProviderStub(lambda _: Answer(status, body=body)) as stub:
        tried = by_sendgrid(mailer, stub, key)
    assert tried.is_refused, tried
    assert f"HTTP {status}: Does not contain a valid address" in tried.output
    assert "jane" not in tried.output


def test_an_address_beyond_ascii_is_refused(mailer: MailerCommands, key: Path):
    with ProviderStub(SendGrid()) as stub:
        assert by_sendgrid(mailer, stub, key, to="jörg@example.com").is_refused


@pytest.mark.parametrize("status", [429, 503])
def test_the_pause_that_is_asked_for_in_seconds(mailer: MailerCommands, key: Path, status: int):
    with ProviderStub(lambda _: Answer(status, {"Retry-After": "17"})) as stub:
        tried = by_sendgrid(mailer, stub, key)
    assert tried.may_go_later, tried
    assert "may go in 17 s" in tried.output


def test_the_pause_that_is_asked_for_as_a_date(mailer: MailerCommands, key: Path):
    with ProviderStub(lambda _: Answer(429, {"Retry-After": formatdate(time.time() + 300, usegmt=True)})) as stub:
        tried = by_sendgrid(mailer, stub, key)
    assert tried.may_go_later, tried
    seconds = int(tried.output.split(" in ")[1].split(" ")[0])
    assert 280 <= seconds <= 301


@pytest.mark.parametrize("status", [500, 502, 504, 404, 302])
def test_trouble_that_is_not_the_messages(mailer: MailerCommands, key: Path, status: int):
    with ProviderStub(lambda _: Answer(status, {"Location": "http://127.0.0.1:9/"})) as stub:
        tried = by_sendgrid(mailer, stub, key)
        assert len(stub.asked) == 1
    assert tried.may_go_later, tried


def test_a_provider_that_takes_too_long_is_given_up(mailer: MailerCommands, key: Path):
    with ProviderStub(lambda _: Answer(202, delay=3)) as stub:
        tried = by_sendgrid(mailer, stub, key, "--timeout-seconds", "1")
    assert tried.may_go_later, tried


def test_a_key_does_not_go_in_the_clear(mailer: MailerCommands, key: Path):
    tried = mailer.test_mail("sendgrid:?base=http://api.example.com", "--credentials", key)
    assert tried.status == 64, tried
    assert "in the clear" in tried.error


def test_without_a_key_nothing_begins(mailer: MailerCommands, tmp_path: Path):
    for arguments in ([], ["--credentials", tmp_path / "missing"], ["--credentials", os.devnull]):
        tried = mailer.test_mail("sendgrid:", *arguments)
        assert tried.status == 64, tried


# Twilio


def by_twilio(mailer: MailerCommands, stub: ProviderStub, credentials: Path, *arguments: str, to: str = "+491701234567") -> Tried:
    return mailer.run("test-sms", "--sms", f"twilio:+15005550006?base={stub.base}", "--sms-credentials", credentials, "--to", to, *arguments)


def test_twilio_takes_the_notice(mailer: MailerCommands, twilio_credentials: Path):
    with ProviderStub(Twilio()) as stub:
        tried = by_twilio(mailer, stub, twilio_credentials, "--organization", HOSTILE + "and a long name besides", "--language", "fr")
        assert tried.is_accepted, tried
        assert tried.lines == ["accepted: SM11111111111111111111111111111111"]
        form = stub.asked[0].form
    assert (form["To"], form["From"]) == ("+491701234567", "+15005550006")
    assert SAMPLE_CODE in form["Body"] and "\n" not in form["Body"]
    # Two messages of UCS-2 (67 characters each when joined) at most three.
    assert len(form["Body"].encode("utf-16-le")) // 2 <= 3 * 67


def test_a_number_that_twilio_does_not_take(mailer: MailerCommands, twilio_credentials: Path):
    with ProviderStub(Twilio()) as stub:
        tried = by_twilio(mailer, stub, twilio_credentials, to="+491701230000")
    assert tried.is_refused, tried
    assert "21211" in tried.output and "491701230000" not in tried.output


def test_a_customer_who_wants_no_more_notices(mailer: MailerCommands, twilio_credentials: Path):
    body = {"code": 21610, "message": "Attempt to send to unsubscribed recipient", "status": 403}
    with ProviderStub(lambda _: Answer(403, body=body)) as stub:
        assert by_twilio(mailer, stub, twilio_credentials).is_refused


def test_a_wrong_token(mailer: MailerCommands, tmp_path: Path):
    wrong = tmp_path / "wrong"
    wrong.write_text(f"{Twilio.account}:not-the-token\n")
    with ProviderStub(Twilio()) as stub:
        tried = by_twilio(mailer, stub, wrong)
    assert tried.credentials_refused, tried
    assert "not-the-token" not in tried.output + tried.error


def test_too_many_notices(mailer: MailerCommands, twilio_credentials: Path):
    body = {"code": 20429, "message": "Too Many Requests", "status": 429}
    with ProviderStub(lambda _: Answer(429, {"Retry-After": "3"}, body)) as stub:
        tried = by_twilio(mailer, stub, twilio_credentials)
    assert tried.may_go_later and "in 3 s" in tried.output, tried


# A directory


def test_a_directory_gets_a_file_for_each_mail(mailer: MailerCommands, tmp_path: Path):
    folder = tmp_path / "mails"
    assert mailer.test_mail(f"directory:{folder}", "--count", "3").is_accepted
    files = sorted(folder.iterdir())
    assert len(files) == 3
    for file in files:
        assert file.suffix == ".eml" and not file.name.startswith(".")
        assert file.stat().st_mode & 0o077 == 0
        Mail(file.read_bytes()).check_form()


def test_a_directory_that_cannot_be_written(mailer: MailerCommands, tmp_path: Path):
    tried = mailer.test_mail(f"directory:{tmp_path}/missing/mails")
    assert tried.may_go_later, tried
    assert "No such file or directory" in tried.output


# What customers get


@pytest.mark.parametrize("language", ["en", "de", "es", "fr"])
def test_the_preview_in_each_language(mailer: MailerCommands, tmp_path: Path, language: str):
    tried = mailer.run(
        "preview", tmp_path, "--organization", HOSTILE, "--accent-color", "#ffee00", "--contact-email", "o'hara+x@museum.example",
        "--contact-phone", "+442079460000", "--website", "https://museum.example/visit?a=1&b=2")
    assert tried.is_accepted, tried
    mail = Mail((tmp_path / f"{language}.eml").read_bytes())
    mail.check_form()
    name = 'Museum "Ü" <script>alert(1)</script> Bcc: thief@example.com 🎟️; DROP, \\n'
    # Python's parser keeps the space between two encoded words of a name, which RFC 2047 drops.
    shown = mail.message["From"].addresses[0].display_name
    assert shown.replace(" ", "") == name.replace(" ", "")
    assert name in str(mail.message["Subject"])
    assert mail.message["Bcc"] is None and mail.message["Content-Language"] == language
    assert name in mail.text
    assert "<script>" not in mail.html and "&lt;script&gt;" in mail.html
    assert "mailto:o'hara+x@museum.example" in mail.html.replace("&#39;", "'")
    assert "https://museum.example/visit?a=1&amp;b=2" in mail.html
    assert 'color-scheme" content="light dark"' in mail.html and "prefers-color-scheme: dark" in mail.html
    # Nothing is fetched when the mail is opened.
    assert "http" not in mail.html.replace("https://museum.example/visit", "")
    event = mail.event
    assert event["LOCATION"] == name
    assert event["STATUS"] == "CONFIRMED" and event["TRANSP"] == "OPAQUE"
    assert event["ORGANIZER"] == "mailto:o'hara+x@museum.example"
    page = (tmp_path / f"{language}.html").read_text()
    assert "cid:" not in page and "data:image/png;base64," in page


def test_dates_are_in_each_languages_manner(mailer: MailerCommands, tmp_path: Path):
    assert mailer.run("preview", tmp_path).is_accepted
    subjects = {language: str(Mail((tmp_path / f"{language}.eml").read_bytes()).message["Subject"]) for language in ("en", "de", "es", "fr")}
    # The parser may make a plain space of one that does not break.
    subjects = {language: subject.replace("\u00a0", " ") for language, subject in subjects.items()}
    assert subjects["en"].endswith("12:00 PM")
    assert subjects["de"].endswith("12:00 Uhr")
    assert subjects["es"].endswith("12:00 h")
    assert subjects["fr"].endswith("12 h")
