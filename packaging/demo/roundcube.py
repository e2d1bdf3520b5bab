"""Roundcube, Debian's package, on nginx and PHP-FPM, for the mail server of mailserver.py.

    webmail = Roundcube(server, [Site("elastic"), Site("larry", skin="larry")])
    webmail.start()
    webmail.sites["elastic"].url

Each site is a Roundcube of its own, as Debian lays it out under /var/lib/roundcube, with its own configuration,
database, logs and temporary files; the program itself is the package's. Nothing outside the directory is written.
"""

import pathlib
import secrets
import shutil
import sqlite3
from dataclasses import dataclass, field
from textwrap import dedent

from daemons import Daemons, free_port

PROGRAM = pathlib.Path("/usr/share/roundcube")
NEEDED = (PROGRAM / "index.php", PROGRAM / "plugins/managesieve", PROGRAM / "skins/larry", pathlib.Path("/usr/sbin/nginx"))
PLUGIN = pathlib.Path(__file__).resolve().parents[1] / "roundcube/mailkey"
FIRST_PORT = 18080  # browsers refuse some numbers, 10080 among them
USER = "www-data"  # Debian's user for web servers; www-data's group too


def installed():
    """Is everything there that `packaging/prepare webmail` brings?"""
    return fpm() is not None and all(path.exists() for path in NEEDED)


def fpm():
    """php-fpm carries PHP's version in its name: the newest one, or None."""
    found = sorted(pathlib.Path("/usr/sbin").glob("php-fpm[0-9]*"))
    return found[-1] if found else None


@dataclass
class Site:
    """One Roundcube. `listeners` "session": sieve and SMTP are the ports of mail programs, and the session credential
    opens them; "webmail": they are the webmail's own, which take what the webmail's IMAP port takes."""

    name: str
    plugin: bool = True  # ours; False: Roundcube as it comes
    skin: str = "elastic"
    listeners: str = "session"
    plugin_config: dict = field(default_factory=dict)  # packaging/roundcube/mailkey/config.inc.php.dist explains them
    config: dict = field(default_factory=dict)  # further lines of config.inc.php
    address: str = None  # where it signs in from, when that is not the machine's own 127.0.0.1
    port: int = None
    directory: pathlib.Path = None

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}/"

    @property
    def database(self):
        return self.directory / "roundcube.db"


class Roundcube:
    def __init__(self, server, sites):
        self.server = server
        self.directory = server.directory / "webmail"
        self.directory.mkdir()
        self.sites = {site.name: site for site in sites}
        self.daemons = Daemons(self.directory)
        for number, site in enumerate(sites):
            site.port = free_port(FIRST_PORT + number)
            site.directory = self.directory / site.name

    def start(self):
        for site in self.sites.values():
            self._lay_out(site)
        php, web = self.directory / "php-fpm.conf", self.directory / "nginx.conf"
        php.write_text(php_fpm(self))
        web.write_text(nginx(self))
        (self.directory / "run").mkdir()
        self.daemons.run(fpm(), "--nodaemonize", "--fpm-config", php)
        self.daemons.run("/usr/sbin/nginx", "-c", web, "-e", self.directory / "nginx.log")
        for site in self.sites.values():
            self.daemons.wait_for_port(f"webmail ({site.name})", site.port)

    def stop(self):
        self.daemons.stop()

    def logs(self, lines=20):
        """The last lines of what nginx, PHP and Roundcube wrote."""
        parts = []
        for path in sorted([*self.directory.glob("*.out"), *self.directory.glob("*.log"),
                            *self.directory.glob("*/logs/*")]):
            if path.stat().st_size:
                text = path.read_text(errors="replace").splitlines()[-lines:]
                parts.append(f"--- {path.relative_to(self.directory)}\n" + "\n".join(text))
        return "\n".join(parts)

    def _lay_out(self, site):
        """The directory of a site, like Debian's /var/lib/roundcube."""
        root = site.directory
        root.mkdir()
        for name in ("index.php", "program", "SQL", "skins"):
            (root / name).symlink_to(PROGRAM / name)
        public = root / "public_html"
        (public / "program").mkdir(parents=True)
        shutil.copyfile("/var/lib/roundcube/public_html/index.php", public / "index.php")  # it finds its site beside it
        for name in ("js", "resources"):
            (public / "program" / name).symlink_to(PROGRAM / "program" / name)
        for name in ("skins", "plugins"):
            (public / name).symlink_to(root / name)

        plugins = root / "plugins"
        plugins.mkdir()
        for plugin in (PROGRAM / "plugins").iterdir():
            (plugins / plugin.name).symlink_to(plugin)
        if site.plugin:
            shutil.copytree(PLUGIN, plugins / "mailkey")
            if site.plugin_config:
                (plugins / "mailkey/config.inc.php").write_text(php_config(site.plugin_config))

        config = root / "config"
        config.mkdir()
        for name in ("defaults.inc.php", "mimetypes.php"):
            (config / name).symlink_to(pathlib.Path("/etc/roundcube", name))
        (config / "config.inc.php").write_text(config_inc_php(self.server, site))
        shutil.chown(config / "config.inc.php", "root", USER)
        (config / "config.inc.php").chmod(0o640)

        for name in ("logs", "temp"):
            (root / name).mkdir(mode=0o750)
            shutil.chown(root / name, USER, USER)
        # SQLite makes files beside its database.
        shutil.chown(root, USER, USER)
        database = sqlite3.connect(site.database)
        database.executescript((PROGRAM / "SQL/sqlite.initial.sql").read_text())
        database.close()
        shutil.chown(site.database, USER, USER)
        site.database.chmod(0o640)


