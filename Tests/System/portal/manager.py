"""The end at which systemd listens for sd_notify(3)."""

from __future__ import annotations

import socket
from pathlib import Path

from .conditions import eventually


class Manager:
    """Made by the fixture `manager`."""

    def __init__(self, directory: Path):
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(str(directory / "notify"))
        self.socket.settimeout(20)

    @property
    def address(self) -> str:
        return self.socket.getsockname()

    def close(self) -> None:
        self.socket.close()

    def told(self) -> dict[str, str]:
        """The next message."""
        return dict(line.split("=", 1) for line in self.socket.recv(4096).decode().splitlines())

    def until(self, name: str) -> dict[str, str]:
        """The next message that sets `name`."""
        return eventually(f"{name} is told", lambda: (lambda message: message if name in message else None)(self.told()), 20)
