"""Three mail nodes on one PostgreSQL database, which two standbys follow: a cluster of the lab's machines.

    with_it = Cluster("trixie")              # six booted machines, from layers that are made once in a run
    with_it.nodes                            # Dovecot, Postfix and our packages, by the guide, on one store
    with_it.databases[0]                     # the primary; each database server is Database
    with_it.people                           # who has an account (load.People)
    with_it.remove()

The standbys are synchronous, any one of them: what mailkey was told to be durable is on two machines.
"""

import contextlib
import copy
import functools
import secrets
import shutil
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor

import base
import load
import states
import wire
from machine import Machine

DATABASES = ("db1", "db2", "db3")
NODES = ("node1", "node2", "node3")
VERSION = {"trixie": 17}
TLS = "/etc/postgresql/tls"

PACKAGES = ["systemd", "systemd-sysv", "dbus", "sudo", "adduser", "iproute2", "procps", "openssl", "ssl-cert", "postgresql",
            "nftables"]  # nftables: for the wire between the machines

CONFIGURATION = """\
listen_addresses = '*'
ssl = on
ssl_cert_file = '{tls}/cert.pem'
ssl_key_file = '{tls}/key.pem'
max_connections = 200
shared_buffers = 64MB
# Small, because it is kept in memory.
min_wal_size = 32MB
max_wal_size = 64MB

# What a failover needs: a standby that has everything, and a former primary that can be rewound.
synchronous_standby_names = 'ANY 1 (db1, db2, db3)'
wal_log_hints = on
wal_keep_size = 64MB
wal_sender_timeout = 20s
wal_receiver_timeout = 20s
wal_retrieve_retry_interval = 200ms
"""

ACCESS = """\
local   all          postgres                peer
hostssl mailkey      mailkey   samenet       scram-sha-256
hostssl postgres     standby   samenet       scram-sha-256
hostssl replication  standby   samenet       scram-sha-256
"""

# What pg_rewind asks of the server that it reads (PostgreSQL documentation, pg_rewind, Notes).
REWINDER = """\
GRANT EXECUTE ON FUNCTION pg_ls_dir(text, boolean, boolean), pg_stat_file(text, boolean), pg_read_binary_file(text),
    pg_read_binary_file(text, bigint, bigint, boolean) TO standby;
"""


class Database(Machine):
    """A machine with a PostgreSQL server."""

    version = None
    standby_password = None

    @property
    def data(self):
        return f"/var/lib/postgresql/{self.version}/main"

    @property
    def settings(self):
        return f"/etc/postgresql/{self.version}/main"

    def service(self, verb, check=True):
        return self.run("systemctl", verb, f"postgresql@{self.version}-main", check=check)

    def _program(self, name):
        return f"/usr/lib/postgresql/{self.version}/bin/{name}"

    def sql(self, text, database="postgres", check=True):
        """What psql prints of it, unaligned."""
        done = self.run("psql", "--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "--set=ON_ERROR_STOP=1", "-d", database,
                        "-f", "-", input=text, user="postgres", check=check, directory="/")
        return done.stdout.strip()

    def accepts_writes(self):
        return self.sql("SELECT pg_is_in_recovery()", check=False) == "f"

    def wait_for(self, query, wanted, seconds=60):
        deadline = time.monotonic() + seconds
        while (answer := self.sql(query, check=False)) != wanted:
            if time.monotonic() > deadline:
                raise AssertionError(f"{self.name}: {query} is {answer!r}, not {wanted!r}\n{self.complaints()}")
            time.sleep(0.1)

    def complaints(self):
        return self.shell("tail -n 30 /var/log/postgresql/*.log").stdout

    def configure(self):
        """As the others are, but for the name; before it is booted."""
        place = self.root / TLS.lstrip("/")
        place.mkdir()
        for name in ("cert.pem", "key.pem", "ca.pem"):
            shutil.copy(states.authority() / name, place / name)
        self.write(f"{self.settings}/conf.d/lab.conf", CONFIGURATION.format(tls=TLS))
        self.write(f"{self.settings}/pg_hba.conf", ACCESS)
        # In the machine, because the number of its user is its own.
        owned = ["chroot", self.root, "chown", "postgres:", f"{TLS}/key.pem"]
        subprocess.run(owned, check=True)
        (place / "key.pem").chmod(0o600)

    def copy(self, primary):
        """Become a standby of `primary`, from a copy of all that it has."""
        self.service("stop")
        self.shell(f"rm -rf {self.data}")
        self._as_standby("pg_basebackup", "--checkpoint=fast", "-d", self._source(primary), "-D", self.data)
        self._be_standby(primary)

    def rewind(self, primary):
        """A former primary becomes a standby of the new one: what it has alone is undone. Its service is stopped."""
        self._as_standby("pg_rewind", f"--target-pgdata={self.data}", f"--source-server={self._source(primary)} dbname=postgres",
                         f"--config-file={self.settings}/postgresql.conf")
        self._be_standby(primary)

    def _be_standby(self, primary):
        self._follow(primary)
        self.run("touch", f"{self.data}/standby.signal", user="postgres")
        self.service("start")

    def follow(self, primary):
        """A standby of the former primary goes on as one of `primary`."""
        self._follow(primary)
        self.service("reload")

    def _follow(self, primary):
        # One host, and no list of all: a standby waits minutes for one that does not answer before it tries the next.
        self.write(f"{self.settings}/conf.d/follow.conf", f"primary_conninfo = '{self._source(primary)} "
                   f"password={self.standby_password} application_name={self.name}'\n")

    def _as_standby(self, program, *arguments):
        # HOME, because libpq looks there for a certificate of its own, and may not look into root's.
        self.run("env", "HOME=/var/lib/postgresql", f"PGPASSWORD={self.standby_password}", self._program(program), *arguments,
                 user="postgres", directory="/")

    def _source(self, primary):
        return f"host={primary.name} user=standby sslmode=verify-full sslrootcert={TLS}/ca.pem"

    def promote(self):
        """Returns when it can be written to."""
        self.run(self._program("pg_ctl"), "promote", "--wait", "-D", self.data, user="postgres", directory="/")

    def received(self):
        """How much it has of what the primary wrote: a position in bytes."""
        return int(self.sql("SELECT pg_wal_lsn_diff(pg_last_wal_receive_lsn(), '0/0')::bigint"))


