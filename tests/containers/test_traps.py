#!/usr/bin/env python3
"""The traps around mailkey, each on a server set up by the guide and then changed as people do.

What the shipped configuration closes is shown closed. What cannot be closed from our side is shown open: those tests
have "open" in their name, and README.md names each of them under "Traps around us". A test of that kind that fails says
that the trap is gone, and the document may say so. `mailkey doctor` must name each trap on the machine that is in it.
"""

import contextlib
import imaplib
import json
import smtplib

import support  # first: it says where the others are
import states
from account import WebmailSession
from states import DOMAIN, EXAMPLES, add_person, guided, mailkey, stacked, tls
from support import LabTest

BOB = "bob"  # a system user, with two-factor sign-in
BOBS_PASSWORD = "the system password of bob"


class Trap(LabTest):
    """Each test has a machine of its own, as the guide leaves it."""

    def server(self, state=guided):
        server = state(self.suite).machine()
        self.addCleanup(server.remove)
        return server

    def dovecot(self, server, text):
        """Add to Dovecot's configuration, in a file that is read last."""
        server.write("/etc/dovecot/conf.d/99-trap.conf", text)
        server.run("systemctl", "restart", "dovecot")

    def doctor(self, server):
        """The ids of what `mailkey doctor` finds wrong. The clock is the host's, and so no matter of the machine."""
        run = server.run("mailkey", "doctor", "--json", check=False)
        report = json.loads(run.stdout)
        wrong = [finding for finding in report["findings"] if finding["severity"] in ("warning", "error")]
        self.assertTrue(all(finding["mend"] for finding in wrong), wrong)
        return {finding["id"] for finding in wrong} - {"clock_unsynchronised"}

    def assert_doctor_names(self, server, *ids):
        """Doctor names this trap, and nothing else."""
        self.assertEqual(self.doctor(server), set(ids))

    def open_and_revoke(self, server, part="imap"):
        """Somebody whose app password has just been used and then revoked."""
        alice = server.people["alice"]
        self.assert_accepted(server, part, alice, alice.app_password)
        mailkey(server, "app-password", "revoke", alice.address, alice.app_password[:4])
        return alice


class NoTrap(Trap):
    def test_doctor_finds_nothing_on_a_server_that_the_guide_made(self):
        for state in (guided, stacked):
            with self.subTest(state.__name__):
                self.assert_doctor_names(self.server(state))

    def test_doctor_says_what_it_looked_at(self):
        server = self.server()
        said = server.run("mailkey", "doctor", check=False).stdout
        for part in ("config", "database", "module", "dovecot", "postfix", "hook", "notices", "panel"):
            self.assertRegex(said, rf"(?m)^(ok|note) +{part}: ")


class Proof(Trap):
    """`mailkey doctor --prove`: real sign-ins with an account that is made for them."""

    def prove(self, server):
        report = json.loads(server.run("mailkey", "doctor", "--prove", "--json", check=False).stdout)
        return {finding["id"]: finding["what"] for finding in report["findings"] if finding["part"] == "proof"}

    def addresses(self, server):
        return [account["account"] for account in mailkey(server, "user", "list")]

    def test_two_factor_sign_in_is_proved_on_every_service_of_mail_apps_and_nothing_is_left_behind(self):
        server = self.server()
        before = self.addresses(server)
        seen = len(support.attempts(server))
        proved = self.prove(server)
        self.assertEqual(set(proved), {"proof"})
        for service in ("imap", "pop3", "sieve", "smtp"):
            self.assertIn(f"mailkey-{service}", proved["proof"])
        self.assertEqual(self.addresses(server), before)
        wanted = {"app_password_required", "", "wrong_app_password"}
        lines = support.attempts(server, seen)
        self.assertEqual({line.fields.get("reason", "").strip("-") for line in lines}, wanted, lines)

    def test_a_service_that_lets_the_password_in_is_found_by_trying(self):
        server = self.server()
        server.edit("/etc/pam.d/mailkey-imap", "auth     required", "auth     sufficient pam_permit.so\nauth     required")
        server.edit("/etc/pam.d/mailkey-imap", "account  required  pam_mailkey.so", "account  required  pam_permit.so")
        before = self.addresses(server)
        self.assertIn("proof_password_opens", self.prove(server))
        self.assertEqual(self.addresses(server), before)

    def test_where_another_module_keeps_the_passwords_it_says_that_nothing_can_be_proved(self):
        self.assertEqual(set(self.prove(self.server(stacked))), {"proof_stacked", "proof_nothing"})


