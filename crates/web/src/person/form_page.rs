//! A page with what stands and one or more small forms under it, for what is done about a person.

use crate::components::{Fault, Field};
use crate::shell::Shell;
use askama::Template;

/// One thing that stands already.
pub(crate) struct Entry {
    pub(crate) title: String,
    pub(crate) line: String,
    /// What is sent to end it, and the words of the button.
    pub(crate) end: Option<(String, &'static str)>,
}

/// What stands already.
pub(crate) struct List {
    pub(crate) title: &'static str,
    /// What is said when there is nothing.
    pub(crate) none: &'static str,
    pub(crate) entries: Vec<Entry>,
}

/// One form.
pub(crate) struct Part {
    /// Its heading; empty for none.
    pub(crate) title: &'static str,
    pub(crate) intro: Vec<String>,
    pub(crate) hidden: Vec<(&'static str, String)>,
    pub(crate) fields: Vec<Field>,
    pub(crate) button: &'static str,
}

#[derive(Template)]
#[template(path = "person/form.html")]
pub(crate) struct FormPage {
    pub(crate) shell: Shell,
    pub(crate) faults: Vec<Fault>,
    /// What was just saved; empty for nothing.
    pub(crate) saved: &'static str,
    /// Whom it is about; empty for nobody yet.
    pub(crate) person: String,
    pub(crate) back: String,
    pub(crate) back_words: &'static str,
    pub(crate) intro: Vec<String>,
    pub(crate) action: String,
    pub(crate) list: Option<List>,
    pub(crate) forms: Vec<Part>,
}
