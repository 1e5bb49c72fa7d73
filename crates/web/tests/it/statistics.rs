//! Official statistics: what the page says, with and without figures.

use crate::house::House;
use access::{Actor, Role};
use axum::http::StatusCode;

fn with_figures() -> (House, String) {
    let house = House::new();
    house
        .place
        .app
        .load_official_slice(&Actor::operator())
        .unwrap();
    let token = house.enter(Role::Analyst);
    (house, token)
}

#[test]
fn england_first_with_chart_table_and_source() {
    let (house, token) = with_figures();
    let page = house.get("/place/statistics", Some(&token)).text();
    assert!(
        page.contains("<option value=\"E92000001\" selected>England</option>"),
        "{page}"
    );
    assert!(page.contains("role=\"img\" aria-labelledby=\"delays-title delays-desc\""));
    assert!(page.contains("October 2016: 200,095. Special cause, concern"));
    assert!(page.contains("138,776 in March 2019"));
    assert!(page.contains("313.5"), "rate of March 2019");
    assert!(page.contains("published 9 May 2019, revised 12 September 2019"));
    assert!(page.contains("Open Government Licence v3.0"));
    assert!(page.contains("Making Data Count"));
    assert!(
        !page.contains("<td class=\"nhsuk-table__cell\"></td>"),
        "no empty cell"
    );
    assert!(!page.contains(" style=\""), "no inline style");
}

#[test]
fn reasons_have_a_line_each_and_the_chart_of_the_one_chosen() {
    let (house, token) = with_figures();
    let address = "/place/statistics?area=306&by=reason&key=D%28ii%29&months=36&measure=rate";
    let page = house.get(address, Some(&token)).text();
    assert!(page.contains("Manchester: D(ii) Nursing home place"));
    assert_eq!(page.matches("aria-current=\"true\"").count(), 1);
    assert_eq!(
        page.matches("<th class=\"nhsuk-table__cell\" scope=\"row\"><a href")
            .count(),
        11
    );
    assert!(
        page.contains("key=E&#38;measure=rate&#38;months=36"),
        "links keep what was asked"
    );
    assert!(page.contains("Delayed days per 100,000 adults: Manchester"));
}

#[test]
fn reason_o_is_no_data_before_april_2017() {
    let (house, token) = with_figures();
    let page = house
        .get("/place/statistics?by=reason", Some(&token))
        .text();
    // 72 months before April 2017 without reason O.
    assert_eq!(page.matches(">No data</td>").count(), 72);
}

#[test]
fn the_table_can_be_taken_away() {
    let (house, token) = with_figures();
    let reply = house.get(
        "/place/statistics.csv?area=Salford&by=responsible",
        Some(&token),
    );
    assert_eq!(reply.header("content-type"), "text/csv; charset=utf-8");
    assert!(
        reply
            .header("content-disposition")
            .contains("delays-309-responsible.csv")
    );
    let text = reply.text();
    assert!(
        text.starts_with("month,area,by,key,days,rate_per_100k\n2011-04,Salford,responsible,nhs,")
    );
    assert_eq!(text.lines().count(), 1 + 96 * 3);
}

#[test]
fn strange_questions_get_a_page_or_not_found() {
    let (house, token) = with_figures();
    for query in [
        "by=nonsense",
        "months=0",
        "months=99999999999",
        "target=-5",
        "target=1e9",
        "key=Z",
        "run=3",
    ] {
        let reply = house.get(&format!("/place/statistics?{query}"), Some(&token));
        assert_eq!(reply.status, StatusCode::OK, "{query}");
    }
    let short = house
        .get("/place/statistics?months=5&target=100000", Some(&token))
        .text();
    assert!(short.contains("Too few points: 5 of the 13 needed"));
    assert!(short.contains("Trial upper limit"));
    for path in [
        "/place/statistics?area=Nowhere",
        "/place/statistics.csv?area=Nowhere",
    ] {
        assert_eq!(house.get(path, Some(&token)).status, StatusCode::NOT_FOUND);
    }
}

#[test]
fn a_target_is_judged() {
    let (house, token) = with_figures();
    let page = house
        .get("/place/statistics?target=50000", Some(&token))
        .text();
    assert!(page.contains("The target will be missed without a change."));
    assert!(page.contains("Target 50,000</text>"));
    let page = house
        .get(
            "/place/statistics?by=responsible&key=both&target=5",
            Some(&token),
        )
        .text();
    assert_eq!(
        page.matches("No target is set.").count(),
        2,
        "a target is one measure's"
    );
}

#[test]
fn without_figures_the_page_says_what_to_do() {
    let house = House::new();
    let token = house.enter(Role::BoardMember);
    let page = house.get("/place/statistics", Some(&token)).text();
    assert!(page.contains("No official figures have been loaded yet"));
    let reply = house.get("/place/statistics.csv", Some(&token));
    assert_eq!(reply.status, StatusCode::NOT_FOUND);
}