class DovecotsCache(Trap):
    def test_a_revoked_app_password_is_refused_at_once_also_with_the_cache_on(self):
        server = self.server()
        self.dovecot(server, "auth_cache_size = 10M\n")
        alice = self.open_and_revoke(server)
        self.assert_refused(server, "imap", alice, alice.app_password, "app_password_revoked")
        self.assert_doctor_names(server)

    def test_a_used_code_is_refused_also_with_the_cache_on(self):
        server = self.server()
        self.dovecot(server, "auth_cache_size = 10M\n")
        alice = server.people["alice"]
        credential = alice.password + alice.phone.code()
        self.assert_accepted(server, "webmail", alice, credential)
        self.assert_refused(server, "webmail", alice, credential, "code_used")

    def test_open_when_somebody_lets_dovecot_cache_our_answers(self):
        server = self.server()
        if self.suite == "bookworm":
            server.edit("/etc/dovecot/conf.d/90-mailkey.conf", "args = max", "args = cache_key=%s%u max")
        else:
            server.edit("/etc/dovecot/conf.d/90-mailkey.conf", "use_cache = no", "use_cache = yes")
        self.dovecot(server, "auth_cache_size = 10M\n")
        alice = self.open_and_revoke(server)
        self.assertTrue(self.login(server, "imap", alice, alice.app_password).accepted)
        self.assert_doctor_names(server, "dovecot_auth_cache")


class TrustedNetworks(Trap):
    """login_trusted_networks lets a client say what its address is: IMAP ID with x-originating-ip."""

    FORGED = '("x-originating-ip" "127.0.0.1")'

    def imap_with_id(self, server, who, credential):
        """Sign in on the port of mail apps, after an ID command that claims to be the webmail on the server."""
        before = len(support.attempts(server))
        connection = imaplib.IMAP4_SSL(server.address, 993, ssl_context=tls())
        connection.xatom("ID", self.FORGED)
        try:
            connection.login(who.address, credential)
            accepted = True
        except imaplib.IMAP4.error:
            accepted = False
        connection.shutdown()
        lines = support.wait_for_attempts(server, before)
        self.assertEqual(len(lines), 1, lines)
        return accepted, lines[0].fields

    def test_what_a_client_says_of_its_address_counts_for_nothing(self):
        server = self.server()
        alice = server.people["alice"]
        accepted, fields = self.imap_with_id(server, alice, alice.password + alice.phone.code())
        self.assertFalse(accepted)
        self.assertEqual((fields["rhost"], fields["reason"]), (support.machines.HOST, "app_password_required"))

    def test_open_when_clients_are_trusted_to_name_their_address(self):
        server = self.server()
        alice = server.people["alice"]
        self.dovecot(server, "login_trusted_networks = 10.77.0.0/24\n")
        accepted, fields = self.imap_with_id(server, alice, alice.password + alice.phone.code())
        self.assertTrue(accepted, "password and code count as the webmail's on the port of mail apps")
        self.assertEqual((fields["rhost"], fields["mode"]), ("127.0.0.1", "webmail"))
        self.assert_doctor_names(server, "dovecot_trusted_networks")

    def test_the_ports_alone_stay_right_with_trusted_networks_when_webmail_hosts_is_empty(self):
        server = self.server()
        server.run("sed", "-i", "s/^webmail_hosts/#webmail_hosts/", "/etc/mailkey/mailkey.toml")
        self.dovecot(server, "login_trusted_networks = 10.77.0.0/24\n")
        alice = server.people["alice"]
        credential = alice.password + alice.phone.code()
        accepted, fields = self.imap_with_id(server, alice, credential)
        self.assertFalse(accepted)
        self.assertEqual(fields["reason"], "app_password_required")
        self.assert_accepted(server, "webmail", alice, credential, "totp")
        self.assert_doctor_names(server)


