"""Confirmations over SMTP, against a server that does as a script says."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from portal.mail import SAMPLE_CODE, Mail, MailerCommands, decoded_picture
from portal.mail_server import Certificate, MailServer, Script
from portal.programs import Programs, free_port


@pytest.fixture(scope="module")
def mailer(programs: Programs) -> MailerCommands:
    return MailerCommands(programs)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return Certificate(tmp_path_factory.mktemp("certificate")).make()


@pytest.fixture
def secrets(tmp_path: Path) -> Path:
    """A credentials file as an operator writes it."""
    path = tmp_path / "smtp"
    path.write_text(f"# of the provider\n\n{MailServer.user}:{MailServer.password}\n")
    return path


def plain(server: MailServer) -> str:
    return f"smtp://127.0.0.1:{server.port}?starttls=never"


def encrypted(server: MailServer) -> str:
    return f"smtp://127.0.0.1:{server.port}"


def test_the_message_arrives_whole(mailer: MailerCommands, tmp_path: Path):
    with MailServer() as server:
        tried = mailer.test_mail(plain(server), "--contact-email", "info@museum.example", "--language", "de")
        assert tried.is_accepted, tried
        assert tried.lines == ["accepted: 2.0.0 Ok: queued as 000001"]
        [received] = server.received
    assert received.sender == "tickets@portal.example"
    assert received.recipients == ["jane@example.com"]
    mail = Mail(received.content)
    mail.check_form()
    assert mail.message["To"].addresses[0].addr_spec == "jane@example.com"
    assert mail.message["Reply-To"].addresses[0].addr_spec == "info@museum.example"
    assert mail.message["Content-Language"] == "de"
    assert decoded_picture(mail.inline_picture, tmp_path) == SAMPLE_CODE
    assert decoded_picture(mail.attachment("ticket.png"), tmp_path) == SAMPLE_CODE
    assert SAMPLE_CODE in mail.text and SAMPLE_CODE in mail.html
    event = mail.event
    assert (event.end - event.start).total_seconds() == 7200
    assert SAMPLE_CODE in event["DESCRIPTION"]


def test_messages_share_a_connection(mailer: MailerCommands):
    with MailServer() as server:
        tried = mailer.test_mail(plain(server), "--count", "20", "--connections", "1")
        assert tried.is_accepted, tried
        assert len(server.received) == 20
        assert server.connections == 1
        assert len({Mail(each.content).message["Message-ID"] for each in server.received}) == 20


def test_there_are_no_more_connections_than_allowed(mailer: MailerCommands):
    with MailServer(script=Script(delay=0.02)) as server:
        began = time.monotonic()
        assert mailer.test_mail(plain(server), "--count", "40", "--connections", "4").is_accepted
        assert server.connections == 4
        # One after another they would take longer.
        assert time.monotonic() - began < 40 * 0.02


@pytest.mark.parametrize("farewell", ["421", "silence"])
def test_a_connection_that_is_no_longer_served_is_replaced_at_once(mailer: MailerCommands, farewell: str):
    """no mail is put off because the server had enough of a connection that lay idle"""
    with MailServer(script=Script(one_message=farewell)) as server:
        tried = mailer.test_mail(plain(server), "--count", "5", "--connections", "1")
        assert tried.is_accepted, tried
        assert len(server.received) == 5
        assert server.connections == 5


@pytest.mark.parametrize("step", ["mail", "rcpt", "data"])
def test_a_temporary_refusal_lets_it_go_another_time(mailer: MailerCommands, step: str):
    script = Script(**{step: lambda _: "451 4.3.0 Come back later"})
    with MailServer(script=script) as server:
        tried = mailer.test_mail(plain(server))
    assert tried.may_go_later, tried
    assert "451 4.3.0 Come back later" in tried.output


@pytest.mark.parametrize("step", ["rcpt", "data"])
def test_a_permanent_refusal_ends_it_and_no_address_is_repeated(mailer: MailerCommands, step: str):
    script = Script(**{step: lambda address: f"550 5.1.1 <{address}>: unknown here"})
    with MailServer(script=script) as server:
        tried = mailer.test_mail(plain(server))
    assert tried.is_refused, tried
    assert "550 5.1.1" in tried.output
    assert "jane" not in tried.output + tried.error


def test_one_address_among_many_is_refused_alone(mailer: MailerCommands):
    script = Script(rcpt=lambda address: "550 5.1.1 unknown" if address.startswith("nobody") else None)
    with MailServer(script=script) as server:
        tried = mailer.test_mail(plain(server), "--to", "nobody@example.com", "--to", "joe@example.com", "--connections", "1")
        assert tried.is_refused, tried
        assert [line.split(":")[0] for line in tried.lines] == ["accepted", "refused", "accepted"]
        assert [each.recipients for each in server.received] == [["jane@example.com"], ["joe@example.com"]]


def test_a_sender_that_is_refused_is_no_fault_of_the_message(mailer: MailerCommands):
    """else a wrong --from would lose every mail"""
    with MailServer(script=Script(mail=lambda _: "550 5.7.1 not your domain")) as server:
        tried = mailer.test_mail(plain(server))
    assert tried.credentials_refused, tried


def test_a_connection_dropped_after_the_message_leaves_it_open(mailer: MailerCommands):
    with MailServer(script=Script(drops_after_data=True)) as server:
        tried = mailer.test_mail(plain(server))
        assert len(server.received) == 1
    assert tried.may_go_later, tried
    assert "may have been taken" in tried.output


def test_a_server_that_takes_too_long_is_given_up(mailer: MailerCommands):
    with MailServer(script=Script(delay=30)) as server:
        began = time.monotonic()
        tried = mailer.test_mail(plain(server), "--timeout-seconds", "1")
        assert time.monotonic() - began < 10
    assert tried.may_go_later, tried


def test_an_answer_that_comes_too_late_is_not_taken_for_the_next(mailer: MailerCommands):
    """After a message that was given up nothing that the server still says of it may be read as the next one's."""
    pauses = [4.0]
    with MailServer(script=Script(pause=lambda: pauses.pop() if pauses else 0.0)) as server:
        tried = mailer.test_mail(plain(server), "--timeout-seconds", "2", "--count", "3", "--connections", "1")
        assert [line.split(":")[0] for line in tried.lines] == ["may go another time", "accepted", "accepted"], tried
        assert server.connections == 2


