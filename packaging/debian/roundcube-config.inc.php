<?php

// Settings of the plugin mailkey. All of them, with what they mean, are in
// /usr/share/roundcube/plugins/mailkey/config.inc.php.dist; without a line here, the value there holds.
// To switch the plugin on, add to /etc/roundcube/config.inc.php: $config['plugins'][] = 'mailkey';
$config = [];
