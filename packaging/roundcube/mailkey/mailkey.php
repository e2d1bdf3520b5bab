<?php

/**
 * mailkey: two-factor sign-in for Roundcube, with sessions that the mail server keeps
 *
 * At sign-in the plugin makes a random session credential and has the mail server open a session for it, with the
 * password and the code, in one IMAP login. From then on Roundcube knows the session credential alone; the password is
 * gone with the request. Sign-out has the mail server end the session, so that what Roundcube held is worthless.
 *
 * What it must never do: let the password, the code or the line that opens a session reach $_SESSION, the database or a
 * log; sign in without a credential of its own; end a session that is not the one of this browser.
 *
 * Where the one secret is:
 *   $open        the line that opens the session, from "authenticate" until the IMAP login, this request only
 *   $credential  what is made for this sign-in, this request only
 *   $_SESSION['password']  the session credential, encrypted by Roundcube (des_key), as Roundcube's own password was
 *
 * @license MIT OR Apache-2.0
 */
class mailkey extends rcube_plugin
{
    private const FIELD = '_mailkey_code';
    private const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';
    private const SYMBOLS = 52;

    /** @var rcmail */
    private $rc;

    /** @var ?string Session credential made for this sign-in */
    private $credential;

    /** @var ?string IMAP password that opens the session; forgotten as soon as it is open */
    private $open;

    /** @var array Server of the sign-in under way, in the order of the arguments of close_session() */
    private $server = [];

    /** @var bool The session of this sign-in is open on the mail server */
    private $opened = false;

    /** @var bool A recovery code was typed */
    private $recovery = false;

    /** @var bool Our own login that ends a session is under way */
    private $closing = false;

    /** @var bool The mail server has refused the stored credential: nothing is left to end */
    private $ended = false;

    public function init()
    {
        $this->rc = rcmail::get_instance();
        $this->load_config();
        $this->add_texts('localization/');

        $this->add_hook('startup', [$this, 'startup']);
        $this->add_hook('loginform_content', [$this, 'login_form']);    // also the page after a sign-out is this form
        $this->add_hook('storage_connect', [$this, 'storage_connect']);
        $this->add_hook('storage_connected', [$this, 'storage_connected']);
        $this->add_hook('login_after', [$this, 'login_after']);
        $this->add_hook('login_failed', [$this, 'login_failed']);
        $this->add_hook('session_destroy', [$this, 'session_destroy']);
        $this->add_hook('raise_error', [$this, 'raise_error']);

        if (empty($_SESSION['user_id'])) {
            // Requests that were under way when the session ended find this note, and say the same
            if (!empty($_SESSION['mailkey_ended'])) {
                $this->rc->load_language(null, [], ['sessionerror' => $this->gettext('ended')]);
            }

            return;
        }

        $this->add_hook('refresh', [$this, 'renew']);
        $this->add_hook('keep_alive', [$this, 'renew']);
        $this->add_hook('message_send_error', [$this, 'message_send_error']);
        $this->add_hook('render_page', [$this, 'render_page']);

        if ($this->rc->task == 'settings' && $this->panel_url()) {
            $this->add_hook('settings_actions', [$this, 'settings_actions']);
            $this->register_action('plugin.mailkey', [$this, 'settings_page']);
        }
    }

    /**
     * Hooks that must come after those of every other plugin, in whatever order the plugins are listed: whoever fills in
     * the password, ours is the last to see it before the IMAP login.
     */
    public function startup($args)
    {
        $this->add_hook('authenticate', [$this, 'authenticate']);
        $this->add_hook('password_change', [$this, 'password_change']);

        if (empty($_SESSION['user_id']) && $this->rc->output->type == 'html') {
            $this->check_config();
        }

        return $args;
    }

    // --- Sign-in