class Xclient(Trap):
    """Postfix's XCLIENT lets a client that is authorised for it say what its address is."""

    def smtp_as(self, server, who, credential):
        before = len(support.attempts(server))
        with smtplib.SMTP(server.address, 587, timeout=30) as connection:
            connection.starttls(context=tls())
            connection.ehlo()
            allowed = connection.docmd("XCLIENT", "ADDR=127.0.0.1 NAME=localhost")[0] == 220
            connection.ehlo()
            with contextlib.suppress(smtplib.SMTPAuthenticationError):
                connection.login(who.address, credential)
        lines = support.wait_for_attempts(server, before)
        return allowed, lines[-1].fields

    def session(self, server):
        alice = server.people["alice"]
        session = WebmailSession()
        self.assert_accepted(server, "webmail", alice, session.opening(alice.password, alice.phone.code()))
        return alice, session.credential

    def test_nobody_may_say_so_by_default(self):
        server = self.server()
        allowed, fields = self.smtp_as(server, *self.session(server))
        self.assertFalse(allowed)
        self.assertEqual((fields["rhost"], fields["reason"]), (support.machines.HOST, "session_not_allowed_here"))

    def test_open_to_whoever_has_a_session_and_is_authorised_for_xclient(self):
        server = self.server()
        server.run("postconf", "-e", "smtpd_authorized_xclient_hosts = 10.77.0.0/24")
        server.run("systemctl", "restart", "postfix")
        allowed, fields = self.smtp_as(server, *self.session(server))
        self.assertTrue(allowed)
        self.assertEqual((fields["rhost"], fields["result"]), ("127.0.0.1", "accepted"))
        self.assert_doctor_names(server, "postfix_xclient")


class MissingServiceFile(Trap):
    def test_nobody_gets_in_by_it_who_is_no_system_user(self):
        server = self.server()
        server.run("rm", "/etc/pam.d/mailkey-imap")
        alice = server.people["alice"]
        self.assertFalse(self.login(server, "imap", alice, alice.password).accepted)
        self.assertFalse(self.login(server, "imap", alice, alice.app_password).accepted)
        self.assert_doctor_names(server, "pam_service_missing")

    def test_open_to_the_password_of_a_system_user(self):
        server = self.server(stacked)
        self.assert_refused(server, "imap", BOB, BOBS_PASSWORD, "app_password_required")
        server.run("rm", "/etc/pam.d/mailkey-imap")
        self.assertTrue(self.login(server, "imap", BOB, BOBS_PASSWORD).accepted, "/etc/pam.d/other decides")
        self.assert_doctor_names(server, "pam_service_missing")


