//! Small pictures beside words. They say nothing that the words do not: screen readers skip them.

use maud::{Markup, PreEscaped, html};

/// A picture.
#[derive(Clone, Copy)]
pub(super) enum Icon {
    Home,
    Shield,
    Key,
    Lock,
    Clock,
    Globe,
    Help,
    Tick,
    Warning,
    Cross,
    Phone,
    Browser,
    Plus,
    Copy,
    Print,
    Save,
}

/// Draws it: strokes on a grid of 24 units, in the colour of the text.
pub(super) fn icon(icon: Icon) -> Markup {
    let strokes = match icon {
        Icon::Home => "M4 11l8-7 8 7v9h-5.5v-6h-5v6H4z",
        Icon::Shield => "M12 3l7 2.8v5.4c0 4.6-3 7.9-7 9.8-4-1.9-7-5.2-7-9.8V5.8zM8.8 12l2.3 2.3 4.2-4.4",
        Icon::Key => "M8 11a4.5 4.5 0 1 0 .01 0M11.2 12.3L20 3.5M16.5 7l3 3M13.4 10.1l2 2",
        Icon::Lock => "M6 10.5h12v9.5H6zM8.5 10.5V8a3.5 3.5 0 0 1 7 0v2.5M12 14v2.5",
        Icon::Clock => "M12 3.5a8.5 8.5 0 1 0 .01 0M12 7.5V12l3 2",
        Icon::Globe => "M12 3.5a8.5 8.5 0 1 0 .01 0M3.5 12h17M12 3.5c5 5.3 5 11.7 0 17c-5-5.3-5-11.7 0-17",
        Icon::Help => "M12 3.5a8.5 8.5 0 1 0 .01 0M9.6 9.7a2.4 2.4 0 1 1 3.5 2.1c-.8.4-1.1.9-1.1 1.7M12 16.4v.1",
        Icon::Tick => "M12 3.5a8.5 8.5 0 1 0 .01 0M8.3 12.2l2.6 2.6 4.9-5.4",
        Icon::Warning => "M12 4l9 16H3zM12 10v4.5M12 17.2v.1",
        Icon::Cross => "M12 3.5a8.5 8.5 0 1 0 .01 0M9 9l6 6M15 9l-6 6",
        Icon::Phone => "M7.5 3.5h9v17h-9zM11 17.5h2",
        Icon::Browser => "M3.5 5h17v14h-17zM3.5 9h17M6.2 7h.1M8.7 7h.1",
        Icon::Plus => "M12 5v14M5 12h14",
        Icon::Copy => "M9 8.5h10.5v12H9zM15 8.5v-5H4.5v12H9",
        Icon::Print => "M7 8V3.5h10V8M7 17H4V8h16v9h-3M7 14h10v6.5H7z",
        Icon::Save => "M12 4v11M7.5 11l4.5 4.5 4.5-4.5M5 20h14",
    };
    html! {
        svg class="icon" viewBox="0 0 24 24" width="24" height="24" aria-hidden="true" focusable="false" {
            (PreEscaped(format!("<path d=\"{strokes}\"/>")))
        }
    }
}
