//! A person at Roundcube: signs in, reads, writes, makes filters, signs out. And what Roundcube keeps meanwhile.

use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use serde::Deserialize;
use serde_json::json;

use crate::account::Account;
use crate::browser::{Browser, Screen};
use crate::stage::Stage;
use crate::world::{Site, world};

/// The field for the code that our plugin adds to the sign-in form.
pub const CODE_FIELD: &str = "input[name=_mailkey_code]";

/// What Roundcube says when the server does not take the stored credential, without our plugin.
pub const STORAGE_ERROR: &str = "Connection to storage server failed";

/// No request is under way.
const SETTLED: &str = "return document.readyState === 'complete' && !!window.rcmail && !rcmail.busy \
                       && (!window.jQuery || jQuery.active === 0)";

/// One Roundcube in one browser.
#[derive(Clone)]
pub struct Webmail {
    pub browser: Browser,
    pub site: Site,
}

impl Webmail {
    pub async fn open(stage: &Stage, site: &str) -> Self {
        Self::open_with(stage, site, Screen::Desktop).await
    }

    pub async fn open_with(stage: &Stage, site: &str, screen: Screen) -> Self {
        let site = world().sites[site].clone();
        let webmail = Self { browser: stage.browser(screen).await, site };
        webmail.browser.open(&webmail.site.url).await;
        webmail.browser.visible("#rcmloginsubmit").await;
        webmail
    }

    pub async fn settled(&self) {
        self.browser.until("the page to settle", SETTLED, vec![]).await;
    }

    pub async fn open_page(&self, query: &str) {
        self.browser.open(&format!("{}?{query}", self.site.url)).await;
        self.settled().await;
    }

    // --- Signing in and out ------------------------------------------------------------------------

    /// Fills in the form and sends it. With an empty `code` its field stays as it is, where there is one.
    pub async fn submit(&self, user: &str, password: &str, code: &str) {
        self.browser.fill("#rcmloginuser", user).await;
        self.browser.fill("#rcmloginpwd", password).await;
        if !code.is_empty() {
            self.browser.fill(CODE_FIELD, code).await;
        }
        self.browser.click("#rcmloginsubmit").await;
    }

    /// Signs in with `code` in the field of our plugin.
    pub async fn sign_in(&self, account: &Account, code: &str) {
        self.submit(&account.address, &account.password, code).await;
        self.signed_in().await;
    }

    /// Signs in with a fresh code.
    pub async fn sign_in_with_code(&self, account: &mut Account) {
        let code = account.code().await;
        self.sign_in(account, &code).await;
    }

    /// Signs in at the form that came in the place of another page; that page follows.
    pub async fn sign_in_again(&self, account: &mut Account) {
        let code = account.code().await;
        self.submit(&account.address, &account.password, &code).await;
        self.browser.until("a page", "return !!window.rcmail && rcmail.env.task !== 'login'", vec![]).await;
        self.settled().await;
    }

    /// The mailbox is there.
    pub async fn signed_in(&self) {
        let script = "return !!window.rcmail && rcmail.env.task === 'mail' && !!document.querySelector('#messagelist')";
        self.browser.until("the mailbox", script, vec![]).await;
        self.settled().await;
    }

    /// The sign-in form is there, and says `message`.
    pub async fn at_the_form_with(&self, message: &str) {
        self.browser.visible("#rcmloginsubmit").await;
        self.browser.shows(message).await;
    }

    pub async fn sign_out(&self) {
        self.browser.js("rcmail.command('switch-task', 'logout')", vec![]).await;
        self.browser.visible("#rcmloginsubmit").await;
    }

    // --- Mail --------------------------------------------------------------------------------------

    pub async fn open_mailbox(&self) {
        self.open_page("_task=mail&_mbox=INBOX").await;
        self.signed_in().await;
    }

    /// The list has a message with this subject.
    pub async fn lists(&self, subject: &str) {
        let script = "return document.querySelector('#messagelist').innerText.includes(arguments[0])";
        self.browser.until(&format!("“{subject}” in the list"), script, vec![json!(subject)]).await;
        self.settled().await;
    }

    /// Opens the message with this subject on a page of its own.
    pub async fn open_message(&self, subject: &str) {
        let script = "const link = [...document.querySelectorAll('#messagelist tbody a')]\
                      .find(link => link.innerText.includes(arguments[0])); return link ? link.href : ''";
        let address = self.browser.js(script, vec![json!(subject)]).await;
        let address = address.as_str().unwrap();
        assert!(!address.is_empty(), "“{subject}” is not in the list");
        self.browser.open(address).await;
        self.settled().await;
        self.browser.shows(subject).await;
    }

    /// Looks for `word` with the search field above the list.
    pub async fn search(&self, word: &str) {
        let field = if self.browser.has("#mailsearchform").await { "#mailsearchform" } else { "#quicksearchbox" };
        self.browser.fill(field, word).await;
        self.browser.type_into(field, "\u{e007}").await; // Enter (WebDriver, keyboard actions)
        self.browser.until("the search to begin", "return !!rcmail.env.search_request", vec![]).await;
        self.settled().await;
    }

    /// Opens the window for a new message and fills it in.
    pub async fn compose(&self, to: &str, subject: &str, text: &str) {
        self.open_page("_task=mail&_action=compose").await;
        if self.browser.has("ul.recipient-input").await {
            self.browser.type_into("ul.recipient-input input", &format!("{to},")).await;
        } else {
            self.browser.fill("#_to", to).await;
        }
        self.browser.fill("#compose-subject", subject).await;
        self.browser.type_into("#composebody", text).await;
    }

