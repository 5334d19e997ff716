"""What importing many tickets and exporting many reservations takes, and what bookings notice of it.

    import.py --programs DIR [--tickets 1000000] [--callers 8] [--chunks 100,200,1000] [--data DIR] [--json FILE]

Callers book all the time, each waiting for its answer. In the midst of it `reservationctl` imports a file of so many tickets, imports it once
more, tries it with --dry-run, and exports the reservations. Latencies with and without are told, and how large daemon and reservationctl become. With
--chunks a twentieth of the tickets is sent over the socket in requests of those sizes as well, to show what the size of a request costs.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "System"))

from backup import latency  # noqa: E402
from portal.bookers import booking  # noqa: E402
from portal.conditions import eventually  # noqa: E402
from portal.programs import Programs, clean_environment  # noqa: E402
from portal.system import Portal  # noqa: E402

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"


def code(number: int) -> str:
    """Scattered as random ones are, and never the same twice: the factor has no divisor in common with the number of codes."""
    scattered, text = number * 1_000_003_141_595 % 36**12, ""
    for _ in range(12):
        scattered, digit = divmod(scattered, 36)
        text += LETTERS[digit]
    return f"TKT-2027-{text[:6]}-{text[6:]}"


def write(path: Path, count: int) -> None:
    with path.open("w") as file:
        file.write("ticket_code,orq,product_id,order_id\n")
        for number in range(count):
            file.write(f"{code(number)},1,5,{number}\n")


def control(portal: Portal, *arguments: str) -> dict:
    """How long it took, and how large it became."""
    command = [str(portal.programs.control), "--socket", str(portal.daemon.socket("admin")), *arguments]
    begin = time.monotonic()
    running = subprocess.Popen(
        command, env=clean_environment(RESERVATION_TIMEOUT="600"), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    said = running.stderr.read()
    _, status, usage = os.wait4(running.pid, 0)
    running.returncode = os.waitstatus_to_exitcode(status)
    assert running.returncode == 0, said
    return {"took_s": round(time.monotonic() - begin, 2), "control_peak_mib": usage.ru_maxrss >> 10}


def measure(portal: Portal, options: argparse.Namespace) -> dict:
    file, stock = portal.directory / "tickets.csv", portal.stock
    write(file, options.tickets)
    found: dict = {"tickets": options.tickets, "file_mib": file.stat().st_size >> 20}
    slots = stock.slots(200, capacity=10_000)
    booked = stock.tickets(options.booked)
    stock.book(slots[0], booked[:2000])
    with booking(portal, booked[2000:], slots, callers=options.callers, pause=options.pause) as bookers:
        eventually("bookings have begun", lambda: len(bookers.booked) > 500, 60)

        def window(name: str, work) -> None:
            portal.daemon.forget_peak()
            begin = time.monotonic()
            said = work() or {}
            found[name] = said | latency(bookers, begin, time.monotonic()) | {"daemon_peak_mib": portal.daemon.peak_resident_bytes() >> 20}
            print(f"{name}: {found[name]}", flush=True)

        window("quiet before", lambda: time.sleep(5))
        window("import", lambda: control(portal, "tickets", "import", str(file)))
        window("quiet between", lambda: time.sleep(5))
        window("import again", lambda: control(portal, "tickets", "import", str(file)))
        if options.dry_run:
            window("dry run", lambda: control(portal, "tickets", "import", "--dry-run", str(file)))
        if options.export:
            window("export", lambda: control(
                portal, "reservations", "export", "--output", str(portal.directory / "out.csv"), "--yes"))
        first = options.tickets
        for size in options.chunks:
            count = max(size, options.tickets // 20)

            def send(first: int = first, size: int = size, count: int = count) -> None:
                with portal.peer("admin") as peer:
                    for begin in range(first, first + count, size):
                        peer.must("tickets.import", {"tickets": [
                            {"orq": 1, "ticket_code": code(number), "product_id": 5, "order_id": number} for number in range(begin, begin + size)]})

            window(f"{count} rows, {size} a request", send)
            first += count + size
        window("quiet after", lambda: time.sleep(5))
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--programs", type=Path, required=True)
    parser.add_argument("--tickets", type=int, default=1_000_000)
    parser.add_argument("--booked", type=int, default=150_000, help="tickets for the callers")
    parser.add_argument("--callers", type=int, default=8)
    parser.add_argument("--pause", type=float, default=0.01, help="seconds that a caller rests after an answer")
    parser.add_argument("--chunks", type=lambda text: [int(one) for one in text.split(",")], default=[])
    parser.add_argument("--no-export", dest="export", action="store_false", help="for programs that cannot export yet")
    parser.add_argument("--no-dry-run", dest="dry_run", action="store_false")
    parser.add_argument("--data", type=Path, default=Path("/var/tmp"), help="where the database and the files are")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    directory = Path(tempfile.mkdtemp(prefix="rsv-", dir=options.data))
    portal = Portal(Programs(options.programs.resolve()), directory)
    try:
        portal.daemon.start()
        portal.stock.organization("Europe/Berlin", orq=1)
        found = measure(portal, options)
        portal.stop()
    finally:
        portal.discard()
        shutil.rmtree(directory, ignore_errors=True)
    if options.json:
        options.json.write_text(json.dumps(found, indent=1) + "\n")


if __name__ == "__main__":
    main()
