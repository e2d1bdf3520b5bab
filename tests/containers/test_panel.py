#!/usr/bin/env python3
"""The panel from our package, under a booted systemd and behind nginx or Apache with TLS, set up by the guide in README.md."""

import functools
import plistlib
import re
import secrets
import shutil
import socket
import subprocess
import threading
import time
import urllib.parse

import support  # first: it says where the others are
import debs
import panel_client
import states
from account import STEP
from panel_client import Panel
from states import DOMAIN, WEB, State, add_person, guide, guided, installed, mailkey, run_step, stacked, tls
from support import LabTest

# The two web servers would want the same port of one machine. Apache on one release is enough: it hardly differs.
APACHE = ("apache2",)
WITH_APACHE = "trixie"
TREES = [*((suite, [*states.PACKAGES, *packages]) for suite, packages in WEB.items()), (WITH_APACHE, [*states.PACKAGES, *APACHE])]

SETTINGS = "/etc/mailkey/panel.toml"
EXAMPLES = "/usr/share/doc/mailkey-panel/examples"
CERTIFICATES = "/etc/letsencrypt/live/panel.example.org"
FORGED = {"X-Forwarded-For": "203.0.113.66", "Forwarded": "for=203.0.113.66", "X-Real-IP": "203.0.113.66"}
# What `systemd-analyze security` said about the unit when it was written, and a little more: Debian 13 asks more than 12.
EXPOSURE = 1.6


def certificates(machine):
    """As certbot leaves them; the lab's authority signs for the panel's name, too."""
    place = machine.root / CERTIFICATES.lstrip("/")
    place.mkdir(parents=True)
    shutil.copy(states.authority() / "cert.pem", place / "fullchain.pem")
    shutil.copy(states.authority() / "key.pem", place / "privkey.pem")


@functools.cache
def behind_nginx(suite):
    state = guided(suite, WEB[suite])
    machine = state.machine("panel")
    certificates(machine)
    run_step(machine, "The panel")
    return State(machine.freeze(), state.people)


@functools.cache
def behind_apache(suite):
    state = guided(suite, APACHE)
    machine = state.machine("panel")
    certificates(machine)
    for block in guide().blocks("The panel")[:2]:
        machine.shell(block, directory=states.COPY)
    run_step(machine, "Apache instead of nginx")
    return State(machine.freeze(), state.people)


@functools.cache
def before_system_users(suite):
    """Where pam_unix keeps the passwords, with the panel as its package and its first steps leave it."""
    state = stacked(suite, WEB[suite])
    machine = state.machine("panel")
    certificates(machine)
    run_step(machine, "The panel")
    machine.run("useradd", "--create-home", "carol")
    machine.run("chpasswd", input="carol:the system password of carol\n")
    return State(machine.freeze(), state.people)


def code_of(secret, later=0):
    """What an authenticator app shows, by a program of others; `later`: so many steps from now."""
    now = f"@{int(time.time()) + later * STEP}"
    return subprocess.run(["oathtool", "--totp", "--base32", f"--now={now}", secret], check=True, capture_output=True,
                          text=True).stdout.strip()