    /**
     * Adds the field for the code to the sign-in form
     */
    public function login_form($args)
    {
        if (empty($args['inputs']['password'])) {
            return $args;
        }

        // No inputmode here: without JavaScript a numeric keyboard would keep recovery codes out; mailkey.js sets it
        $input = new html_inputfield([
            'name'           => self::FIELD,
            'id'             => 'mailkey-code',
            'class'          => 'form-control',
            'size'           => 40,
            'maxlength'      => 32,
            'autocomplete'   => 'one-time-code',
            'autocapitalize' => 'off',
            'spellcheck'     => 'false',
            'data-icon'      => 'key',
        ]);

        $args['inputs']['mailkey'] = [
            'title'   => html::label('mailkey-code', rcube::Q($this->gettext('code'))),
            'content' => $input->show(),
        ];

        $switch = html::tag('button', [
            'type'          => 'button',
            'id'            => 'mailkey-switch',
            'class'         => 'mailkey-link',
            'aria-controls' => 'mailkey-code',
            'hidden'        => 'hidden',
        ], rcube::Q($this->gettext('use_recovery')));

        $args['buttons'] = ['mailkey' => ['outterclass' => 'mailkey-switch', 'content' => $switch]] + $args['buttons'];

        $this->include_script('mailkey.js');
        $css = $this->local_skin_path() . '/mailkey.css';
        if (is_file("$this->home/$css")) {
            $this->include_stylesheet($css);
        }
        $this->add_label('code', 'recovery_code', 'use_recovery', 'use_code');

        if ($this->rc->config->get('mailkey_panel_on_login') && ($link = $this->panel_link('panel_login', 'support-link'))) {
            $this->api->add_content('&nbsp;&bull;&nbsp; ' . $link, 'loginfooter');
        }

        return $args;
    }

    /**
     * Puts the session credential in the place of the password
     */
    public function authenticate($args)
    {
        $code = rcube_utils::get_input_string(self::FIELD, rcube_utils::INPUT_POST);
        $pass = isset($args['pass']) ? (string) $args['pass'] : '';

        // Nobody after us needs these, and an error handler that prints the request shall not have them
        foreach (['_pass', self::FIELD] as $name) {
            unset($_POST[$name], $_REQUEST[$name]);
        }
        ini_set('zend.exception_ignore_args', '1');

        if (empty($args['valid']) || !empty($args['abort']) || empty($args['user']) || $pass === '') {
            return $args;
        }

        // Roundcube's own label, so that its message stays first; a code that was used is the usual reason
        $this->rc->load_language(null, [], [
            'loginfailed' => $this->rc->gettext('loginfailed') . ' ' . $this->gettext('login_hint'),
        ]);

        $code = self::normalise_code($code);
        $limit = (int) $this->rc->config->get('login_password_maxlen', 1024);

        if ($code === null) {
            return ['abort' => true, 'pass' => ''] + $args;
        }

        if (strpos($pass, "\0") !== false || ($limit && strlen($pass) > $limit)) {
            return ['abort' => true, 'pass' => '', 'error' => rcmail::ERROR_INVALID_REQUEST] + $args;
        }

        try {
            $this->credential = self::new_credential();
        }
        catch (Throwable $e) {
            $this->log('no random numbers for a session credential, so nobody can sign in');
            return ['abort' => true, 'pass' => '', 'error' => rcmail::ERROR_STORAGE] + $args;
        }

        $this->open = "mkopen:{$this->credential}:{$code}:{$pass}";
        $this->recovery = strlen($code) == 12;

        // What Roundcube keeps is what it believes to be the password
        return ['pass' => $this->credential] + $args;
    }

    /**
     * Gives the IMAP login of the sign-in the line that opens the session; for every later login, asks for a second call
     * that comes when the first attempt has failed.
     */
    public function storage_connect($args)
    {
        if ($this->closing) {
            return $args;
        }

        if ($this->open !== null) {
            $this->server = [$args['host'], $args['user'], $args['port'] ?? 143, $args['ssl_mode'] ?? null];
            $args['pass'] = $this->open;
        }
        else if ($this->is_session_login($args)) {
            if ($args['attempt'] == 1) {
                $args['retry'] = true;
            }
            else if ($this->is_refused($this->rc->get_storage())) {
                $this->end();
            }
        }

        return $args;
    }

