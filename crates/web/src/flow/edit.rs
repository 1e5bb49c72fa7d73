//! One page for every small form that changes a stay: what stands now is filled
//! in, what is wrong is said beside its field, and the version shown goes along
//! so that nobody's change is lost in silence.

use crate::components::{DateInput, Fault, Input, Radios, Select, TextArea};
use crate::shell::Shell;
use askama::Template;

/// A field of a form.
pub enum Field {
    /// One line.
    Text(Input),
    /// Several lines.
    Area(TextArea),
    /// Folded choices.
    List(Select),
    /// Open choices.
    Choice(Radios),
    /// A day.
    Day(DateInput),
}

/// A form page.
#[derive(Template)]
#[template(path = "flow/edit.html")]
pub struct EditPage {
    /// Around it.
    pub shell: Shell,
    /// What is wrong, for the summary.
    pub faults: Vec<Fault>,
    /// Whose stay it is.
    pub person: String,
    /// What to know before filling it in.
    pub intro: Vec<String>,
    /// Address of the stay.
    pub back: String,
    /// Where the form goes.
    pub action: String,
    /// Version of the stay that is shown.
    pub version: i64,
    /// The fields in order.
    pub fields: Vec<Field>,
    /// What the button says.
    pub button: &'static str,
}
