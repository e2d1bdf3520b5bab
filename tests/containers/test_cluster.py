#!/usr/bin/env python3
"""Three mail nodes on one PostgreSQL database with two standbys, under load, while things break."""

import time

import support  # first: it says where the others are
import cluster
import debs
import states
from cluster import Cluster
from load import Load, table
from support import LabTest
from wire import slow

SUITE = "trixie"
TREES = [(SUITE, cluster.PACKAGES)] if SUITE in support.SUITES else []

BEFORE, LONG = 2, 8  # seconds of load
SOON = 60  # seconds, at most, until it is well again where nobody has to do anything

# What a login may take of mailkey's time before it is unavailable: busy_timeout_ms, its grace, and the login around it.
PATIENCE = 10

# The share of logins that may be unavailable while nothing is wrong: other tests use this machine, too, and a login waits
# three seconds for the database.
TOLERATED = 0.02

tallies = []  # of the whole run


def tearDownModule():
    if tallies:
        print(table(tallies), flush=True)


class ClusterTest(LabTest):
    @staticmethod
    def start(owner, when_over):
        """Boot a cluster; `owner` has it, and its load, until it is over."""
        owner.cluster = Cluster(SUITE)
        when_over(owner.cluster.remove)
        owner.load = Load(owner.cluster.nodes, owner.cluster.people)

    def running(self, title):
        return self.load.running(title)

    def finish(self, tally, failing=lambda attempt: False):
        """What holds in every scenario. `failing`: whose attempts may be unavailable."""
        self.nobody_is_wronged(tally)
        unexpected = [attempt for attempt in tally.unavailable() if not failing(attempt)]
        self.assertLessEqual(len(unexpected), TOLERATED * len(tally.attempts), self.said(unexpected))
        for kind in ("app password", "code"):
            self.assertTrue(tally.of("accepted", kind=kind), kind)
        self.assertTrue(tally.of("refused"))

    def nobody_is_wronged(self, tally):
        tallies.append(tally)
        self.assertEqual(self.said(tally.of("accepted wrongly")), [])
        self.assertEqual(self.said(tally.of("refused wrongly")), [])

    def said(self, attempts):
        return [str(attempt) for attempt in attempts][:10]

    def until_well(self, tally, nodes, seconds=SOON):
        """Waits until each of the nodes accepts codes and app passwords again."""
        since = time.time()
        deadline = since + seconds
        while time.time() < deadline:
            if all(tally.of("accepted", kind=kind, node=node, since=since) for node in nodes for kind in ("app password", "code")):
                return
            time.sleep(0.1)
        last = [attempt for attempt in tally.of(since=since) if attempt.result != "accepted"]
        self.fail(f"not well again after {seconds} s: {self.said(last)}")


class Faults(ClusterTest):
    """What is over when it is mended: these tests share a cluster, and leave it as it was."""

    @classmethod
    def setUpClass(cls):
        ClusterTest.start(cls, cls.addClassCleanup)

    def setUp(self):
        self.addCleanup(self.cluster.wire.mend)

    def test_all_well(self):
        with self.running("all well") as tally:
            time.sleep(LONG)
        self.finish(tally)
        for kind in ("wrong app password", "revoked app password", "used code"):
            self.assertTrue(tally.of("refused", kind=kind), kind)

    def cut_off(self, title, lose):
        """One node, `lose` says how; the others go on, and so does it, soon after it is over."""
        node, *others = self.cluster.nodes
        with self.running(title) as tally:
            time.sleep(BEFORE)
            begin = time.time()
            for database in self.cluster.databases:
                lose(node, database)
            time.sleep(LONG)
            self.cluster.wire.mend()
            end = time.time()
            self.until_well(tally, [node])
            well = time.time()
            time.sleep(BEFORE)
        self.finish(tally, failing=lambda attempt: attempt.node is node and begin - PATIENCE < attempt.began < well)
        # Nobody was let in whom the database was not asked about.
        self.assertEqual(self.said(tally.of("accepted", node=node, since=begin, until=end - PATIENCE)), [])
        self.assertTrue(tally.unavailable(node=node))

    def test_a_node_is_cut_off_from_the_databases(self):
        self.cut_off("one node is cut off from the databases", lambda node, database: self.cluster.wire.cut([node], [database]))

    def test_what_a_node_says_to_the_databases_is_lost(self):
        self.cut_off("what one node sends is lost", lambda node, database: self.cluster.wire.lose(node, database))

    def test_what_the_databases_say_to_a_node_is_lost(self):
        self.cut_off("what is sent to one node is lost", lambda node, database: self.cluster.wire.lose(database, node))

    def test_a_slow_network_to_the_primary(self):
        with slow(self.cluster.databases[0], delay=0.05, jitter=0.02, loss=0.025):
            with self.running("primary 100 ms ± 40 ms away, 5 % lost") as tally:
                time.sleep(2 * LONG)
        self.finish(tally, failing=lambda attempt: True)

    def test_a_full_disk_at_the_primary(self):
        primary = self.cluster.databases[0]
        primary.service("stop")
        primary.shell(f"mkdir -p /srv/small && mount -t tmpfs -o size=400M tmpfs /srv/small && cp -a {primary.data} /srv/small/main "
                      f"&& mount --bind /srv/small/main {primary.data}")
        self.addCleanup(self.on_its_own_disk, primary)
        primary.service("start")
        self.cluster.wait_for_standbys()
        with self.running("the primary's disk is full") as tally:
            time.sleep(BEFORE)
            begin = time.time()
            primary.shell("cat /dev/zero > /srv/small/filler 2>/dev/null || true")
            # What is written next needs space at once.
            primary.sql("SELECT pg_switch_wal()", check=False)
            time.sleep(LONG)
            primary.shell("rm /srv/small/filler")
            # It has stopped, and starts nothing by itself: that is the administrator's.
            primary.service("restart")
            self.until_well(tally, self.cluster.nodes)
            well = time.time()
            time.sleep(BEFORE)
        self.finish(tally, failing=lambda attempt: begin - PATIENCE < attempt.began < well)
        self.assertTrue(tally.unavailable(since=begin, until=well), "the disk was full")

    def on_its_own_disk(self, primary):
        primary.service("stop")
        primary.shell(f"umount {primary.data} && rm -rf {primary.data} && cp -a /srv/small/main {primary.data} && umount /srv/small")
        primary.service("start")
        self.cluster.wait_for_standbys()


