//! A person's browser: Chromium without a screen, with an empty profile.

use std::fmt::Debug;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use fantoccini::elements::Element;
use fantoccini::error::CmdError;
use fantoccini::wd::WebDriverCompatibleCommand;
use fantoccini::{Client, Locator};
use serde_json::{Value, json};

use crate::panel::{HOST, Panel, Settings};
use crate::stage::{ARGUMENTS, Stage};
use crate::world::world;

/// How long a page may take before a test gives up.
const PATIENCE: Duration = Duration::from_secs(20);

/// What the browser is like.
#[derive(Clone, Copy)]
pub struct Look {
    pub script: bool,
    pub language: &'static str,
}

impl Default for Look {
    fn default() -> Self {
        Self { script: true, language: "en" }
    }
}

impl Stage {
    /// A panel that speaks TLS, and a browser.
    pub async fn panel_and_browser(&self) -> (Panel, Browser) {
        let panel = Panel::start(Settings::tls()).await;
        let browser = self.browser(&panel, Look::default()).await;
        (panel, browser)
    }

    pub async fn browser(&self, panel: &Panel, look: Look) -> Browser {
        static NUMBER: AtomicU32 = AtomicU32::new(1);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let downloads = world().directory.join(format!("downloads-{number}"));
        std::fs::create_dir(&downloads).unwrap();
        let mut preferences = json!({
            "download.default_directory": downloads,
            "download.prompt_for_download": false,
            "safebrowsing.enabled": false,
            "intl.accept_languages": look.language,
        });
        if !look.script {
            preferences["profile.managed_default_content_settings.javascript"] = json!(2);
        }
        let host = format!("--host-resolver-rules=MAP {HOST} 127.0.0.1");
        let arguments: Vec<&str> = ARGUMENTS.into_iter().chain([host.as_str()]).collect();
        let options = json!({"args": arguments, "prefs": preferences});
        let client = self.start(options, ("acceptInsecureCerts", json!(true))).await;
        let browser = Browser { client, url: panel.url.clone(), downloads };
        self.keep(&browser);
        browser
    }
}

/// One browser, and the panel that it visits. Its methods wait for what they need, and panic when it does not come.
#[derive(Clone)]
pub struct Browser {
    pub client: Client,
    url: String,
    downloads: PathBuf,
}

impl Browser {
    /// The same browser at another panel.
    pub fn visiting(&self, panel: &Panel) -> Self {
        Self { url: panel.url.clone(), ..self.clone() }
    }

    // --- Where it is ----------------------------------------------------------------------------------

    /// Opens a page of the panel.
    pub async fn open(&self, path: &str) {
        self.client.goto(&format!("{}{path}", self.url)).await.unwrap();
    }

    /// The path of the page, with its query.
    pub async fn place(&self) -> String {
        let url = self.client.current_url().await.unwrap().to_string();
        url.strip_prefix(&self.url).unwrap_or(&url).to_string()
    }

    /// Waits until the page is this one; `{}` stands for anything but a slash.
    pub async fn at(&self, pattern: &str) {
        let began = Instant::now();
        loop {
            let place = self.place().await;
            let path = place.split(['?', '#']).next().unwrap().to_string();
            let same = |(part, pattern): (&str, &str)| part == pattern || pattern == "{}";
            if path.split('/').count() == pattern.split('/').count()
                && path.split('/').zip(pattern.split('/')).all(same)
            {
                return;
            }
            assert!(began.elapsed() < PATIENCE, "waited for the page {pattern}, and it is {place}");
            tokio::time::sleep(Duration::from_millis(30)).await;
        }
    }

    // --- What a person does ---------------------------------------------------------------------------

    /// Types into the field of that name, in place of what it has.
    pub async fn fill(&self, name: &str, text: &str) {
        let field = self.seen(&format!("[name='{name}']")).await;
        field.clear().await.unwrap();
        field.send_keys(text).await.unwrap();
    }

