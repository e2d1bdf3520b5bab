"""PostgreSQL for the daemon suites: servers that are machines of their own on a private network, and what can befall them.

    primary = Server("db1")
    primary.start()
    standby = primary.standby("db2")
    primary.cut_off()
    standby.promote()

Each server has a network and an IPC namespace of its own and hangs on a switch that we hang on, too. All of them end with
the process namespace that the suites run in (namespace.py). No tool of the kernel's is needed that a small kernel lacks:
what is cut off is unplugged, what loses packets sends them to a card that nobody has, and what is slow goes through a Wire.
"""

import itertools
import os
import pathlib
import queue
import secrets
import shutil
import signal
import socket
import struct
import subprocess
import threading
import time

import support

from account import Mailkey
from mailserver import MailServer, dovecot_2_3

US = "10.77.0.1"
PORT = 5432
NOBODY = "02:00:00:00:00:99"  # the address of a network card that nobody has
PROGRAMS = max(pathlib.Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))

_numbers = itertools.count(11)


def run(*command, **options):
    done = subprocess.run([str(word) for word in command], text=True, capture_output=True, **options)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(map(str, command))} (exit {done.returncode}): {(done.stderr or done.stdout).strip()}")
    return done.stdout


def prepare_network():
    """A switch with us on it."""
    run("ip", "link", "add", "lan", "type", "bridge")
    run("ip", "address", "add", f"{US}/24", "dev", "lan")
    run("ip", "link", "set", "lan", "up")