def test_nobody_listens(mailer: MailerCommands):
    tried = mailer.test_mail(f"smtp://127.0.0.1:{free_port()}?starttls=never")
    assert tried.may_go_later, tried


# TLS


def test_starttls_is_insisted_upon(mailer: MailerCommands):
    with MailServer() as server:
        tried = mailer.test_mail(encrypted(server))
        assert server.received == []
    assert tried.may_go_later, tried
    assert "TLS" in tried.output


def test_starttls_with_a_certificate_that_is_trusted(mailer: MailerCommands, certificate: Certificate):
    with MailServer(certificate=certificate) as server:
        tried = mailer.test_mail(encrypted(server), "--ca-file", certificate.certificate, "--count", "3", "--connections", "1")
        assert tried.is_accepted, tried
        assert all(each.is_encrypted for each in server.received)
        assert server.connections == 1


def test_tls_from_the_first_byte(mailer: MailerCommands, certificate: Certificate):
    with MailServer(certificate=certificate, implicit=True) as server:
        tried = mailer.test_mail(f"smtps://127.0.0.1:{server.port}", "--ca-file", certificate.certificate)
        assert tried.is_accepted, tried
        assert len(server.received) == 1


def test_a_certificate_that_nobody_vouches_for(mailer: MailerCommands, certificate: Certificate):
    with MailServer(certificate=certificate) as server:
        tried = mailer.test_mail(encrypted(server))
        assert server.received == []
    assert tried.may_go_later, tried
    assert "TLS" in tried.output


def test_a_certificate_of_another_host(mailer: MailerCommands, tmp_path: Path):
    other = Certificate(tmp_path, "mail.example.com").make()
    with MailServer(certificate=other) as server:
        tried = mailer.test_mail(encrypted(server), "--ca-file", other.certificate)
        assert server.received == []
    assert tried.may_go_later, tried
    assert "TLS" in tried.output


# Credentials


def test_user_and_password_from_a_file(mailer: MailerCommands, certificate: Certificate, secrets: Path):
    with MailServer(certificate=certificate, auth=True) as server:
        tried = mailer.test_mail(encrypted(server), "--ca-file", certificate.certificate, "--credentials", secrets)
        assert tried.is_accepted, tried
        assert server.received[0].user == MailServer.user


def test_user_and_password_from_systemd(mailer: MailerCommands, certificate: Certificate, secrets: Path):
    with MailServer(certificate=certificate, auth=True) as server:
        tried = mailer.test_mail(
            encrypted(server), "--ca-file", certificate.certificate, environment={"CREDENTIALS_DIRECTORY": str(secrets.parent)})
        assert tried.is_accepted, tried


def test_a_wrong_password(mailer: MailerCommands, certificate: Certificate, tmp_path: Path):
    wrong = tmp_path / "wrong"
    wrong.write_text("mailer:not-the-password\n")
    with MailServer(certificate=certificate, auth=True) as server:
        tried = mailer.test_mail(encrypted(server), "--ca-file", certificate.certificate, "--credentials", wrong)
    assert tried.credentials_refused, tried
    assert "535" in tried.output
    assert "not-the-password" not in tried.output + tried.error


def test_credentials_that_cannot_be_checked_just_now(mailer: MailerCommands, certificate: Certificate, secrets: Path):
    with MailServer(certificate=certificate, auth=True, script=Script(auth="454 4.7.0 Temporary authentication failure")) as server:
        tried = mailer.test_mail(encrypted(server), "--ca-file", certificate.certificate, "--credentials", secrets)
    assert tried.may_go_later, tried


def test_credentials_that_are_wanted_and_missing(mailer: MailerCommands, certificate: Certificate):
    with MailServer(certificate=certificate, auth=True) as server:
        tried = mailer.test_mail(encrypted(server), "--ca-file", certificate.certificate)
    assert tried.credentials_refused, tried
    assert "530" in tried.output


def test_a_password_does_not_go_in_the_clear(mailer: MailerCommands, secrets: Path):
    tried = mailer.test_mail("smtp://mail.example.com?starttls=never", "--credentials", secrets)
    assert tried.status == 64, tried
    assert "in the clear" in tried.error


# Addresses beyond ASCII


def test_an_address_beyond_ascii_goes_where_it_is_understood(mailer: MailerCommands):
    with MailServer() as server:
        tried = mailer.test_mail(plain(server), to="jörg@example.com")
        assert tried.is_accepted, tried
        [received] = server.received
    assert received.recipients == ["jörg@example.com"]
    assert "SMTPUTF8" in received.options
    assert "jörg@example.com".encode() in received.content


def test_an_address_beyond_ascii_is_refused_elsewhere(mailer: MailerCommands):
    with MailServer(utf8=False) as server:
        tried = mailer.test_mail(plain(server), to="jörg@example.com")
        assert server.received == []
    assert tried.is_refused, tried