class PanelTest(LabTest):
    def browser(self, **options):
        """A browser that knows nothing yet."""
        return Panel(self.server.address, tls(), **options)

    def person(self, **options):
        return add_person(self.server, f"{secrets.token_hex(4)}@{DOMAIN}", **options)

    def unit(self, field):
        return self.server.run("systemctl", "show", "mailkey-panel", "--value", f"--property={field}").stdout.strip()

    def journal(self):
        return self.server.run("journalctl", "--no-pager", "-o", "cat", "-u", "mailkey-panel", "-n", "40").stdout

    def set(self, name, value):
        """Change a setting of the panel until the test ends, and restart it."""
        before = self.server.read(SETTINGS)
        changed = re.sub(rf"(?m)^#?{name} = .*", f"{name} = {value}", before, count=1)
        self.assertIn(f"\n{name} = {value}\n", changed)
        self.server.write(SETTINGS, changed)
        self.addCleanup(self.server.run, "systemctl", "restart", "mailkey-panel")
        self.addCleanup(self.server.write, SETTINGS, before)
        self.server.run("systemctl", "restart", "mailkey-panel")

    def sign_in(self, browser, person, code=None):
        """The page that follows password and, where it is asked for, code."""
        page = browser.submit(browser.get("/sign-in"), "/sign-in", name=person.address, password=person.password)
        if code is not None:
            self.assertEqual(page.path, f"{browser.base}/sign-in/code", f"{page}\n{self.journal()}")
            page = browser.submit(page, "/sign-in/code", code=code)
        return page

    def assert_signed_in(self, browser, page=None, name=None):
        page = page or browser.get("/")
        self.assertEqual((page.status, page.path.rstrip("/")), (200, browser.base), f"{page}\n{self.journal()}")
        self.assertTrue(any(path == f"{browser.base}/sign-out" for path, _ in page.forms), page)
        if name:
            self.assertIn(name, page.words)

    def signed_in(self, person, **options):
        """A browser in which that person, who has no 2FA, is signed in."""
        browser = self.browser(**options)
        self.assert_signed_in(browser, self.sign_in(browser, person), person.address)
        return browser

    def attempts_of(self, person):
        return [line.fields for line in support.attempts(self.server) if line.fields.get("user") == person.address]

    def wait_for_attempt(self, person):
        """The last line that mailkey has logged about that person; the journal has it a moment after the answer."""
        deadline = time.monotonic() + 5
        while not (lines := self.attempts_of(person)) and time.monotonic() < deadline:
            time.sleep(0.05)
        self.assertTrue(lines, f"nothing in the log about {person.address}:\n{self.journal()}")
        return lines[-1]

    def assert_address_is_the_clients(self, **options):
        """A sign-in from here is logged with our address, whatever we say that it is."""
        person = self.person()
        self.signed_in(person, headers=FORGED, **options)
        line = self.wait_for_attempt(person)
        self.assertEqual((line["rhost"], line["service"], line["result"]),
                         (support.machines.HOST, "mailkey-panel", "accepted"), line)

    def health(self):
        page = self.browser().get("/healthz")
        return page.status, page.text

    def wait_for_health(self, status):
        deadline = time.monotonic() + 30
        while (health := self.health())[0] != status and time.monotonic() < deadline:
            time.sleep(0.1)
        self.assertEqual(health[0], status, self.journal())
        return health[1]


class Before(PanelTest):
    """The package is installed, and nothing else was done."""

    def test_the_service_is_there_and_nobody_reaches_it(self):
        self.server = installed(self.suite).machine()
        self.addCleanup(self.server.remove)
        self.server.shell(guide().blocks("The panel")[0], directory=states.COPY)
        self.assertEqual(self.unit("ActiveState"), "active", self.journal())
        self.assertEqual(self.unit("UnitFileState"), "enabled")
        main = self.unit("MainPID")
        self.assertEqual(self.server.run("ps", "-o", "user:32=,group:32=,supgrp:64=", "-p", main).stdout.split(),
                         ["mailkey-panel", "mailkey-panel", "mailkey,mailkey-panel"])
        status = dict(line.split(":\t") for line in self.server.run("cat", f"/proc/{main}/status").stdout.splitlines())
        self.assertEqual({status[name].strip() for name in ("CapPrm", "CapEff", "CapBnd", "CapAmb")}, {"0" * 16})
        self.assertEqual((status["NoNewPrivs"].strip(), status["Seccomp"].strip()), ("1", "2"))
        listening = self.server.run("ss", "--no-header", "-ltnup").stdout
        self.assertEqual([line.split()[4] for line in listening.splitlines() if "mailkey-panel" in line or ":8110" in line],
                         ["127.0.0.1:8110"], listening)
        with self.assertRaises(ConnectionRefusedError):
            socket.create_connection((self.server.address, 8110), timeout=10)
        with self.server.inside():
            with socket.create_connection(("127.0.0.1", 8110), timeout=10) as connection:
                connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                self.assertTrue(connection.makefile("rb").read().endswith(b"ok\n"))
        self.assertEqual(self.server.run("systemctl", "--failed", "--no-legend").stdout, "")


