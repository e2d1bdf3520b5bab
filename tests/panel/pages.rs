//! Every page, as people see it: in each language, on a phone, in the dark, and for those who hear it.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::account::{Account, Phone, wrong};
use crate::browser::{Browser, Look};
use crate::clients::{ELSEWHERE, HERE, accepted};
use crate::command::{json as command, run};
use crate::panel::{Panel, Settings};
use crate::sessions::session_credential;
use crate::stage::test;
use crate::store;
use crate::world::world;

/// The pages in an order in which one leads to the next.
const STEPS: [&str; 40] = [
    // With 2FA on.
    "sign-in",
    "sign-in-wrong",
    "code",
    "code-wrong",
    "recovery-code-wrong",
    "overview",
    "two-factor",
    "label-wrong",
    "enrol",
    "enrol-wrong",
    "enrolment-waits",
    "remove",
    "off",
    "off-wrong",
    "recovery-codes",
    "app-passwords",
    "new",
    "new-wrong",
    "created",
    "revoke",
    "revoke-all",
    "password",
    "password-wrong",
    "activity",
    "notices",
    "notices-wrong",
    "prove",
    "prove-wrong",
    "not-found",
    "form-expired",
    "secret-gone",
    "session-ended",
    // With 2FA off.
    "overview-off",
    "two-factor-off",
    "enrol-first",
    "app-passwords-none",
    "prove-by-password",
    "password-off",
    "must-enrol-later",
    "must-enrol",
];

/// Who goes through them.
struct Tour {
    browser: Browser,
    rich: Account,
    poor: Account,
    /// Panels where 2FA is required from some day on, and by now.
    later: Panel,
    now: Panel,
    _panel: Panel,
}

impl Tour {
    async fn new(stage: &crate::stage::Stage, language: &'static str) -> Self {
        let settings = || Settings::tls().panel("session_idle = 600\nproof_age = 600");
        let panel = Panel::start(settings()).await;
        let later = Panel::start(settings().mailkey("require_2fa = 2099-03-01")).await;
        let now = Panel::start(settings().mailkey("require_2fa = true")).await;
        let browser = stage.browser(&panel, Look { language, ..Look::default() }).await;
        Self { browser, rich: rich().await, poor: Account::without_2fa(), later, now, _panel: panel }
    }

