"""Daemons in the foreground, started for one run and ended with it."""

import os
import socket
import subprocess
import time


class NotStarted(Exception):
    """A daemon did not come up; the text has what it said."""


class Daemons:
    """What they print goes to NAME.out in `directory`."""

    def __init__(self, directory):
        self.directory = directory
        self._processes = []

    def run(self, *command, **environment):
        with open(self.directory / (os.path.basename(command[0]) + ".out"), "ab") as log:
            self._processes.append(
                # Daemons get the environment of a service, not of a terminal; and ctrl-C is for us, not for them.
                subprocess.Popen([str(word) for word in command], stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                 start_new_session=True,
                                 env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LANG": "C.UTF-8", **environment})
            )

    def wait_for_port(self, name, port):
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                return
            except OSError:
                time.sleep(0.02)
        raise NotStarted(f"the {name} port {port} does not open")

    def stop(self):
        for process in reversed(self._processes):
            process.terminate()
        for process in self._processes:
            try:
                process.wait(5)
            except subprocess.TimeoutExpired:
                process.kill()
        self._processes.clear()


def free_port(wanted):
    """`wanted` if nobody has it, else another one."""
    for number in (wanted, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", number))
            except OSError:
                continue
            return probe.getsockname()[1]
    raise OSError("no free TCP port on 127.0.0.1")
