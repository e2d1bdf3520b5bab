"""Our packages in the version after this one, for tests of upgrades.

There is no earlier release to upgrade from yet. So the packages of this checkout are the previous ones, and the next
are made of them: another version, a PAM service file that has changed, and a database that has moved on by a migration
that adds something. When there is a release, its packages take the place of the previous ones.
"""

import packages  # of tests/packages

NEXT = "0.1.0+next"
CHANGED = "/etc/pam.d/mailkey-imap"  # what the next version says differently
PANEL_SETTINGS = "/etc/mailkey/panel.toml"  # likewise
NEW_LINE = "# Something new in the next version.\n"

# As a later version's `mailkey init` leaves the database: a schema that older code may go on with.
MIGRATION = """
sqlite3 -cmd '.timeout 10000' /var/lib/mailkey/mailkey.db <<'EOT'
BEGIN IMMEDIATE;
UPDATE compatibility SET oldest = (SELECT user_version FROM pragma_user_version);
CREATE TABLE something_new (account INTEGER);
PRAGMA user_version = 1000;
COMMIT;
EOT
"""


def make_next(debs, place, names=("mailkey", "libpam-mailkey"), migration=MIGRATION):
    """Write the next packages into `place`; `debs` is the directory of this version's. `migration`: what the installation
    does with the database at its end, as a script of sh."""
    current = {name: packages.one(debs, name) for name in names}
    packages.next_version(current, place, NEXT, lambda name, tree: _change(name, tree, migration))


def _change(name, tree, migration):
    if name == "mailkey":
        postinst = tree / "DEBIAN/postinst"
        postinst.write_text(postinst.read_text() + migration)
    elif name == "mailkey-panel":
        file = tree / PANEL_SETTINGS.lstrip("/")
        file.write_text(NEW_LINE + file.read_text())
    else:
        with open(tree / CHANGED.lstrip("/"), "a") as service:
            service.write(NEW_LINE)
