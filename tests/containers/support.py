"""What the tests in this directory share: the namespace they run in, and logins with the line that mailkey logs.

`sudo tests/containers/run` runs them all, both releases side by side; each test_*.py is a program, too:
`sudo tests/containers/test_guide.py -k webmail`. Either enters namespaces of its own, makes what machines it needs
(states.py), and leaves nothing behind but the trees in the cache (base.py).
"""

import os
import pathlib
import secrets
import subprocess
import sys
import time
import unittest
from dataclasses import dataclass

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(place) for place in (HERE, HERE.parent, HERE.parent / "packages", HERE.parents[1] / "packaging/demo")]

import base  # noqa: E402
import clients  # noqa: E402
import machine as machines  # noqa: E402
import states  # noqa: E402
import namespace  # noqa: E402
from report import report  # noqa: E402
from syslog_catcher import AUTHPRIV, Line  # noqa: E402

# The releases that this process has to do with.
SUITES = tuple(os.environ.get("MAILKEY_LAB_RELEASES", "bookworm trixie").split())

# Each port of a server, as the guide has it, and the client that speaks to it; `inside`: open on its loopback only.
PORTS = {
    "imap": (clients.imap, 993, {}),
    "pop3": (clients.pop3, 995, {}),
    "smtp": (clients.smtp, 587, {}),
    "sieve": (clients.sieve, 4190, {}),
    "webmail": (clients.imap, 10143, {"inside": True, "plain": True}),
    # As a webmail on the machine itself sends mail and edits filters: the same ports, from 127.0.0.1.
    "smtp-inside": (clients.smtp, 587, {"inside": True}),
    "sieve-inside": (clients.sieve, 4190, {"inside": True}),
}


@dataclass
class Attempt:
    answer: clients.Answer
    lines: list  # what the module wrote about it

    def __str__(self):
        return f"{self.answer}; log: {self.lines}"


class LabTest(unittest.TestCase):
    longMessage = True

    def login(self, server, part, who, credential, port=None, **more):
        """Only the answer. `who` is a Person or a name."""
        client, usual, where = PORTS[part]
        name = getattr(who, "address", who)
        tls = None if where.get("plain") else states.tls()
        if where.get("inside"):
            with server.inside():
                return client(port or usual, name, credential, tls=tls, **more)
        return client(port or usual, name, credential, host=server.address, tls=tls, **more)

    def attempt(self, server, part, who, credential, **more):
        """One login and the lines that mailkey logged about it."""
        before = len(attempts(server))
        answer = self.login(server, part, who, credential, **more)
        return Attempt(answer, wait_for_attempts(server, before))

    def assert_accepted(self, server, part, who, credential, method=None, **more):
        """The login succeeds, and mailkey says so in exactly one line. Returns its fields."""
        attempt = self.attempt(server, part, who, credential, **more)
        self.assertTrue(attempt.answer.accepted, attempt)
        return self._one_line(attempt, result="accepted", method=method)

    def assert_refused(self, server, part, who, credential, reason=None, **more):
        """The login is refused for good, for that reason, and mailkey says so in exactly one line."""
        attempt = self.attempt(server, part, who, credential, **more)
        self.assertFalse(attempt.answer.accepted, attempt)
        self.assertFalse(attempt.answer.temporary, attempt)
        return self._one_line(attempt, result="refused", reason=reason)

    def assert_mail_arrives(self, server, sender, recipient):
        """A message that `sender` sends with her app password is in the recipient's mailbox soon."""
        subject = secrets.token_hex(8)
        sent = self.login(server, "smtp", sender, sender.app_password, recipient=recipient.address,
                          message=f"From: {sender.address}\r\nTo: {recipient.address}\r\nSubject: {subject}\r\n\r\nHello.\r\n")
        self.assertTrue(sent.accepted, sent)
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            if any(subject in message for message in messages(server, recipient)):
                return
            time.sleep(0.1)
        self.fail("it did not arrive:\n" + server.shell("journalctl --no-pager | grep -E 'postfix|lmtp' | tail -20; mailq").stdout)

    def _one_line(self, attempt, **wanted):
        self.assertEqual(len(attempt.lines), 1, f"exactly one line per attempt: {attempt}")
        fields = attempt.lines[0].fields
        for key, value in wanted.items():
            if value is not None:
                self.assertEqual(fields.get(key), value, attempt)
        return fields


