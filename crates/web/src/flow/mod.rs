//! The flow quarter's screens: the hub board, a stay, and the forms that change it.

mod agreements;
pub mod board;
mod capacity;
pub mod chain;
mod clocks;
mod clocks_start;
mod coming;
mod cost;
pub mod edit;
mod edit_fields;
mod edit_read;
mod forms;
mod huddle;
mod letter;
mod need;
mod need_page;
mod notes;
mod notice;
mod offers;
mod pieces;
mod refer;
mod returned;
mod returns;
mod services;
mod services_form;
mod sets;
mod stay;
mod stay_lines;
mod step;
mod tabs;
mod triage;
mod triage_begins;
pub mod view;
mod waiting;
mod work;

use crate::routes::{Route, staff, staff_post};
use crate::sheet;

pub(crate) fn routes() -> Vec<Route> {
    let mut routes = vec![
        staff("/flow/board", board::page),
        staff("/flow/stay/{id}", stay::page),
        staff("/flow/waiting", waiting::page),
        staff("/flow/work", work::page),
        staff("/coming", coming::page),
        staff("/flow/cost", cost::page),
        staff("/flow/steps", sets::page),
        staff_post("/flow/steps", sets::switch),
        staff("/flow/steps/{what}/{id}", chain::page),
        staff("/flow/step/{id}", step::page),
        staff_post("/flow/step/{id}", step::change),
        staff("/flow/handover/{id}", step::answer_page),
        staff_post("/flow/handover/{id}", step::answer),
        staff("/flow/huddle", huddle::page),
        staff_post("/flow/huddle", huddle::begin),
        staff("/flow/huddle/{id}", huddle::next),
        staff_post("/flow/huddle/{id}", huddle::say),
        staff("/flow/huddle/{id}/minutes", huddle::minutes),
        staff("/flow/huddle/{id}/end", huddle::ending),
        staff_post("/flow/huddle/{id}/end", huddle::end),
        staff("/flow/stay/{id}/leaving", notes::leaving),
        staff_post("/flow/stay/{id}/leaving", notes::save_leaving),
        staff("/flow/stay/{id}/reside", notes::reside),
        staff_post("/flow/stay/{id}/reside", notes::save_reside),
        staff("/flow/stay/{id}/long-stay", notes::long_stay),
        staff_post("/flow/stay/{id}/long-stay", notes::save_long_stay),
        staff("/flow/stay/{id}/choice-letter", letter::page),
        staff_post("/flow/stay/{id}/choice-letter", letter::send),
        staff("/flow/stay/{id}/choice-letter/{number}", letter::given),
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
    ];
    routes.extend(notice::routes());
    routes.extend(forms::routes());
    routes.extend(capacity::routes());
    routes.extend(need::routes());
    routes.extend(need_page::routes());
    routes.extend(offers::routes());
    routes.extend(refer::routes());
    routes.extend(agreements::routes());
    routes.extend(triage::routes());
    routes
}
