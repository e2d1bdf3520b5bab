#!/usr/bin/python3 -B
"""Mail nodes that share one PostgreSQL database: what opens, what happens once, and what a login is told when the database
is slow, broken, full or gone.

The daemons are never restarted here: the workers that met a fault must recover by themselves.
"""

import base64
import contextlib
import itertools
import os
import re
import shutil
import subprocess
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import postgres
import support
import test_limits
import test_logins
import test_races
import test_sessions
from postgres import Node, Server, Wire, instance, write_secret
from support import DaemonTest, new_account
from test_races import at_once

from account import WebmailSession
from mailserver import PROTOCOLS

# Seconds within which a login is answered, whatever has become of the database: busy_timeout_ms (3 s by default) until a
# connection is given up, and as long and a second for another one.
BOUND = 9

primary = None  # the server of the tests that do not bring their own
nodes = []  # three mail nodes; the first has every protocol, Postfix and saslauthd


def setUpModule():
    global primary
    postgres.prepare_network()
    primary = Server("db1", max_connections=150, log_connections="on")
    primary.start()
    primary.make_database()
    first = instance(support.directory / "node1", primary.url, primary.password)
    support.start_around(first, saslauthd=True)
    support.server.mailkey = first
    nodes.append(support.server)
    for name in ("node2", "node3"):
        node = Node(name, first, primary.url, primary.password)
        nodes.append(node)
        node.start()


def tearDownModule():
    for node in nodes[1:]:
        node.stop()
    support.stop()
    primary.stop()


# --- What other suites say holds here, too -------------------------------------------------------------------


def borrow(tests, but=()):
    """Runs the tests of this class here, `but` not those with one of these words in their names."""
    inherited = {name: None for name in dir(tests) if name.startswith("test_") and any(word in name for word in but)}
    as_made = classmethod(lambda _: support.mailkey.configure({}))
    return type(tests.__name__, (tests,), {**inherited, "__module__": __name__, "tearDownClass": as_made})


Imap = borrow(test_logins.Imap)
PostfixThroughSaslauthd = borrow(test_logins.PostfixThroughSaslauthd, but=("typed", "spellings", "capital", "another", "secret"))
Webmail = borrow(test_logins.Webmail)
ProtocolLimits = borrow(test_limits.ProtocolLimits)
ChangesCountAtOnce = borrow(test_limits.ChangesCountAtOnce)
ParallelExchange = borrow(test_races.ParallelExchange, but=("fifty_accounts",))
ExchangeAtTheWebmail = borrow(test_sessions.ExchangeAtTheWebmail, but=("unusual",))


# --- Three nodes --------------------------------------------------------------------------------------------


