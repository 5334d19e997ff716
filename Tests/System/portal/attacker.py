"""A hostile peer as a process of its own, so that its work is not done in the time of whoever measures.

    attacker.py ATTACK TARGET COUNT [FILE]

TARGET is a socket's path or a loopback port. On each line "on" of its standard input it takes up its position, says "in place" and goes on
until the line "off"; then it lets go of everything and says what it has met, as JSON.
"""

from __future__ import annotations

import json
import os
import random
import selectors
import socket
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from portal.rsv import compact, frame, hello, request  # noqa: E402

HOST = b"Host: localhost\r\n"
VALIDATE = b'{"ticket_code":"TKT-2025-ABC123-DEF456"}'
POST = b"POST /api/tickets/validate HTTP/1.1\r\n" + HOST + b"Content-Type: application/json\r\n"
HEALTH = b"GET /healthz HTTP/1.1\r\n" + HOST + b"\r\n"


class Attack:
    """Some connections to one target, and what is done with them. Everything is done without waiting for anybody."""

    # Seconds between two turns.
    pause = 0.01

    def __init__(self, target: str, count: int, data: bytes):
        self.target, self.count, self.data = target, count, data
        self.is_http = target.isdigit()
        self.connections: list[socket.socket] = []
        self.met: Counter[str] = Counter()
        self.chance = random.Random(1)

    def begin(self) -> None:
        """Takes up the position."""

    def turn(self) -> None:
        """Called every `pause` seconds while the attack lasts."""

    def end(self) -> None:
        for connection in self.connections:
            connection.close()
        self.connections = []

    def connect(self) -> socket.socket | None:
        """A connection that does not wait, kept until the end; None when it is refused."""
        connection = socket.socket(socket.AF_INET if self.is_http else socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            connection.settimeout(5)
            connection.connect(("127.0.0.1", int(self.target)) if self.is_http else self.target)
        except OSError as error:
            connection.close()
            self.met[f"connect: {type(error).__name__}"] += 1
            return None
        connection.setblocking(False)
        self.connections.append(connection)
        return connection

    def crowd(self) -> Iterator[socket.socket]:
        """As many connections as were asked for."""
        for _ in range(self.count):
            connection = self.connect()
            if connection is not None:
                yield connection

    def drop(self, connection: socket.socket) -> None:
        self.connections.remove(connection)
        connection.close()

    def send(self, connection: socket.socket, data: bytes) -> int:
        """How much of it was taken; -1 when the connection is gone."""
        try:
            return connection.send(data)
        except BlockingIOError:
            return 0
        except OSError as error:
            self.met[type(error).__name__] += 1
            return -1

    def answer(self, connection: socket.socket, seconds: float = 5) -> bytes:
        """The next that comes; empty at the end of the connection."""
        connection.settimeout(seconds)
        try:
            return connection.recv(65_536)
        except OSError as error:
            self.met[type(error).__name__] += 1
            return b""
        finally:
            connection.setblocking(False)

    def discard(self, connection: socket.socket) -> bool:
        """Reads what has come; False when the connection has ended."""
        with suppress(BlockingIOError):
            try:
                while True:
                    if not connection.recv(1 << 18):
                        return False
            except ConnectionError:
                return False
        return True

    def greeting(self) -> bytes:
        return HEALTH if self.is_http else hello("attacker")

    def ask(self, first: int, count: int) -> bytes:
        """Many requests in one piece."""
        if self.is_http:
            return HEALTH * count
        body = {"orq": 1, "ticket_code": "TKT-2025-ABC123-DEF456"}
        return b"".join(request("ticket.validate", number, body) for number in range(first, first + count))


class Silent(Attack):
    """Connects and never says a word."""

    def begin(self) -> None:
        for _ in self.crowd():
            pass


class SlowBytes(Attack):
    """A byte a second on each connection, in the middle of a request."""

    def begin(self) -> None:
        self.last = time.monotonic()
        self.due = 0.0
        self.next = 0
        for connection in self.crowd():
            self.send(connection, POST + b"Content-Length: 40\r\nX-A: " if self.is_http else hello() + frame("REQUEST", b"{", opcode=1, request_id=1, length=4000, encoding="JSON"))

    def turn(self) -> None:
        now = time.monotonic()
        self.due += (now - self.last) * len(self.connections)
        self.last = now
        while self.due >= 1:
            self.due -= 1
            self.next = (self.next + 1) % len(self.connections)
            self.send(self.connections[self.next], b"x")


class SlowBody(SlowBytes):
    """A whole header, then a body that comes a byte a second."""

    def begin(self) -> None:
        super().begin()
        for connection in self.connections:
            self.send(connection, b"y\r\n\r\n{")


class NeverReads(Attack):
    """Asks on and on, and takes no answer."""

    def begin(self) -> None:
        self.numbers: dict[socket.socket, int] = {}
        self.left: dict[socket.socket, bytes] = {}
        for connection in self.crowd():
            self.left[connection] = b"" if self.is_http else self.greeting()
            self.numbers[connection] = 1
        self.turn()

    def more(self, connection: socket.socket) -> bytes:
        first = self.numbers[connection]
        self.numbers[connection] += 64
        return self.ask(first, 64)

    def turn(self) -> None:
        for connection in list(self.connections):
            # A bounded piece a turn: what is measured is what the answers cost, not how fast this process can write.
            for _ in range(8):
                data = self.left[connection] or self.more(connection)
                taken = self.send(connection, data)
                if taken < 0:
                    self.met["cut"] += 1
                    self.drop(connection)
                    break
                self.left[connection] = data[taken:]
                if taken < len(data):
                    break


class NeverReadsMuch(NeverReads):
    """The same, asking for the longest answers there are; FILE holds what is asked."""

    def more(self, connection: socket.socket) -> bytes:
        first = self.numbers[connection]
        self.numbers[connection] += 64
        return self.data * 64 if self.is_http else b"".join(request("slots.available", number, self.data) for number in range(first, first + 64))


class HalfOpen(Attack):
    """Asks, closes its own direction, and leaves the rest open."""

    def begin(self) -> None:
        self.turn()

    def turn(self) -> None:
        for _ in range(5):
            if len(self.connections) >= self.count:
                self.drop(self.connections[0])
            connection = self.connect()
            if connection is not None:
                self.send(connection, self.greeting() + self.ask(1, 3))
                with suppress(OSError):
                    connection.shutdown(socket.SHUT_WR)


class Idle(Attack):
    """Is greeted, and then has nothing more to say."""

    def begin(self) -> None:
        for connection in self.crowd():
            self.send(connection, self.greeting())
        for connection in list(self.connections):
            said = self.answer(connection)
            served = said.startswith(b"HTTP/1.1 200") if self.is_http else said[4:5] == b"\x02"
            self.met["served" if served else "not served"] += 1


class Flood(Attack):
    """Far more requests than may be in flight, all the time; the answers are read."""

    pause = 0.002

    def begin(self) -> None:
        self.numbers: dict[socket.socket, int] = {}
        self.left: dict[socket.socket, bytes] = {}
        for connection in self.crowd():
            self.send(connection, self.greeting())
            self.answer(connection)
            self.numbers[connection] = 1
            self.left[connection] = b""
        self.turn()

    def turn(self) -> None:
        for connection in list(self.connections):
            if not self.discard(connection):
                self.met["cut"] += 1
                self.drop(connection)
                continue
            data = self.left[connection]
            if not data:
                data = self.ask(self.numbers[connection], 2048)
                self.numbers[connection] += 2048
                self.met["requests"] += 2048
            taken = self.send(connection, data)
            self.left[connection] = data[max(taken, 0):]


class Garbage(Attack):
    """New connections all the time that say anything at all."""

    def turn(self) -> None:
        for _ in range(5):
            connection = self.connect()
            if connection is None:
                continue
            noise = self.chance.randbytes(self.chance.randrange(1, 4000))
            kind = self.chance.randrange(4)
            if kind == 1:
                noise = b"\0" + noise
            elif kind == 2:
                noise = self.greeting() + noise
            elif kind == 3:
                noise = (POST + noise) if self.is_http else hello() + b"\0\0\0\x10" + noise
            self.send(connection, noise)
            if len(self.connections) > self.count:
                self.drop(self.connections[0])


class Oversized(Attack):
    """Frames, headers and bodies beyond their bounds, or just below and never whole."""

    def begin(self) -> None:
        self.left: dict[socket.socket, bytes] = {}
        for number, connection in enumerate(self.crowd()):
            if self.is_http:
                said = [
                    b"GET / HTTP/1.1\r\n" + HOST + b"X-Big: " + b"a" * 200_000, b"GET /" + b"a" * 200_000, POST + b"Content-Length: 4000000\r\n\r\n" + b"x" * 500_000,
                    POST + b"".join(b"X-%d: a\r\n" % n for n in range(5_000)), POST + b"Content-Length: 16384\r\n\r\n" + b"x" * 16_000,
                ][number % 5]
            else:
                said = hello() + [
                    frame("REQUEST", b"x" * 100_000, opcode=1, request_id=1, length=(1 << 20) + 1), frame("REQUEST", b"x" * 100_000, opcode=1, request_id=1, length=(1 << 24) - 1),
                    frame("REQUEST", b" " * ((1 << 20) - 100), opcode=1, request_id=1, length=1 << 20, encoding="JSON"),
                ][number % 3]
            self.left[connection] = said
        self.turn()

    def turn(self) -> None:
        for connection, data in self.left.items():
            if data:
                taken = self.send(connection, data)
                self.left[connection] = b"" if taken < 0 else data[taken:]


class Storm(Attack):
    """Connections that come and go, as many as one thread can make, up to COUNT in a hundredth of a second."""

    def turn(self) -> None:
        for _ in range(self.count):
            connection = self.connect()
            if connection is not None:
                self.drop(connection)


class Callers(Attack):
    """New callers all the time, each with one request; notes how each was answered."""

    def turn(self) -> None:
        for _ in range(5):
            connection = self.connect()
            if connection is not None:
                # Who is turned away may be told, and cut, before having spoken. What counts is what is heard.
                with suppress(OSError):
                    connection.send(self.greeting())
        for connection in list(self.connections):
            said = b""
            with suppress(BlockingIOError):
                try:
                    said = connection.recv(65_536)
                except ConnectionError as error:
                    said = type(error).__name__.encode()
                self.met[self.kind(said)] += 1
                # Those who are served stay, and so nothing becomes free.
                if self.kind(said) != "served" or len(self.connections) > self.count:
                    self.drop(connection)

    def kind(self, said: bytes) -> str:
        if self.is_http and said.startswith(b"HTTP/1.1 "):
            return "served" if said[9:12] == b"200" else said[9:12].decode()
        if not self.is_http and len(said) >= 24:
            return "served" if said[4] == 2 else f"status {int.from_bytes(said[20:22], 'big')}"
        return said.decode("latin-1") or "closed without a word"


ATTACKS = {
    "silent": Silent, "slow bytes": SlowBytes, "slow body": SlowBody, "never reads": NeverReads, "never reads much": NeverReadsMuch,
    "half-open": HalfOpen, "idle": Idle, "flood": Flood, "garbage": Garbage, "oversized": Oversized, "storm": Storm, "callers": Callers,
}


def main(name: str, target: str, count: str, data: str = "") -> None:
    # Whoever attacks has a machine of its own. Here it shares one with the programs and with those who measure, and gives way to them.
    os.setpriority(os.PRIO_PROCESS, 0, 19)
    attack = ATTACKS[name](target, int(count), data.encode())
    commands = selectors.DefaultSelector()
    commands.register(sys.stdin, selectors.EVENT_READ)
    for line in sys.stdin:
        if line != "on\n":
            continue
        attack.begin()
        print("in place", flush=True)
        while not commands.select(attack.pause):
            attack.turn()
        sys.stdin.readline()
        attack.end()
        print(json.dumps(attack.met), flush=True)
        attack.met.clear()


if __name__ == "__main__":
    main(*sys.argv[1:])
