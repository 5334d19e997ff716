"""nginx and Caddy in front of a gateway, from the configurations in deploy/proxies, on loopback with a certificate of their own."""

from __future__ import annotations

import os
import shutil
import socket
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from .conditions import eventually
from .programs import REPOSITORY, Program, ProgramEnded, clean_environment, free_port

CONFIGURATIONS = REPOSITORY / "deploy" / "proxies"
HOST = "localhost"


class Certificate:
    """Signed by itself, for a day."""

    def __init__(self, directory: Path):
        self.certificate, self.key = directory / "certificate.pem", directory / "key.pem"
        subprocess.run([
            "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "1",
            "-subj", f"/CN={HOST}", "-addext", f"subjectAltName=DNS:{HOST},IP:127.0.0.1", "-keyout", self.key, "-out", self.certificate],
            check=True, capture_output=True, stdin=subprocess.DEVNULL, timeout=60)

    def trust(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=str(self.certificate))


def replaced(text: str, *pairs: tuple[str, str]) -> str:
    """The committed text with what belongs to this machine. Each must stand in it: a test of another configuration would prove nothing."""
    for old, new in pairs:
        assert old in text, f"{old!r} is no longer in the configuration"
        text = text.replace(old, new)
    return text


class Proxy(Program):
    """A proxy of one kind; visitors reach it on `port`, and by plain HTTP on `plain_port`."""

    name = "proxy"
    package = ""

    def __init__(self, directory: Path, gateway_port: int):
        super().__init__(directory / f"{self.name}.log")
        self.directory = directory
        self.gateway_port = gateway_port
        self.port, self.plain_port = free_port(), free_port()
        self.certificate = Certificate(directory)
        self.configuration = self.write()

    def write(self) -> Path:
        raise NotImplementedError

    def command(self) -> list[str | Path]:
        raise NotImplementedError

    def examine(self) -> subprocess.CompletedProcess[str]:
        """The proxy's own check of the configuration."""
        raise NotImplementedError

    def access_log(self) -> str:
        raise NotImplementedError

    def environment(self) -> dict[str, str]:
        return clean_environment()

    @classmethod
    def installed(cls) -> bool:
        return shutil.which(cls.name, path=os.environ.get("PATH", "") + ":/usr/sbin") is not None

    @property
    def url(self) -> str:
        return f"https://{HOST}:{self.port}"

    def start(self) -> Proxy:
        self.launch(self.command(), self.environment())
        eventually(f"{self.name} listens", self._listens, 20)
        return self

    def _listens(self) -> bool:
        if not self.running:
            raise ProgramEnded(self)
        try:
            with socket.create_connection(("127.0.0.1", self.port), 5), socket.create_connection(("127.0.0.1", self.plain_port), 5):
                return True
        except OSError:
            return False

    @contextmanager
    def visitor(self, address: str = "127.0.0.1") -> Iterator[httpx.Client]:
        """Somebody who comes from that address of loopback."""
        transport = httpx.HTTPTransport(verify=self.certificate.trust(), local_address=address)
        with httpx.Client(base_url=self.url, transport=transport, timeout=40, trust_env=False) as client:
            yield client


class Nginx(Proxy):
    name = "nginx"
    package = "nginx-light"

    def write(self) -> Path:
        site = replaced(
            (CONFIGURATIONS / "nginx.conf").read_text(),
            ("    listen [::]:80;\n", ""), ("    listen [::]:443 ssl http2;\n", ""),
            ("listen 80;", f"listen 127.0.0.1:{self.plain_port};"), ("listen 443 ssl", f"listen 127.0.0.1:{self.port} ssl"),
            ("server 127.0.0.1:8080;", f"server 127.0.0.1:{self.gateway_port};"),
            ("server_name portal.example.com;", f"server_name {HOST};"),
            ("/etc/letsencrypt/live/portal.example.com/fullchain.pem", str(self.certificate.certificate)),
            ("/etc/letsencrypt/live/portal.example.com/privkey.pem", str(self.certificate.key)),
            ("/var/log/nginx/", f"{self.directory}/"))
        (self.directory / "site.conf").write_text(site)
        places = "\n".join(
            f"    {kind}_temp_path {self.directory}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        # Some of what Debian's nginx.conf says, and this machine's places.
        whole = self.directory / "nginx.conf"
        whole.write_text(
            f"{'user root;' if os.geteuid() == 0 else ''}\ndaemon off;\nworker_processes 1;\npid {self.directory}/nginx.pid;\n"
            f"error_log {self.directory}/error.log info;\nevents {{ worker_connections 512; }}\n"
            f"http {{\n    access_log off;\n    gzip on;\n{places}\n    include {self.directory}/site.conf;\n}}\n")
        return whole

    def command(self) -> list[str | Path]:
        return [self._program(), "-p", self.directory, "-e", self.directory / "error.log", "-c", self.configuration]

    def examine(self) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*map(str, self.command()), "-t"], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60, env=self.environment())

    def access_log(self) -> str:
        return (self.directory / "reservation-portal.log").read_text()

    @staticmethod
    def _program() -> str:
        return shutil.which("nginx", path=os.environ.get("PATH", "") + ":/usr/sbin") or "nginx"


class Caddy(Proxy):
    name = "caddy"
    package = "caddy"

    def write(self) -> Path:
        options = ("admin off", f"http_port {self.plain_port}", f"https_port {self.port}", "default_bind 127.0.0.1")
        text = replaced(
            (CONFIGURATIONS / "Caddyfile").read_text(),
            ("\n{\n\tservers {", "\n{\n" + "".join(f"\t{option}\n" for option in options) + "\tservers {"),
            ("portal.example.com {", f"{HOST} {{\n\ttls {self.certificate.certificate} {self.certificate.key}"),
            ("reverse_proxy 127.0.0.1:8080 {", f"reverse_proxy 127.0.0.1:{self.gateway_port} {{"))
        whole = self.directory / "Caddyfile"
        whole.write_text(text)
        return whole

    def environment(self) -> dict[str, str]:
        return clean_environment(
            HOME=str(self.directory), XDG_DATA_HOME=str(self.directory), XDG_CONFIG_HOME=str(self.directory))

    def access_log(self) -> str:
        return self.log()

    def command(self) -> list[str | Path]:
        return ["caddy", "run", "--adapter", "caddyfile", "--config", self.configuration]

    def examine(self) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["caddy", "validate", "--adapter", "caddyfile", "--config", str(self.configuration)],
            stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60, env=self.environment())