    /// Sends what [`compose`](Self::compose) wrote.
    pub async fn send(&self) {
        let button = if self.browser.has("button.send").await { "button.send" } else { "a.button.send" };
        self.browser.click(button).await;
        self.browser
            .until("the way back to the list", "return !!window.rcmail && rcmail.env.action === ''", vec![])
            .await;
        self.settled().await;
    }

    /// Takes the message that Roundcube kept in the browser, when it offers it.
    pub async fn restore(&self) {
        self.browser.click(".ui-dialog button.restore, .ui-dialog button.mainaction").await;
        self.settled().await;
    }

    /// The text in the window for a new message.
    pub async fn composed(&self) -> String {
        let text = self.browser.js("return document.querySelector('#composebody').value", vec![]).await;
        text.as_str().unwrap_or_default().into()
    }

    // --- Filters -----------------------------------------------------------------------------------

    pub async fn open_filters(&self) {
        self.open_page("_task=settings&_action=plugin.managesieve").await;
    }

    /// Makes a filter that moves what has `word` in its subject.
    pub async fn create_filter(&self, name: &str, word: &str) {
        self.open_filters().await;
        self.browser.js("rcmail.command('plugin.managesieve-add')", vec![]).await;
        let frame = self.browser.js("return rcmail.env.contentframe", vec![]).await;
        self.browser.enter_frame(&format!("iframe#{}", frame.as_str().unwrap())).await;
        self.browser.fill("input[name=_name]", name).await;
        self.browser.fill("[id^=rule_target][id$=_list] input", word).await;
        self.browser.js("rcmail.command('plugin.managesieve-save')", vec![]).await;
        self.browser.leave_frame().await;
        let script = "return document.querySelector('#filterslist').innerText.includes(arguments[0])";
        self.browser.until(&format!("the filter “{name}” in the list"), script, vec![json!(name)]).await;
        self.settled().await;
    }

    // --- What Roundcube keeps -----------------------------------------------------------------------

    /// The sessions in Roundcube's database.
    pub fn held(&self) -> Vec<Held> {
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/webmail/held.php");
        let output = Command::new("setpriv")
            .args(["--reuid", "www-data", "--regid", "www-data", "--clear-groups", "php", "--"])
            .arg(&self.site.directory)
            // The checkout may be out of reach for this user.
            .stdin(std::fs::File::open(script).unwrap())
            .output()
            .unwrap();
        let out = String::from_utf8_lossy(&output.stdout);
        serde_json::from_str(&out)
            .unwrap_or_else(|error| panic!("{error}: {out}{}", String::from_utf8_lossy(&output.stderr)))
    }

    /// The credential that Roundcube presents for `account`, as it is after decryption.
    pub fn held_credential(&self, account: &Account) -> String {
        let of_account: Vec<_> =
            self.held().into_iter().filter(|held| held.username.as_deref() == Some(&*account.address)).collect();
        let [held] = &of_account[..] else {
            panic!("Roundcube has {} sessions of {}", of_account.len(), account.address)
        };
        held.password.clone().unwrap()
    }

    /// Files of Roundcube, PHP or nginx in which `secret` stands, also within the session table.
    pub fn places_of(&self, secret: &str) -> Vec<String> {
        let mut found = Vec::new();
        let mut waiting = vec![self.site.directory.parent().unwrap().to_path_buf()];
        waiting.extend(["syslog", "dovecot.log"].map(|log| world().directory.join(log)));
        while let Some(path) = waiting.pop() {
            // The program itself is linked, not copied.
            if path.is_symlink() {
                continue;
            }
            if path.is_dir() {
                waiting.extend(std::fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
            } else if let Ok(bytes) = std::fs::read(&path)
                && contains(&bytes, secret)
            {
                found.push(path.display().to_string());
            }
        }
        for held in self.held() {
            let password = held.password.unwrap_or_default();
            if contains(held.vars.as_bytes(), secret) || contains(password.as_bytes(), secret) {
                found.push(format!("the session of {:?}", held.username));
            }
        }
        found
    }
}

/// Whether `secret` stands in `bytes`; as a part of a longer number (a time, say) it is not meant.
fn contains(bytes: &[u8], secret: &str) -> bool {
    let digit = |place: Option<&u8>| place.is_some_and(u8::is_ascii_digit);
    bytes.windows(secret.len()).enumerate().any(|(at, window)| {
        let within =
            at.checked_sub(1).is_some_and(|before| digit(bytes.get(before))) || digit(bytes.get(at + secret.len()));
        window == secret.as_bytes() && !(within && digit(secret.as_bytes().first()))
    })
}

/// A row of Roundcube's session table.
#[derive(Deserialize)]
pub struct Held {
    pub username: Option<String>,
    /// The stored credential, decrypted.
    pub password: Option<String>,
    /// Everything in the row, with the credential encrypted.
    pub vars: String,
}

/// Waits until a message with this subject is in the mailbox on disk.
pub async fn arrived(account: &Account, subject: &str) {
    for _ in 0..200 {
        if in_mailbox(account, subject) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("“{subject}” does not arrive at {}", account.address);
}

fn in_mailbox(account: &Account, subject: &str) -> bool {
    let inbox = home(account).join("Maildir");
    ["new", "cur"].iter().flat_map(|name| std::fs::read_dir(inbox.join(name)).into_iter().flatten()).any(|entry| {
        let text = std::fs::read(entry.unwrap().path()).unwrap_or_default();
        String::from_utf8_lossy(&text).contains(&format!("Subject: {subject}"))
    })
}

/// The sieve script that is active for `account`.
pub fn sieve_script(account: &Account) -> String {
    std::fs::read_to_string(home(account).join(".dovecot.sieve")).unwrap_or_default()
}

fn home(account: &Account) -> PathBuf {
    world().directory.join("mail").join(&account.address)
}