    public function storage_connected($args)
    {
        if ($this->closing) {
            return $args;
        }

        if ($this->open !== null) {
            $this->open = null;
            $this->opened = true;
            // It remembers what it has signed in with, to connect again
            $this->rc->get_storage()->set_options(['password' => $this->credential]);
        }
        else if ($this->is_session_login($args) && time() - $this->last_login() >= 60) {
            $_SESSION['mailkey_login'] = time();
        }

        return $args;
    }

    public function login_after($args)
    {
        if ($this->opened) {
            $_SESSION['password'] = $this->rc->encrypt($this->credential);
            $_SESSION['mailkey_login'] = time();

            if ($this->recovery) {
                $_SESSION['mailkey_recovery'] = true;
            }
        }

        $this->forget();

        return $args;
    }

    /**
     * The mail server may have opened the session although Roundcube then refused (a user that it may not create)
     */
    public function login_failed($args)
    {
        if ($this->opened) {
            $this->close_session($this->credential, ...$this->server);
        }

        $this->forget();

        return $args;
    }

    private function forget()
    {
        $this->open = $this->credential = null;
        $this->opened = false;
        $this->server = [];
    }

    /**
     * The password plugin would keep the new password; what Roundcube signs in with has not changed
     */
    public function password_change($args)
    {
        if ($credential = $this->stored_credential()) {
            $args['new_pass'] = $credential;
        }

        return $args;
    }

    // --- While signed in

    /**
     * An IMAP login that does nothing else, when the last one is some time ago: a message may take longer to write than
     * the mail server keeps an unused session.
     */
    public function renew($args)
    {
        if (time() - $this->last_login() >= $this->renew_interval()) {
            $this->rc->storage_connect();
        }

        return $args;
    }

    /**
     * A message was not sent. If that is because the session has ended, IMAP says so.
     */
    public function message_send_error($args)
    {
        $this->rc->storage_connect();

        return $args;
    }

    /**
     * Before Roundcube logs an error. When the filters' server takes no login, IMAP says whether the session has ended.
     * The login that ends a session reports for itself.
     */
    public function raise_error($args)
    {
        if ($this->closing) {
            return ($args['type'] ?? null) == 'imap' ? ['message' => ''] + $args : $args;
        }

        if (!empty($_SESSION['user_id']) && strpos($args['message'] ?? '', 'Unable to connect to managesieve') === 0) {
            $this->rc->storage_connect();
        }

        return $args;
    }

    /**
     * The mail server has refused the session credential: back to the sign-in form, with the reason. A message that is
     * being written stays in the browser (session_error in Roundcube's app.js).
     */
    private function end()
    {
        $this->ended = true;

        $output  = $this->rc->output;
        $task    = $this->rc->task;
        $compose = strpos($_SERVER['HTTP_REFERER'] ?? '', '_action=compose') !== false
            && $this->rc->config->get('compose_save_localstorage');
        $message = $this->gettext('ended') . ($compose ? ' ' . $this->gettext('ended_compose') : '');

        if ($this->is_still_stored()) {
            $this->rc->kill_session();
            $_SESSION['mailkey_ended'] = true;
        }
        else {
            $this->rc->session->nowrite = true;
        }

        if ($output->ajax_call || $output->get_env('framed')) {
            $output->reset();
            $output->show_message($message, 'error', null, true, -1);
            $output->command('session_error', $this->rc->url(['_task' => $task, '_err' => 'session']));
            $output->send('iframe');
        }

        $query = $_SERVER['REQUEST_METHOD'] == 'GET' ? array_filter($_GET, 'is_string') : [];
        unset($query['_token']);
        $output->redirect(['_task' => $task, '_err' => 'session'] + $query);
    }