class ThreeNodes(DaemonTest):
    def at(self, node, part, account, credential):
        """A login at this node; its source is a network of this test."""
        return support.CLIENTS[part](node.port[part], account.address, credential, source=self.source)

    def assert_opens_at_all(self, part, account, credential):
        for node in nodes:
            self.assertTrue(self.at(node, part, account, credential))

    def assert_opens_nowhere(self, part, account, credential, reason):
        for node in nodes:
            mark = support.server.syslog.mark()
            answer = self.at(node, part, account, credential)
            self.assertFalse(answer, answer)
            [line] = support.server.syslog.wait(mark, support.is_attempt, settle=0.03)
            self.assertEqual(line.fields["reason"], reason, line)

    def over_all(self, account, credential, count=50):
        """`count` logins at the webmail's ports of all nodes, which start at the same moment."""
        ready = threading.Barrier(count)

        def login(node):
            ready.wait()
            return self.at(node, "webmail", account, credential)

        mark = support.server.syslog.mark()
        with ThreadPoolExecutor(count) as pool:
            answers = list(pool.map(login, itertools.islice(itertools.cycle(nodes), count)))
        lines = support.server.syslog.wait(mark, support.is_attempt, count=count, settle=0.2)
        return answers, lines

    def test_of_fifty_logins_with_one_code_over_three_nodes_exactly_one_succeeds(self):
        account = new_account(totp=True)
        for credential in (account.phone.code(good_for=20), account.recovery_codes[0]):
            with self.subTest(credential=credential):
                answers, lines = self.over_all(account, account.password + credential)
                self.assertEqual(sum(answer.accepted for answer in answers), 1, [str(answer) for answer in answers])
                self.assertEqual([str(answer) for answer in answers if answer.temporary], [])
                self.assertEqual([line for line in lines if line.fields["result"] == "unavailable"], [])
                self.assertEqual(len(lines), 50, "one line for each")

    def test_a_code_that_opened_at_one_node_opens_at_no_other(self):
        account = new_account(totp=True)
        credential = account.password + account.phone.code()
        self.assertTrue(self.at(nodes[1], "webmail", account, credential))
        self.assert_opens_nowhere("webmail", account, credential, "code_used")

    def test_wrong_codes_at_one_node_slow_down_the_next_guess_at_another(self):
        account = new_account(totp=True)
        wrong = wrong_codes(account, 6)
        for code in wrong[:5]:
            self.assertFalse(self.at(nodes[1], "webmail", account, account.password + code))
        self.assert_opens_nowhere("webmail", account, account.password + account.phone.code(), "throttled")

    def test_what_is_revoked_at_one_node_opens_nothing_at_the_others(self):
        for node in nodes:
            account = new_account(totp=True)
            app = account.app_password()
            # Every node has verified it, and has it in its memory.
            self.assert_opens_at_all("imap", account, app["password"])
            node.mailkey.run("app-password", "revoke", account.address, app["id"])
            self.assert_opens_nowhere("imap", account, app["password"], "app_password_revoked")

    def test_an_account_that_is_disabled_at_one_node_opens_at_none(self):
        account = new_account(totp=True)
        app = account.app_password()["password"]
        self.assert_opens_at_all("imap", account, app)
        nodes[2].mailkey.run("user", "disable", account.address)
        self.assert_opens_nowhere("imap", account, app, "account_disabled")
        nodes[1].mailkey.run("user", "enable", account.address)
        self.assert_opens_at_all("imap", account, app)

    def test_what_is_made_at_one_node_opens_at_the_others(self):
        account = new_account()
        self.assert_opens_at_all("imap", account, account.password)
        nodes[1].mailkey.run("user", "passwd", account.address, "--password-stdin", input="another password\n")
        self.assert_opens_at_all("imap", account, "another password")
        app = nodes[2].mailkey.app_password(account.address, "Phone")["password"]
        self.assert_opens_at_all("imap", account, app)

    def test_a_session_that_was_opened_at_one_node_opens_at_the_others_until_it_is_closed_at_one(self):
        account, session = new_account(totp=True), WebmailSession()
        self.assertTrue(self.at(nodes[0], "webmail", account, session.opening(account.password, account.phone.code())))
        self.assert_opens_at_all("webmail", account, session.credential)
        self.assertTrue(self.at(nodes[1], "webmail", account, session.closing))
        self.assert_opens_nowhere("webmail", account, session.credential, "session_ended")

    def test_with_grace_what_opened_at_one_node_goes_on_at_the_others_until_the_password_changes(self):
        for node in nodes:
            node.mailkey.configure({"webmail_session": "grace"})
            self.addCleanup(node.mailkey.configure, {})
        account = new_account(totp=True)
        presented = account.password + account.phone.code()
        self.assertTrue(self.at(nodes[1], "webmail", account, presented))
        self.assert_opens_at_all("webmail", account, presented)
        nodes[2].mailkey.run("user", "passwd", account.address, "--password-stdin", input="another password\n")
        for node in nodes:
            self.assertFalse(self.at(node, "webmail", account, presented))

    def test_a_node_with_another_key_opens_nothing(self):
        account = new_account()
        node = nodes[2]
        key = support.pathlib.Path(node.mailkey.config).with_name("key")
        other = instance(support.directory / "newcomer", primary.url, primary.password, init=False)
        kept = key.read_text()
        write_secret(key, f"1 {base64.b64encode(os.urandom(32)).decode()}\n")
        try:
            refused = other.run("init", check=False)
            self.assertNotEqual(refused.returncode, 0, "without the key a node must not make one of its own")
            self.assertIn("key", refused.stderr)
            mark = support.server.syslog.mark()
            self.assertFalse(self.at(node, "imap", account, account.password))
            [line] = support.server.syslog.wait(mark, support.is_attempt, settle=0.03)
            self.assertEqual(line.fields["result"], "unavailable", line)
        finally:
            write_secret(key, kept)
        self.assertTrue(self.at(node, "imap", account, account.password))


class Log(DaemonTest):
    def test_the_module_writes_its_lines_and_nothing_that_the_driver_says(self):
        account = new_account(totp=True)
        mark = support.server.syslog.mark()
        self.assert_accepted("webmail", account, account.password + account.phone.code())
        self.assert_refused("webmail", account, account.password, "code_required")
        ours = [line for line in support.server.syslog.since(mark) if "pam_mailkey[" in line]
        self.assertEqual([line for line in ours if not support.is_attempt(line)], [])


def wrong_codes(account, count):
    """Codes that are right at none of the steps around now."""
    step = account.phone.last_step
    right = {account.phone.code_at(number) for number in range(step - 3, step + 10)}
    return list(itertools.islice((code for code in (f"{number:06}" for number in itertools.count(100)) if code not in right),
                                 count))


# --- The database is gone -----------------------------------------------------------------------------------


def workers(lines):
    """The numbers of the processes that wrote these lines."""
    return {int(re.search(r"pam_mailkey\[(\d+)\]", line)[1]) for line in lines}


@contextlib.contextmanager
def store_at(url):
    """The next logins find this address in the configuration."""
    config = support.pathlib.Path(support.mailkey.config)
    kept = config.read_text()

    def write(text):
        draft = config.with_name("draft")
        draft.write_text(text)
        draft.chmod(0o644)
        draft.rename(config)

    write(re.sub(r'^store = ".*"$', f'store = "{url}"', kept, flags=re.MULTILINE))
    try:
        yield
    finally:
        write(kept)


