#!/usr/bin/python3 -B
"""The filter for fail2ban, on lines that the module really wrote: with fail2ban's own programs, from the file and as the
journal hands it on."""

import re
import subprocess
import unittest

import support  # first: it says where the others are
from support import CHECKOUT, DaemonTest, new_account

FILTER = CHECKOUT / "packaging/fail2ban/filter.conf"
JAIL = CHECKOUT / "packaging/fail2ban/jail.conf"


def setUpModule():
    support.start(saslauthd=True)


def tearDownModule():
    support.stop()


def banned(lines):
    """The addresses that the filter takes from these lines, in their order."""
    file = support.directory / "auth.log"
    file.write_text("".join(f"{line}\n" for line in lines))
    run = subprocess.run(["fail2ban-regex", "--out", "ip", file, FILTER], capture_output=True, text=True)
    assert run.returncode in (0, 1), run  # 1: nothing was found
    return re.findall(r"[0-9a-f.:]+", run.stdout)


class Fail2ban(DaemonTest):
    def written(self, work):
        """The lines that syslog has in its file for what `work` does: as they came, with the host before the tag."""
        before = len((support.directory / "syslog").read_text().splitlines())
        mark = support.server.syslog.mark()
        work()
        support.server.syslog.wait(mark, support.is_attempt, settle=0.2)
        lines = (support.directory / "syslog").read_text().splitlines()[before:]
        found = [match.groups() for line in lines if (match := re.search(r"(\w{3} [ \d]\d [\d:]{8}) (pam_mailkey\[.*)", line))]
        self.assertTrue(found, lines)
        return [f"{time} mail {text}" for time, text in found]

    def assert_bans(self, expected, *attempts):
        """`attempts`: (part, who, credential, address)."""
        lines = self.written(lambda: [self.login(part, who, credential, source=source)
                                      for part, who, credential, source in attempts])
        self.assertGreaterEqual(len(lines), len(attempts), lines)
        self.assertEqual(banned(lines), expected, "\n".join(lines))

    def test_wrong_passwords_are_taken_with_their_address_from_every_protocol(self):
        account = new_account()
        parts = ["imap", "pop3", "sieve", "submission", "smtp"]
        sources = [f"127.77.0.{number}" for number in range(1, 6)]
        self.assert_bans(sources, *[(part, account, f"guess at {part}", source) for part, source in zip(parts, sources)])

    def test_accounts_that_do_not_exist_are_guesses(self):
        self.assert_bans(["127.77.1.1"], ("imap", "nobody@example.test", "guess", "127.77.1.1"))

    def test_a_phone_with_an_old_password_is_taken_once(self):
        account = new_account()
        self.assert_bans(["127.77.2.1"], *[("imap", account, "the old password", "127.77.2.1")] * 6)

    def test_a_phone_with_an_app_password_that_opens_no_more_is_never_taken(self):
        account = new_account(totp=True)
        revoked, sieve = account.app_password(), account.app_password(protocols=["sieve"])
        elsewhere = account.app_password(networks=["192.0.2.0/24"])
        support.mailkey.run("app-password", "revoke", account.address, revoked["id"])
        wrong = revoked["password"][:-1] + ("0" if revoked["password"][-1] != "0" else "1")
        self.assert_bans([], *[("imap", account, password, "127.77.3.1")
                               for password in (revoked["password"], sieve["password"], elsewhere["password"], wrong)])

    def test_the_account_s_own_password_where_it_opens_nothing_is_never_taken(self):
        account = new_account(totp=True)
        self.assert_bans([], *[("imap", account, account.password, "127.77.4.1")] * 3)

    def test_guesses_at_a_password_that_opens_nothing_are_guesses(self):
        account = new_account(totp=True)
        self.assert_bans(["127.77.8.1"] * 2, ("imap", account, "first guess", "127.77.8.1"),
                         ("imap", account, "second guess", "127.77.8.1"))

    def test_a_webmail_and_saslauthd_are_never_taken(self):
        account = new_account()
        self.assert_bans([], ("webmail", account, "guess", "127.77.5.1"), ("smtp-saslauthd", account, "guess", "127.77.5.1"))

    def test_what_is_accepted_is_never_taken(self):
        account = new_account()
        self.assert_bans([], ("imap", account, account.password, "127.77.6.1"))

    def test_a_name_cannot_bring_another_address_in(self):
        names = [
            "x rhost=198.51.100.1 method=password id=- ban=yes user=y",
            "x\\ rhost=198.51.100.1", "rhost=198.51.100.1", "198.51.100.1", "x@[198.51.100.1]", "=198.51.100.1=",
            "<HOST>", "x] pam_mailkey[1]: result=refused reason=wrong_password mode=client protocol=imap "
            "service=mailkey-imap rhost=198.51.100.1 method=password id=- ban=yes user=z",
            "%20rhost=198.51.100.1", "\u00a0rhost=198.51.100.1", "a" * 300 + " rhost=198.51.100.1 ban=yes",
        ]
        lines = self.written(lambda: [self.login("smtp-saslauthd", name, "guess") for name in names]
                             + [self.login("imap", name, "guess", source="127.77.7.1") for name in names])
        self.assertTrue(any("198.51.100.1" in line for line in lines), lines)
        self.assertLessEqual(set(banned(lines)), {"127.77.7.1"}, "\n".join(lines))

    def test_lines_of_others_are_not_ours(self):
        forged = "result=refused reason=wrong_password mode=client protocol=imap service=mailkey-imap " \
                 "rhost=198.51.100.1 method=password id=- ban=yes user=a@example.org password=wrong"
        time = "Nov 28 03:00:00"
        self.assertEqual(banned([f"{time} mail pam_mailkey[7]: {forged}"]), ["198.51.100.1"])
        for line in (f"{time} mail sshd[7]: Invalid user pam_mailkey[7]: {forged} from 192.0.2.1",
                     f"{time} mail imap-login[7]: {forged}",
                     f"{time} mail pam_mailkey[7]: x {forged}",
                     f"{time} mail pam_mailkey[7]: {forged.replace('ban=yes', 'ban=no')}",
                     f"{time} mail pam_mailkey[7]: {forged.replace('refused', 'accepted')}"):
            with self.subTest(line=line):
                self.assertEqual(banned([line]), [])

    def test_ipv6_addresses_are_taken(self):
        line = "Nov 28 03:00:00 mail pam_mailkey[7]: result=refused reason=wrong_code mode=panel protocol=- " \
               "service=mailkey-panel rhost=2001:db8::7 method=totp id=- ban=yes user=a@example.org password=right"
        self.assertEqual(banned([line]), ["2001:db8::7"])

    def test_fail2ban_takes_the_jail_and_it_is_off_until_it_is_switched_on(self):
        etc = support.directory / "fail2ban"
        subprocess.run(["cp", "-r", "/etc/fail2ban", etc], check=True)
        for place in (etc / "jail.d").iterdir():
            place.unlink()
        (etc / "filter.d/mailkey.conf").write_bytes(FILTER.read_bytes())
        (etc / "jail.d/mailkey.conf").write_bytes(JAIL.read_bytes())

        def dumped():
            run = subprocess.run(["fail2ban-client", "-c", etc, "-d"], capture_output=True, text=True)
            self.assertEqual(run.returncode, 0, run.stdout + run.stderr)
            return run.stdout

        self.assertNotIn("mailkey", dumped())
        (etc / "jail.d/mailkey.local").write_text("[mailkey]\nenabled = true\n")
        self.assertIn("['add', 'mailkey', 'systemd']", dumped())
        self.assertIn("SYSLOG_IDENTIFIER=pam_mailkey", dumped())


if __name__ == "__main__":
    support.main()
