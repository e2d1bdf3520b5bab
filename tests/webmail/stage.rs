//! A test and its browsers.

use std::future::Future;
use std::sync::{Arc, Mutex};

use fantoccini::{Client, ClientBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};

use crate::browser::Browser;
use crate::world::world;

/// How Chromium is started: without a screen, and without traffic of its own.
pub const ARGUMENTS: [&str; 10] = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--window-size=1280,900",
];

/// Runs a test. When it fails, its message says what each of its browsers showed.
pub fn test<F: Future<Output = ()> + 'static>(body: impl FnOnce(Stage) -> F) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    tokio::task::LocalSet::new().block_on(&runtime, async {
        let stage = Stage::default();
        let result = tokio::task::spawn_local(body(stage.clone())).await;
        let browsers = std::mem::take(&mut *stage.browsers.lock().unwrap());
        for browser in browsers {
            if result.is_err() {
                browser.report().await;
            }
            let _ = browser.client.close().await;
        }
        if let Err(error) = result {
            std::panic::resume_unwind(error.into_panic());
        }
    });
}

/// The browsers of one test.
#[derive(Clone, Default)]
pub struct Stage {
    browsers: Arc<Mutex<Vec<Browser>>>,
}

impl Stage {
    /// A browser with an empty profile, started with these options of Chromium, and one capability more.
    pub async fn start(&self, options: Value, (name, capability): (&str, Value)) -> Client {
        let capabilities = [
            ("goog:chromeOptions".to_string(), options),
            ("goog:loggingPrefs".to_string(), json!({"browser": "ALL"})),
            (name.to_string(), capability),
        ];
        ClientBuilder::new(HttpConnector::new())
            .capabilities(capabilities.into_iter().collect())
            .connect(&world().chromedriver)
            .await
            .unwrap()
    }

    /// Closes the browser when the test ends.
    pub fn keep(&self, browser: &Browser) {
        self.browsers.lock().unwrap().push(browser.clone());
    }
}
