#!/usr/bin/python3 -B
"""App passwords keep to their limits, and what the command changes counts at the very next login."""

import os
import unittest

import support
from support import DaemonTest, new_account

IPV6 = os.path.exists("/proc/sys/net/ipv6") and open("/proc/sys/net/ipv6/conf/all/disable_ipv6").read().strip() == "0"


def setUpModule():
    support.start(saslauthd=True, ipv6=IPV6)


def tearDownModule():
    support.stop()


class ProtocolLimits(DaemonTest):
    def test_an_app_password_for_imap_opens_imap_only(self):
        account = new_account(totp=True)
        app = account.app_password(protocols=["imap"])["password"]
        self.assert_accepted("imap", account, app)
        for part in ("pop3", "sieve", "submission", "smtp", "smtp-saslauthd"):
            with self.subTest(part=part):
                self.assert_refused(part, account, app, "protocol_not_allowed")

    def test_an_app_password_for_smtp_opens_every_way_to_send(self):
        account = new_account(totp=True)
        app = account.app_password(protocols=["smtp"])["password"]
        for part in ("submission", "smtp", "smtp-saslauthd"):
            with self.subTest(part=part):
                self.assert_accepted(part, account, app)
        self.assert_refused("imap", account, app, "protocol_not_allowed")

    def test_an_app_password_may_have_several_protocols(self):
        account = new_account(totp=True)
        app = account.app_password(protocols=["pop3", "sieve"])["password"]
        self.assert_accepted("pop3", account, app)
        self.assert_accepted("sieve", account, app)
        self.assert_refused("imap", account, app, "protocol_not_allowed")


class NetworkLimits(DaemonTest):
    def test_an_app_password_opens_from_its_network(self):
        account = new_account(totp=True)
        app = account.app_password(networks=["127.0.0.0/8"])["password"]
        for part in ("imap", "pop3", "sieve", "submission", "smtp"):
            with self.subTest(part=part):
                self.assert_accepted(part, account, app)

    def test_an_app_password_is_refused_from_elsewhere(self):
        account = new_account(totp=True)
        app = account.app_password(networks=["192.0.2.0/24"])["password"]
        for part in ("imap", "pop3", "sieve", "submission", "smtp"):
            with self.subTest(part=part):
                self.assert_refused(part, account, app, "network_not_allowed")

    def test_the_edge_of_a_network_is_exact(self):
        account = new_account(totp=True)
        app = account.app_password(networks=["127.0.1.0/25", "192.0.2.1/32"])["password"]
        self.assert_accepted("imap", account, app, source="127.0.1.127")
        self.assert_refused("imap", account, app, "network_not_allowed", source="127.0.1.128")
        self.assert_refused("imap", account, app, "network_not_allowed", source="127.0.0.1")

    def test_saslauthd_knows_no_address_so_a_limited_app_password_is_refused_there(self):
        account = new_account(totp=True)
        app = account.app_password(networks=["0.0.0.0/0", "::/0"])["password"]
        self.assert_refused("smtp-saslauthd", account, app, "network_not_allowed")
        self.assert_accepted("smtp", account, app)

    @unittest.skipUnless(IPV6, "this machine has no IPv6")
    def test_an_ipv6_network_is_kept_to(self):
        account = new_account(totp=True)
        app = account.app_password(networks=["::1/128"])["password"]
        self.assert_accepted("imap", account, app, host="::1")
        self.assert_refused("imap", account, app, "network_not_allowed")


class Expiry(DaemonTest):
    def test_an_app_password_with_a_future_end_opens(self):
        account = new_account(totp=True)
        self.assert_accepted("imap", account, account.app_password(expires="90d")["password"])


