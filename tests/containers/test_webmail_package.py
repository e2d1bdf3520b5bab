#!/usr/bin/env python3
"""Debian's own Roundcube with our package, set up by step 5 of the guide in README.md, and a day of people at it."""

import functools
import json
import re
import secrets
import shutil
import time

import support  # first: it says where the others are
import states
from states import CHECKOUT, DOMAIN, PHP, WEB, State, add_person, guide, guided, mailkey, tls
from support import LabTest
from webmail_client import Webmail

TREES = [(suite, [*states.PACKAGES, *packages]) for suite, packages in WEB.items()]

CONFIG = "/etc/roundcube/config.inc.php"
COMPLAINTS = "/var/log/roundcube/complaints"
PLUGIN = "/usr/share/roundcube/plugins/mailkey"
FIELD = "_mailkey_code"
CREDENTIAL = r"^mks-[0-9a-hjkmnp-tv-z]{52}$"  # of a session
PREPEND = "/usr/local/lib/complaints.php"

NGINX = """
server {
    listen 443 ssl;
    ssl_certificate /etc/ssl/mail/cert.pem;
    ssl_certificate_key /etc/ssl/mail/key.pem;
    root /var/lib/roundcube/public_html;
    index index.php;
    location ~ \\.php$ {
        include snippets/fastcgi-php.conf;
        fastcgi_pass unix:/run/php/php-fpm.sock;
    }
}
"""


@functools.cache
def webmail(suite):
    """The server of the guide, with Roundcube as people have it before mailkey, and then our package by the guide."""
    state = guided(suite, WEB[suite])
    machine = state.machine("webmail")
    roundcube(machine, PHP[suite])
    for block in guide().blocks("5. The webmail")[1:]:
        machine.shell(block, directory=states.COPY)
    return State(machine.freeze(), state.people)


def roundcube(machine, php):
    """What Debian's package leaves to the administrator, and what the lab adds."""
    machine.write("/etc/nginx/sites-available/default", NGINX)
    machine.shell(f"echo \"\\$config['plugins'] = ['managesieve'];\" >>{CONFIG}")
    # A real server's certificate is from an authority that PHP knows.
    shutil.copy(states.authority() / "ca.pem", machine.root / "usr/local/share/ca-certificates/lab.crt")
    machine.run("update-ca-certificates")
    shutil.copy(CHECKOUT / "tests/containers/complaints.php", machine.root / PREPEND.lstrip("/"))
    # What the compiler says is said again when a file comes from the cache; a changed file counts at once.
    machine.write(f"/etc/php/{php}/fpm/conf.d/99-lab.ini", f"auto_prepend_file = {PREPEND}\nerror_reporting = E_ALL\n"
                                                           "opcache.record_warnings = 1\nopcache.revalidate_freq = 0\n")
    machine.run("systemctl", "restart", "nginx", f"php{php}-fpm")


class WebmailTest(LabTest):
    def webmail(self):
        """A browser that knows nothing yet."""
        return Webmail(self.server.address, tls())

    def person(self, **options):
        return add_person(self.server, f"{secrets.token_hex(4)}@{DOMAIN}", **options)

    def signed_in(self, person):
        """A browser in which that person is signed in."""
        browser = self.webmail()
        page = browser.sign_in(person.address, person.password, person.phone and person.phone.code())
        self.assertTrue(page.is_mailbox, f"{page}\n{self.logs()}")
        return browser

    def sessions(self, person):
        return mailkey(self.server, "session", "list", person.address)

    def attempts_of(self, person):
        """What mailkey has logged about that person."""
        return [line.fields for line in support.attempts(self.server) if line.fields.get("user") == person.address]

    def held(self):
        """What Roundcube has in its table of sessions: username, decrypted password, and all there is."""
        script = (CHECKOUT / "tests/webmail/held.php").read_text()
        return json.loads(self.server.run("php", "--", "/var/lib/roundcube", user="www-data", input=script).stdout)

    def held_for(self, person):
        return [row for row in self.held() if row["username"] == person.address]

    def logs(self):
        return self.server.shell("tail -n 20 /var/log/roundcube/errors* /var/log/nginx/error.log /var/log/php*.log || true; "
                                 "journalctl --no-pager -o cat | tail -n 30").stdout


