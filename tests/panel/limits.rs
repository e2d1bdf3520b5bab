//! What is bounded, counted and believed.

use std::net::Ipv4Addr;
use std::time::{Duration, Instant};

use axum::http::Method;
use tokio::io::AsyncWriteExt;

use crate::account::Account;
use crate::panel::{Panel, Service, Settings};
use crate::stage::test;
use crate::store;
use crate::visitor::Visitor;
use crate::world::world;

const OPENED_FROM: &str =
    "SELECT opened_from FROM panel_session JOIN account ON account.id = panel_session.account WHERE name = ?";

#[test]
fn only_a_trusted_proxy_says_where_somebody_comes_from() {
    test(async |_| {
        let panel = Panel::start(Settings::behind()).await;
        let [trusted, other] = [Ipv4Addr::LOCALHOST, Ipv4Addr::new(127, 0, 0, 2)];
        for (peer, forwarded, expected) in [
            (trusted, "203.0.113.7", "203.0.113.7"),
            (trusted, "1.2.3.4, 203.0.113.8", "203.0.113.8"),
            (trusted, "2001:db8::7", "2001:db8::7"),
            (other, "203.0.113.9", "127.0.0.2"),
            (trusted, "", "127.0.0.1"),
            (trusted, "203.0.113.9, rubbish", "127.0.0.1"),
        ] {
            let mut account = Account::without_2fa();
            let mut visitor = Visitor::of(&panel).at(peer, forwarded);
            visitor.sign_in(&mut account).await;
            assert_eq!(store::value(OPENED_FROM, &account.address), expected, "{peer} {forwarded:?}");
            // The module hears the same.
            let log = std::fs::read_to_string(&world().syslog).unwrap();
            let line = log.lines().rfind(|line| line.contains(&account.address) && line.contains("result=accepted"));
            assert!(line.unwrap().contains(expected), "{line:?}");
        }
    });
}

#[test]
fn too_many_requests_from_one_address_are_refused_and_others_are_served() {
    test(async |_| {
        let panel = Panel::start(Settings::behind().panel("requests_per_minute = 20")).await;
        let mut visitor = Visitor::of(&panel);
        let mut served = 0;
        let refused = loop {
            let answer = visitor.get("/sign-in").await;
            if answer.status != 200 {
                break answer;
            }
            served += 1;
            assert!(served < 100, "nothing is refused");
        };
        refused.assert_status(429);
        assert!((20..=22).contains(&served), "{served}");
        let csrf = visitor.csrf().await;
        let account = Account::without_2fa();
        let fields = [("name", account.address.as_str()), ("password", &account.password)];
        visitor.post_as("/sign-in", &csrf, &fields).await.assert_status(429);
        Visitor::of(&panel).get("/sign-in").await.assert_status(200);
    });
}

#[test]
fn ten_wrong_passwords_make_this_visitor_wait_and_nobody_else() {
    test(async |_| {
        let panel = Panel::start(Settings::behind()).await;
        let account = Account::without_2fa();
        let mut guesser = Visitor::of(&panel);
        for number in 0..10 {
            let password = format!("guess number {number}");
            let fields = [("name", account.address.as_str()), ("password", &password)];
            guesser.post("/sign-in", &fields).await.assert_status(422);
        }
        // Even the right one, for a while.
        guesser.password(&account).await.assert_status(429);
        Visitor::of(&panel).password(&account).await.assert_goes_to("/");
    });
}

#[test]
fn five_wrong_codes_make_the_account_wait_and_a_code_that_was_guessed_then_opens_nothing() {
    test(async |_| {
        let panel = Panel::start(Settings::behind()).await;
        let mut account = Account::new().await;
        let mut guesser = Visitor::of(&panel);
        guesser.password(&account).await.assert_goes_to("/sign-in/code");
        let right = account.phone.as_ref().unwrap().any_code();
        let mut guesses = (0..=9).map(|digit| digit.to_string().repeat(6)).filter(|guess| *guess != right);
        for guess in guesses.by_ref().take(5) {
            guesser.post("/sign-in/code", &[("code", &guess)]).await.assert_status(422);
        }
        let code = account.code().await;
        guesser.post("/sign-in/code", &[("code", &code)]).await.assert_status(429);
        assert!(!guesser.is_signed_in().await);
    });
}