class Server:
    """A PostgreSQL server with the database of mailkey, without tables; start() starts it."""

    def __init__(self, name, disk=None, copy_of=None, **settings):
        """`disk`: {"data": size, "wal": size} of small file systems, as mount(8) takes it. `settings`: of postgresql.conf."""
        number = next(_numbers)
        self.name, self.address, self.port = name, f"10.77.0.{number}", PORT
        self.directory = support.directory / name
        self.directory.mkdir(mode=0o711)
        self.data, self.wal = self.directory / "data", self.directory / "wal"
        self.process = None
        self._plug_in(number)
        for place in (self.data, self.wal):
            place.mkdir(mode=0o700)
            if disk and place.name in disk:
                run("mount", "-t", "tmpfs", "-o", f"size={disk[place.name]},mode=0700", "tmpfs", place)
            shutil.chown(place, "postgres", "postgres")
        shutil.chown(self.directory, "postgres", "postgres")
        if copy_of:
            self.password = copy_of.password
            self._copy(copy_of)
        else:
            self.password = secrets.token_hex(16)
            self._make()
        self._configure(settings)

    # --- The machine --------------------------------------------------------------------------------------

    def _plug_in(self, number):
        machine = subprocess.Popen(["unshare", "--net", "--ipc", "sleep", "infinity"], start_new_session=True)
        self._machine = machine.pid
        self._cable = f"cable{number}"
        ours = os.stat("/proc/self/ns/net").st_ino
        while os.stat(f"/proc/{machine.pid}/ns/net").st_ino == ours:
            time.sleep(0.005)
        run("ip", "link", "add", self._cable, "type", "veth", "peer", "name", "eth0", "netns", machine.pid)
        run("ip", "link", "set", self._cable, "master", "lan", "up")
        self._inside("ip", "address", "add", f"{self.address}/24", "dev", "eth0")
        for device in ("eth0", "lo"):
            self._inside("ip", "link", "set", device, "up")

    def _on_machine(self, *command):
        return ["nsenter", "--target", str(self._machine), "--net", "--ipc", "--", *map(str, command)]

    def _inside(self, *command):
        return run(*self._on_machine(*command))

    def _as_postgres(self, *command):
        return self._on_machine("setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", *command)

    # --- The database -------------------------------------------------------------------------------------

    def _make(self):
        run(*self._as_postgres(PROGRAMS / "initdb", "-D", self.data, "-X", self.wal, "-U", "postgres", "--no-sync",
                               "--encoding=UTF8", "--locale=C", "--wal-segsize=1", "--auth=trust"), cwd="/")
        (self.data / "pg_hba.conf").write_text(
            "local all postgres trust\n"
            f"host replication postgres {US}/24 trust\n"
            f"host mailkey mailkey {US}/24 scram-sha-256\n")

    def _copy(self, primary):
        run(*self._as_postgres(PROGRAMS / "pg_basebackup", "-h", primary.address, "-U", "postgres", "-D", self.data,
                               "--waldir", self.wal, "--write-recovery-conf", "--no-sync", "--checkpoint=fast",
                               "-d", f"application_name={self.name}"), cwd="/")

    def _configure(self, settings):
        ours = {"listen_addresses": "*", "unix_socket_directories": self.directory, "fsync": "off",
                "shared_buffers": "16MB", "dynamic_shared_memory_type": "mmap", "min_wal_size": "8MB",
                "max_wal_size": "16MB", "wal_keep_size": "32MB", **settings}
        (self.data / "postgresql.conf").write_text("".join(f"{name} = '{value}'\n" for name, value in ours.items()))

    @property
    def url(self):
        return f"postgresql://mailkey@{self.address}/mailkey?sslmode=disable"

    def sql(self, text, database="mailkey"):
        """Statements of the server's administrator; what they say, a line for each row."""
        return run(PROGRAMS / "psql", "-qtAX", "-v", "ON_ERROR_STOP=1", "-h", self.directory, "-U", "postgres", database,
                   input=text, timeout=60)

    def make_database(self):
        self.sql(f"CREATE ROLE mailkey LOGIN PASSWORD '{self.password}'", "postgres")
        self.sql("CREATE DATABASE mailkey OWNER mailkey", "postgres")

    def connections(self):
        """How many mailkey holds."""
        return int(self.sql("SELECT count(*) FROM pg_stat_activity WHERE usename = 'mailkey'"))

    # --- What can befall it -------------------------------------------------------------------------------

    def start(self):
        log = open(self.directory / "log", "ab")
        self.process = subprocess.Popen(self._as_postgres(PROGRAMS / "postgres", "-D", self.data), stdin=subprocess.DEVNULL,
                                        stdout=log, stderr=log, start_new_session=True, cwd="/")
        log.close()
        deadline = time.monotonic() + 30
        while not self.is_ready():
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"{self.name} does not start:\n{self.said()}")
            time.sleep(0.03)

    def is_ready(self):
        asked = [PROGRAMS / "pg_isready", "-q", "-h", self.directory]
        return subprocess.run(asked, stdin=subprocess.DEVNULL).returncode == 0

    def said(self):
        return (self.directory / "log").read_text(errors="replace")

    def stop(self):
        """As `systemctl stop`: whoever is connected is told so."""
        self.process.send_signal(signal.SIGINT)
        self.process.wait(30)

    def _processes(self):
        """The server's first process, and those that it has made."""
        made = []
        for path in pathlib.Path("/proc").glob("[0-9]*/stat"):
            try:
                parent = int(path.read_text().rsplit(")", 1)[1].split()[1])
            except (OSError, IndexError):
                continue
            if parent == self.process.pid:
                made.append(int(path.parent.name))
        return [self.process.pid, *made]

    def _signal_all(self, number):
        for process in self._processes():
            try:
                os.kill(process, number)
            except ProcessLookupError:
                pass

    def kill(self):
        """As a power cut, but for the disks: every process at once, in the middle of whatever it does."""
        self._signal_all(signal.SIGKILL)
        self.process.wait(30)

    def freeze(self):
        """It does nothing any more, and its kernel goes on taking connections."""
        self._signal_all(signal.SIGSTOP)

    def thaw(self):
        self._signal_all(signal.SIGCONT)

    def reload(self):
        self.sql("SELECT pg_reload_conf()", "postgres")

    def unplug(self):
        """Its cable is pulled: after a while the network itself says that it is not there."""
        run("ip", "link", "set", self._cable, "down")

    def plug_in(self):
        run("ip", "link", "set", self._cable, "up")

    def lose_questions(self):
        """What we send it is lost on the way, silently."""
        run("ip", "neighbour", "replace", self.address, "lladdr", NOBODY, "nud", "permanent", "dev", "lan")

    def lose_answers(self):
        """What it sends us is lost on the way, silently."""
        self._inside("ip", "neighbour", "replace", US, "lladdr", NOBODY, "nud", "permanent", "dev", "eth0")

    def lose_nothing(self):
        subprocess.run(["ip", "neighbour", "delete", self.address, "dev", "lan"], stderr=subprocess.DEVNULL)
        subprocess.run(self._on_machine("ip", "neighbour", "delete", US, "dev", "eth0"), stderr=subprocess.DEVNULL)

    # --- More than one --------------------------------------------------------------------------------------

    def standby(self, name, **settings):
        """A running copy that follows this server by streaming replication."""
        copy = Server(name, copy_of=self, **settings)
        copy.start()
        copy.wait_until_it_follows(self)
        return copy

    def replicate_synchronously(self, names):
        """A commit waits until one of these has it, too; with "" it waits for nobody."""
        self.sql(f"ALTER SYSTEM SET synchronous_standby_names = '{names}'", "postgres")
        self.reload()

    def wait_until_it_follows(self, primary):
        """Until this server has everything that `primary` has committed."""
        place = primary.sql("SELECT pg_current_wal_flush_lsn()").strip()
        deadline = time.monotonic() + 30
        while self.sql(f"SELECT pg_last_wal_replay_lsn() >= '{place}'").strip() != "t":
            if time.monotonic() > deadline:
                raise RuntimeError(f"{self.name} does not follow {primary.name}:\n{self.said()}")
            time.sleep(0.03)

    def promote(self):
        self.sql("SELECT pg_promote()", "postgres")


