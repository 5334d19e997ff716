"""The Python client against a server made from the reference session, over real Unix sockets."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import threading
from pathlib import Path

import pytest

import rsv_client
from examples import ERRORS, INSTANCE, OPERATIONS, SLOT
from reference_session import Session
from rsv_client import Client, ConnectionLost, ConnectionRefused, NotExecuted, ProtocolError, Registry, TransportError

REGISTRY = Registry()
COMMAND = [sys.executable, str(Path(rsv_client.__file__))]


class Server:
    """Answers every request with the operation's example, or as `answer` says. `hold` answers that many at once, last first."""

    def __init__(self, path, answer=None, hold=1, role="admin", on_request=None, on_answer=None):
        self.path, self.answer, self.hold, self.role, self.on_request = str(path), answer, hold, role, on_request
        self.on_answer = on_answer
        self.greetings: list[bytes] = []  # written to the next connections, which are then closed
        self.seen: list[tuple[str, dict]] = []
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(self.path)

    def start(self):
        self.listener.listen(16)
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __enter__(self):
        return self.start()

    def __exit__(self, *_):
        self.listener.close()
        if os.path.exists(self.path):
            os.unlink(self.path)

    def _accept(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            if self.greetings:
                connection.sendall(self.greetings.pop(0))
                connection.close()
            else:
                threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection):
        session = Session(REGISTRY, INSTANCE, "reference", self.role, 64)
        with connection:
            while not session.closed:
                data = connection.recv(4096)
                if not data:
                    return
                session.receive(data)
                if self.on_request and session.in_flight:
                    self.on_request(session)
                if len(session.in_flight) >= self.hold:
                    for request_id, (operation, request) in reversed(list(session.in_flight.items())):
                        self.seen.append((operation, request))
                        session.complete(request_id, self._reply(session, request_id, operation, request))
                        if self.on_answer:
                            self.on_answer(session, request_id, operation)
                if not self._write(connection, session):
                    return

    @staticmethod
    def _write(connection, session) -> bool:
        data = b"".join(session.output)
        session.output.clear()
        try:
            connection.sendall(data) if data else None
            return True
        except BrokenPipeError:  # the client has read all it wanted
            return False

    def _reply(self, session, request_id, operation, request) -> bytes:
        status, value = self.answer(operation, request) if self.answer else ("OK", OPERATIONS[operation]["responses"][""])
        kind, message = ("RESPONSE", f"{operation}.response") if status == "OK" else ("ERROR", "error")
        return session.frame(kind, session.codec.encode(session.encoding, message, value), request_id=request_id, status=status,
                             opcode=REGISTRY.operations[operation]["opcode"], encoding=session.encoding)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "s"


@pytest.mark.parametrize("encoding", ["tlv", "json"])
def test_every_operation_is_answered(path, encoding):
    with Server(path) as server, Client(path, encoding) as client:
        assert client.server["instance_id"] == INSTANCE
        for name, examples in OPERATIONS.items():
            for request in examples["requests"].values():
                assert client.call(name, request) == ("OK", examples["responses"][""], 0)
                assert server.seen.pop() == (name, request)


@pytest.mark.parametrize("encoding", ["tlv", "json"])
@pytest.mark.parametrize("name", ERRORS)
def test_a_refusal_comes_with_its_status_and_details(path, name, encoding):
    operation, status, error = ERRORS[name]
    with Server(path, answer=lambda *_: (status, error)), Client(path, encoding) as client:
        assert client.call(operation, OPERATIONS[operation]["requests"][""]) == (status, error, 0)


def test_pipelined_requests_find_their_answers_in_any_order(path):
    answer = lambda _, request: ("OK", {"slots": [{**OPERATIONS["slots.create"]["responses"][""]["slots"][0], "slot_id": request["slot_id"]}]})
    with Server(path, answer=answer, hold=20), Client(path) as client:
        ids = [client.send("slots.set_capacity", {"slot_id": n, "total_capacity": 1}) for n in range(20)]
        for number, request_id in enumerate(ids):
            assert client.receive(request_id).reply["slots"][0]["slot_id"] == number
        ids = [client.send("slots.set_capacity", {"slot_id": n, "total_capacity": 1}) for n in range(20)]
        assert sorted(client.receive().request_id for _ in ids) == ids


def test_ping_and_cancel_while_a_request_waits(path):
    with Server(path, hold=2), Client(path) as client:
        first = client.send("daemon.health", {})
        client.cancel(first)
        assert client.ping(b"alive?") >= 0
        client.send("daemon.health", {})
        assert client.receive(first).status == "OK"


