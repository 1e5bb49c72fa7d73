//! The person quarter's screens: finding a person and reading their record.

use crate::routes::Route;

pub(crate) fn routes() -> Vec<Route> {
    Vec::new()
}