/// A PAM service in which a module never answers for one account.
fn hanging(account: &Account) -> Service {
    let script = world().directory.join(format!("hang-{}", account.address));
    let text = format!("#!/bin/sh\n[ \"$PAM_USER\" != \"{}\" ] || exec sleep 100\n", account.address);
    std::fs::write(&script, text).unwrap();
    std::fs::set_permissions(&script, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    // One name for each account: services are files that tests share.
    let name = format!("mailkey-panel-{}", account.address.split('@').next().unwrap());
    Service { name, before: format!("auth required pam_exec.so quiet {}\n", script.display()) }
}

#[test]
fn while_a_pam_module_hangs_others_sign_in_and_a_killed_worker_is_one_failed_sign_in() {
    test(async |_| {
        let (hung, mut other) = (Account::without_2fa(), Account::without_2fa());
        let panel = Panel::start(Settings { service: Some(hanging(&hung)), ..Settings::behind() }).await;
        let mut visitor = Visitor::of(&panel);
        visitor.csrf().await;
        let waiting = tokio::task::spawn_local(async move { visitor.password(&hung).await });
        let began = Instant::now();
        while panel.workers().is_empty() {
            assert!(began.elapsed() < Duration::from_secs(10), "no worker was started");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        let worker = panel.workers()[0];
        for _ in 0..3 {
            let began = Instant::now();
            Visitor::of(&panel).sign_in(&mut other).await;
            assert!(began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());
        }
        assert!(!waiting.is_finished());
        rustix::process::kill_process(worker, rustix::process::Signal::KILL).unwrap();
        waiting.await.unwrap().assert_status(503);
        Visitor::of(&panel).sign_in(&mut other).await;
    });
}

#[test]
fn a_pam_module_that_never_answers_is_given_up_after_half_a_minute() {
    test(async |_| {
        let hung = Account::without_2fa();
        let panel = Panel::start(Settings { service: Some(hanging(&hung)), ..Settings::behind() }).await;
        let began = Instant::now();
        Visitor::of(&panel).password(&hung).await.assert_status(503);
        let took = began.elapsed();
        assert!(Duration::from_secs(25) < took && took < Duration::from_secs(40), "{took:?}");
        let ended = Instant::now();
        while !panel.workers().is_empty() {
            assert!(ended.elapsed() < Duration::from_secs(5), "the worker goes on");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    });
}

#[test]
fn a_body_that_is_too_large_is_refused_before_it_is_read() {
    test(async |_| {
        let panel = Panel::start(Settings::behind()).await;
        let mut visitor = Visitor::of(&panel);
        let csrf = visitor.csrf().await;
        let form = [("content-type", "application/x-www-form-urlencoded")];
        let body = format!("csrf={csrf}&name={}", "x".repeat(10 << 20));
        // The connection may be closed under the rest of the body.
        let answer =
            tokio::task::spawn_local(async move { visitor.send(Method::POST, "/sign-in", &form, body).await }).await;
        if let Ok(answer) = answer {
            answer.assert_status(400);
        }
        Visitor::of(&panel).get("/sign-in").await.assert_status(200);
    });
}

#[test]
fn nothing_secret_is_in_the_journal_or_the_log() {
    test(async |_| {
        let panel = Panel::start(Settings::behind()).await;
        let mut account = Account::new().await;
        let mut visitor = Visitor::of(&panel);
        let code = account.code().await;
        visitor.password(&account).await;
        visitor.post("/sign-in/code", &[("code", &code)]).await.assert_goes_to("/");
        let (_, app_password) = visitor.make_app_password("Phone").await;
        let new = "a longer Password 2";
        let fields = [("current", account.password.as_str()), ("code", "123 456"), ("new", new), ("again", new)];
        visitor.post("/password", &fields).await.assert_status(422);
        visitor.post("/sign-in", &[("name", &account.password), ("password", &account.address)]).await;
        let text = panel.journal() + &std::fs::read_to_string(&world().syslog).unwrap();
        let digest = store::value("SELECT password FROM account WHERE name = ?", &account.address);
        for secret in [account.password.as_str(), new, &app_password, &app_password[5..], visitor.cookie(), &digest] {
            assert!(!text.contains(secret), "{secret} is logged");
        }
    });
}

#[test]
fn it_starts_in_well_under_a_second_and_ends_when_it_is_told_to() {
    test(async |_| {
        let began = Instant::now();
        let mut panel = Panel::start(Settings::behind()).await;
        let took = began.elapsed();
        assert!(took < Duration::from_secs(1), "{took:?}");
        let mut visitor = Visitor::of(&panel);
        let answer = visitor.get("/healthz").await;
        answer.assert_status(200);
        assert_eq!(answer.body, "ok\n");
        assert!(panel.stop().await.success());
        assert!(panel.journal().contains("ended"), "{}", panel.journal());
    });
}

#[test]
fn who_asks_and_does_not_read_the_answers_is_not_waited_for() {
    test(async |_| {
        let panel = Panel::start(Settings::behind()).await;
        let mut connection = tokio::net::TcpStream::connect(("127.0.0.1", panel.port)).await.unwrap();
        let began = Instant::now();
        let request = b"GET /assets/panel.css HTTP/1.1\r\nHost: localhost\r\n\r\n".repeat(64);
        loop {
            match tokio::time::timeout(Duration::from_secs(1), connection.write_all(&request)).await {
                Ok(Err(_)) => break,
                Ok(Ok(())) | Err(_) => assert!(began.elapsed() < Duration::from_secs(60), "it is still connected"),
            }
        }
        // And not for long enough that somebody on a bad line is cut off.
        assert!(began.elapsed() > Duration::from_secs(10), "{:?}", began.elapsed());
        Visitor::of(&panel).get("/sign-in").await.assert_status(200);
    });
}
