//! The flow quarter's screens: the hub board, a stay, and the forms that change it.

mod agreements;
pub mod board;
pub mod edit;
mod edit_fields;
mod edit_read;
mod forms;
mod refer;
mod stay;
mod triage;
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
    routes.extend(forms::routes());
    routes.extend(refer::routes());
    routes.extend(agreements::routes());
    routes.extend(triage::routes());
    routes
}