class SystemUsers(Trap):
    """Behind pam_unix, by the section of README.md about it."""

    def test_two_factor_sign_in_works_in_front_of_pam_unix(self):
        server = self.server(stacked)
        bob = server.people["bob"]
        self.assert_accepted(server, "imap", bob, bob.app_password, "app_password")
        self.assert_refused(server, "imap", bob, bob.password, "app_password_required")
        code = bob.phone.code()
        self.assert_refused(server, "webmail", bob, "wrong" + code, None)
        self.assert_accepted(server, "webmail", bob, bob.password + code, "totp")
        self.assert_refused(server, "webmail", bob, bob.password + code, "code_used")

    def test_a_system_user_without_a_record_signs_in_as_before(self):
        server = self.server(stacked)
        server.run("useradd", "--create-home", "carol")
        server.run("chpasswd", input="carol:the system password of carol\n")
        self.assert_accepted(server, "imap", "carol", "the system password of carol")
        self.assertFalse(self.login(server, "imap", "carol", "another password").accepted)

    def test_an_expired_system_user_is_refused_by_the_systems_own_account_line(self):
        server = self.server(stacked)
        server.run("usermod", "--expiredate", "1", BOB)
        bob = server.people["bob"]
        self.assertFalse(self.login(server, "imap", bob, bob.app_password).accepted)

    def test_sufficient_in_the_place_of_requisite_opens_nothing(self):
        server = self.server(stacked)
        bob = server.people["bob"]
        for service in ("imap", "webmail"):
            server.edit(f"/etc/pam.d/mailkey-{service}", "auth     requisite ", "auth     sufficient")
        self.assertFalse(self.login(server, "imap", bob, bob.password).accepted)
        self.assertFalse(self.login(server, "webmail", bob, "wrong" + bob.phone.code()).accepted)
        self.assertFalse(self.login(server, "webmail", bob, bob.password).accepted)
        self.assert_doctor_names(server, "pam_middle_may_fail")


class Sufficient(Trap):
    """People put `sufficient pam_mailkey.so` in front of what was there."""

    def pam(self, server, account_line):
        server.write("/etc/pam.d/mailkey-imap",
                     "auth sufficient pam_mailkey.so primary=stack\nauth required pam_unix.so\n" + account_line)

    def test_our_account_line_refuses_what_the_next_module_has_accepted(self):
        server = self.server(stacked)
        self.pam(server, "account required pam_mailkey.so\naccount required pam_unix.so\n")
        self.assertFalse(self.login(server, "imap", BOB, BOBS_PASSWORD).accepted)
        self.assert_doctor_names(server, "pam_control", "pam_finish_line_missing")

    def test_open_without_our_account_line(self):
        server = self.server(stacked)
        self.pam(server, "account required pam_unix.so\n")
        self.assertTrue(self.login(server, "imap", BOB, BOBS_PASSWORD).accepted)
        self.assert_doctor_names(server, "pam_control", "pam_finish_line_missing", "pam_account_line_missing")


class SecondPassdb(Trap):
    """Another passdb beside ours."""

    def test_open_when_another_passdb_stands_in_front_of_ours(self):
        server = self.server()
        alice = server.people["alice"]
        server.write("/etc/dovecot/old-users", f"{alice.address}:{{PLAIN}}{alice.password}\n")
        server.write("/etc/dovecot/conf.d/89-old.conf", self.passwd_file())
        server.run("systemctl", "restart", "dovecot")
        self.assertTrue(self.login(server, "imap", alice, alice.password).accepted)
        self.assert_doctor_names(server, "dovecot_passdb_before")

    def test_open_when_debians_passdb_is_left_in_on_2_3(self):
        server = self.server(stacked)
        self.assert_refused(server, "imap", BOB, BOBS_PASSWORD, "app_password_required")
        server.edit("/etc/dovecot/conf.d/10-auth.conf", "#!include auth-system", "!include auth-system")
        server.run("systemctl", "restart", "dovecot")
        # In 2.4 two passdbs with one name are one: our settings are laid over Debian's.
        self.assertEqual(self.login(server, "imap", BOB, BOBS_PASSWORD).accepted, self.suite == "bookworm")
        self.assert_doctor_names(server, *(["dovecot_passdb_before", "pam_service_without_mailkey"] if self.suite == "bookworm" else []))

    def test_a_passdb_behind_ours_is_never_asked(self):
        server = self.server()
        alice = server.people["alice"]
        server.write("/etc/dovecot/old-users", f"{alice.address}:{{PLAIN}}{alice.password}\n")
        self.dovecot(server, self.passwd_file())
        self.assert_refused(server, "imap", alice, alice.password, "app_password_required")
        self.assert_doctor_names(server)

    def passwd_file(self):
        return {"bookworm": "passdb {\n  driver = passwd-file\n  args = /etc/dovecot/old-users\n}\n",
                "trixie": "passdb passwd-file {\n  passwd_file_path = /etc/dovecot/old-users\n}\n"}[self.suite]