def test_a_drain_marks_later_requests_as_not_executed(path):
    drain = lambda session: session.draining or session.drain()
    with Server(path, hold=1, on_request=drain), Client(path) as client:
        first = client.send("daemon.health", {})
        assert client.receive(first).status == "OK"
        with pytest.raises(NotExecuted):
            client.send("daemon.health", {})


def test_a_request_that_crossed_a_goaway_was_not_executed(path):
    drain = lambda session: session.draining or session.drain()
    with Server(path, hold=2, on_request=drain) as server, Client(path) as client:
        first = client.send("daemon.health", {})
        client.ping()  # the GOAWAY has been written before this PONG
        second = client._last_id + 1
        client._last_id = second  # as if it had been sent in the moment before the GOAWAY was read
        client._sent[second] = REGISTRY.operations["daemon.health"]["opcode"]
        with pytest.raises(NotExecuted):
            client.receive(second)
        assert first in client._sent and not server.seen


def event(session, request_id, booked) -> bytes:
    slot = {**SLOT, "booked_count": booked}
    payload = session.codec.encode(session.encoding, "slots_changed", {"slots": [slot]})
    return session.frame("EVENT", payload, opcode=REGISTRY.operations["slots.watch"]["opcode"], request_id=request_id,
                         encoding=session.encoding)


@pytest.mark.parametrize("encoding", ["tlv", "json"])
def test_events_come_in_order_and_between_answers(path, encoding):
    watched = []

    def tell(session, request_id, operation):
        if operation == "slots.watch":
            watched.append(request_id)
        session.output += [event(session, watched[-1], number) for number in range(2)]

    with Server(path, on_answer=tell), Client(path, encoding) as client:
        assert client.call("slots.watch", {})[0] == "OK"
        assert client.call("daemon.health", {})[0] == "OK"
        assert client.call("slots.watch", {})[0] == "OK"
        assert [client.event(timeout=10)["slots"][0]["booked_count"] for _ in range(6)] == [0, 1, 0, 1, 0, 1]
        with pytest.raises(TransportError, match="in time"):
            client.event(timeout=0.05)
        # A timeout costs nothing.
        assert client.call("daemon.health", {})[0] == "OK"


def vectors(name: str) -> list[dict]:
    return json.loads((Path(rsv_client.__file__).parents[1] / "vectors" / f"{name}.json").read_text(encoding="utf-8"))["vectors"]


EVENT_VECTORS, VALID_VECTORS = vectors("events"), vectors("valid")
# How often slots.watch is asked, and how many of these are answered, before the vector's bytes come.
EVENT_STATES = {"open": (0, 0), "asked": (1, 0), "watching": (1, 1), "renewing": (2, 1), "renewed": (2, 2), "drained": (1, 1)}


def conversation(vector: dict, answered: int) -> bytes:
    """All that the server of an event vector says, from its HELLO_ACK on."""
    session = Session(REGISTRY, INSTANCE, "reference", "gateway", 64)
    session.receive(bytes.fromhex(next(v for v in VALID_VECTORS if v["name"] == "hello-tlv")["hex"]))
    for request_id in range(1, answered + 1):
        session.send("RESPONSE", "slots.watch.response", {}, opcode=REGISTRY.operations["slots.watch"]["opcode"], request_id=request_id)
    if vector["state"] == "drained":
        session.send("GOAWAY", "goaway", {"last_request_id": 1})
    return b"".join(session.output) + bytes.fromhex(vector["hex"])


@pytest.mark.parametrize("vector", EVENT_VECTORS, ids=lambda v: v["name"])
def test_event_vector_is_taken_or_ends_the_connection(path, vector):
    asked, answered = EVENT_STATES[vector["state"]]

    def speak():
        connection, _ = listener.accept()
        with connection:
            # The client reads on only when it is asked to, so all may be said at once.
            connection.sendall(conversation(vector, answered))
            while connection.recv(4096):
                pass

    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))
        listener.listen(1)
        threading.Thread(target=speak, daemon=True).start()
        with Client(path) as client:
            for _ in range(asked):
                client.send("slots.watch", {})
            if vector["expect"]["action"] == "event":
                assert client.event(timeout=10) == vector["expect"]["payload"]
                return
            with pytest.raises(TransportError) as refusal:
                client.event(timeout=10)
            assert "in time" not in str(refusal.value) and not isinstance(refusal.value, ConnectionLost)
            assert client._socket.fileno() == -1


def test_connect_waits_for_a_socket_that_is_not_there_yet(path, monkeypatch):
    servers = []
    monkeypatch.setattr(rsv_client.time, "sleep", lambda _: servers or servers.append(Server(path).start()))
    with Client(path) as client:
        assert client.call("daemon.health", {})[0] == "OK"
    servers[0].__exit__()


