//! A `mailkey-panel` with settings of its own, run as its own user.

use std::fs::File;
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicU16, Ordering};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

use crate::world::world;

/// The name in the certificate, in the address that people type, and in `Origin`.
pub const HOST: &str = "panel.example.test";

/// How it is run.
#[derive(Default)]
pub struct Settings {
    /// Behind a web server, which this process is then: plain HTTP, and `X-Forwarded-For` counts. Else it speaks TLS.
    pub behind: bool,
    /// What stands before every path.
    pub base: &'static str,
    /// Settings of panel.toml above its tables, one a line.
    pub panel: String,
    /// Settings of mailkey.toml, for the panel alone: the PAM module goes on with its own.
    pub mailkey: String,
    /// Without what the world says about notices by mail.
    pub no_notices: bool,
    /// The PAM service, where it is another one than that of the world.
    pub service: Option<Service>,
}

/// A PAM service: lines before the module's own.
pub struct Service {
    pub name: String,
    pub before: String,
}

impl Settings {
    /// For a browser: with TLS.
    pub fn tls() -> Self {
        Self::default()
    }

    /// For the HTTP client of [`crate::visitor`].
    pub fn behind() -> Self {
        Self { behind: true, ..Self::default() }
    }

    pub fn panel(mut self, line: &str) -> Self {
        self.panel += &format!("{line}\n");
        self
    }

    pub fn mailkey(mut self, line: &str) -> Self {
        self.mailkey += &format!("{line}\n");
        self
    }
}

/// A running panel. It ends with this value.
pub struct Panel {
    child: Child,
    /// Where it listens.
    pub port: u16,
    /// What people type, without a slash at its end.
    pub url: String,
    journal: PathBuf,
}

impl Panel {
    pub async fn start(settings: Settings) -> Self {
        // Numbers of our own: nobody else listens in this network.
        static NEXT: AtomicU16 = AtomicU16::new(20_000);
        let port = NEXT.fetch_add(1, Ordering::Relaxed);
        let home = world().directory.join(format!("panel-{port}"));
        std::fs::create_dir(&home).unwrap();
        let base = settings.base;
        let url =
            if settings.behind { format!("https://{HOST}{base}") } else { format!("https://{HOST}:{port}{base}") };

        let mut mailkey = world().config.clone();
        if !settings.mailkey.is_empty() || settings.no_notices {
            let mut text = std::fs::read_to_string(&mailkey).unwrap();
            if settings.no_notices {
                text.truncate(text.find("[notices]").unwrap());
            }
            mailkey = home.join("mailkey.toml");
            std::fs::write(&mailkey, settings.mailkey + &text).unwrap();
        }
        let mut text = format!(
            "listen = \"127.0.0.1:{port}\"\nurl = \"{url}/\"\nmailkey = \"{}\"\n{}",
            mailkey.display(),
            settings.panel
        );
        if !settings.panel.contains("requests_per_minute") {
            text += "requests_per_minute = 100000\n";
        }
        if !settings.panel.contains("trusted_proxies") {
            text += if settings.behind { "trusted_proxies = [\"127.0.0.1\"]\n" } else { "trusted_proxies = []\n" };
        }
        if let Some(Service { name, before }) = &settings.service {
            let own = std::fs::read_to_string("/etc/pam.d/mailkey-panel").unwrap();
            let own = own.replace("config=", "mode=panel config=");
            std::fs::write(format!("/etc/pam.d/{name}"), format!("{before}{own}")).unwrap();
            text += &format!("auth = \"pam:{name}\"\n");
        }
        if !settings.behind {
            let (certificate, key) = (world().certificate.display(), world().key.display());
            text += &format!("[tls]\ncertificate = \"{certificate}\"\nkey = \"{key}\"\n");
        }
        for (protocol, port, security) in [("imap", 993, "tls"), ("smtp", 587, "starttls"), ("sieve", 4190, "starttls")]
        {
            text += &format!(
                "[servers.{protocol}]\nhost = \"{protocol}.example.test\"\nport = {port}\nsecurity = \"{security}\"\n"
            );
        }
        let config = home.join("panel.toml");
        std::fs::write(&config, text).unwrap();

        let journal = home.join("journal");
        let child = Command::new(&world().panel)
            .args(["--config".as_ref(), config.as_os_str()])
            .env_clear()
            .uid(world().user)
            .gid(world().group)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(File::create(&journal).unwrap())
            .spawn()
            .unwrap();
        let mut panel = Self { child, port, url, journal };
        panel.ready().await;
        panel
    }

    async fn ready(&mut self) {
        let began = Instant::now();
        while tokio::net::TcpStream::connect(("127.0.0.1", self.port)).await.is_err() {
            let ended = self.child.try_wait().unwrap();
            assert!(ended.is_none(), "mailkey-panel ended ({ended:?}): {}", self.journal());
            assert!(began.elapsed() < Duration::from_secs(20), "mailkey-panel does not listen: {}", self.journal());
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    /// What it has said.
    pub fn journal(&self) -> String {
        std::fs::read_to_string(&self.journal).unwrap()
    }

    /// The processes that ask libpam just now.
    pub fn workers(&self) -> Vec<Pid> {
        let children = format!("/proc/{0}/task", self.child.id());
        let mut found = Vec::new();
        for task in std::fs::read_dir(children).unwrap() {
            // A thread that ends meanwhile has no children.
            let text = std::fs::read_to_string(task.unwrap().path().join("children")).unwrap_or_default();
            found.extend(text.split_whitespace().map(|number| Pid::from_raw(number.parse().unwrap()).unwrap()));
        }
        found
    }

    /// Ends it as systemd does.
    pub async fn stop(&mut self) -> ExitStatus {
        kill_process(Pid::from_child(&self.child), Signal::TERM).unwrap();
        let began = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status;
            }
            assert!(began.elapsed() < Duration::from_secs(15), "it does not end: {}", self.journal());
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }
}

impl Drop for Panel {
    fn drop(&mut self) {
        // It may have ended.
        let _ = self.child.kill();
        self.child.wait().unwrap();
        let journal = self.journal();
        if std::thread::panicking() {
            eprintln!("--- mailkey-panel said\n{journal}");
        } else {
            // A fault of its own shows in no page that a test looks at.
            for sign in ["panicked", "internal:", "lacks"] {
                assert!(!journal.contains(sign), "mailkey-panel said: {journal}");
            }
        }
    }
}