class ChangesCountAtOnce(DaemonTest):
    """Each test signs in before the change, so that a worker that knew the old state answers after it."""

    def test_a_revoked_app_password_is_refused(self):
        account = new_account(totp=True)
        app, other = account.app_password(), account.app_password()
        for part in ("imap", "smtp", "smtp-saslauthd"):
            self.assert_accepted(part, account, app["password"])
        support.mailkey.run("app-password", "revoke", account.address, app["id"])
        for part in ("imap", "pop3", "sieve", "submission", "smtp", "smtp-saslauthd"):
            with self.subTest(part=part):
                self.assert_refused(part, account, app["password"], "app_password_revoked")
        self.assert_accepted("imap", account, other["password"])

    def test_revoking_all_app_passwords_ends_all_of_them(self):
        account = new_account(totp=True)
        apps = [account.app_password()["password"] for _ in range(3)]
        for app in apps:
            self.assert_accepted("imap", account, app)
        support.mailkey.run("app-password", "revoke", account.address, "--all")
        for app in apps:
            self.assert_refused("imap", account, app, "app_password_revoked")

    def test_a_new_account_opens(self):
        self.assert_refused("imap", "newcomer@example.test", "the password of it", "unknown_account")
        support.mailkey.add_user("newcomer@example.test", "the password of it")
        self.assert_accepted("imap", "newcomer@example.test", "the password of it")

    def test_a_disabled_account_is_refused_everywhere_and_opens_again_when_enabled(self):
        account = new_account(totp=True)
        app = account.app_password()["password"]
        self.assert_accepted("imap", account, app)
        support.mailkey.run("user", "disable", account.address)
        self.assert_refused("imap", account, app, "account_disabled")
        self.assert_refused("smtp-saslauthd", account, app, "account_disabled")
        self.assert_refused("webmail", account, account.password + account.phone.code(), "account_disabled")
        support.mailkey.run("user", "enable", account.address)
        self.assert_accepted("imap", account, app)

    def test_a_removed_account_is_unknown_and_its_name_made_again_inherits_nothing(self):
        account = new_account(totp=True)
        app = account.app_password()["password"]
        self.assert_accepted("imap", account, app)
        support.mailkey.run("user", "remove", account.address, "--yes")
        self.assert_refused("imap", account, app)
        support.mailkey.add_user(account.address, "another password")
        self.assert_refused("imap", account, app)
        self.assert_accepted("imap", account, "another password")

    def test_a_changed_password_replaces_the_old_one(self):
        account = new_account()
        self.assert_accepted("imap", account, account.password)
        support.mailkey.run("user", "passwd", account.address, "--password-stdin", input="a new password\n")
        self.assert_refused("imap", account, account.password, "wrong_password")
        self.assert_accepted("imap", account, "a new password")

    def test_two_factor_sign_in_counts_from_the_moment_it_is_confirmed(self):
        account = new_account()
        self.assert_accepted("imap", account, account.password)
        pending = support.mailkey.json("totp", "enroll", account.address)
        self.assert_accepted("imap", account, account.password)  # pending is not on
        phone = support.Phone(pending["secret"])
        support.mailkey.run("totp", "confirm", account.address, "--json", input=phone.code() + "\n")
        self.assert_refused("imap", account, account.password, "app_password_required")

    def test_turning_two_factor_sign_in_off_lets_the_password_in_again(self):
        account = new_account(totp=True)
        self.assert_refused("imap", account, account.password, "app_password_required")
        support.mailkey.run("totp", "disable", account.address)
        self.assert_accepted("imap", account, account.password)
        self.assert_accepted("webmail", account, account.password)

    def test_last_use_is_shown_after_a_login(self):
        account = new_account(totp=True)
        app = account.app_password()
        self.assertIsNone(self.entry(account, app)["last_used_at"])
        self.assert_accepted("imap", account, app["password"])
        self.assertIsNotNone(self.entry(account, app)["last_used_at"])

    def entry(self, account, app):
        [entry] = [entry for entry in support.mailkey.json("app-password", "list", account.address)
                   if entry["id"] == app["id"]]
        return entry


class WebmailHosts(DaemonTest):
    """webmail_hosts in the config: an address that is a webmail's, without a second port."""

    WEBMAIL = "127.0.7.7"

    @classmethod
    def setUpClass(cls):
        cls.config = support.directory / "mailkey.toml"
        cls.before = cls.config.read_text()
        lines = [line for line in cls.before.splitlines() if not line.startswith("webmail_hosts")]
        replace(cls.config, "\n".join([f'webmail_hosts = ["{cls.WEBMAIL}"]', *lines, ""]))

    @classmethod
    def tearDownClass(cls):
        replace(cls.config, cls.before)

    def test_imap_from_a_webmail_host_takes_password_and_code(self):
        account = new_account(totp=True)
        credential = account.password + account.phone.code()
        fields = self.assert_accepted("imap", account, credential, source=self.WEBMAIL)
        self.assertEqual(fields["mode"], "webmail")
        self.assert_refused("imap", account, credential, "code_used", source=self.WEBMAIL)

    def test_imap_from_a_webmail_host_refuses_an_app_password(self):
        account = new_account(totp=True)
        app = account.app_password()["password"]
        self.assert_refused("imap", account, app, "app_password_not_allowed_here", source=self.WEBMAIL)

    def test_imap_from_any_other_address_is_a_mail_program(self):
        account = new_account(totp=True)
        self.assert_refused("imap", account, account.password, "app_password_required", source="127.0.7.8")
        self.assert_accepted("imap", account, account.app_password()["password"], source="127.0.7.8")

    def test_only_imap_becomes_webmail_by_address(self):
        account = new_account(totp=True)
        fields = self.assert_accepted("sieve", account, account.app_password()["password"], source=self.WEBMAIL)
        self.assertEqual(fields["mode"], "client")

    def test_without_an_address_nobody_is_webmail(self):
        account = new_account(totp=True)
        self.assert_refused("smtp-saslauthd", account, account.password + account.phone.code())


def replace(path, text):
    """Replace a file in one step, owner and mode as before."""
    draft = path.with_suffix(".new")
    draft.write_text(text)
    status = path.stat()
    os.chown(draft, status.st_uid, status.st_gid)
    draft.chmod(status.st_mode & 0o7777)
    draft.rename(path)


if __name__ == "__main__":
    support.main()