class Cluster:
    def __init__(self, suite):
        made = _made(suite)
        self.people = copy.deepcopy(made.people)
        self.databases = [_database(suite, name, layer) for name, layer in zip(DATABASES, made.databases)]
        self.nodes = [Machine(name, made.node, states.network, states.directory) for name in NODES]
        self.wire = None
        try:
            _boot(self.databases, self.nodes)
            self.wire = wire.Wire(base.tree(suite, PACKAGES))
            self.wait_for_standbys()
        except BaseException:
            self.remove()
            raise

    @property
    def machines(self):
        return [*self.databases, *self.nodes]

    def wait_for_standbys(self, primary=None, count=2):
        (primary or self.databases[0]).wait_for("SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming'", str(count))

    def go_on_without_primary(self):
        """The settings with which most goes on while the primary is away: reads at a standby, and honest answers."""
        for node in self.nodes:
            node.edit("/etc/mailkey/mailkey.toml", '#store_read = ""', f'store_read = "{_url(DATABASES[1:])}"')
            node.edit("/etc/mailkey/mailkey.toml", '#on_unavailable = "fail"', 'on_unavailable = "end-worker"')

    def remove(self):
        if self.wire:
            self.wire.remove()
        with ThreadPoolExecutor() as pool:
            list(pool.map(Machine.remove, self.machines))


class _Made:
    def __init__(self, databases, node, people):
        self.databases, self.node, self.people = databases, node, people


@functools.cache
def _made(suite):
    """The layers of the six machines, with accounts."""
    Database.version, Database.standby_password = VERSION[suite], secrets.token_hex(16)
    password = secrets.token_hex(16)
    tree = base.tree(suite, PACKAGES)
    servers = [_database(suite, name, tree) for name in DATABASES]
    for server in servers:
        server.configure()
    node = Machine(NODES[0], states.installed(suite).layer, states.network, states.directory)
    try:
        _boot(servers, [node])
        primary, *standbys = servers
        # There is no standby to wait for yet.
        primary.sql("ALTER SYSTEM SET synchronous_standby_names = ''")
        primary.service("reload")
        primary.sql(f"CREATE ROLE standby LOGIN REPLICATION PASSWORD '{Database.standby_password}';"
                    f"CREATE ROLE mailkey LOGIN PASSWORD '{password}'; CREATE DATABASE mailkey OWNER mailkey;" + REWINDER)
        _set_up(node, password)
        people = load.People.make(node)
        primary.sql("ALTER SYSTEM RESET synchronous_standby_names")
        primary.service("reload")
        with ThreadPoolExecutor() as pool:
            list(pool.map(lambda standby: standby.copy(primary), standbys))
        primary.wait_for("SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming'", "2")
        # The primary first: then the standbys have all that it wrote.
        layers = [server.freeze() for server in servers]
        return _Made(layers, node.freeze(), people)
    except BaseException:
        for machine in [*servers, node]:
            with contextlib.suppress(Exception):
                machine.remove()
        raise


def _set_up(node, password):
    """Mailkey on the database server, as each node has it: the same store, the same key."""
    node.write("/etc/mailkey/store-password", password + "\n", mode=0o640)
    node.run("chown", "root:mailkey", "/etc/mailkey/store-password")
    node.edit("/etc/mailkey/mailkey.toml", 'database = "/var/lib/mailkey/mailkey.db"',
              f'store = "{_url(DATABASES)}"\n'
              'store_password_file = "/etc/mailkey/store-password"')
    node.run("mailkey", "init")
    # Of the guide what counts with any store. Nobody gets mail here: a userdb that knows no addresses will do.
    node.run("useradd", "--system", "--user-group", "--create-home", "--home-dir", "/var/vmail", "--shell", "/usr/sbin/nologin", "vmail")
    node.run("cp", f"{states.EXAMPLES}/dovecot/2.4-userdb-static.conf", "/etc/dovecot/conf.d/91-mailkey-userdb.conf")
    node.shell(states.guide().blocks("3. Dovecot")[1], directory=states.COPY)
    node.shell(states.guide().blocks("4. Postfix")[0], directory=states.COPY)
    node.run("systemctl", "restart", "dovecot", "postfix")


def _url(servers):
    return f"postgresql://mailkey@{','.join(servers)}/mailkey?sslrootcert=/etc/ssl/mail/ca.pem"


def _database(suite, name, start):
    Database.version = VERSION[suite]
    return Database(name, start, states.network, states.directory)


def _boot(databases, nodes):
    """All at once. They know each other by name."""
    hosts = "".join(f"{server.address} {server.name}\n" for server in databases)
    for machine in [*databases, *nodes]:
        with open(machine.root / "etc/hosts", "a") as file:
            file.write(hosts)
    for node in nodes:
        shutil.copy(states.authority() / "ca.pem", node.root / "etc/ssl/mail/ca.pem")
    with ThreadPoolExecutor() as pool:
        list(pool.map(Machine.boot, [*databases, *nodes]))