    async fn to(&mut self, step: &str) {
        let browser = &self.browser;
        let rich = &mut self.rich;
        match step {
            "sign-in" => browser.open("/sign-in").await,
            "sign-in-wrong" => {
                browser.fill("name", &rich.address).await;
                browser.fill("password", "not the password").await;
                browser.submit("/sign-in").await;
                browser.seen("[role='alert']").await;
            }
            "code" => {
                browser.give_password(rich).await;
                browser.at("/sign-in/code").await;
            }
            "code-wrong" => {
                browser.give_code(&wrong(&rich.phone.as_ref().unwrap().any_code())).await;
                browser.complaint("code").await;
            }
            "recovery-code-wrong" => {
                browser.give_recovery_code("0000-0000-0000").await;
                browser.complaint("code").await;
            }
            "overview" => {
                let code = rich.code().await;
                browser.give_code(&code).await;
                browser.at("/").await;
            }
            "two-factor" | "two-factor-off" => browser.open("/two-factor").await,
            "label-wrong" => {
                browser.unfold("[name='label']").await;
                browser.fill("label", "  ").await;
                browser.submit("/two-factor/enrol").await;
                browser.complaint("label").await;
            }
            "enrol" | "enrol-first" => {
                browser.open("/two-factor").await;
                browser.unfold("[name='label']").await;
                browser.fill("label", "Ein sehr langer Name für ein Telefon <b>&amp;").await;
                browser.submit("/two-factor/enrol").await;
                browser.at("/two-factor/enrol").await;
            }
            "enrol-wrong" => {
                browser.fill("code", "000000").await;
                browser.submit("/two-factor/confirm").await;
                browser.complaint("code").await;
            }
            "enrolment-waits" => browser.open("/two-factor").await,
            "remove" => {
                browser.click("a[href*='/two-factor/authenticators/'][href$='/remove']").await;
                browser.at("/two-factor/authenticators/{}/remove").await;
            }
            "off" => browser.open("/two-factor/off").await,
            "off-wrong" => {
                browser.fill("password", "not the password").await;
                browser.fill("code", "123456").await;
                browser.submit("/two-factor/off").await;
                browser.seen("[role='alert']").await;
            }
            "recovery-codes" => {
                browser.open("/two-factor").await;
                let css = "form[action$='/two-factor/recovery-codes'] button";
                browser.unfold(css).await;
                browser.click(css).await;
                browser.at("/two-factor/recovery-codes").await;
            }
            "app-passwords" | "app-passwords-none" => browser.open("/app-passwords").await,
            "new" => browser.open("/app-passwords/new").await,
            "new-wrong" => {
                browser.fill("name", " ").await;
                browser.click("[name='protocols'][value='imap']").await;
                browser.click("[name='protocols'][value='smtp']").await;
                browser.unfold("[name='networks']").await;
                browser.fill("networks", "not a network at all, 192.0.2.1").await;
                browser.click("[name='expires'][value='date']").await;
                browser.submit("/app-passwords").await;
                browser.complaint("networks").await;
            }
            "created" => {
                browser.make_app_password("A phone with a name that is rather long").await;
            }
            "revoke" => {
                browser.open("/app-passwords").await;
                browser.click("a[href*='/app-passwords/'][href$='/revoke']").await;
                browser.at("/app-passwords/{}/revoke").await;
            }
            "revoke-all" => browser.open("/app-passwords/revoke-all").await,
            "password" => browser.open("/password").await,
            "password-wrong" => {
                for (name, text) in [("current", "x"), ("code", "123456"), ("new", "short"), ("again", "short")] {
                    browser.fill(name, text).await;
                }
                browser.submit("/password").await;
                browser.complaint("new").await;
            }
            "activity" => browser.open("/activity").await,
            "notices" => browser.open("/notices").await,
            "notices-wrong" => {
                browser.fill("address", "nobody").await;
                browser.submit("/notices").await;
                browser.complaint("address").await;
            }
            "prove" => {
                store::age_proof(&rich.address, 700);
                browser.open("/app-passwords/new").await;
                browser.at("/prove").await;
            }
            "prove-wrong" => {
                browser.fill("code", "000000").await;
                browser.submit("/prove").await;
                browser.complaint("code").await;
            }
            "not-found" => browser.open("/no-such-page").await,
            "form-expired" => {
                browser.open("/password").await;
                let script = "for (const field of document.getElementsByName('csrf')) field.value = 'x'";
                browser.js(script, vec![]).await;
                browser.submit("/sign-out").await;
                browser.seen("main a").await;
            }
            "secret-gone" => browser.open("/app-passwords/0000/created").await,
            "session-ended" => {
                store::age_use(&rich.address, 700);
                browser.open("/activity").await;
                browser.at("/sign-in").await;
            }
            "overview-off" => browser.sign_in(&mut self.poor).await,
            "prove-by-password" => {
                store::age_proof(&self.poor.address, 700);
                browser.open("/app-passwords/new").await;
                browser.at("/prove").await;
            }
            "password-off" => browser.open("/password").await,
            "must-enrol-later" | "must-enrol" => {
                let panel = if step == "must-enrol" { &self.now } else { &self.later };
                // Cookies are for a host whatever its port: it is one visitor.
                self.browser = browser.visiting(panel);
                self.browser.open("/two-factor").await;
                self.browser.seen("main [role='note']").await;
            }
            _ => panic!("no way to {step}"),
        }
    }
}

