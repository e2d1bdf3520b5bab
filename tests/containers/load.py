"""Logins on every node of a cluster at once, again and again, and the count of what became of them.

    with Load(cluster.nodes, people).running("one node is cut off") as tally:
        …
    tally.accepted_wrongly     # Attempt objects; so are the others
    print(table([tally, …]))

Each person makes one login at a time, so each line that mailkey logs belongs to one login: the client sees in most cases
the same answer for "wrong" as for "could not be asked", the log tells them apart.
"""

import base64
import contextlib
import csv
import io
import random
import secrets
import statistics
import threading
import time
from collections import Counter
from dataclasses import dataclass, field

import clients
import states
from account import STEP, Phone
from syslog_catcher import AUTHPRIV, Line

THREADS = 8
PAUSE = 0.05  # seconds, at most, between two logins of a thread: the machine is to have time for the servers
PASSWORD = "own password of somebody"

# How often each kind of login is made.
KINDS = {"app password": 5, "wrong app password": 1, "revoked app password": 1, "code": 2}

# How many there are of each. There is one code every 30 seconds.
PEOPLE = {"app password": 16, "wrong app password": 6, "revoked app password": 6, "code": 120}

# How often somebody's code is tried twice: after five wrong ones mailkey lets an account pause.
REPLAYS = 4


@dataclass
class Someone(states.Person):
    replays: int = 0


@dataclass
class Attempt:
    kind: str
    person: Someone
    node: object
    wanted: str  # accepted, refused, either
    began: float
    ended: float = 0
    answer: object = None  # clients.Answer, or the exception that broke it off
    lines: list = field(default_factory=list)  # what mailkey logged about it

    @property
    def seconds(self):
        return self.ended - self.began

    @property
    def result(self):
        """What became of it; see Tally."""
        if getattr(self.answer, "accepted", False):
            return "accepted wrongly" if self.wanted == "refused" else "accepted"
        if getattr(self.answer, "temporary", True):
            return "unavailable"
        if any(line.fields.get("result") == "unavailable" for line in self.lines):
            return "unavailable, unsaid"
        return "refused wrongly" if self.wanted == "accepted" else "refused"

    def __str__(self):
        return (f"{self.kind} of {self.person.address} at {self.node.name}, {self.seconds:.1f} s: {self.result}: "
                f"{self.answer!r}; log: {self.lines}")


class Tally:
    """The attempts of one scenario. What became of them: accepted, and refused, as it should be; accepted wrongly; refused
    wrongly; unavailable (the client was told to come back later, or the connection broke off); unavailable, unsaid (the
    client was told the same as with a wrong password, the log has it right)."""

    RESULTS = ("accepted", "refused", "unavailable", "unavailable, unsaid", "refused wrongly", "accepted wrongly")

    def __init__(self, title):
        self.title = title
        self.attempts = []

    def of(self, *results, kind=None, node=None, since=0, until=float("inf")):
        """The attempts that came to one of these results and began in that time."""
        return [attempt for attempt in self.attempts if (not results or attempt.result in results)
                and kind in (None, attempt.kind) and node in (None, attempt.node) and since <= attempt.began < until]

    def unavailable(self, **which):
        return self.of("unavailable", "unavailable, unsaid", **which)

    def row(self):
        counts = Counter(attempt.result for attempt in self.attempts)
        took = sorted(attempt.seconds for attempt in self.attempts)
        return [self.title, len(self.attempts), *(counts[result] for result in self.RESULTS),
                f"{statistics.median(took):.2f} s", f"{took[-1]:.1f} s"]


def table(tallies):
    rows = [["scenario", "tried", *Tally.RESULTS, "median", "slowest"], *(tally.row() for tally in tallies)]
    widths = [max(len(str(row[at])) for row in rows) for at in range(len(rows[0]))]
    return "\n".join("  ".join(str(cell).ljust(width) if at == 0 else str(cell).rjust(width)
                               for at, (cell, width) in enumerate(zip(row, widths))) for row in rows)


