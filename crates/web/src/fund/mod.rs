//! The fund quarter's screens: where a fund stands, its schemes and who would bear what, its agreement,
//! plans, returns and disputes, the end of a month, and the books behind all of it.

mod account;
mod money;
mod months;
mod names;
mod transfer;

use crate::routes::{Route, staff, staff_post};

/// Words of the link back to the fund.
const BACK: &str = "Back to the fund";

pub(crate) fn routes() -> Vec<Route> {
    vec![
        staff("/fund/months", months::page),
        staff_post("/fund/months", months::close),
        staff("/fund/account/{name}", account::page),
        staff("/fund/transfer/{id}", transfer::page),
        staff_post("/fund/transfer/{id}", transfer::reverse),
    ]
}
