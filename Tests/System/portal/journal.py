"""journald's place taken by a test: its socket, what programs send there, and a journal file made of it that journalctl reads."""

from __future__ import annotations

import os
import socket
import struct
import subprocess
import threading
import time
import uuid
from pathlib import Path

SOCKET = Path("/run/systemd/journal/socket")
REMOTE = Path("/lib/systemd/systemd-journal-remote")

UNITS = {
    "reservationd": "reservationd.service", "reservation-gateway": "reservation-gateway.service",
    "reservation-mailer": "reservation-mailer.service",
}


class StandInJournal:
    """Listens where journald does; use it with `with`, on a machine that has no journald."""

    def __init__(self) -> None:
        self.entries: list[dict[str, str]] = []
        self._raw: list[tuple[int, bytes]] = []
        self._made: list[Path] = []

    def __enter__(self) -> StandInJournal:
        for directory in (SOCKET.parent.parent, SOCKET.parent):
            if not directory.exists():
                directory.mkdir()
                self._made.append(directory)
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
        self._socket.bind(str(SOCKET))
        os.chmod(SOCKET, 0o666)
        self._thread = threading.Thread(target=self._receive, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        # An empty datagram is the end: no program sends one.
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as end:
            end.sendto(b"", str(SOCKET))
        self._thread.join(10)
        self._socket.close()
        SOCKET.unlink()
        for directory in reversed(self._made):
            directory.rmdir()

    def _receive(self) -> None:
        while datagram := self._socket.recv(1 << 20):
            self._raw.append((time.time_ns() // 1000, datagram))
            self.entries.append(parsed(datagram))

    def with_fields(self, **fields: str) -> list[dict[str, str]]:
        return [entry for entry in list(self.entries) if all(entry.get(name) == value for name, value in fields.items())]

    def write_file(self, path: Path) -> None:
        """All entries as a journal file. Their form on the socket is the export format's, but for the fields journald itself adds."""
        boot = uuid.uuid4().hex
        export = bytearray()
        for number, (moment, datagram) in enumerate(list(self._raw)):
            identifier = parsed(datagram).get("SYSLOG_IDENTIFIER", "")
            export += f"__REALTIME_TIMESTAMP={moment}\n__MONOTONIC_TIMESTAMP={number + 1}\n_BOOT_ID={boot}\n".encode()
            if identifier in UNITS:
                export += f"_SYSTEMD_UNIT={UNITS[identifier]}\n".encode()
            export += datagram + b"\n"
        subprocess.run([REMOTE, "-o", path, "-"], input=export, check=True, capture_output=True, timeout=60)


def parsed(datagram: bytes) -> dict[str, str]:
    """https://systemd.io/JOURNAL_NATIVE_PROTOCOL: `NAME=value`, or for values with line feeds `NAME`, a length and the bytes."""
    fields: dict[str, str] = {}
    position = 0
    while position < len(datagram):
        end = datagram.index(b"\n", position)
        name, equals, value = datagram[position:end].partition(b"=")
        position = end + 1
        if not equals:
            (length,) = struct.unpack_from("<Q", datagram, position)
            value = datagram[position + 8:position + 8 + length]
            position += 8 + length + 1
        fields[name.decode()] = value.decode()
    return fields