class Wire:
    """A connection to `server` that goes through our hands: it can be slow, break, refuse, and lose one answer."""

    def __init__(self, server):
        self._server = server
        self.delay = 0.0  # seconds, in each direction
        self._swallow = None
        self._pairs = set()
        self._open = True
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=200)
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def url(self):
        return f"postgresql://mailkey@127.0.0.1:{self.port}/mailkey?sslmode=disable"

    def refuse(self):
        """Nobody listens any more, and what is open breaks."""
        self._open = False
        self.reset()

    def accept(self):
        self._open = True

    def reset(self):
        """Every open connection breaks with a reset (RST)."""
        for pair in list(self._pairs):
            self._break(pair)

    def lose_the_answer_to(self, question):
        """The next message with these bytes reaches the server; its answer does not come back, a reset does."""
        self._swallow = question

    def has_lost_it(self):
        return self._swallow is None

    def _accept(self):
        while True:
            client, _ = self._listener.accept()
            try:
                if not self._open:
                    raise OSError("refused")
                server = socket.create_connection((self._server.address, self._server.port), 5)
                server.settimeout(None)
            except OSError:
                _reset(client)
                continue
            pair = (client, server)
            for end in pair:
                end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._pairs.add(pair)
            lost = threading.Event()
            for source, target in (pair, pair[::-1]):
                line = queue.Queue()
                threading.Thread(target=self._read, args=(source, line), daemon=True).start()
                threading.Thread(target=self._write, args=(line, target, pair, source is client, lost), daemon=True).start()

    def _read(self, source, line):
        while True:
            try:
                data = source.recv(65536)
            except OSError:
                data = b""
            line.put((time.monotonic() + self.delay, data))
            if not data:
                return

    def _write(self, line, target, pair, to_server, lost):
        while True:
            due, data = line.get()
            time.sleep(max(0.0, due - time.monotonic()))
            if to_server and self._swallow and self._swallow in data:
                lost.set()
                self._swallow = None
            elif lost.is_set() and data:
                data = b""
            try:
                if not data:
                    raise OSError("one end is closed")
                target.sendall(data)
            except OSError:
                self._break(pair)
                return

    def _break(self, pair):
        self._pairs.discard(pair)
        for end in pair:
            _reset(end)


def _reset(connection):
    try:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        # A thread that waits in recv() would keep it open.
        connection.shutdown(socket.SHUT_RD)
    except OSError:
        pass
    connection.close()


# --- Mail nodes ---------------------------------------------------------------------------------------------


def instance(directory, url, password, key_of=None, init=True, **settings):
    """A mailkey whose store is at `url`, made as an administrator makes one: configuration, password file, `mailkey init`.
    `key_of`: the Mailkey whose key this node gets a copy of."""
    directory.mkdir(mode=0o755)
    write_secret(directory / "store-password", password + "\n")
    if key_of:
        write_secret(directory / "key", pathlib.Path(key_of.config).with_name("key").read_text())
    config = directory / "mailkey.toml"
    config.write_text("".join(f"{line}\n" for line in (
        f'store = "{url}"', f'node = "{directory.name}"', f'node_dir = "{directory}/local"', f'store_password_file = "{directory}/store-password"', f'key = "{directory}/key"',
        *(f"{name} = {value}" for name, value in settings.items()))))
    mailkey = Mailkey(support.BUILT / "mailkey", config)
    if init:
        mailkey.run("init")
    return mailkey


def write_secret(path, text):
    path.touch(mode=0o640)
    path.chmod(0o640)
    path.write_text(text)


class Node(MailServer):
    """One more mail node: a Dovecot with configuration, PAM files and directory of its own, on the same syslog."""

    def __init__(self, name, first, url, password):
        self.name = name
        directory = support.directory / name
        directory.mkdir(mode=0o755)
        self.mailkey = instance(support.directory / f"{name}-mailkey", url, password, key_of=first)
        super().__init__(directory, support.BUILT / "libmailkey.so", self.mailkey.config)
        self.parts = ["imap", "webmail"]
        self.port = {part: number if part in self.parts else None for part, number in self.port.items()}
        self.delivers = False
        self.syslog = support.server.syslog

    def start(self):
        pam = self.directory / "etc/pam.d"
        pam.mkdir(parents=True)
        self.pam("other", "auth required pam_deny.so\naccount required pam_deny.so\n")
        for service in ("mailkey-imap", "mailkey-webmail"):
            self.pam(service, self.virtual_stack())
        for name in ("run", "mail"):
            (self.directory / name).mkdir()
        shutil.chown(self.directory / "mail", "vmail")
        (self.directory / "dovecot.conf").write_text(dovecot_2_3(self))
        self.daemons.run("unshare", "--mount", "--propagation", "private", "sh", "-c",
                         'mount --bind "$0/etc/pam.d" /etc/pam.d; exec dovecot -F -c "$0/dovecot.conf"', self.directory)
        for part in self.parts:
            self.daemons.wait_for_port(part, self.port[part])

    def stop(self):
        self.daemons.stop()