/// Somebody whose pages have something of everything on them.
async fn rich() -> Account {
    let mut account = Account::new().await;
    let enrolment = command(&["totp", "enroll", &account.address], "");
    let mut second = Phone::new(enrolment["secret"].as_str().unwrap());
    run(&["totp", "confirm", &account.address], &format!("{}\n", second.code().await));
    let (_, used) = account.app_password("Thunderbird at home");
    assert!(accepted("imap", &account.address, &used, ELSEWHERE).await);
    let address = account.address.clone();
    run(&["app-password", "add", &address, "--name", "Printer", "--protocol", "smtp", "--from", "192.0.2.0/24"], "");
    run(&["app-password", "add", &address, "--name", "日本語の名前", "--expires", "30d"], "");
    let (revoked, secret) = account.app_password("Lost phone");
    run(&["app-password", "revoke", &address, &revoked], "");
    assert!(!accepted("imap", &address, &secret, ELSEWHERE).await);
    assert!(!accepted("imap", &address, &account.password, ELSEWHERE).await);
    assert!(!accepted("imap", &address, "something else", HERE).await);
    let opening = format!("mkopen:{}:{}:{}", session_credential(), account.code().await, account.password);
    assert!(accepted("webmail", &address, &opening, HERE).await);
    account.phone = Some(second);
    account
}

// --- Languages ------------------------------------------------------------------------------------------

