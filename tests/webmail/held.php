<?php
// What a Roundcube remembers of those who are signed in: one JSON object for each row of its session table.
// Run as the user of the web server: php held.php /directory/of/the/site

define('INSTALL_PATH', rtrim($argv[1], '/') . '/');
require INSTALL_PATH . 'program/include/clisetup.php';

$rcmail = rcmail::get_instance();
$rows = $rcmail->get_dbh()->query('SELECT `sess_id`, `vars` FROM ' . $rcmail->get_dbh()->table_name('session', true));
$held = [];
while ($row = $rcmail->get_dbh()->fetch_assoc($rows)) {
    $vars = base64_decode($row['vars']);
    $values = rcube_session::unserialize($vars);
    $held[] = [
        'username' => $values['username'] ?? null,
        'password' => isset($values['password']) ? $rcmail->decrypt($values['password']) : null,
        'vars' => mb_convert_encoding($vars, 'UTF-8', 'ISO-8859-1'),
    ];
}
echo json_encode($held);