    /// Presses the button of the form that goes to that path.
    pub async fn submit(&self, path: &str) {
        let page = self.client.find(Locator::Css("html")).await.unwrap();
        let form = format!("form[action$='{path}']");
        self.click(&format!("{form} button:not([type='button']), {form} input[type='submit']")).await;
        // What is looked for next may stand on this page, too.
        let began = Instant::now();
        while page.is_displayed().await.is_ok() && began.elapsed() < PATIENCE {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Follows a link to that path.
    pub async fn follow(&self, path: &str) {
        self.click(&format!("a[href$='{path}']")).await;
    }

    /// Waits for an element that can be seen, and clicks on it.
    pub async fn click(&self, css: &str) {
        self.seen(css).await.click().await.unwrap();
    }

    /// Opens the part of the page that an element is folded away in, if it is.
    pub async fn unfold(&self, css: &str) {
        let element = self.client.find(Locator::Css(css)).await.unwrap();
        if !element.is_displayed().await.unwrap() {
            self.click(&format!("details:not([open]):has({css}) > summary")).await;
            self.seen(css).await;
        }
    }

    /// Types where the keyboard is.
    pub async fn keys(&self, keys: &str) {
        self.client.active_element().await.unwrap().send_keys(keys).await.unwrap();
    }

    /// The first element of these that can be seen; waits for it.
    pub async fn seen(&self, css: &str) -> Element {
        let began = Instant::now();
        while began.elapsed() < PATIENCE {
            for element in self.client.find_all(Locator::Css(css)).await.unwrap() {
                // A page that is just going away takes its elements with it.
                if element.is_displayed().await.unwrap_or(false) {
                    return element;
                }
            }
            tokio::time::sleep(Duration::from_millis(30)).await;
        }
        panic!("waited {} s for {css} to be seen on {}", PATIENCE.as_secs(), self.place().await);
    }

    // --- What it shows --------------------------------------------------------------------------------

    pub async fn has(&self, css: &str) -> bool {
        !self.client.find_all(Locator::Css(css)).await.unwrap().is_empty()
    }

    /// How many elements of these can be seen.
    pub async fn shown(&self, css: &str) -> usize {
        let mut shown = 0;
        for element in self.client.find_all(Locator::Css(css)).await.unwrap() {
            shown += usize::from(element.is_displayed().await.unwrap());
        }
        shown
    }

    /// The text that can be seen.
    pub async fn text(&self) -> String {
        self.client.find(Locator::Css("body")).await.unwrap().text().await.unwrap()
    }

    /// What is said about a field, to everybody who sees or hears it: it is marked as wrong, and the text that describes
    /// it can be seen.
    pub async fn complaint(&self, name: &str) -> String {
        let began = Instant::now();
        loop {
            match self.complaint_now(name).await {
                Ok(said) => {
                    assert!(!said.trim().is_empty(), "nothing describes what is wrong with {name}");
                    return said;
                }
                // The page was just going away.
                Err(error) => assert!(began.elapsed() < PATIENCE, "what is wrong with {name}: {error}"),
            }
        }
    }

    async fn complaint_now(&self, name: &str) -> Result<String, CmdError> {
        let field = self.seen(&format!("[name='{name}'][aria-invalid='true']")).await;
        let ids = field.attr("aria-describedby").await?.unwrap_or_default();
        let mut said = String::new();
        for id in ids.split_whitespace() {
            let described = self.client.find(Locator::Id(id)).await?;
            assert!(described.is_displayed().await?, "what describes {name} cannot be seen");
            said += &described.text().await?;
            said.push(' ');
        }
        Ok(said)
    }

    /// What `script` returns in the page.
    pub async fn js(&self, script: &str, arguments: Vec<Value>) -> Value {
        self.client.execute(script, arguments).await.unwrap()
    }

    /// The same for a script that calls the last of its arguments when it is done.
    pub async fn js_later(&self, script: &str, arguments: Vec<Value>) -> Value {
        self.client.execute_async(script, arguments).await.unwrap()
    }

    /// A picture of what the window shows, kept under that name.
    pub async fn picture(&self, name: &str) -> Vec<u8> {
        let bytes = self.client.screenshot().await.unwrap();
        std::fs::create_dir_all(&world().pictures).unwrap();
        std::fs::write(world().pictures.join(format!("{name}.png")), &bytes).unwrap();
        bytes
    }

    /// A picture of the whole page, kept under that name.
    pub async fn whole_picture(&self, name: &str) {
        let picture = self.devtools("Page.captureScreenshot", json!({"captureBeyondViewport": true})).await;
        let bytes = data_encoding::BASE64.decode(picture["data"].as_str().unwrap().as_bytes()).unwrap();
        std::fs::create_dir_all(&world().pictures).unwrap();
        std::fs::write(world().pictures.join(format!("{name}.png")), bytes).unwrap();
    }

    /// The text of the QR code on the screen, as the camera of a phone reads it.
    pub async fn scan(&self, name: &str) -> String {
        // As far down as a person scrolls to see it.
        self.devtools("Runtime.evaluate", json!({"expression": SCROLL})).await;
        let picture = image::load_from_memory(&self.picture(name).await).unwrap().to_luma8();
        let (width, height) = (picture.width() as usize, picture.height() as usize);
        let mut prepared = rqrr::PreparedImage::prepare_from_greyscale(width, height, |x, y| {
            picture.get_pixel(u32::try_from(x).unwrap(), u32::try_from(y).unwrap()).0[0]
        });
        let grids = prepared.detect_grids();
        assert_eq!(grids.len(), 1, "QR codes in the picture {name}.png");
        grids[0].decode().unwrap().1
    }

    /// A file that the browser has saved; waits for it.
    pub async fn downloaded(&self, ending: &str) -> String {
        let began = Instant::now();
        while began.elapsed() < PATIENCE {
            for entry in std::fs::read_dir(&self.downloads).unwrap() {
                let path = entry.unwrap().path();
                if path.extension().is_some_and(|extension| extension == ending) {
                    return std::fs::read_to_string(path).unwrap();
                }
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("no file *.{ending} was saved");
    }

    // --- What it is like ------------------------------------------------------------------------------

    /// Chromium's own commands.
    pub async fn devtools(&self, command: &str, parameters: Value) -> Value {
        let body = json!({"cmd": command, "params": parameters}).to_string();
        self.client.issue_cmd(Own { path: "goog/cdp/execute", body }).await.unwrap()
    }

    /// A window of that size, which a phone would have.
    pub async fn width(&self, width: u32) {
        let size = json!({"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": width < 600});
        self.devtools("Emulation.setDeviceMetricsOverride", size).await;
    }

    pub async fn dark(&self, dark: bool) {
        let value = if dark { "dark" } else { "light" };
        let features = json!({"features": [{"name": "prefers-color-scheme", "value": value}]});
        self.devtools("Emulation.setEmulatedMedia", features).await;
    }

    /// What the browser complained about since the last time: scripts, and what the page's policy forbids.
    pub async fn complaints(&self) -> Vec<String> {
        let body = json!({"type": "browser"}).to_string();
        let entries = self.client.issue_cmd(Own { path: "se/log", body }).await.unwrap();
        let severe = entries.as_array().unwrap().iter().filter(|entry| entry["level"] == "SEVERE");
        let texts = severe.map(|entry| entry["message"].as_str().unwrap().to_string());
        // The answer to a form that was filled in wrong has a status that says so.
        texts.filter(|text| !text.contains("the server responded with a status of 4")).collect()
    }

    /// Says what the page looked like when a test failed.
    pub async fn report(&self) {
        let test = std::thread::current().name().unwrap_or("test").replace("::", "-");
        let url = self.client.current_url().await.map_or("nothing".into(), |url| url.to_string());
        eprintln!("--- the browser showed {url}");
        if let Ok(body) = self.client.find(Locator::Css("body")).await
            && let Ok(text) = body.text().await
        {
            let lines: Vec<_> = text.lines().filter(|line| !line.trim().is_empty()).take(40).collect();
            eprintln!("{}", lines.join("\n"));
        }
        if let Ok(picture) = self.client.screenshot().await {
            let session = self.client.session_id().await.ok().flatten().unwrap_or_default();
            let path = world().pictures.join(format!("failed-{test}-{}.png", &session[..session.len().min(6)]));
            let _ = std::fs::create_dir_all(&world().pictures);
            let _ = std::fs::write(&path, picture);
            eprintln!("--- picture: {}", path.display());
        }
    }
}

const SCROLL: &str = "document.querySelector('svg[role=img]').scrollIntoView({block: 'center'})";

/// A command of chromedriver's own.
#[derive(Debug)]
struct Own {
    path: &'static str,
    body: String,
}

impl WebDriverCompatibleCommand for Own {
    fn endpoint(&self, base: &url::Url, session: Option<&str>) -> Result<url::Url, url::ParseError> {
        base.join(&format!("session/{}/{}", session.unwrap_or_default(), self.path))
    }

    fn method_and_body(&self, _: &url::Url) -> (axum::http::Method, Option<String>) {
        (axum::http::Method::POST, Some(self.body.clone()))
    }
}
