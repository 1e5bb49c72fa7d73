//! The person quarter's screens: finding a person and reading their record.

pub(crate) mod acting;
mod around;
mod corrections;
mod document;
mod find;
pub(crate) mod form_page;
mod line;
mod meeting;
mod opening;
mod own;
mod passport;
mod plan;
mod plan_form;
mod record;
mod review;
mod sight;
mod summary;
mod timeline;
pub mod who;
mod wishes;

use crate::routes::{Route, staff, staff_post};

pub(crate) fn routes() -> Vec<Route> {
    let mut routes = vec![
        staff("/person/find", find::empty),
        staff_post("/person/find", find::search),
        staff("/person/emergency", opening::emergency),
        staff_post("/person/emergency", opening::by_number),
        staff("/person/{id}", record::page),
        staff("/person/{id}/timeline", timeline::page),
        staff("/person/line/{id}", line::page),
        staff("/person/{id}/open", opening::ask),
        staff_post("/person/{id}/open", opening::open),
        staff("/person/{id}/around", around::page),
        staff_post("/person/{id}/around", around::change),
        staff("/person/{id}/acting", acting::page),
        staff_post("/person/{id}/acting", acting::change),
        staff("/person/{id}/wishes", wishes::page),
        staff_post("/person/{id}/wishes", wishes::change),
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
    routes.extend(plan::routes());
    routes.extend(meeting::routes());
    routes.extend(own::routes());
    routes.extend(passport::routes());
    routes
}
