//! The flow quarter's screens: the hub board, a stay, and the forms that change it.

pub mod board;
mod clocks;
mod clocks_start;
pub mod edit;
mod edit_fields;
mod edit_read;
mod returns;
mod services;
mod services_form;
mod sheet;
mod stay;
pub mod view;

use crate::routes::{Route, staff, staff_post};

pub(crate) fn routes() -> Vec<Route> {
    vec![
        staff("/flow/board", board::page),
        staff("/flow/stay/{id}", stay::page),
        staff("/flow/stay/{id}/edit/{what}", edit::form),
        staff_post("/flow/stay/{id}/edit/{what}", edit::save),
        staff("/flow/stay/{id}/delay/{segment}", edit::correct_form),
        staff_post("/flow/stay/{id}/delay/{segment}", edit::correct_save),
        staff("/flow/returns", returns::list),
        staff("/flow/returns/{what}", returns::page),
        staff_post("/flow/returns/{what}", returns::freeze),
        staff("/flow/returns/{what}/people", returns::people),
        staff("/flow/returns/{what}/sent", returns::sent),
        staff("/flow/clocks", clocks::list),
        staff("/flow/case/{id}", clocks::page),
        staff_post("/flow/case/{id}", clocks::change),
        staff("/person/{id}/cases", clocks::of_person),
        staff("/person/{id}/cases/new", clocks_start::new),
        staff_post("/person/{id}/cases/new", clocks_start::start),
        staff("/person/{id}/services", services::list),
        staff("/person/{id}/services/new", services::new),
        staff_post("/person/{id}/services/new", services::add),
        staff("/person/service/{id}", services::page),
        staff("/person/service/{id}/edit", services::edit),
        staff_post("/person/service/{id}/edit", services::save),
        staff_post("/person/service/{id}/goal", services::goal),
    ]
}