class OnThePanel(PanelTest):
    """What the guide leads to; the tests share a machine, and each has people of its own."""

    @classmethod
    def setUpClass(cls):
        cls.server = behind_nginx(cls.suite).machine()
        cls.addClassCleanup(cls.server.remove)

    # --- Who gets in, and what people do ----------------------------------------------------------------

    def test_somebody_turns_2fa_on_makes_an_app_password_and_reads_mail_with_it(self):
        person = self.person(password=f"Secret {secrets.token_hex(12)}")
        browser = self.signed_in(person)

        page = browser.submit(browser.get("/two-factor"), "/two-factor/enrol", label="Phone")
        secret = re.search(r"[?&;]secret=([A-Z2-7]+)", page.text).group(1)
        page = browser.submit(page, "/two-factor/confirm", code=code_of(secret))
        recovery_codes = re.findall(r"\b\w{4}-\w{4}-\w{4}\b", page.words)
        self.assertEqual(len(recovery_codes), 10, f"{page}\n{self.journal()}")

        page = browser.submit(browser.get("/app-passwords/new"), "/app-passwords", name="My phone",
                              protocols=["imap", "smtp"], expires="never")
        app_password = page.element("app-password").strip()
        self.assertRegex(app_password, r"^(\w{4}-){4}\w{4}$")
        profile = plistlib.loads(browser.get(page.path.replace("/created", "/profile.mobileconfig")).text.encode())
        (account,) = [part for part in profile["PayloadContent"] if part["PayloadType"] == "com.apple.mail.managed"]
        self.assertEqual((account["IncomingMailServerHostName"], account["IncomingMailServerPortNumber"],
                          account["OutgoingMailServerPortNumber"]), (states.NAME, 993, 587), "the servers of the guide")
        person.app_password = app_password

        self.wait_for_attempt(person)
        self.assert_accepted(self.server, "imap", person, app_password, "app_password")
        self.assert_accepted(self.server, "smtp", person, app_password, "app_password")
        self.assert_refused(self.server, "imap", person, person.password, "app_password_required")
        self.assertIn("My phone", browser.get("/app-passwords").words)

        # From another browser: password, then code; and a recovery code does as well.
        other = self.browser()
        page = self.sign_in(other, person, code_of(secret, later=1))
        self.assert_signed_in(other, page, person.address)
        third = self.browser()
        self.assert_signed_in(third, self.sign_in(third, person, recovery_codes[0]), person.address)

        # What was secret is in no log.
        logged = self.server.shell("journalctl --no-pager -o cat; cat /var/log/nginx/*").stdout
        for word in (person.password, app_password, app_password.replace("-", ""), app_password[5:], secret, *recovery_codes):
            self.assertNotIn(word, logged)

    def test_the_password_alone_is_not_enough_where_2fa_is_on(self):
        person = self.person(totp=True)
        browser = self.browser()
        page = self.sign_in(browser, person)
        self.assertEqual(page.path, "/sign-in/code", page)
        for path in ("/", "/two-factor", "/app-passwords", "/app-passwords/new", "/activity", "/password"):
            self.assertEqual(browser.get(path).path, "/sign-in/code", path)
        line = self.wait_for_attempt(person)
        self.assertEqual((line["result"], line["reason"]), ("refused", "code_required"))

    def test_an_app_password_does_not_open_the_panel(self):
        person = self.person(totp=True)
        browser = self.browser()
        page = browser.submit(browser.get("/sign-in"), "/sign-in", name=person.address, password=person.app_password)
        self.assertEqual((page.path, page.status), ("/sign-in", 422), page)
        self.assertNotEqual(browser.get("/").path, "/")

    # --- What the web server passes on ------------------------------------------------------------------

    def test_the_address_in_the_log_is_the_visitors_whatever_the_visitor_says(self):
        self.assert_address_is_the_clients()

    def test_through_a_socket_file_it_is_so_too(self):
        nginx = "/etc/nginx/sites-available/mailkey-panel"
        before = self.server.read(nginx)
        self.addCleanup(self.server.run, "systemctl", "restart", "nginx")
        self.addCleanup(self.server.write, nginx, before)
        # As the comments of the examples say it.
        self.server.write(nginx, re.sub(r"(?m)^( *)proxy_pass http://127.*", "", before).replace("#proxy_pass", "proxy_pass"))
        self.server.run("adduser", "www-data", "mailkey-panel")
        self.set("listen", '"unix:/run/mailkey-panel/panel.sock"')
        self.server.run("systemctl", "restart", "nginx")
        self.assertEqual(self.health(), (200, "ok\n"), self.journal())
        self.assertEqual(self.server.run("stat", "-c", "%a %U %G", "/run/mailkey-panel/panel.sock").stdout,
                         "660 mailkey-panel mailkey-panel\n")
        self.assertNotIn(":8110", self.server.run("ss", "--no-header", "-ltn").stdout)
        self.assert_address_is_the_clients()

    def test_below_a_path_of_another_host_everything_is_there(self):
        self.server.shell(f"cp {EXAMPLES}/nginx/below-a-path.conf /etc/nginx/snippets/mailkey-panel.conf")
        self.server.write("/etc/nginx/sites-enabled/webmail", f"""
            server {{
                listen 443 ssl;
                server_name {states.NAME};
                ssl_certificate {CERTIFICATES}/fullchain.pem;
                ssl_certificate_key {CERTIFICATES}/privkey.pem;
                location ~ \\.css$ {{ return 410; }}
                include snippets/mailkey-panel.conf;
            }}""")
        self.addCleanup(self.server.shell, "rm /etc/nginx/sites-enabled/webmail && systemctl reload nginx")
        self.server.shell("nginx -t && systemctl restart nginx")
        self.set("url", f'"https://{states.NAME}/2fa/"')
        below = {"name": states.NAME, "base": "/2fa"}
        for path in ("", "/"):
            self.assertEqual(self.browser(**below).get(path).path, "/2fa/sign-in", path)
        person = self.person()
        browser = self.signed_in(person, **below)
        page = browser.get("/app-passwords")
        self.assertEqual(page.status, 200, page)
        (style, *_) = re.findall(r'<link[^>]*rel="?stylesheet"?[^>]*href="([^"]+)"', page.text)
        self.assertEqual(browser.get(style.removeprefix("/2fa")).status, 200, style)
        self.assert_address_is_the_clients(**below)

    def test_thunderbird_finds_the_mail_servers(self):
        self.server.shell(f"cp {EXAMPLES}/nginx/autoconfig.conf /etc/nginx/sites-enabled/mailkey-autoconfig && "
                          "nginx -t && systemctl restart nginx")
        self.addCleanup(self.server.shell, "rm /etc/nginx/sites-enabled/mailkey-autoconfig && systemctl reload nginx")
        browser = self.browser(name=f"autoconfig.{DOMAIN}")
        page = browser.get(f"/mail/config-v1.1.xml?emailaddress={urllib.parse.quote('alice@' + DOMAIN)}")
        self.assertEqual((page.status, page.headers.get_content_type()), (200, "text/xml"), page)
        for words in ('<incomingServer type="imap">', f"<hostname>{states.NAME}</hostname>", "<port>993</port>", "<port>587</port>"):
            self.assertIn(words, page.text)
        self.assertEqual(browser.get("/sign-in").status, 404)

    def test_a_visitor_without_tls_is_sent_to_tls_and_browsers_are_told_to_come_with_it(self):
        with socket.create_connection((self.server.address, 80), timeout=10) as connection:
            connection.sendall(f"GET /two-factor HTTP/1.1\r\nHost: {panel_client.NAME}\r\nConnection: close\r\n\r\n".encode())
            self.assertIn(b"\r\nLocation: https://panel.example.org/two-factor\r\n", connection.makefile("rb").read())
        headers = self.browser().get("/sign-in").headers
        self.assertIn("max-age", headers["Strict-Transport-Security"])
        self.assertIn("frame-ancestors 'none'", headers["Content-Security-Policy"])

    # --- The service ------------------------------------------------------------------------------------

    def test_a_restart_ends_no_session(self):
        browser = self.signed_in(self.person())
        main = self.unit("MainPID")
        self.server.run("systemctl", "stop", "mailkey-panel")
        self.assertEqual(browser.get("/").status, 502, "nginx alone")
        self.server.run("systemctl", "start", "mailkey-panel")
        self.assertNotEqual(self.unit("MainPID"), main)
        self.assert_signed_in(browser)

    def test_whoever_is_being_served_is_served_when_the_service_stops(self):
        browser = self.browser()
        form = browser.get("/sign-in")
        answers = []

        def ask():
            answers.append(browser.submit(form, "/sign-in", name=f"nobody@{DOMAIN}", password="wrong"))

        self.addCleanup(self.server.run, "systemctl", "start", "mailkey-panel")
        visitor = threading.Thread(target=ask)
        visitor.start()
        time.sleep(0.3)  # a wrong password takes a second to be told
        self.assertEqual(answers, [], "the test would show nothing")
        began = time.monotonic()
        self.server.run("systemctl", "stop", "mailkey-panel")
        took = time.monotonic() - began
        visitor.join()
        self.assertEqual([page.status for page in answers], [422], f"{answers}\n{self.journal()}")
        self.assertLess(took, 15)
        self.assertEqual((self.unit("ActiveState"), self.unit("Result")), ("inactive", "success"))

    def test_a_reload_keeps_the_process(self):
        main = self.unit("MainPID")
        self.server.run("systemctl", "reload", "mailkey-panel")
        self.assertEqual(self.health(), (200, "ok\n"))
        self.assertEqual(self.unit("MainPID"), main)

    def test_while_the_database_is_away_it_says_so_and_comes_back_by_itself(self):
        browser = self.signed_in(self.person())
        self.assertEqual(self.health(), (200, "ok\n"))
        self.server.shell("mkdir /var/lib/mailkey/away && mv /var/lib/mailkey/mailkey.db* /var/lib/mailkey/away/")
        try:
            self.wait_for_health(503)
            self.assertEqual(browser.get("/").status, 503)
            self.assertEqual(self.server.shell("ls /var/lib/mailkey/mailkey.db* 2>/dev/null || true").stdout, "",
                             "nobody makes an empty one")
        finally:
            self.server.shell("mv /var/lib/mailkey/away/* /var/lib/mailkey/ && rmdir /var/lib/mailkey/away")
        self.wait_for_health(200)
        self.assert_signed_in(browser)

    def test_a_process_that_dies_is_started_again(self):
        browser = self.signed_in(self.person())
        main = self.unit("MainPID")
        self.server.run("kill", "-9", main)
        deadline = time.monotonic() + 30
        while self.unit("MainPID") in (main, "0") and time.monotonic() < deadline:
            time.sleep(0.2)
        self.wait_for_health(200)
        self.assert_signed_in(browser)

    def test_the_sandbox_is_tight_and_what_it_must_not_touch_is_out_of_reach(self):
        said = self.server.run("systemd-analyze", "security", "--no-pager", "mailkey-panel").stdout
        exposure = float(re.search(r"exposure level for mailkey-panel.service: ([\d.]+)", said).group(1))
        print(f"systemd-analyze security mailkey-panel on {self.suite}: {exposure}")
        self.assertLessEqual(exposure, EXPOSURE, said)
        main = self.unit("MainPID")
        for path in ("/etc/mailkey/mark", "/usr/mark", "/var/lib/mark", "/home/mark"):
            with self.subTest(path):
                touched = self.server.run("nsenter", "-t", main, "-m", "touch", path, check=False)
                self.assertIn("Read-only file system", touched.stderr)
        # As its user, in its namespaces, with its groups: what it may do, and the least that others would want.
        as_panel = ("nsenter", "-t", main, "-m", "setpriv", "--reuid=mailkey-panel", "--regid=mailkey-panel", "--groups=mailkey")
        self.server.run(*as_panel, "touch", "/var/lib/mailkey/mark")
        self.server.run(*as_panel, "rm", "/var/lib/mailkey/mark")
        for path in ("/run", "/var/vmail", "/etc/shadow", f"{CERTIFICATES}/privkey.pem", "/var/lib/mailkey-recipients/recipients.db"):
            with self.subTest(path):
                written = self.server.run(*as_panel, "test", "-w", path, check=False)
                self.assertEqual(written.returncode, 1)
        self.assertEqual(self.server.run(*as_panel, "cat", "/etc/shadow", check=False).returncode, 1)


