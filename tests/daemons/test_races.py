#!/usr/bin/python3 -B
"""A credential that works once works exactly once: at the same moment, and when workers die in the middle."""

import os
import pathlib
import random
import signal
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import support
from support import DaemonTest, new_account

PARALLEL = 50


def setUpModule():
    support.start()


def tearDownModule():
    support.stop()


class Parallel(DaemonTest):
    def test_of_fifty_logins_with_one_code_exactly_one_succeeds(self):
        account = new_account(totp=True)
        self.exactly_one(account, account.password + account.phone.code())

    def test_of_fifty_logins_with_one_recovery_code_exactly_one_succeeds(self):
        account = new_account(totp=True)
        self.exactly_one(account, account.password + account.recovery_codes[0])

    def test_fifty_logins_with_one_app_password_all_succeed(self):
        account = new_account(totp=True)
        answers = at_once("imap", account, account.app_password()["password"])
        self.assertEqual([answer for answer in answers if not answer], [])

    def exactly_one(self, account, credential):
        mark = support.server.syslog.mark()
        answers = at_once("webmail", account, credential)
        self.assertEqual(sum(answer.accepted for answer in answers), 1, [str(answer) for answer in answers])
        self.assertEqual([answer for answer in answers if answer.temporary], [])
        lines = support.server.syslog.wait(mark, support.is_attempt, count=PARALLEL, settle=0.2)
        self.assertEqual(len(lines), PARALLEL, "one line per attempt")
        self.assertEqual(sum(line.fields["result"] == "accepted" for line in lines), 1)


def at_once(part, account, credential, count=PARALLEL):
    """The answers to `count` logins that start at the same moment."""
    answers = [None] * count
    ready = threading.Barrier(count)

    def login(number):
        ready.wait()
        answers[number] = support.CLIENTS[part](support.server.port[part], account.address, credential)

    threads = [threading.Thread(target=login, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert None not in answers, "a login ended without an answer"
    return answers


class KilledWorkers(DaemonTest):
    """kill -9 for Dovecot's PAM workers, again and again, at any point of a login."""

    ACCOUNTS = 24
    SECONDS = 12

    def test_no_consumed_code_is_accepted_again_and_no_app_password_is_lost(self):
        accounts = [new_account(totp=True) for _ in range(self.ACCOUNTS)]
        apps = {account.address: account.app_password()["password"] for account in accounts}
        accepted = {account.address: 0 for account in accounts}  # logins with that account's one code
        codes = {account.address: account.password + account.phone.code(good_for=20) for account in accounts}
        recoveries = {account.address: account.password + account.recovery_codes[0] for account in accounts}
        recovered = dict.fromkeys(accepted, 0)
        finished = threading.Event()
        lock = threading.Lock()
        broken = []

        def use(mine):
            """Present codes and app passwords, whatever becomes of the worker, until time is up."""
            while not finished.is_set():
                for account in mine:
                    for counter, credential, part in ((accepted, codes, "webmail"), (recovered, recoveries, "webmail"),
                                                      (None, apps, "imap")):
                        try:
                            answer = self.login(part, account, credential[account.address])
                        except Exception as error:  # the worker died: no answer is an answer that counts for nothing
                            broken.append(error)
                            continue
                        if answer.temporary:
                            broken.append(answer)
                        if counter is not None and answer.accepted:
                            with lock:
                                counter[account.address] += 1

        threads = [threading.Thread(target=use, args=(accounts[number::8],)) for number in range(8)]
        for thread in threads:
            thread.start()
        killed, deadline = 0, time.monotonic() + self.SECONDS
        while time.monotonic() < deadline:
            time.sleep(random.uniform(0.001, 0.06))
            killed += kill_one_worker()
        finished.set()
        for thread in threads:
            thread.join()

        self.assertGreater(killed, 20, "too few workers were killed for this test to mean anything")
        self.assertGreater(len(broken), 0, "no login was ever interrupted")

        def once_more(account):
            """In peace: a code that was accepted before must be refused now."""
            accepted[account.address] += self.login("webmail", account, codes[account.address]).accepted
            recovered[account.address] += self.login("webmail", account, recoveries[account.address]).accepted
            return self.login("imap", account, apps[account.address])

        with ThreadPoolExecutor(16) as pool:
            kept = dict(zip(accepted, pool.map(once_more, accounts)))
        self.assertEqual({address for address, times in accepted.items() if times > 1}, set(), "codes accepted twice")
        self.assertEqual({address for address, times in recovered.items() if times > 1}, set(), "recovery codes")
        self.assertEqual({address for address, answer in kept.items() if not answer}, set(), "app passwords lost")
        print(f"({killed} workers killed, {len(broken)} logins interrupted, "
              f"{sum(accepted.values())} codes and {sum(recovered.values())} recovery codes accepted) ", end="")


def kill_one_worker():
    """kill -9 one of our server's PAM workers; returns how many were killed (0 or 1).

    Only a worker that has loaded the module: Dovecot's master waits longer and longer with new workers when
    some die while they are being started."""
    workers = []
    for process in pathlib.Path("/proc").glob("[0-9]*"):  # this process namespace only
        try:
            if (process / "cmdline").read_bytes().endswith(b"/auth\0-w\0") and \
                    "pam_mailkey.so" in (process / "maps").read_text():
                workers.append(int(process.name))
        except OSError:
            continue
    if not workers:
        return 0
    try:
        os.kill(random.choice(workers), signal.SIGKILL)
    except ProcessLookupError:
        return 0
    return 1


if __name__ == "__main__":
    support.main()
