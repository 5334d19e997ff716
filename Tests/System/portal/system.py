"""A whole system for one test: daemon, gateway, and both ways of speaking to them."""

from __future__ import annotations

import shutil
from pathlib import Path

from .api import Api
from .audit import Audit
from .contract import Contract
from .programs import Control, Daemon, Gateway, Programs, short_directory
from .rsv import Peer
from .stock import Stock

# Tests ask for wrong tickets a great deal from one address; the limit has its own tests.
UNLIMITED = ("--failed-validations-per-minute", "1000000")


class Portal:
    """Made by the fixture `make_portal`, which also ends it and looks into its database."""

    def __init__(self, programs: Programs, directory: Path | None = None, database: Path | None = None):
        self.programs = programs
        self.directory = directory or short_directory()
        self.daemon = Daemon(programs, self.directory, database)
        self.gateway = Gateway(programs, self.directory, self.daemon.socket("gateway"))
        self.control = Control(programs, self.daemon.socket("admin"))
        self.stock = Stock(self.peer)
        self.more_gateways: list[Gateway] = []
        self._apis: list[Api] = []
        self._contract: Contract | None = None
        self._api: Api | None = None

    def start(self, *gateway_arguments: str, time_zone: str = "Europe/Berlin") -> Portal:
        """Daemon with organisation 1, and the gateway."""
        self.daemon.start()
        self.stock.organization(time_zone, orq=1)
        self.gateway.start(*UNLIMITED, *gateway_arguments)
        return self

    @property
    def api(self) -> Api:
        if self._api is None:
            self._api = self.api_of(self.gateway)
        return self._api

    def api_of(self, gateway: Gateway) -> Api:
        if self._contract is None:
            plain = Api(gateway.url)
            try:
                self._contract = Contract(plain.get("/openapi.yaml").text)
            finally:
                plain.close()
        api = Api(gateway.url, self._contract)
        self._apis.append(api)
        return api

    def another_gateway(self, *arguments: str) -> tuple[Gateway, Api]:
        """A second gateway on the same daemon, with its own options."""
        directory = self.directory / f"gateway-{len(self.more_gateways) + 2}"
        directory.mkdir()
        gateway = Gateway(self.programs, directory, self.daemon.socket("gateway"))
        self.more_gateways.append(gateway)
        gateway.start(*arguments)
        return gateway, self.api_of(gateway)

    def peer(self, role: str, **options) -> Peer:
        return self.daemon.peer(role, **options)

    def restart_daemon(self, *arguments: str) -> None:
        """After it was killed or stopped."""
        self.daemon.start(*arguments)
        self.stock.reconnect()

    def stop(self) -> None:
        """Ends everything in the order of an orderly shutdown and holds the exit statuses to 0."""
        for api in self._apis:
            api.close()
        self.stock.close()
        for gateway in [self.gateway, *self.more_gateways]:
            if gateway.running:
                assert gateway.stop() == 0, f"the gateway's exit status is not 0: {gateway.log()[-1000:]}"
        if self.daemon.running:
            assert self.daemon.stop() == 0, f"the daemon's exit status is not 0: {self.daemon.log()[-1000:]}"

    def audit(self) -> Audit:
        return Audit(self.daemon.database)

    def stopped_audit(self) -> Audit:
        """Stops everything, then looks."""
        self.stop()
        return self.audit()

    def discard(self) -> None:
        for program in [self.gateway, *self.more_gateways, self.daemon]:
            program.kill()
        shutil.rmtree(self.directory, ignore_errors=True)
