//! The flow quarter's screens: the hub board, a stay, and the forms that change it.

pub mod board;
mod capacity;
pub mod edit;
mod edit_fields;
mod edit_read;
mod need;
mod need_page;
mod offers;
mod pieces;
mod stay;
pub mod view;

use crate::routes::{Route, staff, staff_post};

pub(crate) fn routes() -> Vec<Route> {
    let mut routes = vec![
        staff("/flow/board", board::page),
        staff("/flow/stay/{id}", stay::page),
        staff("/flow/stay/{id}/edit/{what}", edit::form),
        staff_post("/flow/stay/{id}/edit/{what}", edit::save),
        staff("/flow/stay/{id}/delay/{segment}", edit::correct_form),
        staff_post("/flow/stay/{id}/delay/{segment}", edit::correct_save),
    ];
    routes.extend(capacity::routes());
    routes.extend(need::routes());
    routes.extend(need_page::routes());
    routes.extend(offers::routes());
    routes
}