# --- Configuration files --------------------------------------------------------------------------------


def config_inc_php(server, site):
    """config.inc.php of a site."""
    port = server.port
    sieve, smtp = ("sieve", "smtp") if site.listeners == "session" else ("webmail-sieve", "webmail-smtp")
    plugins = ["managesieve", *(["mailkey"] if site.plugin else [])]
    settings = {
        # Everything is signed in to with what Roundcube remembers: with our plugin that is the session credential.
        "imap_host": f"127.0.0.1:{port['webmail']}",
        "smtp_host": f"127.0.0.1:{port[smtp]}",
        "smtp_user": "%u",
        "smtp_pass": "%p",
        "managesieve_host": f"127.0.0.1:{port[sieve]}",
        "plugins": plugins,
        "skin": site.skin,
        "db_dsnw": f"sqlite:///{site.database}?mode=0640",
        "des_key": secrets.token_hex(12),
        "create_default_folders": True,
        "language": "en_US",
        **site.config,
    }
    if site.address:
        for part in ("imap", "smtp", "managesieve"):
            settings[f"{part}_conn_options"] = {"socket": {"bindto": f"{site.address}:0"}}
    return php_config(settings)


def php_config(settings):
    """A configuration file of Roundcube or of one of its plugins."""
    return "<?php\n" + "".join(f"$config['{name}'] = {_php(value)};\n" for name, value in settings.items())


def _php(value):
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None:
        return "null"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(_php, value)) + "]"
    if isinstance(value, dict):
        return "[" + ", ".join(f"{_php(name)} => {_php(inner)}" for name, inner in value.items()) + "]"
    return "'" + str(value).replace("\\", "\\\\").replace("'", "\\'") + "'"


def php_fpm(webmail):
    """php-fpm.conf: a pool for each site, so that what runs at once in one does not wait for another."""
    pools = "".join(dedent(f"""\

        [{site.name}]
        user = {USER}
        group = {USER}
        listen = {webmail.directory}/run/{site.name}.socket
        listen.owner = {USER}
        listen.group = {USER}
        pm = ondemand
        pm.max_children = 6
        pm.process_idle_timeout = 60s
        """) for site in webmail.sites.values())
    return dedent(f"""\
        [global]
        error_log = {webmail.directory}/php-fpm.log
        pid = {webmail.directory}/run/php-fpm.pid
        """) + pools


def nginx(webmail):
    """nginx.conf: a port for each site."""
    directory = webmail.directory
    servers = "".join(f"""
          server {{
            listen 127.0.0.1:{site.port};
            root {site.directory}/public_html;
            index index.php;
            client_max_body_size 10m;
            location ~ \\.php$ {{
              include /etc/nginx/fastcgi.conf;
              fastcgi_pass unix:{directory}/run/{site.name}.socket;
            }}
          }}
""" for site in webmail.sites.values())
    return dedent(f"""\
        user {USER};
        worker_processes 1;
        daemon off;
        pid {directory}/run/nginx.pid;
        error_log {directory}/nginx.log;
        events {{
        }}
        http {{
          include /etc/nginx/mime.types;
          access_log {directory}/access.log;
          client_body_temp_path {directory}/run/body;
          fastcgi_temp_path {directory}/run/fastcgi;
          proxy_temp_path {directory}/run/proxy;
          uwsgi_temp_path {directory}/run/uwsgi;
          scgi_temp_path {directory}/run/scgi;
          sendfile off;
          {servers.strip()}
        }}
        """)
