#!/usr/bin/python3 -B
"""A credential that works once works exactly once: at the same moment, and when workers die in the middle.

Those of webmail sessions run under webmail_session = "exchange", the default.
"""

import os
import pathlib
import random
import signal
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import support
from support import DaemonTest, new_account

from account import WebmailSession

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


class ParallelExchange(DaemonTest):
    """webmail_session = "exchange", and fifty logins at the same moment."""

    def test_a_sign_in_that_is_sent_fifty_times_opens_one_session_and_is_accepted_each_time(self):
        account = new_account(totp=True)
        for code in (account.phone.code(good_for=20), account.recovery_codes[0]):
            with self.subTest(code=code):
                before = len(listed(account))
                session = WebmailSession()
                answers = at_once("webmail", account, session.opening(account.password, code))
                self.assertEqual([str(answer) for answer in answers if not answer], [])
                self.assertEqual(len(listed(account)), before + 1)
                self.assert_accepted("webmail", account, session.credential)

    def test_one_code_opens_one_of_fifty_sessions(self):
        account = new_account(totp=True)
        for code in (account.phone.code(good_for=20), account.recovery_codes[0]):
            with self.subTest(code=code):
                before = {row["id"] for row in listed(account)}
                mark = support.server.syslog.mark()
                sessions = [WebmailSession() for _ in range(PARALLEL)]
                answers = each_at_once("webmail", [(account, session.opening(account.password, code))
                                                   for session in sessions])
                self.assertEqual([str(answer) for answer in answers if answer.temporary], [])
                [opened] = [session for session, answer in zip(sessions, answers) if answer]
                lines = support.server.syslog.wait(mark, support.is_attempt, count=PARALLEL, settle=0.2)
                [accepted] = [line for line in lines if line.fields["result"] == "accepted"]
                self.assertEqual({row["id"] for row in listed(account)} - before, {accepted.fields["session"]})
                answers = each_at_once("webmail", [(account, session.credential) for session in sessions])
                self.assertEqual([session for session, answer in zip(sessions, answers) if answer], [opened])

    def test_one_credential_opens_a_session_of_one_of_fifty_accounts(self):
        accounts = [new_account() for _ in range(PARALLEL)]
        session = WebmailSession()
        answers = each_at_once("webmail", [(account, session.opening(account.password)) for account in accounts])
        self.assertEqual([str(answer) for answer in answers if answer.temporary], [])
        [owner] = [account for account, answer in zip(accounts, answers) if answer]
        answers = each_at_once("webmail", [(account, session.credential) for account in accounts])
        self.assertEqual([account for account, answer in zip(accounts, answers) if answer], [owner])

    def test_signing_out_fifty_times_at_once_is_accepted_once(self):
        account, session = new_account(), WebmailSession()
        self.assert_accepted("webmail", account, session.opening(account.password))
        answers = at_once("webmail", account, session.closing)
        self.assertEqual(sum(answer.accepted for answer in answers), 1, [str(answer) for answer in answers])
        self.assert_refused("webmail", account, session.credential, "session_ended")

    def test_a_session_that_is_revoked_during_fifty_logins_opens_nothing_afterwards(self):
        self.nothing_opens_after(lambda account, session: support.mailkey.run(
            "session", "revoke", account.address, listed(account)[0]["id"]))

    def test_a_session_that_is_signed_out_during_fifty_logins_opens_nothing_afterwards(self):
        self.nothing_opens_after(lambda account, session: self.assertTrue(
            self.login("webmail", account, session.closing)))

    def nothing_opens_after(self, end):
        """Fifty programs sign in again and again with one credential; `end(account, session)` in the middle."""
        account, session = new_account(totp=True), WebmailSession()
        self.assert_accepted("webmail", account, session.opening(account.password, account.phone.code()))
        finished = threading.Event()
        seen = []  # (when it began, what the answer was)

        def use():
            while not finished.is_set():
                began = time.monotonic()
                seen.append((began, self.login("webmail", account, session.credential)))

        with ThreadPoolExecutor(PARALLEL) as pool:
            programs = [pool.submit(use) for _ in range(PARALLEL)]
            try:
                time.sleep(1)
                end(account, session)
                ended = time.monotonic()
                time.sleep(1)
            finally:
                finished.set()
            for program in programs:
                program.result()
        before = [answer for began, answer in seen if began < ended]
        after = [answer for began, answer in seen if began >= ended]
        self.assertGreater(sum(answer.accepted for answer in before), PARALLEL // 2, "too few logins before the end")
        self.assertGreaterEqual(len(after), PARALLEL, "too few logins after the end")
        self.assertEqual([str(answer) for answer in after if answer.accepted or answer.temporary], [])


def listed(account):
    return support.mailkey.json("session", "list", account.address)


def at_once(part, account, credential, count=PARALLEL):
    """The answers to `count` logins that start at the same moment."""
    return each_at_once(part, [(account, credential)] * count)


def each_at_once(part, logins):
    """The answers to these logins, (account, credential) each, which start at the same moment."""
    answers = [None] * len(logins)
    ready = threading.Barrier(len(logins))

    def login(number):
        account, credential = logins[number]
        ready.wait()
        answers[number] = support.CLIENTS[part](support.server.port[part], account.address, credential)

    threads = [threading.Thread(target=login, args=(number,)) for number in range(len(logins))]
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


class KilledDuringExchange(DaemonTest):
    """webmail_session = "exchange", and kill -9 at any point of opening, using and closing sessions."""

    ACCOUNTS = 24
    SECONDS = 15

    def test_code_and_session_are_one_and_what_was_closed_stays_closed(self):
        accounts = [new_account(totp=True) for _ in range(self.ACCOUNTS)]
        finished = threading.Event()
        interrupted = []
        unanswered = []  # sessions that were opened by a worker that died before it said so
        rounds = []  # (account, code, credential that opened, credential that did not, was it closed)

        def answer(account, presented):
            """Of one login, or none where the worker died."""
            try:
                said = self.login("webmail", account, presented)
            except Exception as error:
                interrupted.append(error)
                return None
            if said.temporary:
                interrupted.append(said)
                return None
            return said.accepted

        def settled(account, presented):
            """The answer, asked for until there is one, and how often that was."""
            for times in range(1, 200):
                said = answer(account, presented)
                if said is not None:
                    return said, times
            raise AssertionError("no worker lives long enough to answer")

        def sign_in_and_out(account, code):
            """One code, presented with two credentials; whatever is interrupted, it must be one of them."""
            first, second = WebmailSession(), WebmailSession()
            opening = {session: session.opening(account.password, code) for session in (first, second)}
            said = answer(account, opening[first])
            late, _ = settled(account, opening[second])
            alive = {session: settled(account, session.credential)[0] for session in (first, second)}
            story = f"{account.address} {code}: first {said}, second {late}, alive {list(alive.values())}"
            self.assertEqual(sum(alive.values()), 1, f"one code, one session: {story}")
            self.assertEqual(alive[second], late, f"opened, or not: {story}")
            if said is not None:
                self.assertEqual(alive[first], said, f"opened, or not: {story}")
            opened, other = (second, first) if late else (first, second)
            if said is None and not late:
                unanswered.append(story)
            if random.random() < 0.2:
                rounds.append((account, code, opened, other, False))
                return
            # A closing that was interrupted may have been done, or not; afterwards it is.
            closed, times = settled(account, opened.closing)
            self.assertTrue(closed or times > 1, f"a living session is closed: {story}")
            self.assertFalse(settled(account, opened.credential)[0], f"closed, and it opens: {story}")
            rounds.append((account, code, opened, other, True))

        def use(account):
            for code in (account.phone.code(good_for=25), *account.recovery_codes):
                if finished.is_set():
                    return
                sign_in_and_out(account, code)

        def again(account, code, opened, other, was_closed):
            """In peace: is everything as it was said to be?"""
            fresh = WebmailSession()
            return (self.login("webmail", account, opened.credential).accepted != was_closed
                    and not self.login("webmail", account, opened.opening(account.password + "x", code))
                    and not self.login("webmail", account, fresh.opening(account.password, code))
                    and not self.login("webmail", account, fresh.credential)
                    and not self.login("webmail", account, other.credential)
                    and not (was_closed and self.login("webmail", account, opened.opening(account.password, code))))

        killed, deadline = 0, time.monotonic() + self.SECONDS
        with ThreadPoolExecutor(self.ACCOUNTS) as pool:
            users = [pool.submit(use, account) for account in accounts]
            while time.monotonic() < deadline and not all(user.done() for user in users):
                time.sleep(random.uniform(0.001, 0.06))
                killed += random.choice((kill_one_worker, kill_the_next_writer))()
            finished.set()
            for user in users:
                user.result()
        self.assertGreater(killed, 20, "too few workers were killed for this test to mean anything")
        self.assertGreater(len(interrupted), 0, "no login was ever interrupted")
        self.assertGreater(len(rounds), 20, "too few sessions were opened for this test to mean anything")

        with ThreadPoolExecutor(PARALLEL) as pool:
            good = list(pool.map(lambda done: again(*done), rounds))
        self.assertEqual([done[1:] for done, is_good in zip(rounds, good) if not is_good], [])
        for account in accounts:
            self.assertEqual(len(listed(account)), sum(done[0] is account and not done[-1] for done in rounds))
        print(f"({killed} workers killed, {len(interrupted)} logins interrupted, {len(rounds)} sessions, "
              f"{len(unanswered)} opened without an answer, {sum(done[-1] for done in rounds)} closed) ", end="")


def kill_one_worker():
    """kill -9 one of our server's PAM workers; returns how many were killed (0 or 1)."""
    return kill(workers_at_work())


def kill_the_next_writer():
    """The same for the one that writes to the database next: while it does, or shortly after."""
    workers, deadline = workers_at_work(), time.monotonic() + 0.5
    # SQLite's write lock is on byte 120 of the -shm file (walformat.html, "WAL locks").
    place = f":{(support.directory / 'data/mailkey.db-shm').stat().st_ino} 120 120\n"
    while time.monotonic() < deadline:
        with open("/proc/locks") as locks:
            writer = next((int(line.split()[4]) for line in locks if line.endswith(place)), None)
        if writer in workers:
            time.sleep(random.choice((0, 0.0005, 0.001, 0.002, 0.004)))
            return kill([writer])
    return 0


def workers_at_work():
    """The PAM workers of our server that have loaded the module.

    Dovecot's master waits longer and longer with new workers when one dies while it is being started."""
    workers = []
    for process in pathlib.Path("/proc").glob("[0-9]*"):  # this process namespace only
        try:
            if (process / "cmdline").read_bytes().endswith(b"/auth\0-w\0") and \
                    "pam_mailkey.so" in (process / "maps").read_text():
                workers.append(int(process.name))
        except OSError:
            continue
    return workers


def kill(workers):
    """kill -9 one of them, if there is one; returns how many were killed."""
    try:
        os.kill(random.choice(workers), signal.SIGKILL)
    except (IndexError, ProcessLookupError):
        return 0
    # When more than ten die within a second, Dovecot's master waits with new ones, too.
    time.sleep(0.11)
    return 1


if __name__ == "__main__":
    support.main()
