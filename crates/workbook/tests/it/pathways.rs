//! Workbooks of discharge pathways: one that is right, and what is said of those that are not.

use crate::build::{Page, Put, xlsx};
use jiff::civil::date;
use workbook::pathways::read;

/// Day number of 5 January 2026.
const MONDAY: f64 = 46_027.0;

/// A fictional workbook with one pathway in visits and one in beds, over two days.
fn pages() -> Vec<Page> {
    let mut notes = Page::named("Notes");
    notes.words(&["made up"]);
    let mut arrivals = Page::named("arrivals");
    arrivals.words(&["node", "arrivals", "scenario", "date", "day"]);
    for node in ["P1_X", "P3_X"] {
        for day in [0.0, 1.0] {
            arrivals.line(vec![
                node.into(),
                Put::Number(1.5 + day),
                "Base".into(),
                Put::Day(MONDAY + day),
                Put::Number(day + 1.0),
            ]);
        }
    }
    let mut initial = Page::named("Initial conditions");
    initial.words(&["node", "measure", "value"]);
    for (node, measure, value) in [
        ("P1_X", "occ", 7),
        ("P1_X", "dtoc", 2),
        ("P3_X", "occ", 9),
        ("P3_X", "dtoc", 0),
    ] {
        initial.line(vec![node.into(), measure.into(), value.into()]);
    }
    let mut capacity = Page::named("capacity");
    capacity.words(&["node", "scenario", "capacity"]);
    capacity.line(vec!["P1_X".into(), "Now".into(), 10.into()]);
    capacity.line(vec!["P3_X".into(), "Now".into(), 12.into()]);
    capacity.line(vec!["P3_X".into(), "More".into(), 20.into()]);
    let mut los = Page::named("los");
    los.words(&[
        "node", "median", "sd_los", "IVR", "FVR", "scenario", "mean_los", "los_dist",
    ]);
    los.line(vec![
        "P1_X".into(),
        Put::Number(5.0),
        Put::Nothing,
        4.into(),
        1.into(),
        "Base".into(),
        Put::Number(8.0),
        "lnorm".into(),
    ]);
    los.line(vec![
        "P3_X".into(),
        Put::Nothing,
        Put::Number(6.0),
        Put::Nothing,
        Put::Nothing,
        "Base".into(),
        Put::Number(30.0),
        "lnorm".into(),
    ]);
    let mut costs = Page::named("costs");
    costs.words(&["node", "community_cost", "acute_dtoc"]);
    costs.line(vec!["P1_X".into(), 125.into(), 346.into()]);
    costs.line(vec!["P3_X".into(), Put::Number(164.5), 346.into()]);
    vec![notes, arrivals, initial, capacity, los, costs]
}

#[test]
fn a_workbook_is_read_by_its_headings() {
    let found = read(&xlsx(&pages())).unwrap();
    assert_eq!((found.start, found.days), (date(2026, 1, 5), 2));
    assert_eq!(found.scenarios(), ["Now_Base_Base", "More_Base_Base"]);
    let [one, three] = found.nodes.as_slice() else {
        panic!("two nodes")
    };
    assert_eq!(
        (one.name.as_str(), one.occupied, one.waiting),
        ("P1_X", 7, 2)
    );
    assert_eq!(one.stays[0].1.visits, Some((4.0, 1.0)));
    assert_eq!(three.stays[0].1.visits, None);
    assert_eq!((three.community_pence, three.acute_pence), (16_450, 34_600));
    assert_eq!(three.arrivals[0].1, [1.5, 2.5]);
    // A scenario has the pathways that have it.
    assert_eq!(found.plan("Now_Base_Base").unwrap().stations().len(), 2);
    assert_eq!(found.plan("More_Base_Base").unwrap().stations().len(), 1);
}

#[test]
fn what_is_wrong_is_named_by_its_cell() {
    let said = |change: &dyn Fn(&mut Vec<Page>)| {
        let mut pages = pages();
        change(&mut pages);
        let issues = read(&xlsx(&pages)).unwrap_err();
        issues[0].to_string()
    };
    for (found, says) in [
        (
            said(&|pages| drop(pages.remove(4))),
            "The workbook has no sheet `los`; it has `Notes`, `arrivals`",
        ),
        (
            said(&|pages| pages[3].lines[1][2] = 0.into()),
            "capacity!C2: The capacity is nil",
        ),
        (
            said(&|pages| pages[3].lines[1][2] = (-4).into()),
            "capacity!C2: capacity is -4; it lies between 0",
        ),
        (
            said(&|pages| pages[3].lines[1][2] = "ten".into()),
            "capacity!C2: capacity is no number",
        ),
        (
            said(&|pages| pages[3].lines[0][2] = "beds".into()),
            "capacity!A1: The sheet has no column headed `capacity`",
        ),
        (
            said(&|pages| pages[2].lines[1][2] = Put::Number(7.5)),
            "Initial conditions!C2: value is 7.5; people and places are whole",
        ),
        (
            said(&|pages| pages[4].lines[1][6] = Put::Number(3.0)),
            "los!G2: A log-normal stay has a median above 0",
        ),
        (
            said(&|pages| pages[4].lines[1][7] = "gamma".into()),
            "los!H2: The distribution `gamma` is not read",
        ),
        (
            said(&|pages| pages[1].lines[1][3] = Put::Number(3.0)),
            "arrivals!D2: The date is not formatted as a date",
        ),
        (
            said(&|pages| drop(pages[1].lines.remove(1))),
            "P1_X: Arrivals of Base have 1 days of 2",
        ),
        (
            said(&|pages| drop(pages[5].lines.remove(1))),
            "P1_X: The node is not, or not whole, in: costs",
        ),
    ] {
        assert!(found.starts_with(says), "{found}");
    }
}