class AfterTheGuide(PanelTest):
    def setUp(self):
        self.server = behind_nginx(self.suite).machine()
        self.addCleanup(self.server.remove)

    def test_an_ordinary_day_leaves_no_complaint_in_the_journal(self):
        person = self.person(totp=True)
        browser = self.browser()
        self.assert_signed_in(browser, self.sign_in(browser, person, person.phone.code()))
        for path in ("/two-factor", "/app-passwords", "/app-passwords/new", "/password", "/activity", "/nothing"):
            browser.get(path)
        self.server.run("systemctl", "restart", "mailkey-panel")
        # What it says itself: the module's lines about sign-ins come another way.
        own = ("journalctl", "--no-pager", "-o", "cat", "_SYSTEMD_UNIT=mailkey-panel.service", "_TRANSPORT=stdout")
        self.assertIn("listens on 127.0.0.1:8110", self.server.run(*own).stdout)
        self.assertEqual(self.server.run(*own, "-p", "warning").stdout, "")

    def test_after_a_boot_it_is_there_again(self):
        browser = self.signed_in(self.person())
        self.server.cut_power()
        self.server.boot()
        self.wait_for_health(200)
        self.assert_signed_in(browser)
        self.assertEqual(self.server.run("systemctl", "--failed", "--no-legend").stdout, "")

    def test_an_upgrade_restarts_it_and_keeps_sessions_and_what_the_administrator_changed(self):
        browser = self.signed_in(self.person())
        settings, main = self.server.read(SETTINGS), self.unit("MainPID")
        debs.make_next(states.DEBS, self.server.root / "srv/next", ("mailkey", "libpam-mailkey", "mailkey-panel"))
        # As unattended-upgrades does; at a terminal dpkg asks.
        self.server.shell("apt-get install --yes -o Dpkg::Options::=--force-confold /srv/next/*.deb")
        self.assertEqual(self.server.run("dpkg-query", "-W", "-f", "${Version} ${db:Status-Abbrev}", "mailkey-panel").stdout,
                         f"{debs.NEXT} ii ")
        self.assertEqual(self.server.read(SETTINGS), settings)
        self.assertTrue(self.server.read(f"{SETTINGS}.dpkg-dist").startswith(debs.NEW_LINE))
        self.assertEqual(self.unit("ActiveState"), "active", self.journal())
        self.assertNotEqual(self.unit("MainPID"), main)
        self.assert_signed_in(browser)
        self.signed_in(self.person())

    def test_removed_it_is_gone_and_a_purge_leaves_nothing(self):
        self.server.run("apt-get", "remove", "--yes", "mailkey-panel")
        self.assertEqual(self.unit("ActiveState"), "inactive")
        self.assertNotIn(":8110", self.server.run("ss", "--no-header", "-ltn").stdout)
        self.assertEqual(self.server.run("pgrep", "-u", "mailkey-panel", check=False).stdout, "")
        self.server.run("apt-get", "purge", "--yes", "mailkey-panel")
        left = self.server.shell("find / -xdev '(' -path /proc -o -path /srv -o -path /sys -o -path /etc/nginx ')' -prune "
                                 "-o -path '*mailkey-panel*' -print -o -name panel.toml -print").stdout.split()
        self.assertEqual([path for path in left if path != "/etc/pam.d/mailkey-panel"], [])
        alice = self.server.people["alice"]
        self.assert_accepted(self.server, "imap", alice, alice.app_password)


