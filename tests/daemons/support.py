"""What the daemon suites share: one mail server per file, fresh accounts, and logins with their log line.

Each test_*.py is a program: `sudo tests/daemons/test_logins.py -k webmail` runs the tests whose name has
"webmail". It enters namespaces of its own (network included, so that no port is ever taken) and starts one
server, which its tests share. Tests make accounts of their own, so their order does not matter, and no test
suffers the pauses that another one's wrong codes have earned.
"""

import itertools
import json
import os
import pathlib
import subprocess
import sys
import unittest
from dataclasses import dataclass, field

CHECKOUT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(CHECKOUT / "packaging/demo"), str(CHECKOUT / "tests")]

import clients  # noqa: E402
import namespace  # noqa: E402
from account import Mailkey, Phone  # noqa: E402,F401
from mailserver import DOMAIN, MailServer  # noqa: E402
from report import report  # noqa: E402
from syslog_catcher import AUTHPRIV, ERR, is_attempt  # noqa: E402,F401

BUILT = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", CHECKOUT / "target")) / "release"

# Each part of the server and the client that speaks to it.
CLIENTS = {
    "imap": clients.imap,
    "webmail": clients.imap,
    "pop3": clients.pop3,
    "submission": clients.smtp,
    "sieve": clients.sieve,
    "smtp": clients.smtp,
    "smtp-saslauthd": clients.smtp,
}

def build_test(name):
    """Compile tests/`name` as the owner of the checkout; returns the program."""
    command = [CHECKOUT / "packaging/prepare", "cargo", "test", "--profile", "checks", "--locked", "--no-run", "--quiet",
               "--test", name, "--message-format", "json-render-diagnostics"]
    output = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    artifacts = [json.loads(line) for line in output.splitlines()]
    return next(artifact["executable"] for artifact in artifacts
                if artifact.get("executable") and artifact["target"]["name"] == name)


directory = None  # of this run
server = None
mailkey = None


def start(before_init=None, **options):
    """For setUpModule: an instance of mailkey and a server around it. `before_init(data directory)` may
    prepare the directory of the database."""
    data = directory / "data"
    data.mkdir(mode=0o755)
    if before_init:
        before_init(data)
    instance = Mailkey(BUILT / "mailkey", directory / "mailkey.toml")
    instance.init(data)
    start_around(instance, **options)


def start_around(instance, **options):
    """For setUpModule: a server around an instance of mailkey that is there."""
    global server, mailkey
    mailkey = instance
    server = MailServer(directory, BUILT / "libmailkey.so", mailkey.config, **options)
    server.start()


def stop():
    """For tearDownModule."""
    server.stop()


_numbers = itertools.count(1)


@dataclass
class Account:
    address: str
    password: str
    phone: Phone = None
    recovery_codes: list = field(default_factory=list)

    def app_password(self, **limits):
        return mailkey.app_password(self.address, "Test", **limits)


def new_account(totp=False):
    """An account nobody else uses; with `totp` two-factor sign-in is on."""
    number = next(_numbers)
    account = Account(f"user{number}@{DOMAIN}", f"own password, no. {number}")
    mailkey.add_user(account.address, account.password)
    if totp:
        account.phone, account.recovery_codes = mailkey.enable_totp(account.address)
    return account


@dataclass
class Attempt:
    answer: clients.Answer
    lines: list  # what the module wrote about it

    def __str__(self):
        return f"{self.answer}; log: {self.lines}"


_sources = (f"127.{100 + number // 250}.{number % 250}.1" for number in itertools.count(1))


class DaemonTest(unittest.TestCase):
    longMessage = True

    def setUp(self):
        # Each test signs in from a network of its own: what one guesses wrong must not slow down another.
        self.source = next(_sources)

    def login(self, part, who, credential, **connection):
        """Only the answer. `who` is an Account or a name."""
        if "host" not in connection:
            connection.setdefault("source", self.source)
        name = who.address if isinstance(who, Account) else who
        port = server.port[part]
        if port is None:
            self.skipTest(f"the {part} server is not installed")
        return CLIENTS[part](port, name, credential, **connection)

    def attempt(self, part, who, credential, **connection):
        """One login and the log lines that it made."""
        mark = server.syslog.mark()
        answer = self.login(part, who, credential, **connection)
        # The line is written before the daemon answers; what would come too much gets a moment to show.
        return Attempt(answer, server.syslog.wait(mark, is_attempt, settle=0.03))

    def assert_accepted(self, part, who, credential, method=None, **connection):
        """The login succeeds, and the module says so in exactly one line. Returns the line's fields."""
        attempt = self.attempt(part, who, credential, **connection)
        self.assertTrue(attempt.answer.accepted, attempt)
        return self._one_line(attempt, "accepted", method=method)

    def assert_refused(self, part, who, credential, reason=None, **connection):
        """The login is refused for good, for that reason, and the module says so in exactly one line."""
        attempt = self.attempt(part, who, credential, **connection)
        self.assertFalse(attempt.answer.accepted, attempt)
        self.assertFalse(attempt.answer.temporary, attempt)
        return self._one_line(attempt, "refused", reason=reason)

    def assert_unavailable(self, part, who, credential, **connection):
        """The login is refused because mailkey cannot decide, and one LOG_ERR line says so."""
        attempt = self.attempt(part, who, credential, **connection)
        self.assertFalse(attempt.answer.accepted, attempt)
        fields = self._one_line(attempt, "unavailable")
        self.assertLessEqual(attempt.lines[0].severity, ERR, f"a fault is logged at LOG_ERR: {attempt}")
        return fields

    def _one_line(self, attempt, result, **wanted):
        self.assertEqual(len(attempt.lines), 1, f"exactly one line per attempt: {attempt}")
        fields = attempt.lines[0].fields
        wanted["result"] = result
        for key, value in wanted.items():
            if value is not None:
                self.assertEqual(fields.get(key), value, attempt)
        return fields

    def assert_no_secret_in_the_log(self, *secrets):
        text = (directory / "syslog").read_text() + (directory / "dovecot.log").read_text()
        for secret in secrets:
            self.assertNotIn(secret, text)


def main():
    """Run the tests of the calling file. The last line is for tests/run."""
    global directory
    for file in (BUILT / "libmailkey.so", BUILT / "mailkey"):
        if not file.exists():
            raise FileNotFoundError(f"{file} is missing: run 'cargo build --release' first")
    directory = namespace.enter(network=True)
    sys.exit(report(explain=lambda: server and "The daemons' own words:\n" + server.daemon_logs()))
