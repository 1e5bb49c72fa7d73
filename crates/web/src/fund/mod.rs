//! The fund quarter's screens: where a fund stands, its schemes and who would bear what, its agreement,
//! plans, returns and disputes, the end of a month, and the books behind all of it.

mod account;
mod agreement;
mod charts;
mod contributions;
mod dispute;
mod effect;
mod money;
mod months;
mod names;
mod plan;
mod pool;
mod returns;
mod scheme;
mod transfer;
mod upload;

use crate::form::escape;
use crate::routes::{Route, staff, staff_file, staff_post};
use ::fund::ledger::Code;

/// Words of the link back to the fund.
const BACK: &str = "Back to the fund";

/// Address of a page of a fund.
fn address(fund: &Code, rest: &str) -> String {
    format!("/fund/pool/{fund}{rest}")
}

pub(crate) fn routes() -> Vec<Route> {
    vec![
        staff("/fund", pool::list),
        staff("/fund/pool/{fund}", pool::page),
        staff("/fund/pool/{fund}/share", pool::share),
        staff("/fund/pool/{fund}/books", pool::books),
        staff("/fund/pool/{fund}/pack", pool::pack),
        staff("/fund/pool/{fund}/effect", effect::page),
        staff_post("/fund/pool/{fund}/effect", effect::keep),
        staff("/fund/pool/{fund}/shared/{period}", months::shared),
        staff("/fund/pool/{fund}/returns", returns::page),
        staff_post("/fund/pool/{fund}/returns", returns::send),
        staff("/fund/pool/{fund}/returns/behind", returns::behind),
        staff("/fund/pool/{fund}/returns/sent", returns::sent),
        staff("/fund/pool/{fund}/returns/file", returns::file),
        staff("/fund/pool/{fund}/scheme/{scheme}", scheme::page),
        staff("/fund/pool/{fund}/agreement", agreement::page),
        staff("/fund/agreement", agreement::new),
        staff_file("/fund/agreement", agreement::keep),
        staff("/fund/pool/{fund}/plan", plan::page),
        staff_file("/fund/pool/{fund}/plan", plan::keep),
        staff("/fund/pool/{fund}/disputes", dispute::list),
        staff_post("/fund/pool/{fund}/disputes", dispute::raise),
        staff("/fund/dispute/{id}", dispute::page),
        staff_file("/fund/dispute/{id}", dispute::change),
        staff("/fund/dispute/{id}/evidence/{file}", dispute::evidence),
        staff("/fund/months", months::page),
        staff_post("/fund/months", months::close),
        staff("/fund/account/{name}", account::page),
        staff("/fund/transfer/{id}", transfer::page),
        staff_post("/fund/transfer/{id}", transfer::reverse),
    ]
}