class Saslauthd(Trap):
    """Postfix through saslauthd, by the guide; then with what Debian sets, or people leave out."""

    def server(self, state=guided):
        server = super().server(state)
        states.run_step(server, "Through saslauthd instead of Dovecot")
        return server

    def options(self, server, options):
        server.run("sed", "-i", f's|^OPTIONS=.*|OPTIONS="{options} -m /var/run/saslauthd"|', "/etc/default/saslauthd")
        server.run("systemctl", "restart", "saslauthd")

    def test_it_works_as_the_guide_says(self):
        server = self.server()
        alice = server.people["alice"]
        self.assert_accepted(server, "smtp", alice, alice.app_password, "app_password")
        self.assert_refused(server, "smtp", alice, alice.password, "app_password_required")
        alice = self.open_and_revoke(server, "smtp")
        self.assert_refused(server, "smtp", alice, alice.app_password, "app_password_revoked")
        self.assert_doctor_names(server)

    def test_nobody_gets_in_without_r_which_cuts_the_domain_off(self):
        server = self.server()
        self.options(server, "")
        alice = server.people["alice"]
        self.assert_refused(server, "smtp", alice, alice.app_password, "invalid_name")
        self.assert_doctor_names(server, "saslauthd_realm")

    def test_open_for_hours_to_a_revoked_app_password_with_c(self):
        server = self.server()
        self.options(server, "-c -r")
        alice = self.open_and_revoke(server, "smtp")
        self.assertTrue(self.login(server, "smtp", alice, alice.app_password).accepted)
        self.assert_doctor_names(server, "saslauthd_cache")

    def test_open_to_the_password_of_a_system_user_without_the_name_of_our_service(self):
        server = self.server(stacked)
        self.assert_refused(server, "smtp", BOB, BOBS_PASSWORD, "app_password_required")
        server.run("postconf", "-X", "smtpd_sasl_service")
        server.run("systemctl", "restart", "postfix")
        self.assertTrue(self.login(server, "smtp", BOB, BOBS_PASSWORD).accepted, "/etc/pam.d/other decides")
        self.assert_doctor_names(server, "pam_service_missing")


class SenderLoginMaps(Trap):
    """smtpd_sender_login_maps of the guide, and names in another spelling than the map has."""

    def send(self, server, name, credential, sender):
        with smtplib.SMTP(server.address, 587, timeout=30) as connection:
            connection.starttls(context=tls())
            connection.login(name, credential)
            connection.mail(sender)
            return connection.rcpt(states.ALICE)[0]

    def test_the_canonical_name_counts_however_it_was_typed(self):
        server = self.server()
        alice = server.people["alice"]
        bob = add_person(server, f"bob@{DOMAIN}", totp=True)
        self.assertEqual(self.send(server, "ALICE@Example.ORG", alice.app_password, alice.address), 250)
        self.assertEqual(self.send(server, alice.address, alice.app_password, "Alice@EXAMPLE.org"), 250)
        self.assertEqual(self.send(server, "BOB@example.org", bob.app_password, "alice@EXAMPLE.ORG"), 553)

    def test_a_map_with_capitals_lets_nobody_send_in_somebody_elses_name(self):
        server = self.server()
        alice = server.people["alice"]
        bob = add_person(server, f"bob@{DOMAIN}", totp=True)
        server.write("/etc/postfix/owners", f"{alice.address} Alice@Example.org\n{bob.address} BOB@EXAMPLE.ORG\n")
        server.run("postconf", "-e", "smtpd_sender_login_maps = texthash:/etc/postfix/owners")
        server.run("systemctl", "restart", "postfix")
        self.assertEqual(self.send(server, alice.address, alice.app_password, alice.address), 250)
        self.assertEqual(self.send(server, "Bob@example.org", bob.app_password, alice.address), 553)


support.on_both(globals())

if __name__ == "__main__":
    support.main()
