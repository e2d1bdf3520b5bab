#!/usr/bin/python3 -B
"""Sign-ins to the panel by way of the mail server: the panel's own code (tests/panel_imap, in Rust) asks a real Dovecot.

Dovecot speaks without TLS here; in front of it, for the tests about that, stands a server that does.
"""

import contextlib
import os
import socket
import ssl
import subprocess
import threading

import support
from support import DOMAIN, DaemonTest, new_account

PROGRAM = "MAILKEY_TEST_PANEL_IMAP"
ELSEWHERE = "10.99.0.1"  # not the loopback, though it is this machine in this namespace
SYSTEM_USERS = {"sysanna": "system password of anna"}

CODE_USED = "Ok(Refused(CodeUsed))"
NOT_ALLOWED_HERE = "Ok(Refused(NotAllowedHere))"
WRONG = "Ok(Refused(WrongCredential))"


def setUpModule():
    support.start(system_users=SYSTEM_USERS)
    subprocess.run(["ip", "address", "add", f"{ELSEWHERE}/32", "dev", "lo"], check=True)


def tearDownModule():
    support.stop()


def accepted(account, method, enrolment_only=False):
    name = getattr(account, "address", account)
    flag = str(enrolment_only).lower()
    return f'Ok(Accepted(Accepted {{ account: AccountName("{name}"), method: {method}, enrolment_only: {flag} }}))'


class PanelTest(DaemonTest):
    def setUp(self):
        super().setUp()
        self.settings()

    def settings(self, **settings):
        support.mailkey.configure(settings)
        self.addCleanup(support.mailkey.configure, {})

    def stack(self, text):
        """Another PAM file for the webmail's port, for this test."""
        support.server.pam("mailkey-webmail", text)
        self.addCleanup(support.server.pam, "mailkey-webmail", support.server.virtual_stack())

    def ask(self, who, password, code=None, url=None, authorities=None):
        """What the panel makes of it."""
        name = getattr(who, "address", who)
        url = url or f"imap://127.0.0.1:{support.server.port['webmail']}"
        words = [text.encode().hex() if text is not None else "-" for text in (name, password, code)]
        arguments = [str(authorities)] if authorities else []
        process = subprocess.run([os.environ[PROGRAM], support.mailkey.config, url, *arguments],
                                 input=" ".join(words) + "\n", text=True, capture_output=True, timeout=60)
        self.assertEqual(process.returncode, 0, process.stderr)
        return process.stdout.strip()

    def lines(self, mark):
        return [line.fields["reason"] for line in support.server.syslog.wait(mark, support.is_attempt, settle=0.05)]


class Answers(PanelTest):
    def test_without_2fa_the_password_opens_and_a_wrong_one_does_not(self):
        account = new_account()
        self.assertEqual(self.ask(account, account.password), accepted(account, "Password"))
        self.assertEqual(self.ask(account.address.upper(), account.password), accepted(account, "Password"))
        self.assertEqual(self.ask(account, "wrong"), WRONG)
        self.assertEqual(self.ask("nobody@" + DOMAIN, account.password), WRONG)

    def test_a_code_where_2fa_is_off_opens_nothing(self):
        account = new_account()
        self.assertEqual(self.ask(account, account.password, "123456"), WRONG)
        # A password that was cut where its digits begin is right for the mail server, and was no password and code.
        support.mailkey.run("user", "passwd", account.address, "--password-stdin", input="summer of 200424\n")
        self.assertEqual(self.ask(account, "summer of ", "200424"), WRONG)
        self.assertEqual(self.ask(account, "summer of 200424"), accepted(account, "Password"))

    def test_with_2fa_password_and_code_open_once(self):
        account = new_account(totp=True)
        code = account.phone.code()
        self.assertEqual(self.ask(account, account.password), WRONG)
        self.assertEqual(self.ask(account, account.password, "000000"), WRONG)
        self.assertEqual(self.ask(account, account.password, f"{code[:3]} {code[3:]}"), accepted(account, "Totp"))
        self.assertEqual(self.ask(account, account.password, code), WRONG)

    def test_a_recovery_code_opens_once_however_it_is_typed(self):
        account = new_account(totp=True)
        typed = account.recovery_codes[0].replace("-", " ").upper()
        self.assertEqual(self.ask(account, account.password, typed), accepted(account, "RecoveryCode"))
        self.assertEqual(self.ask(account, account.password, account.recovery_codes[0]), WRONG)

    def test_unusual_bytes_in_a_password_arrive_as_typed(self):
        account = new_account()
        for password in ("pässwörd mit Ümläut", " leading and trailing ", "a\"b\\c'd%e$f{3}", "日本語のパスワード長い"):
            support.mailkey.run("user", "passwd", account.address, "--password-stdin", input=password + "\n")
            self.assertEqual(self.ask(account, password), accepted(account, "Password"), password)

    def test_a_system_password_opens_that_the_panel_could_not_check(self):
        self.settings(bare_names=True)
        self.stack(support.server.system_stack())
        self.assertEqual(self.ask("sysanna", SYSTEM_USERS["sysanna"]), accepted("sysanna", "Password"))
        self.assertEqual(self.ask("sysanna", "wrong"), WRONG)
        support.mailkey.add_user("sysanna")
        phone, _ = support.mailkey.enable_totp("sysanna")
        self.assertEqual(self.ask("sysanna", SYSTEM_USERS["sysanna"], phone.code()), accepted("sysanna", "Totp"))

    def test_who_must_turn_2fa_on_comes_in_for_that_where_the_port_is_the_panels(self):
        account = new_account()
        self.settings(require_2fa=True)
        self.assertEqual(self.ask(account, account.password), WRONG)
        self.stack(support.server.virtual_stack("mode=panel"))
        self.assertEqual(self.ask(account, account.password), accepted(account, "Password", enrolment_only=True))