    /**
     * Of several requests at a time the first ends Roundcube's session. The others, which may have waited for the mail
     * server's refusal for seconds, must leave alone what is there by then: a sign-in form, or a new session.
     */
    private function is_still_stored()
    {
        $stored = $this->rc->session->read(session_id());

        if (!is_string($stored)) {
            return true;    // PHP's own sessions, which one request has at a time
        }

        $stored = rcube_session::unserialize($stored);

        return is_array($stored) && ($stored['password'] ?? null) === $_SESSION['password'];
    }

    private function is_refused($storage)
    {
        $code = $storage->conn->resultcode ?? null;

        return $storage->get_error_code() == rcube_imap_generic::ERROR_NO
            && in_array($code, ['AUTHENTICATIONFAILED', 'EXPIRED'], true);
    }

    /**
     * Other plugins may connect to other accounts
     */
    private function is_session_login($args)
    {
        return !empty($_SESSION['user_id'])
            && $args['host'] === $_SESSION['storage_host']
            && $args['user'] === $_SESSION['username'];
    }

    private function last_login()
    {
        return (int) ($_SESSION['mailkey_login'] ?? 0);
    }

    // --- Sign-out

    /**
     * Roundcube forgets the session, for whatever reason. At a sign-in this runs before "authenticate", so what is in
     * $_SESSION is the session that the new one replaces.
     */
    public function session_destroy($args)
    {
        if (!$this->ended && ($credential = $this->stored_credential())) {
            $this->close_session($credential, $_SESSION['storage_host'], $_SESSION['username'],
                $_SESSION['storage_port'], $_SESSION['storage_ssl']);
        }

        return $args;
    }

    private function close_session($credential, $host, $user, $port, $ssl)
    {
        $error = null;
        $this->closing = true;

        try {
            if (is_object($this->rc->storage)) {
                $this->rc->storage->close();
            }

            // A connection of its own, made from the same settings; nobody after us gets it, with its short timeout
            $this->rc->storage = null;
            $storage = $this->rc->get_storage();
            $storage->set_options(['timeout' => $this->close_timeout()]);

            if ($storage->connect($host, $user, "mkclose:$credential", $port, $ssl)) {
                $storage->close();
            }
            // A refusal means that it had ended before
            else if (!$this->is_refused($storage)) {
                $error = $storage->get_error_str() ?: 'no answer';
            }
        }
        catch (Throwable $e) {
            $error = get_class($e);
        }

        $this->rc->storage = null;
        $this->closing = false;

        if ($error !== null) {
            $this->log("the session of $user could not be ended, it stays valid until it has been idle for too long: $error");
        }
    }

    /**
     * @return ?string The session credential of this browser's session; null for a session from before the plugin
     */
    private function stored_credential()
    {
        $pass = empty($_SESSION['password']) ? null : $this->rc->decrypt($_SESSION['password']);

        return is_string($pass) && preg_match('/^mks-[' . self::ALPHABET . ']{' . self::SYMBOLS . '}$/D', $pass) ? $pass : null;
    }

    // --- What the person sees afterwards

    /**
     * Tells once, on the first whole page, that a recovery code is used up
     */
    public function render_page($args)
    {
        if (!empty($_SESSION['mailkey_recovery']) && !$this->rc->output->get_env('framed')) {
            $this->rc->session->remove('mailkey_recovery');

            // A dialog needs jQuery UI, which comes after the commands of a page: mailkey.js opens it
            $this->include_script('mailkey.js');
            $this->rc->output->set_env('mailkey_notice', [
                'title' => $this->gettext('recovery_title'),
                'text'  => $this->gettext('recovery_used'),
                'ask'   => $this->gettext('recovery_ask'),
                'label' => $this->gettext('panel_open'),
                'url'   => $this->panel_url(),
            ]);
        }

        return $args;
    }

    public function settings_actions($args)
    {
        // The skins know "twofactorauth" (Elastic) and "password" (Larry), and have an icon for them
        $args['actions'][] = [
            'action' => 'plugin.mailkey',
            'class'  => 'password twofactorauth',
            'label'  => 'panel',
            'title'  => 'panel_title',
            'domain' => 'mailkey',
        ];

        return $args;
    }

