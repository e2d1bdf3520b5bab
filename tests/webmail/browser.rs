//! A person's browser: Chromium without a screen, with an empty profile.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use fantoccini::{Client, Locator};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::stage::{ARGUMENTS, Stage};
use crate::world::world;

/// How long a page may take before a test gives up.
const PATIENCE: Duration = Duration::from_secs(20);

/// What the browser looks like to a page.
#[derive(Clone, Copy, PartialEq)]
pub enum Screen {
    Desktop,
    /// 390 × 844, touched with fingers.
    Phone,
}

impl Stage {
    pub async fn browser(&self, screen: Screen) -> Browser {
        let mut options = json!({"args": ARGUMENTS});
        if screen == Screen::Phone {
            options["mobileEmulation"] =
                json!({"deviceMetrics": {"width": 390, "height": 844, "pixelRatio": 2.0, "touch": true}});
        }
        // A page that asks whether to leave it gets the answer of a person who wants to.
        let client = self.start(options, ("unhandledPromptBehavior", json!("accept"))).await;
        let browser = Browser { client };
        self.keep(&browser);
        browser
    }
}

/// One browser. Its methods wait for what they need, and panic when it does not come.
#[derive(Clone)]
pub struct Browser {
    pub client: Client,
}

impl Browser {
    pub async fn open(&self, url: &str) {
        self.client.goto(url).await.unwrap();
    }

    /// Waits for an element that can be seen, and clicks on it.
    pub async fn click(&self, css: &str) {
        self.visible(css).await;
        self.client.find(Locator::Css(css)).await.unwrap().click().await.unwrap();
    }

    /// Types into a field, in place of what it has.
    pub async fn fill(&self, css: &str, text: &str) {
        self.visible(css).await;
        let field = self.client.find(Locator::Css(css)).await.unwrap();
        field.clear().await.unwrap();
        field.send_keys(text).await.unwrap();
    }

    /// Types where the field already has text, or is no field to the browser.
    pub async fn type_into(&self, css: &str, text: &str) {
        self.visible(css).await;
        self.client.find(Locator::Css(css)).await.unwrap().send_keys(text).await.unwrap();
    }

    pub async fn has(&self, css: &str) -> bool {
        !self.client.find_all(Locator::Css(css)).await.unwrap().is_empty()
    }

    pub async fn attribute(&self, css: &str, name: &str) -> Option<String> {
        self.client.find(Locator::Css(css)).await.unwrap().attr(name).await.unwrap()
    }

    pub async fn visible(&self, css: &str) {
        let script = "const found = document.querySelector(arguments[0]); return !!found && found.checkVisibility()";
        self.until(&format!("{css} to be seen"), script, vec![json!(css)]).await;
    }

    /// What `script` returns in the page.
    pub async fn js(&self, script: &str, arguments: Vec<Value>) -> Value {
        self.client.execute(script, arguments).await.unwrap()
    }

    /// Waits until `script` returns something true. A page that is just going away counts as not yet.
    pub async fn until(&self, what: &str, script: &str, arguments: Vec<Value>) {
        let began = Instant::now();
        while began.elapsed() < PATIENCE {
            if let Ok(answer) = self.client.execute(script, arguments.clone()).await
                && answer != Value::Bool(false)
                && answer != Value::Null
            {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("waited {} s for {what}", PATIENCE.as_secs());
    }

    /// Waits until the page shows `text`.
    pub async fn shows(&self, text: &str) {
        let script = "return document.body && document.body.innerText.includes(arguments[0])";
        self.until(&format!("“{text}” on the page"), script, vec![json!(text)]).await;
    }

    /// The text that can be seen.
    pub async fn text(&self) -> String {
        let text = self.js("return document.body ? document.body.innerText : ''", vec![]).await;
        text.as_str().unwrap_or_default().into()
    }

    /// Goes on inside an iframe; [`leave_frame`](Self::leave_frame) comes back.
    pub async fn enter_frame(&self, css: &str) {
        self.visible(css).await;
        self.client.find(Locator::Css(css)).await.unwrap().enter_frame().await.unwrap();
    }

    pub async fn leave_frame(&self) {
        self.client.enter_parent_frame().await.unwrap();
    }

    /// A picture of what the window shows.
    pub async fn picture(&self, name: &str) -> PathBuf {
        let path = world().pictures.join(format!("{name}.png"));
        std::fs::create_dir_all(&world().pictures).unwrap();
        std::fs::write(&path, self.client.screenshot().await.unwrap()).unwrap();
        path
    }

    /// Says what the page looked like when a test failed.
    pub async fn report(&self) {
        let test = std::thread::current().name().unwrap_or("test").replace("::", "-");
        let session = self.client.session_id().await.ok().flatten().unwrap_or_default();
        let _ = self.client.enter_parent_frame().await;
        eprintln!(
            "--- the browser showed {}",
            self.client.current_url().await.map_or("nothing".into(), |url| url.to_string())
        );
        let script = "return document.body ? document.body.innerText : ''";
        if let Ok(Value::String(text)) = self.client.execute(script, vec![]).await {
            eprintln!(
                "{}",
                text.lines().filter(|line| !line.trim().is_empty()).take(40).collect::<Vec<_>>().join("\n")
            );
        }
        if let Some(console) = self.console(&session).await.filter(|console| !console.is_empty()) {
            eprintln!("--- its scripts said {console}");
        }
        if let Ok(picture) = self.client.screenshot().await {
            let path = world().pictures.join(format!("failed-{test}-{}.png", &session[..session.len().min(6)]));
            let _ = std::fs::create_dir_all(&world().pictures);
            let _ = std::fs::write(&path, picture);
            eprintln!("--- picture: {}", path.display());
        }
    }

    /// What scripts complained about. Chromedriver's own command, which fantoccini does not know.
    async fn console(&self, session: &str) -> Option<String> {
        let driver = world().chromedriver.strip_prefix("http://")?;
        let mut connection = TcpStream::connect(driver).await.ok()?;
        let body = r#"{"type": "browser"}"#;
        let request = format!(
            "POST /session/{session}/se/log HTTP/1.1\r\nHost: {driver}\r\n\
             Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        );
        connection.write_all(request.as_bytes()).await.ok()?;
        // Chromedriver keeps the connection open.
        let mut answer = Vec::new();
        let _ = tokio::time::timeout(Duration::from_secs(1), connection.read_to_end(&mut answer)).await;
        let answer = String::from_utf8_lossy(&answer);
        let said: Value = serde_json::from_str(answer.split_once("\r\n\r\n")?.1).ok()?;
        let severe = said["value"].as_array()?.iter().filter(|entry| entry["level"] == "SEVERE");
        Some(severe.map(|entry| format!("\n{}", entry["message"].as_str().unwrap_or_default())).collect())
    }
}
