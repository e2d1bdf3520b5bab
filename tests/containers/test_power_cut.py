#!/usr/bin/env python3
"""A power cut in the middle of a change of accounts: the boot after it lets everybody in again (unit mailkey-init)."""

import support  # first: it says where the others are
from states import guided
from support import LabTest
from test_lifecycle import RECIPIENTS, cut_off  # of tests/packages


class PowerCut(LabTest):
    def setUp(self):
        self.server = guided(self.suite).machine()
        self.addCleanup(self.server.remove)
        self.alice = self.server.people["alice"]

    def unit(self, field):
        return self.server.run("systemctl", "show", "mailkey-init", "--value", f"--property={field}").stdout.strip()

    def journal_is_there(self):
        return (self.server.root / f"{RECIPIENTS}-journal".lstrip("/")).exists()

    def test_the_boot_after_it_lets_everybody_in_again(self):
        self.server.cut_power()
        cut_off(self.server.root / RECIPIENTS.lstrip("/"))
        self.assertTrue(self.journal_is_there())
        self.server.boot()
        self.assertEqual(self.unit("Result"), "success", self.server.console())
        self.assertFalse(self.journal_is_there())
        self.assert_accepted(self.server, "imap", self.alice, self.alice.app_password)

    def test_the_mail_server_starts_when_the_unit_fails(self):
        (self.server.root / "etc/systemd/system/mailkey-init.service.d").mkdir()
        self.server.write("/etc/systemd/system/mailkey-init.service.d/fail.conf", "[Service]\nExecStart=\nExecStart=/bin/false\n")
        self.server.cut_power()
        self.server.boot()
        self.assertEqual(self.unit("ActiveState"), "failed")
        self.assertEqual(self.server.run("systemctl", "is-active", "dovecot", "postfix").stdout.split(), ["active"] * 2)
        self.assert_accepted(self.server, "imap", self.alice, self.alice.app_password)


support.on_both(globals())

if __name__ == "__main__":
    support.main()