    public function settings_page()
    {
        $this->register_handler('plugin.body', [$this, 'settings_body']);
        $this->rc->output->set_pagetitle($this->gettext('panel'));
        $this->rc->output->send('plugin');
    }

    public function settings_body()
    {
        $text = html::p(null, rcube::Q($this->gettext('panel_text')))
            . html::p(null, $this->panel_link('panel_open', 'button btn btn-primary'));

        return html::div(['class' => 'boxtitle'], rcube::Q($this->gettext('panel')))
            . html::div(['class' => 'box formcontainer scroller'], html::div(['class' => 'boxcontent formcontent'], $text));
    }

    private function panel_link($label, $class)
    {
        $url = $this->panel_url();

        return !$url ? null : html::a(
            ['href' => $url, 'target' => '_blank', 'rel' => 'noopener noreferrer', 'class' => $class],
            rcube::Q($this->gettext($label))
        );
    }

    // --- Settings

    private function panel_url()
    {
        $url = $this->rc->config->get('mailkey_panel_url');

        return is_string($url) && preg_match('!^https?://[^\s/"\'<>\\\\]+[^\s"\'<>\\\\]*$!Di', $url) ? $url : null;
    }

    private function renew_interval()
    {
        return $this->seconds('mailkey_renew_interval', 600, 60, 86400);
    }

    private function close_timeout()
    {
        return $this->seconds('mailkey_close_timeout', 5, 1, 60);
    }

    private function seconds($name, $default, $min, $max, &$valid = null)
    {
        $value = $this->rc->config->get($name, $default);
        $valid = is_int($value) && $value >= $min && $value <= $max;

        return $valid ? $value : $default;
    }

    /**
     * Says in the log what is wrong with the settings, whenever the sign-in form is asked for
     */
    private function check_config()
    {
        foreach (['mailkey_renew_interval' => [600, 60, 86400], 'mailkey_close_timeout' => [5, 1, 60]] as $name => $limits) {
            $this->seconds($name, $limits[0], $limits[1], $limits[2], $valid);
            if (!$valid) {
                $this->log("$name must be a whole number of seconds from $limits[1] to $limits[2]; using $limits[0]");
            }
        }

        if ($this->rc->config->get('mailkey_panel_url') && !$this->panel_url()) {
            $this->log('mailkey_panel_url must begin with https:// (or http://) and have no spaces or quotes; no link is shown');
        }

        if ($this->rc->config->get('des_key') === 'rcmail-!24ByteDESkey*Str') {
            $this->log('des_key is the one that everybody knows: set your own, because it encrypts the session credentials');
        }
    }

    private function log($message)
    {
        rcube::raise_error(['code' => 500, 'type' => 'php', 'message' => "mailkey: $message"], true, false);
    }

    // --- Credentials

    /**
     * @return string "mks-" and 52 random symbols of 5 bits each
     * @throws Exception without randomness
     */
    private static function new_credential()
    {
        $credential = 'mks-';

        foreach (str_split(random_bytes(self::SYMBOLS)) as $byte) {
            $credential .= self::ALPHABET[ord($byte) & 31];
        }

        return $credential;
    }

    /**
     * Takes out what the mail server ignores, too: spaces and dashes. Wide characters of Japanese keyboards become plain.
     *
     * @return ?string Letters and digits, empty without a code; null for what can be no code
     */
    private static function normalise_code($code)
    {
        if (strlen($code) > 96 || !mb_check_encoding($code, 'UTF-8')) {
            return null;
        }

        $code = preg_replace('/[\s\p{Zs}\p{Pd}]+/u', '', mb_convert_kana($code, 'as', 'UTF-8'));

        return is_string($code) && preg_match('/^[0-9A-Za-z]{0,32}$/D', $code) ? $code : null;
    }
}
