<?php
// Every complaint of PHP goes to a file, one JSON object a line: notices and deprecations too, whatever Roundcube asks PHP
// to be silent about. PHP runs this before each request (auto_prepend_file).

set_error_handler(function ($level, $message, $file, $line) {
    // What stands behind an "@" is not meant to be seen: PHP leaves only these levels on for it.
    if (error_reporting() !== 4437) {
        $said = compact('level', 'message', 'file', 'line') + ['callers' => array_column(debug_backtrace(), 'file')];
        file_put_contents('/var/log/roundcube/complaints', json_encode($said) . "\n", FILE_APPEND | LOCK_EX);
    }

    return false;
});