class WhatOpensMailOnly(PanelTest):
    """The port is a mail app's here: app passwords open it."""

    def setUp(self):
        super().setUp()
        self.mail = f"imap://127.0.0.1:{support.server.port['imap']}"

    def test_an_app_password_is_refused_before_the_mail_server_is_asked(self):
        for totp in (False, True):
            account = new_account(totp=totp)
            app = account.app_password()["password"]
            mark = support.server.syslog.mark()
            for spelling in (app, app.replace("-", ""), app.upper().replace("-", " ")):
                self.assertEqual(self.ask(account, spelling, url=self.mail), NOT_ALLOWED_HERE, spelling)
            self.assertEqual(self.ask(account, app[:10], app[10:], url=self.mail), NOT_ALLOWED_HERE)
            self.assertEqual(self.lines(mark), [])
            self.assert_accepted("imap", account, app, "app_password")

    def test_an_app_password_whose_end_was_typed_as_a_code_opens_nothing(self):
        for totp in (False, True):
            account = new_account(totp=totp)
            symbols = account.app_password()["password"].replace("-", "")
            mark = support.server.syslog.mark()
            self.assertEqual(self.ask(account, symbols[:8], symbols[8:], url=self.mail), NOT_ALLOWED_HERE)
            self.assertEqual(self.lines(mark), [])

    def test_a_port_that_takes_the_password_alone_where_2fa_is_on_is_found_out(self):
        account = new_account(totp=True)
        self.stack("auth required pam_permit.so\naccount required pam_permit.so\n")
        answer = self.ask(account, account.password)
        self.assertRegex(answer, r"^Err\(Unavailable\(.*mailkey-webmail")
        self.assertEqual(self.ask(account, account.password, account.phone.code()), CODE_USED)

    def test_a_code_that_a_webmail_of_the_mode_grace_has_used_opens_nothing_here(self):
        account = new_account(totp=True)
        self.settings(webmail_session="grace")
        code = account.phone.code()
        # A webmail on the panel's machine.
        self.assert_accepted("webmail", account, account.password + code, source="127.0.0.1")
        mark = support.server.syslog.mark()
        self.assertEqual(self.ask(account, account.password, code), CODE_USED)
        self.assertEqual(self.lines(mark), ["-"], "the mail server did accept it")


class Trouble(PanelTest):
    def test_a_mail_server_that_cannot_judge_is_no_refusal(self):
        account = new_account()
        # The worker dies, and Dovecot says that it does not know.
        self.stack("auth required pam_exec.so /bin/sh -c [kill -KILL $PPID]\n")
        self.assertRegex(self.ask(account, account.password), r"^Err\(Unavailable\(.*UNAVAILABLE")

    def test_a_port_where_nobody_listens_is_named(self):
        answer = self.ask(new_account(), "password", url="imap://127.0.0.1:1")
        self.assertRegex(answer, r"^Err\(Unavailable\(.*imap://127\.0\.0\.1:1: Connection refused")

    def test_no_secret_is_in_the_log(self):
        account = new_account(totp=True)
        code = account.phone.code()
        self.ask(account, account.password, code)
        self.ask(account, account.password + " wrong", account.recovery_codes[0])
        self.assert_no_secret_in_the_log(account.password, account.recovery_codes[0])


