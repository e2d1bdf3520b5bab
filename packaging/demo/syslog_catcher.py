"""A syslog daemon for one directory's worth of processes: it reads /dev/log and keeps every line."""

import os
import pathlib
import re
import shlex
import socket
import threading
import time

AUTHPRIV = 10  # the facility that mailkey writes to (RFC 5424, table 1)
ERR = 3  # the severity of a fault

_PRIORITY = re.compile(r"^<(\d{1,3})>")


class Line(str):
    """One syslog line without its priority, which is in `facility` and `severity`."""

    def __new__(cls, datagram):
        text = datagram.decode("utf-8", "backslashreplace").rstrip("\0\n")
        match = _PRIORITY.match(text)
        line = super().__new__(cls, text[match.end() :] if match else text)
        line.facility, line.severity = divmod(int(match.group(1)), 8) if match else (1, 5)
        return line

    @property
    def fields(self):
        """The key=value pairs of the line."""
        try:
            words = shlex.split(self)
        except ValueError:  # an apostrophe in a message for people
            words = self.split()
        return dict(word.split("=", 1) for word in words if "=" in word)


class SyslogCatcher:
    """Listens on `path` from start() to stop(); lines are kept in memory and, when given, in a file."""

    def __init__(self, path="/dev/log", copy_to=None):
        self.path = pathlib.Path(path)
        self.copy_to = copy_to
        self._lines = []
        self._changed = threading.Condition()
        self._socket = None
        self._thread = None

    def start(self):
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
        self._socket.bind(str(self.path))
        os.chmod(self.path, 0o666)
        self._thread = threading.Thread(target=self._read, args=(self._socket,), daemon=True)
        self._thread.start()

    def stop(self):
        """What a stopped syslog daemon leaves: no socket at all."""
        self.path.unlink(missing_ok=True)
        self._socket.shutdown(socket.SHUT_RDWR)
        self._thread.join()
        self._socket.close()

    def _read(self, connection):
        while True:
            try:
                datagram = connection.recv(65536)
            except OSError:
                return
            if not datagram:
                return
            line = Line(datagram)
            with self._changed:
                self._lines.append(line)
                self._changed.notify_all()
            if self.copy_to:
                with open(self.copy_to, "a", encoding="utf-8") as copy:
                    copy.write(line + "\n")

    def mark(self):
        """A place in the log; `since(mark)` gives what came later."""
        with self._changed:
            return len(self._lines)

    def since(self, mark, wanted=None):
        with self._changed:
            return [line for line in self._lines[mark:] if wanted is None or wanted(line)]

    def wait(self, mark, wanted, count=1, seconds=3.0, settle=0.0):
        """The lines after `mark` that `wanted` accepts, as soon as there are `count`, or after `seconds`.

        With `settle`, waits that much longer for lines that should not come."""
        deadline = time.monotonic() + seconds
        with self._changed:
            while True:
                found = [line for line in self._lines[mark:] if wanted(line)]
                left = deadline - time.monotonic()
                if len(found) >= count or left <= 0:
                    break
                self._changed.wait(left)
        if settle:
            time.sleep(settle)
            found = self.since(mark, wanted)
        return found


def is_attempt(line):
    """Is this the line that mailkey writes for one login attempt?"""
    return line.facility == AUTHPRIV and "result=" in line
