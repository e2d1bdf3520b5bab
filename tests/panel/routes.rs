//! The routes of the panel, read out of its source, so that a new one is tested from its first day.

use crate::world::world;

/// A route.
#[derive(Clone, Debug)]
pub struct Route {
    /// Who may go there: `Everybody`, `SecondStep`, `Enrolment` or `SignedIn`.
    pub level: String,
    /// With `{id}` where it has one.
    pub path: String,
    pub get: bool,
    pub post: bool,
}

impl Route {
    /// With an id in it.
    pub fn with(&self, id: &str) -> String {
        self.path.replace("{id}", id)
    }
}

/// All pages.
pub fn pages() -> Vec<Route> {
    let source = std::fs::read_to_string(world().sources.join("src/bin/mailkey-panel/routes.rs")).unwrap();
    let table = source.split_once("pub fn pages()").and_then(|(_, rest)| rest.split_once("\n}")).unwrap().0;
    let table = table.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut pieces = table.split("\"/");
    let mut level = last_word(pieces.next().unwrap());
    let mut routes = Vec::new();
    for piece in pieces {
        let (path, handlers) = piece.split_once('"').unwrap();
        // The handlers go up to the next entry, whose level stands at their end.
        let (get, post) = (handlers.contains("get("), handlers.contains("post("));
        assert!(get || post, "routes.rs is not understood here: /{path} {handlers}");
        routes.push(Route { level, path: format!("/{path}"), get, post });
        level = last_word(handlers);
    }
    for route in &routes {
        let known = ["Everybody", "SecondStep", "Enrolment", "SignedIn"];
        assert!(known.contains(&route.level.as_str()), "routes.rs is not understood here: {route:?}");
    }
    assert!(routes.len() > 20, "routes.rs is not understood here: {routes:?}");
    routes
}

fn last_word(text: &str) -> String {
    text.split(|symbol: char| !symbol.is_alphanumeric()).rfind(|word| !word.is_empty()).unwrap_or_default().into()
}