class Tls(PanelTest):
    @classmethod
    def setUpClass(cls):
        cls.authority = make_certificates(support.directory / "tls")

    def front(self, behaviour):
        front = Front(support.directory / "tls", support.server.port["webmail"], behaviour)
        self.addCleanup(front.close)
        return front

    def test_tls_from_the_first_byte(self):
        account = new_account(totp=True)
        url = f"imaps://{ELSEWHERE}:{self.front('imaps').port}"
        answer = self.ask(account, account.password, account.phone.code(), url=url, authorities=self.authority)
        self.assertEqual(answer, accepted(account, "Totp"))

    def test_starttls_where_the_server_is_elsewhere(self):
        account = new_account()
        front = self.front("starttls")
        url = f"imap://{ELSEWHERE}:{front.port}"
        answer = self.ask(account, account.password, url=url, authorities=self.authority)
        self.assertEqual(answer, accepted(account, "Password"))
        self.assertEqual(front.heard, b"s STARTTLS\r\n")

    def test_a_certificate_of_nobody_we_know_or_for_another_name_gets_no_password(self):
        account = new_account()
        mark = support.server.syslog.mark()
        port = self.front("imaps").port
        self.assertRegex(self.ask(account, account.password, url=f"imaps://{ELSEWHERE}:{port}"),
                         r"^Err\(Unavailable\(.*certificate")
        self.assertRegex(self.ask(account, account.password, url=f"imaps://localhost:{port}", authorities=self.authority),
                         r"^Err\(Unavailable\(.*certificate")
        self.assertEqual(self.lines(mark), [])

    def test_a_server_elsewhere_without_tls_gets_no_password(self):
        account = new_account()
        for behaviour in ("refuse", "inject"):
            front = self.front(behaviour)
            answer = self.ask(account, account.password, url=f"imap://{ELSEWHERE}:{front.port}", authorities=self.authority)
            self.assertRegex(answer, r"^Err\(Unavailable\(", behaviour)
            self.assertEqual(front.heard, b"s STARTTLS\r\n", behaviour)


class Front:
    """A TLS server before Dovecot, at every address; what it heard without TLS is in `heard`."""

    def __init__(self, certificates, behind, behaviour):
        self.behind, self.behaviour, self.heard = behind, behaviour, b""
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(certificates / "server.pem", certificates / "server.key")
        self.listener = socket.create_server(("", 0))
        self.port = self.listener.getsockname()[1]
        self.thread = threading.Thread(target=self.serve, daemon=True)
        self.thread.start()

    def close(self):
        # Wakes accept(2).
        with contextlib.suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        self.thread.join(10)

    def serve(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            # A client that does not like our certificate hangs up.
            with client, contextlib.suppress(OSError):
                self.one(client)

    def one(self, client):
        client.settimeout(10)
        with socket.create_connection(("127.0.0.1", self.behind), 10) as server:
            if self.behaviour != "imaps":
                client.sendall(server.recv(4096))
                self.heard += client.recv(4096)
                if self.behaviour == "starttls":
                    client.sendall(b"s OK begin\r\n")
                elif self.behaviour == "refuse":
                    client.sendall(b"s NO not here\r\n")
                    self.heard += client.recv(4096)
                    return
                elif self.behaviour == "inject":
                    client.sendall(b"s OK begin\r\n+ \r\na OK injected\r\n")
                    self.heard += client.recv(4096)
                    return
            with self.context.wrap_socket(client, server_side=True) as client:
                there = threading.Thread(target=copy, args=(client, server), daemon=True)
                there.start()
                copy(server, client)
                there.join(10)


def copy(source, target):
    with contextlib.suppress(OSError):
        while data := source.recv(4096):
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)


def make_certificates(directory):
    """An authority, and a server's certificate of its; returns the authority's file."""
    directory.mkdir()
    new = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"]
    subject = ["-subj", "/CN=test", "-addext", f"subjectAltName=IP:{ELSEWHERE}"]
    for command in (
        ["req", "-x509", *new, "-keyout", "authority.key", "-out", "authority.pem", "-subj", "/CN=authority"],
        ["req", "-x509", *new, "-keyout", "server.key", "-out", "server.pem", *subject,
         "-CA", "authority.pem", "-CAkey", "authority.key", "-addext", "basicConstraints=critical,CA:FALSE"],
    ):
        subprocess.run(["openssl", *command], cwd=directory, check=True, capture_output=True)
    return directory / "authority.pem"


if __name__ == "__main__":
    # Inside the namespaces it is built already.
    if PROGRAM not in os.environ:
        os.environ[PROGRAM] = support.build_test("panel_imap")
    support.main()