def messages(server, person):
    """The messages in the INBOX of somebody with an app password, as text."""
    connection, answer = clients.imap_session(993, person.address, person.app_password, host=server.address,
                                              tls=states.tls())
    if not connection:
        raise AssertionError(f"{person.address} cannot read her mail: {answer}")
    connection.select("INBOX", readonly=True)
    numbers = connection.search(None, "ALL")[1][0].split()
    found = [connection.fetch(number, "(RFC822)")[1][0][1].decode() for number in numbers]
    connection.logout()
    return found


def on_both(names):
    """Make of each class of tests in `names` (a module's globals) one for Debian 12 and one for 13."""
    for name, tests in list(names.items()):
        if isinstance(tests, type) and issubclass(tests, LabTest) and tests.__module__ == names["__name__"]:
            del names[name]
            for suite in SUITES:
                title = f"Debian{base.DEBIAN[suite]}{name}"
                names[title] = type(title, (tests,), {"suite": suite, "__module__": names["__name__"]})


def on_one(names, suite):
    """Where this process has nothing to do with that release, there are no classes of tests in `names` (a module's
    globals)."""
    for name, tests in list(names.items()):
        if isinstance(tests, type) and issubclass(tests, LabTest) and tests.__module__ == names["__name__"]:
            if suite not in SUITES:
                del names[name]


def attempts(server, seen=0):
    """The lines (with `fields`) that mailkey has logged about login attempts since the machine's boot, but for the first
    `seen` ones."""
    lines = [str(entry["MESSAGE"]) for entry in server.log(f"SYSLOG_FACILITY={AUTHPRIV}")]
    return [Line(line.encode()) for line in lines if "result=" in line][seen:]


def wait_for_attempts(server, seen, seconds=5):
    """The same, as soon as there is one: the journal writes a line a moment after the daemon has answered."""
    deadline = time.monotonic() + seconds
    while not (lines := attempts(server, seen)) and time.monotonic() < deadline:
        time.sleep(0.05)
    return lines


def main(trees=()):
    """Run the tests of the calling file; the machines of its tests start from a tree of states.PACKAGES, and from `trees`:
    (suite, packages) pairs. The last line is for tests/run."""
    sys.exit(run(["__main__"], trees))


def run(modules, trees=(), arguments=None):
    """Run the tests of these modules in private namespaces, with a count as the last line; returns the exit status."""
    if not namespace.is_inside():
        make_trees(trees)
    place = namespace.enter(network=True)
    # Machines write into memory; trees and packages are on disk.
    subprocess.run(["mount", "-t", "tmpfs", "-o", "mode=755", "tmpfs", place], check=True)
    reason = machines.why_not()
    if reason:
        nothing_runs(reason)
    states.directory = place
    states.network = machines.Network()
    return report(modules, arguments)


def make_trees(more):
    """Before anything is private: inside there is no way to the Debian archive."""
    try:
        for suite, packages in [*((suite, states.PACKAGES) for suite in SUITES), *more]:
            base.tree(suite, packages)
    except base.CannotBuild as error:
        nothing_runs(error)


def nothing_runs(reason):
    """The end, where the lab cannot be: skipped, which counts as a failure with CI=true."""
    print(f"lab: every test ... skipped {' '.join(str(reason).split())}")
    print("counted: 0 passed, 0 failed, 1 skipped", flush=True)
    sys.exit(0)