class Fault(DaemonTest):
    def setUp(self):
        super().setUp()
        self.enrolled = new_account(totp=True)
        self.app = self.enrolled.app_password()["password"]
        self.plain = new_account()
        self.session = WebmailSession()
        self.assert_accepted("webmail", self.enrolled,
                             self.session.opening(self.enrolled.password, self.enrolled.recovery_codes[0]))
        self.all_is_well()

    def all_is_well(self):
        self.assert_accepted("imap", self.enrolled, self.app)
        self.assert_accepted("imap", self.plain, self.plain.password)
        self.assert_accepted("webmail", self.enrolled, self.session.credential)
        self.assert_accepted("smtp-saslauthd", self.enrolled, self.app)
        self.assert_refused("imap", self.enrolled, self.enrolled.password, "app_password_required")

    def presented(self, code):
        """Logins of every kind, most of which open when all is well."""
        right = self.enrolled.password
        return (("imap", self.enrolled, self.app), ("pop3", self.enrolled, self.app), ("sieve", self.enrolled, self.app),
                ("smtp", self.enrolled, self.app), ("smtp-saslauthd", self.enrolled, self.app),
                ("webmail", self.enrolled, self.session.credential), ("imap", self.plain, self.plain.password),
                ("webmail", self.enrolled, right + code), ("webmail", self.enrolled, right + self.enrolled.recovery_codes[1]),
                ("imap", self.enrolled, right), ("imap", self.plain, "not the password"))

    def all_at_once(self, logins):
        """(answer, seconds) of each of these logins, and their lines."""
        mark = support.server.syslog.mark()

        def one(login):
            began = time.monotonic()
            answer = self.login(*login)
            return answer, time.monotonic() - began

        with ThreadPoolExecutor(len(logins)) as pool:
            answers = list(pool.map(one, logins))
        return answers, support.server.syslog.wait(mark, support.is_attempt, count=len(logins), settle=0.05)

    def assert_nobody_gets_in(self, code, times=2):
        """Every kind of login is refused as unavailable and nothing else, in time, again and again. Returns the longest."""
        longest = 0
        for _ in range(times):
            logins = self.presented(code)
            answers, lines = self.all_at_once(logins)
            self.assertEqual([str(answer) for answer, _ in answers if answer], [])
            self.assertEqual([line for line in lines if line.fields["result"] != "unavailable"
                              or line.fields["reason"] != "store_unavailable" or line.severity > support.ERR], [])
            self.assertEqual(len(lines), len(logins), "one line for each")
            longest = max(longest, *(seconds for _, seconds in answers))
        self.assertLess(longest, BOUND)
        print(f"({longest:.1f} s) ", end="", flush=True)
        return lines

    def goes_and_comes_back(self, gone):
        """The database is `gone` (a context manager); when it is back, the same workers open again what they opened before,
        nobody pays for a guess, and the code that was presented meanwhile is as good as it was."""
        code = self.enrolled.phone.code(good_for=29)
        with gone:
            lines = self.assert_nobody_gets_in(code)
        answers, later = self.all_at_once([("imap", self.enrolled, self.app)] * 8)
        self.assertEqual([str(answer) for answer, _ in answers if not answer], [])
        self.assertTrue(workers(lines) & workers(later), "a worker that met the fault opens again")
        self.all_is_well()
        self.assert_accepted("webmail", self.enrolled, self.enrolled.password + self.enrolled.phone.code())
        self.assert_accepted("webmail", self.enrolled, self.enrolled.password + self.enrolled.recovery_codes[1])
        return lines


@contextlib.contextmanager
def between(begin, end):
    begin()
    try:
        yield
    finally:
        end()


class DatabaseGone(Fault):
    def test_a_server_that_was_stopped(self):
        lines = self.goes_and_comes_back(between(primary.stop, primary.start))
        self.assertIn("refused", lines[0], "the reason is named")

    def test_a_server_that_was_killed(self):
        self.goes_and_comes_back(between(primary.kill, primary.start))

    def test_a_server_that_is_frozen(self):
        self.goes_and_comes_back(between(primary.freeze, primary.thaw))

    def test_a_cable_that_is_pulled(self):
        self.goes_and_comes_back(between(primary.unplug, primary.plug_in))

    def test_a_network_that_loses_what_is_asked(self):
        self.goes_and_comes_back(between(primary.lose_questions, primary.lose_nothing))

    def test_a_network_that_loses_what_is_answered(self):
        self.goes_and_comes_back(between(primary.lose_answers, primary.lose_nothing))


