//! The person quarter's screens: finding a person and reading their record.

mod corrections;
mod document;
mod find;
mod own;
mod record;
mod review;
pub mod who;

use crate::routes::{Route, staff, staff_post};

pub(crate) fn routes() -> Vec<Route> {
    let mut routes = vec![
        staff("/person/find", find::empty),
        staff_post("/person/find", find::search),
        staff("/person/{id}", record::page),
        staff("/identity", review::list),
        staff("/identity/{id}", review::page),
        staff_post("/identity/{id}", review::decide),
        staff("/identity/link/{id}/undo", review::undo),
        staff_post("/identity/link/{id}/undo", review::undone),
        staff("/person/document/{id}", document::page),
        staff("/person/document/{id}/file", document::file),
        staff("/corrections", corrections::list),
        staff("/corrections/{id}", corrections::page),
        staff_post("/corrections/{id}", corrections::answer),
    ];
    routes.extend(own::routes());
    routes
}
