//! The place quarter's screens: official statistics.

mod view;

use crate::Web;
use crate::door::Visit;
use crate::form::escape;
use crate::routes::{Outcome, Route, staff};
use crate::shell;
use crate::trouble::Trouble;
use ::place::Dimension;
use access::Actor;
use axum::http::{HeaderValue, header};

pub(crate) fn routes() -> Vec<Route> {
    vec![
        staff("/place/statistics", statistics),
        staff("/place/statistics.csv", csv),
    ]
}

/// The breakdown asked for; the total if none or none we know.
fn by(visit: &Visit) -> Dimension {
    Dimension::parse(visit.query.get("by")).unwrap_or(Dimension::Total)
}

fn statistics(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    let found = web
        .app
        .statistics(actor, visit.query.given("area"), by(visit), None, None);
    let statistics = match found {
        // An area that is not there: a page that was not found, as any other.
        Err(app::Error::Invalid(_)) => return Err(Trouble::NotFound),
        other => other?,
    };
    shell::ok(&view::page(web, visit, &statistics))
}

/// The whole series as CSV: the same table as `almoner dtoc series`.
fn csv(web: &Web, visit: &Visit, actor: &Actor) -> Outcome {
    let found = web
        .app
        .statistics(actor, visit.query.given("area"), by(visit), None, None);
    let statistics = match found {
        Err(app::Error::Invalid(_)) => return Err(Trouble::NotFound),
        other => other?,
    };
    let series = statistics.series.ok_or(Trouble::NotFound)?;
    let mut response = shell::raw("text/csv; charset=utf-8", series.csv().into_bytes());
    let name = format!(
        "attachment; filename=\"delays-{}-{}.csv\"",
        escape(series.area.as_str()),
        series.by
    );
    if let Ok(value) = HeaderValue::from_str(&name) {
        response
            .headers_mut()
            .insert(header::CONTENT_DISPOSITION, value);
    }
    Ok(response)
}