class SystemUsers(PanelTest):
    """pam_unix between our lines."""

    @classmethod
    def setUpClass(cls):
        cls.server = before_system_users(cls.suite).machine()
        cls.addClassCleanup(cls.server.remove)

    def test_by_way_of_the_mail_server_they_sign_in(self):
        carol = states.Person("carol", "the system password of carol")

        # pam_unix lets only root check: nobody gets in, and the log says what is the matter.
        page = self.sign_in(self.browser(), carol)
        self.assertEqual(page.path, "/sign-in", page)
        self.assertNotEqual(page.status, 200)

        run_step(self.server, "Passwords that only root may check")
        browser = self.browser()
        self.assert_signed_in(browser, self.sign_in(browser, carol), "carol")
        wrong = self.browser()
        page = wrong.submit(wrong.get("/sign-in"), "/sign-in", name="carol", password="wrong")
        self.assertEqual((page.path, page.status), ("/sign-in", 422), page)

        # bob has 2FA: the field for his code is on the same page.
        bob = self.server.people["bob"]
        other = self.browser()
        page = other.submit(other.get("/sign-in"), "/sign-in", name="bob", password=bob.password, code="")
        self.assertEqual(page.path, "/sign-in", page)
        page = other.submit(other.get("/sign-in"), "/sign-in", name="bob", password=bob.password, code=bob.phone.code())
        self.assert_signed_in(other, page, "bob")

        # carol turns it on, and her mail app gets a password of its own.
        page = browser.submit(browser.get("/two-factor"), "/two-factor/enrol", label="Phone")
        secret = re.search(r"[?&;]secret=([A-Z2-7]+)", page.text).group(1)
        browser.submit(page, "/two-factor/confirm", code=code_of(secret))
        page = browser.submit(browser.get("/app-passwords/new"), "/app-passwords", name="Phone", protocols=["imap"],
                              expires="never")
        self.assert_accepted(self.server, "imap", carol, page.element("app-password").strip(), "app_password")
        self.assert_refused(self.server, "imap", carol, carol.password, "app_password_required")


class Apache(PanelTest):
    """The same behind Apache."""

    @classmethod
    def setUpClass(cls):
        if cls.suite != WITH_APACHE:
            return
        cls.server = behind_apache(cls.suite).machine()
        cls.addClassCleanup(cls.server.remove)

    def test_people_sign_in_and_the_address_in_the_log_is_theirs(self):
        self.assertEqual(self.health(), (200, "ok\n"), self.journal())
        self.assert_address_is_the_clients()


support.on_both(globals())
# Apache was installed on one of them.
for name in [name for name, tests in globals().items() if name.endswith("Apache") and tests.suite != WITH_APACHE]:
    del globals()[name]

if __name__ == "__main__":
    support.main(TREES)