class Failover(ClusterTest):
    """Each has a cluster of its own: what was promoted stays so."""

    def setUp(self):
        self.start(self, self.addCleanup)

    def test_a_standby_takes_over_and_the_former_primary_comes_back(self):
        former, *standbys = self.cluster.databases
        nodes = self.cluster.nodes
        self.cluster.go_on_without_primary()
        with self.running("the primary is cut off, a standby promoted") as tally:
            time.sleep(BEFORE)
            cut = time.time()
            self.cluster.wire.cut([former], self.cluster.machines)
            time.sleep(PATIENCE)  # an administrator, or his program, sees it
            # The one that has more: what was confirmed is on one of them for certain, but maybe on one only.
            primary, other = sorted(standbys, key=lambda server: -server.received())
            primary.promote()
            other.follow(primary)
            promoted = time.time()
            self.until_well(tally, nodes)
            well = time.time()
            time.sleep(LONG)
        print(f"well {well - promoted:.1f} s after the promotion", flush=True)
        self.finish(tally, failing=lambda attempt: cut - PATIENCE < attempt.began < well)
        # App passwords are read at a standby meanwhile; who needs the primary is told to come back later, except by Postfix,
        # which answers 535 whatever was wrong.
        away = tally.of(kind="app password", since=cut, until=promoted)
        self.assertEqual(self.said(attempt for attempt in away if attempt.result != "accepted"), [])
        self.assertGreater(len(away), 5)
        self.assertTrue(tally.unavailable(kind="code", since=cut, until=promoted))
        self.assertEqual(self.said(attempt for attempt in tally.of("unavailable, unsaid") if "535" not in attempt.answer.text), [])
        revoked = self.revoke_one(nodes[0])

        # It has a network again and takes itself for the primary: all who connect anew go there, it stands first in the list.
        self.cluster.wire.mend()
        for node in nodes:
            node.run("systemctl", "restart", "dovecot")
        with self.running("the former primary comes back, nobody has stopped it") as tally:
            time.sleep(LONG)
        self.nobody_is_wronged(tally)
        # Nothing durable can be written there, because no standby follows it: a code opens nothing.
        self.assertEqual(self.said(tally.of("accepted", kind="code")), [])
        self.assertTrue(tally.unavailable(kind="code"))

        # What an administrator has to do before that.
        former.service("stop")
        with self.running("the former primary comes back as a standby") as tally:
            former.rewind(primary)
            self.cluster.wait_for_standbys(primary)
            self.until_well(tally, nodes)
            well = time.time()
            time.sleep(LONG)
        self.finish(tally, failing=lambda attempt: attempt.began < well)
        self.assertFalse(former.accepts_writes())
        for node in nodes:
            self.assert_refused(node, "imap", revoked, revoked.app_password, "app_password_revoked")

    def test_the_last_of_three_database_servers_takes_over(self):
        first, second, last = self.cluster.databases
        with self.running("two of three servers are cut off, the third promoted") as tally:
            time.sleep(BEFORE)
            cut = time.time()
            self.cluster.wire.cut([first, second], self.cluster.machines)
            last.promote()
            # There is no standby to wait for any more.
            last.sql("ALTER SYSTEM SET synchronous_standby_names = ''")
            last.sql("SELECT pg_reload_conf()")
            self.until_well(tally, self.cluster.nodes)
            well = time.time()
            time.sleep(LONG)
        self.finish(tally, failing=lambda attempt: cut - PATIENCE < attempt.began < well)

    def revoke_one(self, node):
        """An app password that opened until now is revoked; returns whose."""
        person = self.cluster.people.of["app password"].pop()
        self.load = Load(self.cluster.nodes, self.cluster.people)
        self.assert_accepted(node, "imap", person, person.app_password)
        node.run("mailkey", "app-password", "revoke", person.address, person.app_password[:4])
        return person


# As a later version's `mailkey init` leaves the database: a schema that older code may go on with.
MIGRATION = """
BEGIN;
UPDATE mailkey SET oldest = schema, schema = 1000;
CREATE TABLE something_new (account bigint);
COMMIT;
"""


class Upgrade(ClusterTest):
    def setUp(self):
        self.start(self, self.addCleanup)

    def test_nodes_are_upgraded_one_by_one(self):
        primary = self.cluster.databases[0]
        for node in self.cluster.nodes:
            debs.make_next(states.DEBS, node.root / "srv/next", migration="")
        with self.running("packages and schema are upgraded, node by node") as tally:
            time.sleep(BEFORE)
            for node in self.cluster.nodes:
                node.shell("apt-get install --yes /srv/next/*.deb")
                if node is self.cluster.nodes[0]:
                    primary.sql("SET ROLE mailkey;" + MIGRATION, database="mailkey")
                time.sleep(BEFORE)
        self.finish(tally)


support.on_one(globals(), SUITE)

if __name__ == "__main__":
    support.main(TREES)
