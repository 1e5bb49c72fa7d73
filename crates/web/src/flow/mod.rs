//! The flow quarter's screens: the hub board, a stay, and the forms that change it.

pub mod board;
pub mod edit;
pub mod view;

use crate::routes::{Route, staff};

pub(crate) fn routes() -> Vec<Route> {
    vec![staff("/flow/board", board::page)]
}