/// The messages of a language that stand in one line.
fn messages(language: &str) -> BTreeMap<String, String> {
    let path = world().sources.join(format!("src/bin/mailkey-panel/locales/{language}.ftl"));
    let text = std::fs::read_to_string(path).unwrap();
    let lines = text.lines().filter_map(|line| line.split_once(" = "));
    lines
        .filter(|(id, _)| id.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-'))
        .map(|(id, text)| (id.to_string(), text.to_string()))
        .collect()
}

/// Everything that is said on a page, also to those who do not see it.
const SAID: &str = "
    const said = [document.title, document.body.textContent];
    for (const element of document.querySelectorAll('*'))
        for (const name of ['aria-label', 'title', 'alt', 'placeholder', 'data-done', 'data-show-label'])
            if (element.hasAttribute(name)) said.push(element.getAttribute(name));
    return said.join('\\n');";

async fn check_language(browser: &Browser, language: &str, step: &str) {
    let tag = browser.seen("html").await.attr("lang").await.unwrap();
    assert_eq!(tag.as_deref(), Some(language), "{step}");
    let Value::String(said) = browser.js(SAID, vec![]).await else { panic!("no text") };
    let (english, own) = (messages("en"), messages(language));
    assert!(english.len() > 100 && own.len() > 100, "{language}: {} messages", own.len());
    for (id, text) in &english {
        if id.matches('-').count() >= 2 {
            assert!(!said.contains(id.as_str()), "{language}, {step}: the message {id} has no text: {said}");
        }
        let translated = own.get(id).is_some_and(|own| own != text);
        if translated && text.len() >= 20 && !text.contains('{') {
            assert!(!said.contains(text.as_str()), "{language}, {step}: {text:?} is not translated");
        }
    }
    assert!(!said.contains("{ $") && !said.contains("{$"), "{language}, {step}: {said}");
}

/// On the smallest phone nothing is cut off, and nothing must be pushed aside to be read.
async fn check_narrow(browser: &Browser, what: &str) {
    let script = "
        const wide = [];
        if (document.documentElement.scrollWidth > innerWidth)
            for (const element of document.body.querySelectorAll('*'))
                if (element.getBoundingClientRect().right > innerWidth + 0.5) wide.push(element.outerHTML.slice(0, 150));
        return [innerWidth, document.documentElement.scrollWidth, wide.slice(0, 5)];";
    let found = browser.js(script, vec![]).await;
    assert_eq!(found[0], 360, "{what}");
    assert!(found[1].as_u64().unwrap() <= 360, "{what} is {} wide: {}", found[1], found[2]);
}

/// All pages in one language, on a phone.
fn all_pages_in(language: &'static str, pictures: bool) {
    test(async move |stage| {
        let mut tour = Tour::new(&stage, language).await;
        tour.browser.width(360).await;
        for step in STEPS {
            tour.to(step).await;
            check_language(&tour.browser, language, step).await;
            check_narrow(&tour.browser, &format!("{step} in {language}")).await;
            if pictures {
                tour.browser.whole_picture(&format!("{language}-360-{step}")).await;
            }
            let complaints = tour.browser.complaints().await;
            assert!(complaints.is_empty(), "{step} in {language}: {complaints:?}");
        }
    });
}

#[test]
fn all_pages_in_english_on_a_phone() {
    all_pages_in("en", true);
}

#[test]
fn all_pages_in_german_on_a_phone() {
    all_pages_in("de", true);
}

#[test]
fn all_pages_in_spanish_on_a_phone() {
    all_pages_in("es", false);
}

#[test]
fn all_pages_in_french_on_a_phone() {
    all_pages_in("fr", false);
}

#[test]
fn all_pages_in_italian_on_a_phone() {
    all_pages_in("it", false);
}

#[test]
fn all_pages_in_japanese_on_a_phone() {
    all_pages_in("ja", true);
}

#[test]
fn all_pages_in_dutch_on_a_phone() {
    all_pages_in("nl", false);
}

#[test]
fn all_pages_in_polish_on_a_phone() {
    all_pages_in("pl", false);
}

#[test]
fn all_pages_in_brazilian_portuguese_on_a_phone() {
    all_pages_in("pt-BR", false);
}

#[test]
fn all_pages_in_chinese_on_a_phone() {
    all_pages_in("zh-Hans", false);
}

// --- Accessibility --------------------------------------------------------------------------------------

/// What axe-core finds.
async fn axe(browser: &Browser) -> Vec<String> {
    let script = std::fs::read_to_string(&world().axe).unwrap();
    browser.js(&script, vec![]).await;
    let run = "
        const done = arguments[0];
        // Nothing on a page may be folded away from the checker.
        for (const details of document.querySelectorAll('details')) details.open = true;
        axe.run(document, {resultTypes: ['violations'], preload: false,
            runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']})
            .then(result => done({rules: result.passes.length + result.violations.length, found: result.violations}),
                  error => done({error: String(error)}));";
    let result = browser.js_later(run, vec![]).await;
    assert!(result["rules"].as_u64().is_some_and(|rules| rules > 15), "axe-core did not run: {result}");
    let found = result["found"].as_array().unwrap().iter();
    found.map(|one| format!("{} ({}): {}", one["id"], one["impact"], json!(one["nodes"][0]["html"]))).collect()
}

/// Presses Tab until the keyboard has been everywhere; each place must show that the keyboard is there.
async fn check_focus(browser: &Browser, step: &str) {
    let script = "
        const at = document.activeElement;
        if (!at || at === document.body || at.tabIndex < 0 && at.id !== 'main') return null;
        const [first, style, box] = [!at.dataset.seen, getComputedStyle(at), at.getBoundingClientRect()];
        at.dataset.seen = 'yes';
        const outlined = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 1;
        return [first, outlined && box.width > 1 && box.height > 1, at.outerHTML.slice(0, 150)];";
    let mut places = 0;
    // A page may begin with the cursor in a field.
    browser.js("if (document.activeElement) document.activeElement.blur()", vec![]).await;
    for _ in 0..120 {
        browser.keys("\u{e004}").await;
        let Value::Array(found) = browser.js(script, vec![]).await else {
            if places > 0 {
                return;
            }
            continue;
        };
        if found[0] == false {
            return;
        }
        assert_eq!(found[1], true, "{step}: nobody sees that the keyboard is on {}", found[2]);
        places += 1;
    }
    panic!("{step}: the keyboard does not come back from {places} places");
}

#[test]
fn axe_core_finds_nothing_on_any_page_and_the_keyboard_is_seen_everywhere() {
    test(async |stage| {
        let mut tour = Tour::new(&stage, "en").await;
        let mut found = Vec::new();
        for step in STEPS {
            for (dark, width) in [(false, 1280), (true, 360)] {
                if dark {
                    // The same page again, without sending a form again.
                    tour.browser.dark(true).await;
                } else {
                    tour.browser.dark(false).await;
                    tour.browser.width(width).await;
                    tour.to(step).await;
                }
                tour.browser.width(width).await;
                let name = format!("en-{width}-{}{step}", if dark { "dark-" } else { "" });
                tour.browser.whole_picture(&name).await;
                found.extend(axe(&tour.browser).await.into_iter().map(|text| format!("{name}: {text}")));
            }
            check_focus(&tour.browser, step).await;
            tour.browser.complaints().await;
        }
        assert!(found.is_empty(), "{}", found.join("\n"));
    });
}
