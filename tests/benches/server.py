"""Instances whose store is on a PostgreSQL server, which runs in the private namespace: beside it, and a millisecond away."""

import os
import pathlib
import shutil
import subprocess
import time

from world import Broken, run

PORT = 5499
FAR_PORT = 5498
# What a server of this size has in practice; everything else as it comes.
SETTINGS = ("listen_addresses=127.0.0.1", f"port={PORT}", "shared_buffers=512MB", "max_connections=100")


def programs():
    versions = pathlib.Path("/usr/lib/postgresql").glob("[0-9]*")
    newest = max(versions, key=lambda version: int(version.name), default=None)
    return newest and newest / "bin"


class Server:
    def __init__(self, world):
        self.world = world
        self.home = world.directory / "postgres"
        self.home.mkdir()
        shutil.chown(self.home, "postgres", "postgres")
        self._as_postgres("initdb", "-D", self.home / "data", "-U", "mailkey", "--auth=trust", "--encoding=UTF8", "--locale=C")
        options = [word for setting in (*SETTINGS, f"unix_socket_directories={self.home}") for word in ("-c", setting)]
        with open(self.home / "log", "w") as log:
            self.process = subprocess.Popen(self._command("postgres", "-D", self.home / "data", *options), stdout=log, stderr=log,
                                            cwd="/")
        deadline = time.monotonic() + 60
        while subprocess.run(self._command("pg_isready", "-q", "-h", "127.0.0.1", "-p", str(PORT))).returncode:
            if time.monotonic() > deadline:
                raise Broken(f"PostgreSQL does not start: {(self.home / 'log').read_text()}")
            time.sleep(0.1)
        self.sql("CREATE DATABASE mailkey", "postgres")
        self.config = self._instance("server", PORT)
        self.far = subprocess.Popen([world.program, "relay", f"127.0.0.1:{FAR_PORT}", f"127.0.0.1:{PORT}", "500"],
                                    stdout=subprocess.PIPE)
        self.far.stdout.readline()
        self._instance("far", FAR_PORT)

    def _command(self, program, *words):
        return ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", str(programs() / program),
                *(str(word) for word in words)]

    def _as_postgres(self, program, *words):
        run(self._command(program, *words), cwd="/")

    def _instance(self, name, port):
        """An instance with this store, at `port`; `far` is the same, and each way takes half a millisecond."""
        home = self.world.directory / name
        (home / "data").mkdir(parents=True)
        config = home / "mailkey.toml"
        key = home / "key"
        shutil.copy(self.world.config.parent / "key", key)
        config.write_text(f'store = "postgresql://mailkey@127.0.0.1:{port}/mailkey?sslmode=disable"\nnode = "bench"\nnode_dir = "{home}/data"\nkey = "{key}"\n')
        config.chmod(0o644)
        run([self.world.built / "mailkey", "--config", config, "init"])
        return config

    def sql(self, statements, database="mailkey"):
        return run([programs() / "psql", "-qAtX", "-v", "ON_ERROR_STOP=1", "-h", "127.0.0.1", "-p", PORT, "-U", "mailkey",
                    "-d", database, "-c", statements], cwd="/").strip()

    def fill(self, accounts):
        """That many accounts, user0000000@example.org and on, as World.large_instance makes them."""
        hashed = "$argon2id$v=19$m=19456,t=2,p=1,keyid=AAAAAQ$" + "A" * 22 + "$" + "A" * 43
        now = int(time.time())
        self.sql(f"""
            SET synchronous_commit = off;
            INSERT INTO account (uid, name, version, password, authenticators_made, created_at)
            SELECT decode(md5(i::text), 'hex'), 'user' || lpad(i::text, 7, '0') || '@example.org', 2, '{hashed}', 1, {now}
            FROM generate_series(0, {accounts - 1}) AS i;
            INSERT INTO authenticator (account, number, name, key, sealed, algorithm, digits, period, created_at, confirmed_at)
            SELECT id, 1, 'phone', 1, decode(repeat('00', 60), 'hex'), 'SHA1', 6, 30, {now}, {now} FROM account
            WHERE name LIKE 'user%';
            INSERT INTO app_password (account, id, name, hash, protocols, created_at)
            SELECT account.id, number, 'phone', '{hashed}', 15, {now}
            FROM account, (VALUES ('aaaa'), ('bbbb'), ('cccc')) AS numbers(number) WHERE account.name LIKE 'user%';
            ANALYZE""")

    def connections(self):
        return int(self.sql("SELECT COUNT(*) FROM pg_stat_activity WHERE application_name = 'mailkey'"))

    def stop(self):
        for process in (self.far, self.process):
            process.terminate()
            process.wait()
