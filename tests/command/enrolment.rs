//! Turning 2FA on, with codes that oathtool makes.

use serde_json::json;

use crate::lab::{ALICE, Lab, PASSWORD, code, mode};

fn is_on(lab: &Lab) -> bool {
    lab.json(["totp", "status", ALICE])["two_factor"] == json!(true)
}

#[test]
fn a_wrong_code_leaves_2fa_off_and_the_enrolment_waiting() {
    let lab = Lab::with_alice();
    let secret = lab.json(["totp", "enroll", ALICE])["secret"].as_str().unwrap().to_string();
    lab.run_with(["totp", "confirm", ALICE], code(&secret, -20)).failed(3, "the code is wrong");
    for shapeless in ["", "12345", "abcdef", "1234567"] {
        lab.run_with(["totp", "confirm", ALICE], shapeless).failed(3, "type the 6 digits");
    }
    assert!(!is_on(&lab));
    lab.run_with(["check", ALICE, "--service", "imap"], PASSWORD).done();
    lab.run_with(["totp", "confirm", ALICE], code(&secret, 0)).done();
    assert!(is_on(&lab));
    let refused = lab.run_with(["check", ALICE, "--service", "imap"], PASSWORD);
    assert!(refused.code == 3 && refused.out.contains("app_password_required"), "{}", refused.out);
}

#[test]
fn confirming_without_an_enrolment_says_how_to_begin_one() {
    let lab = Lab::with_alice();
    let failed = lab.run_with(["totp", "confirm", ALICE], "123456").failed(4, "no enrolment");
    assert!(failed.err.contains("mailkey totp enroll alice@example.org"), "{}", failed.err);
    lab.enrol();
    lab.run_with(["totp", "confirm", ALICE], "123456").failed(4, "no enrolment");
}

#[test]
fn the_code_that_confirmed_opens_nothing_and_the_next_one_does() {
    let lab = Lab::with_alice();
    let secret = lab.json(["totp", "enroll", ALICE])["secret"].as_str().unwrap().to_string();
    let first = code(&secret, 0);
    lab.run_with(["totp", "confirm", ALICE], format!("{first}\n")).done();
    let webmail = |code: &str| lab.run_with(["check", ALICE, "--service", "webmail"], format!("{PASSWORD}{code}\n"));
    let used = webmail(&first);
    assert!(used.code == 3 && used.out.contains("code_used"), "{}", used.out);
    // The dry run uses nothing up: it may be repeated.
    for _ in 0..2 {
        assert!(webmail(&code(&secret, 1)).done().out.contains("A login would use the code up"));
    }
}

#[test]
fn enrolment_asks_for_the_code_three_times_and_then_leaves_it_pending() {
    let lab = Lab::with_alice();
    let run = lab.run_with(["totp", "enroll", ALICE], "000000\n12345\nabcdef\n");
    assert_eq!(run.code, 3, "{}", run.err);
    assert!(run.err.contains("two more tries") && run.err.contains("one more try"), "{}", run.err);
    assert!(run.err.contains("mailkey totp confirm alice@example.org"), "{}", run.err);
    let status = lab.json(["totp", "status", ALICE]);
    assert_eq!((&status["two_factor"], &status["enrolment_pending"]), (&json!(false), &json!(true)));
    assert_eq!(lab.run(["totp", "enroll", ALICE]).code, 3);
}

#[test]
fn the_configured_form_is_in_uri_text_and_codes() {
    let lab = Lab::with_alice();
    let text = std::fs::read_to_string(lab.config()).unwrap();
    let totp = "[totp]\nissuer = \"Example & Söhne\"\nalgorithm = \"sha256\"\ndigits = 8\nperiod = 60\n";
    std::fs::write(lab.config(), format!("{text}\n{totp}")).unwrap();
    let begun = lab.json(["totp", "enroll", ALICE]);
    let secret = begun["secret"].as_str().unwrap();
    let issuer = "Example%20%26%20S%C3%B6hne";
    assert_eq!(
        begun["uri"].as_str().unwrap(),
        format!(
            "otpauth://totp/{issuer}:alice%40example.org?secret={secret}&issuer={issuer}\
             &algorithm=SHA256&digits=8&period=60"
        )
    );
    let out = lab.run(["totp", "enroll", ALICE]).out;
    assert!(out.contains("with SHA256, 8 digits, 60 seconds"), "{out}");
}