def test_connect_waits_while_the_backlog_is_full(path, monkeypatch):
    server = Server(path)
    server.listener.listen(0)
    waiting = []
    while True:
        other = socket.socket(socket.AF_UNIX)
        other.setblocking(False)
        try:
            other.connect(str(path))
        except BlockingIOError:
            break
        waiting.append(other)
    pauses = []

    def pause(_):
        if not pauses:
            server.start()
        pauses.append(1)

    monkeypatch.setattr(rsv_client.time, "sleep", pause)
    with Client(path) as client:
        assert client.call("daemon.health", {})[0] == "OK"
    assert pauses
    server.__exit__()


def test_connect_gives_up_at_its_deadline(path):
    with pytest.raises(TransportError, match="cannot connect"):
        Client(path, connect_timeout=0.05)


def connection_error(status: str, value: dict) -> bytes:
    session = Session(REGISTRY, INSTANCE, "reference", "admin", 1)
    session.send("ERROR", "error", value, status=status)
    return session.output[0]


def test_too_many_connections_is_tried_again(path):
    with Server(path) as server:
        server.greetings = [connection_error("TOO_MANY_CONNECTIONS", {"message": "full", "retry_after_ms": 1}), b""]
        with Client(path) as client:
            assert client.call("daemon.health", {})[0] == "OK"


def test_no_common_version_is_reported_with_the_range(path):
    with Server(path) as server:
        server.greetings = [connection_error("UNSUPPORTED_VERSION", {"version_min": 2, "version_max": 3, "message": "too old"})]
        with pytest.raises(ConnectionRefused) as refusal:
            Client(path)
    assert (refusal.value.status, refusal.value.reply["version_min"]) == ("UNSUPPORTED_VERSION", 2)


def test_another_protocol_is_not_mistaken_for_rsv(path):
    with Server(path) as server:
        server.greetings = [b"HTTP/1.1 400 Bad Request\r\n\r\n"]
        with pytest.raises(TransportError, match="first byte"):
            Client(path)


def test_a_lost_connection_is_not_an_answer(path):
    def die(session):
        session.closed = True
        session.in_flight.clear()

    with Server(path, on_request=die), Client(path) as client:
        with pytest.raises(ConnectionLost):
            client.call("daemon.health", {})


def test_a_misspelt_field_is_refused_before_it_is_sent(path):
    with Server(path) as server, Client(path) as client:
        with pytest.raises(ProtocolError, match="ticket_cod"):
            client.call("ticket.validate", {"orq": 1, "ticket_code": "x", "ticket_cod": "x"})
        with pytest.raises(ProtocolError, match="ord"):
            client.call("tickets.import", {"tickets": [{"orq": 1, "ticket_code": "x", "product_id": 1, "order_id": 1, "ord": 1}]})
        assert not server.seen


def run(*arguments):
    done = subprocess.run([*COMMAND, *map(str, arguments)], capture_output=True, text=True, timeout=30)
    return done.returncode, done.stdout, done.stderr


@pytest.mark.parametrize("encoding", ["tlv", "json"])
def test_command_prints_the_reply(path, encoding):
    with Server(path):
        code, out, err = run("--socket", path, "--encoding", encoding, "ticket.validate", '{"orq": 1, "ticket_code": "TKT-2026-ABC123-DEF456"}')
    assert (code, err) == (0, "")
    assert json.loads(out) == OPERATIONS["ticket.validate"]["responses"][""]


def test_command_prints_a_refusal_and_exits_1(path):
    operation, status, error = ERRORS["slot-full"]
    with Server(path, answer=lambda *_: (status, error)):
        code, out, _ = run("--socket", path, operation, json.dumps(OPERATIONS[operation]["requests"][""]))
    assert code == 1
    assert json.loads(out) == {"status": "SLOT_FULL", "error": error}


def test_command_exits_2_without_a_server(path):
    code, out, err = run("--socket", path, "--connect-timeout", "0.05", "daemon.health")
    assert (code, out) == (2, "")
    assert err.startswith("rsv_client.py: cannot connect") and err.count("\n") == 1


@pytest.mark.parametrize("operation, request_text", [("daemon.helth", "{}"), ("ticket.validate", "{"), ("ticket.validate", "{}"), ("ticket.validate", "[]")])
def test_command_exits_2_for_a_request_it_cannot_send(path, operation, request_text):
    code, out, err = run("--socket", path, operation, request_text)
    assert (code, out) == (2, "") and err
