use super::*;

#[test]
fn every_language_can_be_read() {
    assert_eq!(Locales::new(Some("Europe/Berlin")).unwrap().all().len(), LANGUAGES.len());
}

#[test]
fn languages_are_shared_by_threads() {
    fn shared<T: Send + Sync>() {}
    shared::<Locales>();
}
