//! A page with what stands and one or more small forms under it, for what is done about a person.

use crate::components::{Fault, Field};
use crate::shell::Shell;
use askama::Template;

/// One thing that stands already.
pub(super) struct Entry {
    pub(super) title: String,
    pub(super) line: String,
    /// What is sent to end it, and the words of the button.
    pub(super) end: Option<(String, &'static str)>,
}

/// What stands already.
pub(super) struct List {
    pub(super) title: &'static str,
    /// What is said when there is nothing.
    pub(super) none: &'static str,
    pub(super) entries: Vec<Entry>,
}

/// One form.
pub(super) struct Part {
    /// Its heading; empty for none.
    pub(super) title: &'static str,
    pub(super) intro: Vec<String>,
    pub(super) hidden: Vec<(&'static str, String)>,
    pub(super) fields: Vec<Field>,
    pub(super) button: &'static str,
}

#[derive(Template)]
#[template(path = "person/form.html")]
pub(super) struct FormPage {
    pub(super) shell: Shell,
    pub(super) faults: Vec<Fault>,
    /// What was just saved; empty for nothing.
    pub(super) saved: &'static str,
    /// Whom it is about; empty for nobody yet.
    pub(super) person: String,
    pub(super) back: String,
    pub(super) back_words: &'static str,
    pub(super) intro: Vec<String>,
    pub(super) action: String,
    pub(super) list: Option<List>,
    pub(super) forms: Vec<Part>,
}