class People:
    """Who has an account in the cluster: lists of Someone by kind of login."""

    def __init__(self, of):
        self.of = of

    @classmethod
    def make(cls, node):
        """By that node's mailkey."""
        of = {kind: [Someone(f"{kind.split()[0]}{number}@{states.DOMAIN}", PASSWORD) for number in range(count)]
              for kind, count in PEOPLE.items()}
        everybody = [person for some in of.values() for person in some]
        for person in everybody:
            person.phone = Phone(base64.b32encode(secrets.token_bytes(20)).decode())
        secret = lambda person: base64.b32encode(person.phone.secret).decode()
        node.run("mailkey", "import", "csv", "-", "--apply", input=_csv(
            ["account", "password", "totp_secret"], ([person.address, PASSWORD, secret(person)] for person in everybody)))
        imported = int(time.time()) // STEP
        for person in everybody:
            person.phone.last_step = imported  # earlier codes may have been seen while the secrets were on their way
        owners = [person for person in everybody if person not in of["code"]]
        made = states.mailkey(node, "app-password", "add", "--csv", "-",
                              input=_csv(["account", "name"], ([person.address, "Phone"] for person in owners)))
        for person, row in zip(owners, made):
            person.app_password = row["password"]
        for person in of["wrong app password"]:
            # Its id is right.
            person.app_password = person.app_password[:5] + "-".join(_other(part) for part in person.app_password[5:].split("-"))
        for person in of["revoked app password"]:
            node.run("mailkey", "app-password", "revoke", person.address, person.app_password[:4])
        return cls(of)


def _other(part):
    return "".join("0" if symbol != "0" else "1" for symbol in part)


def _csv(header, rows):
    text = io.StringIO()
    csv.writer(text).writerows([header, *rows])
    return text.getvalue()


class Load:
    def __init__(self, nodes, people):
        self.nodes = nodes
        self._free = {kind: list(some) for kind, some in people.of.items()}
        self._lock = threading.Lock()

    @contextlib.contextmanager
    def running(self, title):
        """Logins go on within the block; afterwards the Tally is complete."""
        tally = Tally(title)
        stop = threading.Event()
        threads = [threading.Thread(target=self._again_and_again, args=(tally, stop)) for _ in range(THREADS)]
        began = time.time()
        for thread in threads:
            thread.start()
        try:
            yield tally
        finally:
            stop.set()
            for thread in threads:
                thread.join()
        self._look_up(tally, began)

    def _again_and_again(self, tally, stop):
        while not stop.is_set():
            kind = random.choices(list(KINDS), KINDS.values())[0]
            person = self._take(kind)
            if person:
                try:
                    (self._code if kind == "code" else self._app_password)(tally, kind, person)
                finally:
                    with self._lock:
                        self._free[kind].append(person)
            time.sleep(random.uniform(0, PAUSE))

    def _take(self, kind):
        """Somebody who does nothing else now; with a code that was not used yet, where one is needed."""
        with self._lock:
            for at, person in enumerate(self._free[kind]):
                if kind != "code" or person.phone.last_step <= int(time.time()) // STEP:
                    return self._free[kind].pop(at)
        return None

    def _app_password(self, tally, kind, person):
        node = random.choice(self.nodes)
        wanted = "accepted" if kind == "app password" else "refused"
        client, port = random.choice([(clients.imap, 993), (clients.imap, 993), (clients.smtp, 587)])
        self._attempt(tally, kind, person, node, wanted,
                      lambda: client(port, person.address, person.app_password, host=node.address, tls=states.tls()))

    def _code(self, tally, kind, person):
        """A fresh code at the webmail's port of one node, then maybe the same again at that of another."""
        first, second = random.sample(self.nodes, 2)
        # Valid until the logins of the slowest scenario are through.
        credential = person.password + person.phone.code(good_for=20)

        def at(node):
            with node.inside():
                return clients.imap(10143, person.address, credential)

        made = self._attempt(tally, kind, person, first, "accepted", lambda: at(first))
        if person.replays == REPLAYS or random.random() < 0.5:
            return
        person.replays += 1
        # What was unavailable may have been used up or not; but it opens once.
        wanted = "refused" if getattr(made.answer, "accepted", False) else "either"
        self._attempt(tally, "used code", person, second, wanted, lambda: at(second))

    def _attempt(self, tally, kind, person, node, wanted, login):
        attempt = Attempt(kind, person, node, wanted, time.time())
        try:
            attempt.answer = login()
        except Exception as error:  # whatever it is: neither yes nor no
            attempt.answer = error
        attempt.ended = time.time()
        tally.attempts.append(attempt)
        return attempt

    def _look_up(self, tally, began):
        """Give each attempt the lines that mailkey logged about it."""
        mine = {}
        for attempt in tally.attempts:
            mine.setdefault((attempt.node.name, attempt.person.address), []).append(attempt)
        for node in self.nodes:
            node.run("journalctl", "--sync")
            for entry in node.log(f"SYSLOG_FACILITY={AUTHPRIV}", f"--since=@{int(began)}"):
                line = Line(str(entry["MESSAGE"]).encode())
                if "result=" not in line:
                    continue
                at = int(entry.get("_SOURCE_REALTIME_TIMESTAMP", entry["__REALTIME_TIMESTAMP"])) / 1e6
                for attempt in mine.get((node.name, line.fields.get("user")), ()):
                    if attempt.began <= at <= attempt.ended:
                        attempt.lines.append(line)
