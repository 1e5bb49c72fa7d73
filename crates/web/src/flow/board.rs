//! The hub board.
use crate::door::Visit;
use crate::routes::Outcome;
use crate::shell::{self, Section, Shell};
use crate::{Web, words};
use super::view::{BoardPage, Rows};
use crate::components::Pagination;
use access::Actor;

/// The board.
pub fn page(web: &Web, visit: &Visit, _actor: &Actor) -> Outcome {
    let now = web.app.now();
    shell::ok(&BoardPage {
        shell: Shell::new(web, visit, "Hub board", Section::Board),
        filters: Vec::new(),
        chosen: String::new(),
        table: Rows { rows: Vec::new(), counts: String::new(), updated: format!("Updated at {}.", words::time(now)), pages: Pagination::default(), address: String::new(), renewed: false },
    })
}