class ConnectionBreaks(Fault):
    def setUp(self):
        super().setUp()
        self.wire = Wire(primary)
        store = store_at(self.wire.url)
        store.__enter__()
        self.addCleanup(store.__exit__, None, None, None)
        self.all_is_well()

    def test_a_connection_that_was_reset_between_two_logins_costs_none(self):
        for _ in range(3):
            self.wire.reset()
            self.all_is_well()

    def test_a_server_that_breaks_every_connection(self):
        self.goes_and_comes_back(between(self.wire.refuse, self.wire.accept))

    def test_a_session_that_the_server_ends_costs_no_login(self):
        for _ in range(3):
            primary.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'mailkey'")
            self.all_is_well()

    def test_a_code_whose_commit_is_not_answered_is_not_taken_for_accepted_and_opens_nothing_afterwards(self):
        for credential in (self.enrolled.phone.code(good_for=20), self.enrolled.recovery_codes[1]):
            with self.subTest(credential=credential):
                presented = self.enrolled.password + credential
                self.wire.lose_the_answer_to(b"COMMIT")
                self.assert_unavailable("webmail", self.enrolled, presented)
                self.assertTrue(self.wire.has_lost_it())
                self.assert_refused("webmail", self.enrolled, presented)
        self.all_is_well()

    def test_logins_work_on_a_slow_network(self):
        for milliseconds in (50, 200):
            with self.subTest(round_trip=milliseconds):
                self.wire.delay = milliseconds / 2000
                began = time.monotonic()
                self.assert_accepted("imap", self.enrolled, self.app)
                self.assert_accepted("webmail", self.enrolled, self.session.credential)
                self.assert_accepted("webmail", self.enrolled, self.enrolled.password + self.enrolled.phone.code())
                print(f"({milliseconds} ms: {(time.monotonic() - began) / 3:.1f} s for a login) ", end="", flush=True)


# --- Who may connect, and how -------------------------------------------------------------------------------


class Encrypted(DaemonTest):
    """The server has a certificate of an authority of its own."""

    @classmethod
    def setUpClass(cls):
        cls.authority, cls.stranger = Authority("authority"), Authority("stranger")
        cls.present(cls.authority.certificate(primary.address))
        primary.sql("ALTER SYSTEM SET ssl = on", "postgres")
        primary.reload()

    @classmethod
    def tearDownClass(cls):
        primary.sql("ALTER SYSTEM SET ssl = off", "postgres")
        primary.reload()

    @staticmethod
    def present(certificate):
        """The server shows this certificate from now on."""
        for kind, file in zip(("crt", "key"), certificate):
            place = primary.data / f"server.{kind}"
            place.write_bytes(file.read_bytes())
            place.chmod(0o600)
            shutil.chown(place, "postgres", "postgres")
        primary.reload()
        time.sleep(0.2)  # until the server's first process has read it

    def trusting(self, authority, host=None):
        url = f"postgresql://mailkey@{host or primary.address}/mailkey?sslrootcert={authority.file}"
        return store_at(url)

    def assert_opens_encrypted(self):
        account = new_account(totp=True)
        before = len(primary.said())
        self.assert_accepted("imap", account, account.app_password()["password"])
        self.assert_accepted("webmail", account, account.password + account.phone.code())
        connected = [line for line in primary.said()[before:].splitlines() if "authorized: user=mailkey" in line]
        self.assertGreaterEqual(len(connected), 1)
        self.assertEqual([line for line in connected if "SSL enabled (protocol=TLSv1.3" not in line], [])

    def assert_refused_as_unavailable(self, word):
        """By the module and by the command, and both name what is wrong."""
        self.assert_unavailable("imap", self.account, self.account.password)
        said = support.mailkey.run("user", "list", check=False)
        self.assertNotEqual(said.returncode, 0)
        self.assertRegex(said.stderr, word)

    def setUp(self):
        super().setUp()
        self.account = new_account()

    def test_a_server_whose_certificate_the_authority_has_signed_for_its_address_is_taken(self):
        with self.trusting(self.authority):
            self.assert_opens_encrypted()

    def test_a_certificate_of_another_authority_is_not_taken(self):
        with self.trusting(self.stranger):
            self.assert_refused_as_unavailable("(?i)certificate")

    def test_a_certificate_for_another_name_is_not_taken(self):
        self.present(self.authority.certificate("10.77.0.250"))
        try:
            with self.trusting(self.authority):
                self.assert_refused_as_unavailable("(?i)certificate")
        finally:
            self.present(self.authority.certificate(primary.address))

    def test_a_certificate_that_has_expired_is_not_taken(self):
        self.present(self.authority.certificate(primary.address, days=-1))
        try:
            with self.trusting(self.authority):
                self.assert_refused_as_unavailable("(?i)certificate")
        finally:
            self.present(self.authority.certificate(primary.address))

    def test_a_server_without_encryption_is_not_taken_unless_the_address_says_so(self):
        primary.sql("ALTER SYSTEM SET ssl = off", "postgres")
        primary.reload()
        time.sleep(0.2)
        try:
            with self.trusting(self.authority):
                self.assert_refused_as_unavailable("(?i)tls|ssl")
        finally:
            primary.sql("ALTER SYSTEM SET ssl = on", "postgres")
            primary.reload()
            time.sleep(0.2)