class OnTheWebmail(WebmailTest):
    """The tests share a machine, and each has people of its own."""

    @classmethod
    def setUpClass(cls):
        cls.server = webmail(cls.suite).machine()
        cls.addClassCleanup(cls.server.remove)

    # --- Who gets in ------------------------------------------------------------------------------------

    def test_password_and_code_open_the_mailbox_and_the_next_pages_stay_signed_in(self):
        person = self.person(totp=True)
        browser = self.signed_in(person)
        self.assertEqual(browser.subjects(), {})
        for query in ({"task": "mail"}, {"task": "settings", "action": "preferences"},
                      {"task": "settings", "action": "identities"}, {"task": "mail", "action": "compose"},
                      {"task": "settings", "action": "folders"}, {"task": "addressbook"}, {"task": "mail"}):
            with self.subTest(query):
                page = browser.get(**query)
                self.assertEqual(page.status, 200, page)
                self.assertFalse(page.is_sign_in_form, f"{page}\n{self.logs()}")
        made, *more = self.attempts_of(person)
        self.assertEqual((made["result"], made["operation"], made["method"]), ("accepted", "session_open", "totp"))
        self.assertTrue(more)
        self.assertEqual({(line["result"], line["method"], line["service"]) for line in more},
                         {("accepted", "session", "mailkey-webmail")})

    def test_a_recovery_code_opens_the_mailbox_and_the_person_is_told_that_it_is_used_up(self):
        person = self.person(totp=True)
        browser = self.webmail()
        page = browser.sign_in(person.address, person.password, person.recovery_codes[0])
        self.assertTrue(page.is_mailbox, page)
        self.assertIn("mailkey_notice", page.text)
        self.assertTrue(self.webmail().sign_in(person.address, person.password, person.recovery_codes[0]).is_sign_in_form)

    def test_an_account_without_2fa_signs_in_with_the_password_alone(self):
        person = self.person()
        browser = self.signed_in(person)
        self.assertTrue(browser.get(task="mail").is_mailbox)
        self.assertEqual(len(self.sessions(person)), 1)
        self.assertRegex(self.held_for(person)[0]["password"], CREDENTIAL)

    def test_a_wrong_code_is_refused(self):
        person = self.person(totp=True)
        wrong = f"{(int(person.phone.code()) + 1) % 1000000:06}"
        page = self.webmail().sign_in(person.address, person.password, wrong)
        self.assertTrue(page.is_sign_in_form)
        self.assertEqual(page.status, 401)
        self.assertIn("Login failed", page.text)
        self.assertEqual([line["reason"] for line in self.attempts_of(person)], ["wrong_code"])
        self.assertEqual(self.sessions(person), [])

    def test_the_password_without_a_code_and_an_app_password_are_refused(self):
        person = self.person(totp=True)
        for password in (person.password, person.app_password):
            self.assertTrue(self.webmail().sign_in(person.address, password).is_sign_in_form)
        self.assertEqual({line["result"] for line in self.attempts_of(person)}, {"refused"})

    def test_a_code_opens_once(self):
        person = self.person(totp=True)
        code = person.phone.code()
        self.assertTrue(self.webmail().sign_in(person.address, person.password, code).is_mailbox)
        self.assertTrue(self.webmail().sign_in(person.address, person.password, code).is_sign_in_form)
        self.assertEqual(self.attempts_of(person)[-1]["reason"], "code_used")

    # --- Mail and filters -------------------------------------------------------------------------------

    def test_a_message_is_sent_and_arrives_and_is_read(self):
        person = self.person(totp=True)
        browser = self.signed_in(person)
        subject = f"Minutes {secrets.token_hex(4)}"
        page = browser.send(person.address, subject, "We met and parted.")
        self.assertIn("sent_successfully", page.text, f"{page}\n{self.logs()}")
        uid = self.wait_for(browser, subject)
        self.assertIn("We met and parted.", browser.get(task="mail", action="show", mbox="INBOX", uid=uid).text)
        smtp = [line for line in self.attempts_of(person) if line["protocol"] == "smtp"]
        self.assertEqual([(line["result"], line["method"]) for line in smtp], [("accepted", "session")])

    def wait_for(self, browser, subject):
        """The number of the message with this subject, as soon as it is in the list."""
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            for uid, listed in browser.subjects().items():
                if listed == subject:
                    return uid
            time.sleep(0.2)
        self.fail(f"{subject!r} does not arrive:\n{self.logs()}")

    def test_a_filter_is_made_through_managesieve(self):
        person = self.person(totp=True)
        browser = self.signed_in(person)
        page = browser.add_filter("Keep everything")
        self.assertIn("Filter saved successfully", page.text, f"{page}\n{self.logs()}")
        self.assertIn("Keep everything", browser.filters().text)
        sieve = [line for line in self.attempts_of(person) if line["protocol"] == "sieve"]
        self.assertTrue(sieve)
        self.assertEqual({(line["result"], line["method"]) for line in sieve}, {("accepted", "session")})

    # --- The end of a session ---------------------------------------------------------------------------

    def test_sign_out_ends_the_session_and_what_was_kept_is_worthless(self):
        person = self.person(totp=True)
        browser = self.signed_in(person)
        self.assertEqual(len(self.sessions(person)), 1)
        [row] = self.held_for(person)
        self.assertTrue(browser.sign_out().is_sign_in_form)
        self.assertEqual(self.sessions(person), [])
        self.assert_refused(self.server, "webmail", person, row["password"], "session_ended")
        self.assertEqual(self.held_for(person), [])
        self.assertTrue(browser.get(task="mail").is_sign_in_form)

    def test_a_revoked_session_asks_to_sign_in_again_and_says_why(self):
        person = self.person(totp=True)
        browser = self.signed_in(person)
        mailkey(self.server, "session", "revoke", person.address, "--all")
        page = browser.get(task="mail")
        self.assertTrue(page.is_sign_in_form, page)
        self.assertIn("Your sign-in has ended", page.text)
        self.assertTrue(browser.sign_in(person.address, person.password, person.phone.code()).is_mailbox)

    # --- What is kept -----------------------------------------------------------------------------------

    def test_roundcube_keeps_a_session_credential_and_neither_the_password_nor_the_code(self):
        person = self.person(totp=True, password=f"Secret {secrets.token_hex(12)}")
        code = person.phone.code()
        browser = self.webmail()
        self.assertTrue(browser.sign_in(person.address, person.password, code).is_mailbox)
        self.webmail().sign_in(person.address, person.password, "000000")
        browser.send(person.address, "Hello", "Hello")
        [row] = self.held_for(person)
        self.assertRegex(row["password"], CREDENTIAL)
        self.assertNotIn(person.password, row["vars"])
        self.assertNotIn(row["password"], row["vars"])
        self.assertNotRegex(row["vars"], rf"(?<!\d){code}(?!\d)")
        for secret in (person.password, row["password"]):
            found = self.server.run("grep", "-rlF", secret, "/var/lib/roundcube", "/var/lib/dbconfig-common", "/var/lib/php",
                                    "/var/log", "/tmp", "/etc/roundcube", check=False)
            self.assertEqual((found.stdout, found.returncode), ("", 1), found.stderr)

    # --- PHP --------------------------------------------------------------------------------------------

    def test_php_has_nothing_to_complain_about_in_our_plugin(self):
        person = self.person(totp=True)
        browser = self.signed_in(person)
        browser.send(person.address, "Hello", "Hello")
        browser.filters()
        browser.get(task="settings", action="plugin.mailkey")
        browser.sign_out()
        self.webmail().sign_in(person.address, person.password, "000000")
        browser.sign_in(person.address, person.password, person.recovery_codes[0])
        mailkey(self.server, "session", "revoke", person.address, "--all")
        browser.get(task="mail")
        self.assertEqual(self.complaints_about_us(), [])
        logged = self.server.shell("cat /var/log/nginx/error.log /var/log/php*.log /var/log/roundcube/errors*").stdout
        self.assertEqual([line for line in logged.splitlines() if "plugins/mailkey" in line or "mailkey: " in line], [])

        # They would be seen.
        self.server.write(f"{PLUGIN}/try.php", "<?php\nfunction old(int $x = null) {}\necho $nothing;\necho strlen(null);\n")
        self.addCleanup((self.server.root / f"{PLUGIN}/try.php".lstrip("/")).unlink)
        self.addCleanup((self.server.root / COMPLAINTS.lstrip("/")).unlink)
        self.webmail().get("plugins/mailkey/try.php")
        said = [complaint["message"] for complaint in self.complaints_about_us()]
        wanted = ["Implicitly marking parameter"] if self.suite == "trixie" else []
        wanted += ["Undefined variable", "Passing null to parameter"]
        self.assertEqual(len(said), len(wanted), said)
        for part, message in zip(wanted, said):
            self.assertIn(part, message)

    def complaints_about_us(self):
        """What PHP said about our files, and about those of Roundcube in what we call there."""
        path = self.server.root / COMPLAINTS.lstrip("/")
        said = [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []
        return [one for one in said if any("plugins/mailkey" in file for file in [one["file"], *one["callers"]])]

    # --- Files ------------------------------------------------------------------------------------------

    def test_the_settings_in_etc_count(self):
        path = "/etc/roundcube/plugins/mailkey/config.inc.php"
        shipped = self.server.read(path)
        self.addCleanup(self.server.write, path, shipped)
        self.assertNotIn("panel.example.org", self.webmail().get().text)
        self.server.write(path, shipped + "$config['mailkey_panel_url'] = 'https://panel.example.org/';\n"
                                          "$config['mailkey_panel_on_login'] = true;\n")
        self.assertIn('href="https://panel.example.org/"', self.webmail().get().text)


class Removal(WebmailTest):
    def test_roundcube_goes_on_without_the_plugin_and_a_purge_leaves_nothing(self):
        self.server = webmail(self.suite).machine()
        self.addCleanup(self.server.remove)
        person = self.person()
        self.assertIn(FIELD, self.webmail().get().text)

        with self.subTest("removed, and still named in the configuration"):
            self.server.run("apt-get", "remove", "--yes", "roundcube-plugins-mailkey")
            self.server.run("systemctl", "restart", f"php{PHP[self.suite]}-fpm")
            self.works_without(person)
            self.assertIn("plugins/mailkey/mailkey.php", self.server.read("/var/log/roundcube/errors.log"))
        with self.subTest("taken out of the configuration"):
            self.server.run("sed", "-i", "/= 'mailkey';$/d", CONFIG)
            self.server.write("/var/log/roundcube/errors.log", "", mode=0o666)
            self.works_without(person)
            self.assertNotIn("mailkey", self.server.read("/var/log/roundcube/errors.log"))
        with self.subTest("purged"):
            self.server.run("apt-get", "purge", "--yes", "roundcube-plugins-mailkey")
            left = self.server.shell("find / -xdev '(' -path /proc -o -path /srv -o -path /sys ')' -prune "
                                     "-o -path '*roundcube*mailkey*' -print")
            self.assertEqual(left.stdout, "")
            self.works_without(person)

    def works_without(self, person):
        browser = self.signed_in(person)
        self.assertTrue(browser.get(task="mail").is_mailbox)
        self.assertIn("sent_successfully", browser.send(person.address, "Hello", "Hello").text)
        form = browser.sign_out()
        self.assertTrue(form.is_sign_in_form, form)
        self.assertNotIn(FIELD, form.text)


support.on_both(globals())

if __name__ == "__main__":
    support.main(TREES)
