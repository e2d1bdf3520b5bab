"""A command at a terminal, with somebody who reads and types.

    person = Terminal(machine.terminal("mailkey", "user", "add", "alice@example.org"))
    person.answer("New password for alice@example.org: ", "correct horse")
    screen = person.end()
"""

import os
import pty
import select
import subprocess
import time

SECONDS = 60


class Terminal:
    def __init__(self, words):
        ours, theirs = pty.openpty()
        self._terminal = ours
        self._process = subprocess.Popen(words, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True)
        os.close(theirs)
        self.screen = ""  # everything that was shown
        self._read = 0  # as far as somebody has looked

    def wait_for(self, text):
        """Returns what was shown up to and with `text`, since the last look."""
        deadline = time.monotonic() + SECONDS
        while (at := self.screen.find(text, self._read)) < 0:
            if not self._more(deadline):
                raise AssertionError(f"{text!r} was not shown; the screen has:\n{self.screen}")
        since, self._read = self._read, at + len(text)
        return self.screen[since : self._read]

    def answer(self, question, line):
        """Wait for the question and type the line."""
        shown = self.wait_for(question)
        self.type_line(line)
        return shown

    def type_line(self, line):
        os.write(self._terminal, line.encode() + b"\n")

    def end(self):
        """Everything that was shown; the command must have succeeded."""
        while self._more(time.monotonic() + SECONDS):
            pass
        os.close(self._terminal)
        status = self._process.wait(SECONDS)
        if status:
            raise AssertionError(f"exit {status}; the screen has:\n{self.screen}")
        return self.screen

    def _more(self, deadline):
        readable, _, _ = select.select([self._terminal], [], [], max(0, deadline - time.monotonic()))
        if not readable:
            self._process.kill()
            return False
        try:
            shown = os.read(self._terminal, 65536)
        except OSError:  # how Linux says that nobody holds the other end
            return False
        self.screen += shown.decode("utf-8", "replace").replace("\r\n", "\n")
        return bool(shown)