class Authority:
    """A certificate authority."""

    def __init__(self, name):
        self.directory = support.directory / name
        self.directory.mkdir()
        self.file = self.directory / "ca.crt"
        self.number = itertools.count(1)
        postgres.run("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                     "-subj", f"/CN={name}", "-days", "3", "-keyout", self.directory / "ca.key", "-out", self.file)

    def certificate(self, address, days=3):
        """(certificate, key) for this address; with negative `days` it ended then."""
        number = next(self.number)
        base = self.directory / str(number)
        request, certificate, key = (base.with_suffix(f".{kind}") for kind in ("csr", "crt", "key"))
        postgres.run("openssl", "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                     "-subj", "/CN=db", "-keyout", key, "-out", request)
        extensions = base.with_suffix(".ext")
        extensions.write_text(f"subjectAltName = IP:{address}\nbasicConstraints = CA:FALSE\n")
        signing = ["openssl", "x509", "-req", "-in", request, "-CA", self.file, "-CAkey", self.directory / "ca.key",
                   "-set_serial", number, "-days", days, "-extfile", extensions, "-out", certificate]
        postgres.run(*signing)
        return certificate, key


class PasswordFile(DaemonTest):
    def setUp(self):
        super().setUp()
        self.account = new_account()
        self.file = support.pathlib.Path(support.mailkey.config).with_name("store-password")
        self.kept = self.file.read_text()
        self.addCleanup(write_secret, self.file, self.kept)

    def assert_unavailable_until_mended(self, word):
        with store_at(primary.url + "&application_name=another"):  # so that workers connect anew
            attempt = self.attempt("imap", self.account, self.account.password)
            self.assertFalse(attempt.answer, attempt)
            [line] = attempt.lines
            self.assertEqual(line.fields["result"], "unavailable", line)
            self.assertRegex(line, word)
            self.assertNotIn(self.kept.strip(), line)
            write_secret(self.file, self.kept)
            self.assert_accepted("imap", self.account, self.account.password)

    def test_a_password_file_that_others_may_read_is_not_used(self):
        self.file.chmod(0o644)
        self.assert_unavailable_until_mended("chmod 0640")

    def test_without_its_password_file_the_store_is_unavailable(self):
        self.file.unlink()
        self.assert_unavailable_until_mended("is missing")

    def test_a_wrong_password_is_named_and_not_shown(self):
        write_secret(self.file, "not the password\n")
        self.assert_unavailable_until_mended("password")


# --- Many, and too much ---------------------------------------------------------------------------------------


class Connections(DaemonTest):
    WORKERS = 30  # Dovecot's auth_worker_max_count

    def test_a_hundred_logins_at_once_take_no_more_connections_than_there_are_workers(self):
        account = new_account(totp=True)
        app = account.app_password()["password"]
        most, done = [0], threading.Event()

        def watch():
            while not done.is_set():
                most[0] = max(most[0], primary.connections())

        primary.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'mailkey'")
        watching = threading.Thread(target=watch)
        watching.start()
        try:
            for _ in range(2):
                answers = at_once("imap", account, app, count=100)
                self.assertEqual([str(answer) for answer in answers if not answer], [])
        finally:
            done.set()
            watching.join()
        self.assertLessEqual(most[0], self.WORKERS)
        self.assertGreater(most[0], 3, "many workers were asked")
        print(f"({most[0]} connections) ", end="", flush=True)

    def test_a_server_that_takes_no_more_connections_is_unavailable_and_the_log_says_what_to_do(self):
        account = new_account()
        primary.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'mailkey'")
        others = []
        try:
            with store_at(primary.url + "&application_name=another"):  # so that workers connect anew
                while self.is_accepting():
                    for _ in range(40):
                        others.append(subprocess.Popen(
                            [postgres.PROGRAMS / "psql", "-qX", "-h", primary.directory, "-U", "postgres", "postgres"],
                            stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL))
                    self.assertLess(len(others), 400, "the server takes everybody")
                    time.sleep(0.5)
                attempt = self.attempt("imap", account, account.password)
                self.assertFalse(attempt.answer, attempt)
                [line] = attempt.lines
                self.assertEqual((line.fields["result"], line.fields["reason"]), ("unavailable", "store_unavailable"))
                self.assertLessEqual(line.severity, support.ERR)
                self.assertIn("max_connections", line)
                leave(others)
                self.assert_accepted("imap", account, account.password)
        finally:
            leave(others)

    @staticmethod
    def is_accepting():
        asked = subprocess.run([postgres.PROGRAMS / "psql", "-qX", "-h", primary.directory, "-U", "postgres", "postgres"],
                               input="", text=True, capture_output=True)
        return asked.returncode == 0


def leave(clients):
    for client in clients:
        client.kill()
    for client in clients:
        client.wait()
        client.stdin.close()
    clients.clear()
    deadline = time.monotonic() + 10
    while not Connections.is_accepting() and time.monotonic() < deadline:
        time.sleep(0.1)


@contextlib.contextmanager
def signing_in_through(mailkey):
    """The first node's logins, and new accounts, belong to this instance."""
    before = support.mailkey
    try:
        use(mailkey)
        yield
    finally:
        use(before)


def use(mailkey):
    support.mailkey = mailkey
    support.server.config = mailkey.config
    for protocol in PROTOCOLS:
        support.server.pam(f"mailkey-{protocol}", support.server.virtual_stack())


class Elsewhere(DaemonTest):
    """Tests with servers of their own."""

    def instance(self, name, server, url=None):
        mailkey = instance(support.directory / f"{name}-node", url or server.url, server.password)
        context = signing_in_through(mailkey)
        context.__enter__()
        self.addCleanup(context.__exit__, None, None, None)
        return mailkey

    def server(self, name, **options):
        server = Server(name, **options)
        server.start()
        self.addCleanup(server.kill)
        server.make_database()
        return server


class Killed(Elsewhere):
    ACCOUNTS = 20

    def test_no_code_that_was_accepted_before_the_server_was_killed_opens_again(self):
        server = self.server("killed")
        mailkey = self.instance("killed", server)
        # Wrong codes are what the second round is about: none of them may be refused for another reason.
        mailkey.configure({"throttle.code_failures": 1000, "throttle.codes_per_hour": 1000})
        accounts = [new_account(totp=True) for _ in range(self.ACCOUNTS)]
        logins = [(account, account.password + code) for account in accounts for code in account.recovery_codes]
        self.assertEqual(len(logins), 200)
        some = threading.Semaphore(0)

        def login(login):
            answer = self.login("webmail", *login)
            some.release()
            return answer

        with ThreadPoolExecutor(16) as pool:
            first = pool.map(login, logins)
            for _ in range(60):
                some.acquire()
            server.kill()
            server.start()
            first = list(first)
        accepted = [login for login, answer in zip(logins, first) if answer]
        refused = [login for login, answer in zip(logins, first) if not answer]
        self.assertGreaterEqual(len(accepted), 50, "too few were accepted before")
        self.assertGreaterEqual(len(refused), 1, "no login was interrupted")
        self.assertEqual([str(answer) for login, answer in self.again(accepted) if answer], [], "accepted twice")
        later = self.again(refused)
        self.assertEqual([str(answer) for login, answer in self.again([login for login, answer in later if answer])
                          if answer], [], "accepted twice")
        print(f"({len(accepted)} accepted, {len(refused)} interrupted, of which {sum(bool(a) for _, a in later)} open later) ",
              end="", flush=True)

    def again(self, logins):
        if not logins:
            return []
        with ThreadPoolExecutor(16) as pool:
            return list(zip(logins, pool.map(lambda login: self.login("webmail", *login), logins)))


class Failover(Elsewhere):
    """Both servers stand in the address; the primary goes, and the standby takes over."""

    def pair(self, name):
        first = self.server(f"{name}1", max_connections=60)
        second = first.standby(f"{name}2", max_connections=60)
        self.addCleanup(second.kill)
        url = f"postgresql://mailkey@{first.address},{second.address}/mailkey?sslmode=disable"
        self.instance(name, first, url)
        return first, second

    def seconds_until_it_opens(self, part, account, credential):
        began = time.monotonic()
        while not self.login(part, account, credential):
            self.assertLess(time.monotonic() - began, 20, "the logins do not find the new primary")
        return time.monotonic() - began

    def test_with_synchronous_replication_logins_find_the_new_primary_and_no_code_opens_twice(self):
        first, second = self.pair("sync")
        first.replicate_synchronously("sync2")
        account = new_account(totp=True)
        app = account.app_password()["password"]
        spent = [account.password + code for code in (account.phone.code(good_for=29), account.recovery_codes[0])]
        for credential in spent:
            self.assert_accepted("webmail", account, credential)
        self.assert_accepted("imap", account, app)
        first.unplug()
        second.promote()
        seconds = self.seconds_until_it_opens("imap", account, app)
        for credential in spent:
            self.assert_refused("webmail", account, credential)
        self.assert_accepted("webmail", account, account.password + account.phone.code())
        self.assert_accepted("webmail", account, account.password + account.recovery_codes[1])
        print(f"({seconds:.1f} s) ", end="", flush=True)

    def test_with_synchronous_replication_nothing_is_accepted_that_the_standby_has_not(self):
        first, second = self.pair("waits")
        first.replicate_synchronously("waits2")
        account = new_account(totp=True)
        app = account.app_password()["password"]
        self.assert_accepted("imap", account, app)
        spent = [account.password + code for code in (account.phone.code(good_for=29), account.recovery_codes[0])]
        second.unplug()
        for credential in spent:
            self.assert_unavailable("webmail", account, credential)
        waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'SyncRep'"
        self.assertEqual(first.sql(waiting).strip(), "0", "what was given up waits no more")
        # What needs no promise goes on.
        self.assert_accepted("imap", account, app)
        second.plug_in()
        second.wait_until_it_follows(first)
        self.assert_accepted("imap", account, app)
        self.assert_accepted("webmail", account, account.password + account.recovery_codes[1])

    def test_with_asynchronous_replication_a_code_that_the_standby_never_heard_of_opens_again(self):
        """The price that the guide names."""
        first, second = self.pair("async")
        account = new_account(totp=True)
        second.wait_until_it_follows(first)
        before, after = (account.password + code for code in account.recovery_codes[:2])
        self.assert_accepted("webmail", account, before)
        second.wait_until_it_follows(first)
        second.unplug()
        self.assert_accepted("webmail", account, after)
        first.unplug()
        second.plug_in()
        second.promote()
        self.seconds_until_it_opens("webmail", account, after)
        for credential in (before, after):
            self.assert_refused("webmail", account, credential)


class DiskFull(Elsewhere):
    def test_on_a_full_disk_app_passwords_and_sessions_open_and_codes_do_not(self):
        server = self.server("full", disk={"data": "100m"})
        self.instance("full", server)
        account, session = new_account(totp=True), WebmailSession()
        app = account.app_password()["password"]
        self.assert_accepted("webmail", account, session.opening(account.password, account.recovery_codes[0]))
        presented = [account.password + code for code in (account.phone.code(good_for=29), account.recovery_codes[1])]
        with full_disk(server):
            for part in ("imap", "pop3", "smtp", "imap"):
                self.assert_accepted(part, account, app)
            self.assert_accepted("webmail", account, session.credential)
            for credential in presented:
                fields = self.assert_unavailable("webmail", account, credential)
                self.assertIn("disk is full", fields["detail"])
            self.assert_refused("imap", account, account.password, "app_password_required")
        self.assert_accepted("imap", account, app)
        for credential in presented:
            self.assert_accepted("webmail", account, credential)
            self.assert_refused("webmail", account, credential)


@contextlib.contextmanager
def full_disk(server):
    """No block of the data's disk is free, and no page of the tables that codes are claimed in has room for a change."""
    # While somebody sees the old versions of rows, no room is made of them.
    witness = subprocess.Popen([postgres.PROGRAMS / "psql", "-qX", "-h", server.directory, "-U", "postgres", "mailkey"],
                               stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    witness.stdin.write("BEGIN ISOLATION LEVEL REPEATABLE READ;\nSELECT count(*) FROM authenticator;\n")
    witness.stdin.flush()
    witness.stdout.readline()
    ballast = server.data / "ballast"
    try:
        with open(ballast, "wb", buffering=0) as file, contextlib.suppress(OSError):
            while True:
                file.write(b"\0" * 4096)
        for change in ("UPDATE authenticator SET name = name", "UPDATE recovery_code SET hash = hash"):
            server.sql(f"DO $$ BEGIN LOOP BEGIN {change}; EXCEPTION WHEN disk_full THEN EXIT; END; END LOOP; END $$")
        yield
    finally:
        ballast.unlink()
        witness.stdin.close()
        witness.wait()
        witness.stdout.close()


# --- A replica near by, and workers that end ---------------------------------------------------------------------


class Replica(Elsewhere):
    """store_read: a standby that this node reads."""

    def pair(self, name, **settings):
        first = self.server(f"{name}1")
        second = first.standby(f"{name}2")
        self.addCleanup(second.kill)
        mailkey = instance(support.directory / f"{name}-node", first.url, first.password,
                           store_read=f'"{second.url}"', **settings)
        context = signing_in_through(mailkey)
        context.__enter__()
        self.addCleanup(context.__exit__, None, None, None)
        self.account, self.session, self.plain = new_account(totp=True), WebmailSession(), new_account()
        self.app = self.account.app_password()
        self.assert_accepted("webmail", self.account,
                             self.session.opening(self.account.password, self.account.recovery_codes[0]))
        self.assert_accepted("imap", self.account, self.app["password"])
        second.wait_until_it_follows(first)
        return first, second

    def assert_no_guess_opens(self):
        """What a code or a password must open is unavailable; what is wrong is never let in."""
        account = self.account
        for part, who, presented in (("webmail", account, account.password + account.phone.code(good_for=20)),
                                     ("webmail", account, account.password + account.recovery_codes[1]),
                                     ("webmail", account, WebmailSession().opening(account.password, account.recovery_codes[1])),
                                     ("imap", self.plain, self.plain.password), ("imap", self.plain, "not the password"),
                                     ("imap", account, self.app["password"][:-1] + "z")):
            self.assert_unavailable(part, who, presented)

    def test_while_the_primary_is_away_app_passwords_and_sessions_go_on_and_no_code_does(self):
        first, second = self.pair("near")
        first.stop()
        for part in ("imap", "pop3", "sieve", "smtp", "smtp-saslauthd", "imap"):
            self.assertIn("replica", self.assert_accepted(part, self.account, self.app["password"]))
        self.assert_accepted("webmail", self.account, self.session.credential)
        self.assert_no_guess_opens()
        # It is the standby that is asked.
        second.stop()
        self.assert_unavailable("imap", self.account, self.app["password"])
        second.start()
        first.start()
        self.assert_accepted("webmail", self.account, self.account.password + self.account.recovery_codes[1])
        self.assert_accepted("imap", self.plain, self.plain.password)

    def test_what_is_too_old_opens_nothing(self):
        first, _ = self.pair("stale", store_read_lag=2, store_read_outage=0)
        first.stop()
        time.sleep(4)
        self.assert_unavailable("imap", self.account, self.app["password"])
        self.assert_unavailable("webmail", self.account, self.session.credential)
        first.start()
        self.assert_accepted("imap", self.account, self.app["password"])

    def test_a_revocation_is_seen_within_the_bound_though_the_replica_hears_nothing_of_it(self):
        bound = 3
        first, second = self.pair("late", store_read_lag=bound)
        other = self.account.app_password()["password"]
        second.wait_until_it_follows(first)
        self.assertIn("replica", self.login_and_fields(self.app["password"]), "the replica is asked")
        second.sql("SELECT pg_wal_replay_pause()", "postgres")
        support.mailkey.run("app-password", "revoke", self.account.address, self.app["id"])
        revoked = time.monotonic()
        while self.login("imap", self.account, self.app["password"]):
            self.assertLess(time.monotonic() - revoked, bound + 1.5, "it still opens")
            time.sleep(0.1)
        self.assert_accepted("imap", self.account, other)
        print(f"({time.monotonic() - revoked:.1f} s) ", end="", flush=True)

    def login_and_fields(self, password):
        """Of an accepted login, at latest the third: the first may find the heartbeat old, and have it written."""
        for _ in range(3):
            fields = self.assert_accepted("imap", self.account, password)
            if "replica" in fields:
                break
            time.sleep(0.3)
        return fields


class WorkerEnds(Fault):
    """on_unavailable: what clients hear."""

    def test_with_fail_clients_hear_of_a_wrong_password(self):
        with between(primary.stop, primary.start):
            answer = self.login("imap", self.enrolled, self.app)
            self.assertIn("AUTHENTICATIONFAILED", answer.text)
        self.all_is_well()

    def test_with_end_worker_clients_hear_that_it_is_temporary(self):
        support.mailkey.configure({"on_unavailable": "end-worker"})
        self.addCleanup(support.mailkey.configure, {})
        with between(primary.stop, primary.start):
            # Postfix knows one code for every refusal, and Dovecot's word for the reason stands behind it.
            for part, said in (("imap", "UNAVAILABLE"), ("pop3", "SYS/TEMP"), ("sieve", "TRYLATER"),
                               ("submission", "454"), ("smtp", "reason unavailable")):
                for credential in (self.app, "not the password"):
                    attempt = self.attempt(part, self.enrolled, credential)
                    self.assertFalse(attempt.answer, attempt)
                    self.assertIn(said, attempt.answer.text)
                    self.assertEqual([line.fields["result"] for line in attempt.lines], ["unavailable"], attempt)
            # saslauthd's processes are not started again: there a refusal is all there is.
            before = processes_of("saslauthd")
            for _ in range(6):
                self.assert_unavailable("smtp-saslauthd", self.enrolled, self.app)
            self.assertEqual(processes_of("saslauthd"), before)
        self.all_is_well()

    def test_a_worker_that_ends_takes_no_login_with_it_that_another_one_works_on(self):
        support.mailkey.configure({"on_unavailable": "end-worker"})
        self.addCleanup(support.mailkey.configure, {})
        # The webmail's logins belong to another store, which answers.
        here = support.Mailkey(support.BUILT / "mailkey", support.directory / "beside.toml")
        here.init(support.directory / "beside")
        here.add_user(self.plain.address, self.plain.password)
        ours = f"required {support.server.module} config={here.config}"
        support.server.pam("mailkey-webmail", f"auth {ours}\naccount {ours}\n")
        self.addCleanup(support.server.pam, "mailkey-webmail", support.server.virtual_stack())
        logins = [("imap", self.enrolled, self.app), ("webmail", self.plain, self.plain.password)] * 20
        with between(primary.stop, primary.start):
            answers, _ = self.all_at_once(logins)
        self.assertEqual([str(answer) for answer, _ in answers[::2] if not answer.temporary], [])
        self.assertEqual([str(answer) for answer, _ in answers[1::2] if not answer], [])


def processes_of(name):
    """The numbers of the processes of this program."""
    found = set()
    for path in support.pathlib.Path("/proc").glob("[0-9]*/comm"):
        with contextlib.suppress(OSError):
            if path.read_text().strip() == name:
                found.add(int(path.parent.name))
    return found


if __name__ == "__main__":
    support.main()