#[test]
fn the_picture_holds_the_uri_and_is_for_its_owner_alone() {
    let lab = Lab::with_alice();
    let (png, svg) = (lab.path("alice.png"), lab.path("alice.svg"));
    let files = ["--png", png.to_str().unwrap(), "--svg", svg.to_str().unwrap()];
    let begun = lab.json(["totp", "enroll", ALICE].into_iter().chain(files));
    assert_eq!((mode(&png), mode(&svg)), (0o600, 0o600));
    let picture = image::open(&png).unwrap().to_luma8();
    let mut prepared =
        rqrr::PreparedImage::prepare_from_greyscale(picture.width() as usize, picture.height() as usize, |x, y| {
            picture.get_pixel(x as u32, y as u32).0[0]
        });
    let (_, content) = prepared.detect_grids()[0].decode().unwrap();
    assert_eq!(content, begun["uri"].as_str().unwrap());
    let drawing = std::fs::read_to_string(&svg).unwrap();
    assert!(drawing.contains("<svg") && !drawing.contains(begun["secret"].as_str().unwrap()));
}

#[test]
fn the_qr_code_on_the_terminal_holds_the_secret_that_stands_below_it() {
    let lab = Lab::with_alice();
    let out = lab.run(["totp", "enroll", ALICE]).out;
    let secret = out.split_once("into it:  ").unwrap().1[..39].replace(' ', "");
    // Each symbol is two modules, one above the other; without colours what is light is drawn.
    let rows: Vec<Vec<char>> =
        out.lines().filter(|line| line.starts_with(['█', '▀'])).map(|line| line.chars().collect()).collect();
    const SCALE: usize = 4;
    let is_light = |x: usize, y: usize| match rows[y / 2][x] {
        '█' => true,
        '▀' => y.is_multiple_of(2),
        '▄' => y % 2 == 1,
        _ => false,
    };
    let shade = |x: usize, y: usize| if is_light(x / SCALE, y / SCALE) { 255 } else { 0 };
    let (width, height) = (rows[0].len() * SCALE, rows.len() * 2 * SCALE);
    let mut prepared = rqrr::PreparedImage::prepare_from_greyscale(width, height, shade);
    let (_, content) = prepared.detect_grids()[0].decode().unwrap();
    assert!(content.starts_with("otpauth://totp/Mail:alice%40example.org?"), "{content}");
    assert!(content.contains(&format!("secret={secret}&")), "{content}");
}

#[test]
fn a_file_that_is_there_is_not_written_over_and_the_enrolment_stays_as_it_was() {
    let lab = Lab::with_alice();
    let (png, svg) = (lab.path("alice.png"), lab.path("alice.svg"));
    std::fs::write(&svg, "mine").unwrap();
    let files = ["--png", png.to_str().unwrap(), "--svg", svg.to_str().unwrap()];
    lab.run(["totp", "enroll", ALICE].into_iter().chain(files)).failed(5, "alice.svg exists already");
    assert_eq!(std::fs::read(&svg).unwrap(), b"mine");
    assert!(!png.exists());
    assert_eq!(lab.json(["totp", "status", ALICE])["enrolment_pending"], json!(false));
    let nowhere = lab.path("nowhere/alice.png");
    lab.run(["totp", "enroll", ALICE, "--png", nowhere.to_str().unwrap()]).failed(1, "cannot be made");
    // Nor is a link followed.
    std::os::unix::fs::symlink(lab.path("target"), &png).unwrap();
    lab.run(["totp", "enroll", ALICE, "--png", png.to_str().unwrap()]).failed(5, "exists already");
    assert!(!lab.path("target").exists());
}

#[test]
fn new_recovery_codes_end_the_old_ones() {
    let lab = Lab::with_alice();
    lab.run(["recovery-codes", "new", ALICE]).failed(3, "2FA is off");
    let (_, old) = lab.enrol();
    let new = lab.json(["recovery-codes", "new", ALICE]);
    let new = new["recovery_codes"].as_array().unwrap();
    assert_eq!(new.len(), 10);
    let opens = |code: &str| lab.run_with(["check", ALICE, "--service", "panel"], format!("{PASSWORD}{code}")).code;
    assert_eq!((opens(&old[3]), opens(new[3].as_str().unwrap())), (3, 0));
}
