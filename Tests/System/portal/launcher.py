"""Starts a program as systemd does a socket-activated service: listening sockets from descriptor 3 on, and the variables of sd_listen_fds(3).

    launcher.py NAME=PATH [NAME=HOST:PORT ...] -- PROGRAM ARGUMENTS...
"""

from __future__ import annotations

import os
import socket
import sys


def main(arguments: list[str]) -> None:
    split = arguments.index("--")
    wanted, command = [word.split("=", 1) for word in arguments[:split]], arguments[split + 1:]
    sockets = []
    for _, place in wanted:
        host, colon, port = place.rpartition(":")
        listener = socket.socket(socket.AF_INET if colon else socket.AF_UNIX, socket.SOCK_STREAM)
        # As systemd does it: callers of a predecessor may still hang on.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, int(port)) if colon else place)
        listener.listen(128)
        sockets.append(listener)
    # First out of the way of the numbers they are going to have.
    spare = [os.dup2(listener.fileno(), 100 + n) for n, listener in enumerate(sockets)]
    for n, descriptor in enumerate(spare):
        os.dup2(descriptor, 3 + n, inheritable=True)
        os.close(descriptor)
    os.environ |= {
        "LISTEN_PID": str(os.getpid()), "LISTEN_FDS": str(len(sockets)), "LISTEN_FDNAMES": ":".join(name for name, _ in wanted)}
    os.execv(command[0], command)


if __name__ == "__main__":
    main(sys.argv[1:])
