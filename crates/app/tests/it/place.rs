use access::Actor;
use app::App;
use app::inbox::Report;
use place::{DelayKey, Dimension};
use store::inbox::{InboxKind, InboxState};
use testkit::{not_run, shared_data};

/// A month of fictional areas as a table of text: dates, then each area's code,
/// name and days in all (all of them acute, of the NHS, for reason A).
fn table(month: &str, published: &str, revised: &str, areas: &[(&str, &str, i64)]) -> String {
    let mut text = "month,area_code,ons_code,area,published,revised,total,acute,non-acute,nhs,\
                    social-care,both,a,b\n"
        .to_owned();
    for (code, name, days) in areas {
        let ons = if *name == "England" {
            "E92000001"
        } else {
            "E06000901"
        };
        text.push_str(&format!(
            "{month},{code},{ons},{name},{published},{revised},{days},{days},0,{days},0,0,{days},0\n"
        ));
    }
    text
}

fn load(app: &App, bytes: &str) -> Report {
    app.take_in(
        &Actor::operator(),
        InboxKind::Dtoc,
        "month.csv",
        bytes.as_bytes(),
    )
    .unwrap()
}

fn totals(app: &App, area: &str) -> Vec<(String, i64)> {
    let series = app
        .series(&Actor::operator(), area, Dimension::Total, None, None)
        .unwrap();
    series
        .points
        .iter()
        .map(|point| (point.month.to_string(), point.days))
        .collect()
}

fn kept(app: &App, month: &str) -> usize {
    app.store()
        .read(|tx| store::place::editions(tx, month.parse().unwrap()))
        .unwrap()
        .len()
}

fn clean(app: &App) {
    assert_eq!(app.store().read(|tx| store::verify(tx)).unwrap(), []);
}

#[test]
fn a_later_edition_replaces_and_keeps_the_earlier() {
    let place = testkit::place();
    let app = &place.app;
    let edition = |revised, days| {
        table(
            "2018-04",
            "2018-06-14",
            revised,
            &[("901", "Barsetshire UA", days)],
        )
    };
    let first = load(app, &edition("", 10));
    assert_eq!(first.arrival.state, InboxState::Accepted);
    assert_eq!(totals(app, "Barsetshire"), [("2018-04".into(), 10)]);

    load(app, &edition("2019-05-09", 12));
    assert_eq!(totals(app, "Barsetshire"), [("2018-04".into(), 12)]);

    let early = load(app, &edition("2018-10-11", 11));
    assert_eq!(early.arrival.state, InboxState::Accepted);
    assert_eq!(
        totals(app, "Barsetshire"),
        [("2018-04".into(), 12)],
        "kept, replaces nothing"
    );

    load(app, &edition("2019-05-09", 13));
    assert_eq!(
        totals(app, "Barsetshire"),
        [("2018-04".into(), 13)],
        "same day: the last to arrive"
    );
    assert_eq!(kept(app, "2018-04"), 4);
    clean(app);
}

#[test]
fn the_same_bytes_again_change_nothing() {
    let place = testkit::place();
    let app = &place.app;
    let bytes = table(
        "2018-04",
        "2018-06-14",
        "",
        &[("901", "Barsetshire UA", 10)],
    );
    load(app, &bytes);
    load(
        app,
        &table(
            "2018-04",
            "2018-06-14",
            "2019-05-09",
            &[("901", "Barsetshire UA", 12)],
        ),
    );
    let again = load(app, &bytes);
    assert_eq!(again.arrival.state, InboxState::Repeated);
    assert_eq!(
        (again.arrival.counts.records, again.arrival.counts.repeated),
        (1, 1)
    );
    assert_eq!(kept(app, "2018-04"), 2);
    assert_eq!(totals(app, "Barsetshire"), [("2018-04".into(), 12)]);
    clean(app);
}

#[test]
fn fewer_areas_of_the_same_day_do_not_replace_all_of_them() {
    let place = testkit::place();
    let app = &place.app;
    let both = [("E92000001", "England", 30), ("901", "Barsetshire UA", 10)];
    load(app, &table("2018-04", "2018-06-14", "", &both));
    load(
        app,
        &table(
            "2018-04",
            "2018-06-14",
            "",
            &[("901", "Barsetshire UA", 11)],
        ),
    );
    assert_eq!(totals(app, "England"), [("2018-04".into(), 30)]);
    assert_eq!(totals(app, "Barsetshire"), [("2018-04".into(), 10)]);
    assert_eq!(kept(app, "2018-04"), 2);
    clean(app);
}

#[test]
fn a_faulty_row_is_left_out_and_reading_again_doubles_nothing() {
    let place = testkit::place();
    let app = &place.app;
    let bytes = table(
        "2018-04",
        "2018-06-14",
        "",
        &[("901", "Barsetshire UA", 10), ("902", "Plumstead", 20)],
    )
    .replace("20,20,0,20", "20,19,0,20");
    let report = load(app, &bytes);
    assert_eq!(report.arrival.state, InboxState::Partly);
    assert_eq!(
        (
            report.arrival.counts.accepted,
            report.arrival.counts.rejected
        ),
        (1, 1)
    );
    assert_eq!(report.issues[0].code, "sum-differs");
    let again = app.retry(&Actor::operator(), report.arrival.id).unwrap();
    assert_eq!(again.arrival.state, InboxState::Partly);
    assert_eq!(kept(app, "2018-04"), 1);
    assert_eq!(totals(app, "Barsetshire"), [("2018-04".into(), 10)]);
    clean(app);
}

#[test]
fn what_is_no_workbook_is_kept_and_named() {
    let place = testkit::place();
    let report = load(&place.app, "%PDF-1.4 not a workbook");
    assert_eq!(report.arrival.state, InboxState::Rejected);
    assert_eq!(report.issues[0].code, "not-a-workbook");
    let kept = place
        .app
        .store()
        .read(|tx| store::inbox::content(tx, report.arrival.id))
        .unwrap();
    assert_eq!(kept, b"%PDF-1.4 not a workbook");
    assert!(totals_error(&place.app, "England").contains("no official statistics"));
}

fn totals_error(app: &App, area: &str) -> String {
    app.series(&Actor::operator(), area, Dimension::Total, None, None)
        .unwrap_err()
        .to_string()
}

#[test]
fn an_unknown_area_gets_the_nearest_names() {
    let place = testkit::place();
    let areas = [
        ("901", "Barsetshire UA", 10),
        ("902", "Plumstead & Ewold", 20),
    ];
    load(&place.app, &table("2018-04", "2018-06-14", "", &areas));
    let error = totals_error(&place.app, "Barsetshier");
    assert!(error.contains("the nearest are: Barsetshire"), "{error}");
    assert!(totals_error(&place.app, "Q").contains("give a council's name"));
    for name in ["plumstead and ewold", "902", "Plumstead & Ewold"] {
        assert_eq!(totals(&place.app, name), [("2018-04".into(), 20)], "{name}");
    }
}

#[test]
fn rates_use_the_population_of_the_year_or_the_nearest() {
    let place = testkit::place();
    let app = &place.app;
    for month in ["2018-04", "2020-01"] {
        load(
            app,
            &table(month, "2020-06-14", "", &[("901", "Barsetshire UA", 50)]),
        );
    }
    let series = |app: &App| {
        let actor = Actor::operator();
        let series = app
            .series(&actor, "901", Dimension::Responsible, None, None)
            .unwrap();
        let points = series
            .points
            .iter()
            .filter(|point| point.key == DelayKey::Nhs);
        points
            .map(|p| (p.rate.map(|rate| rate.text(2)), p.population_year))
            .collect::<Vec<_>>()
    };
    assert_eq!(
        series(app),
        [(None, None), (None, None)],
        "no population is missing, not nil"
    );

    let ages: Vec<String> = (0..90).map(|age| age.to_string()).collect();
    let people = |n: i64| vec![n.to_string(); 91].join(",");
    let text = format!(
        "year,area_code,area,{},90+\n2019,E06000901,Barsetshire,{}\n2020,E06000901,Barsetshire,{}\n",
        ages.join(","),
        people(100),
        people(200)
    );
    let report = app
        .take_in(
            &Actor::operator(),
            InboxKind::Population,
            "people.csv",
            text.as_bytes(),
        )
        .unwrap();
    assert_eq!(
        (
            report.arrival.counts.records,
            report.arrival.counts.accepted
        ),
        (2, 2)
    );
    // 73 years of age from 18 on, with 100 and then 200 people each.
    assert_eq!(
        series(app),
        [
            (Some("684.93".into()), Some(2019)),
            (Some("342.47".into()), Some(2020))
        ]
    );
    let again = app
        .take_in(
            &Actor::operator(),
            InboxKind::Population,
            "people.csv",
            text.as_bytes(),
        )
        .unwrap();
    assert_eq!(again.arrival.state, InboxState::Repeated);
    clean(app);
}

#[test]
fn the_official_slice_loads_and_is_repeated() {
    let place = testkit::place();
    let app = &place.app;
    let [delays, people] = app.load_official_slice(&Actor::operator()).unwrap();
    assert_eq!(
        (delays.arrival.state, delays.arrival.counts.accepted),
        (InboxState::Accepted, 1056)
    );
    assert_eq!(
        (people.arrival.state, people.arrival.counts.accepted),
        (InboxState::Accepted, 11)
    );
    let england = totals(app, "England");
    assert_eq!(england.len(), 96);
    assert!(england.contains(&("2016-10".into(), 200_095)));
    assert_eq!(app.areas(&Actor::operator()).unwrap().len(), 11);
    let [delays, people] = app.load_official_slice(&Actor::operator()).unwrap();
    assert_eq!(delays.arrival.state, InboxState::Repeated);
    assert_eq!(people.arrival.state, InboxState::Repeated);
    clean(app);
}

#[test]
fn all_96_workbooks_load_and_england_is_as_published() {
    let Some(folder) = shared_data("dtoc/raw") else {
        return not_run("official workbooks");
    };
    let place = testkit::place();
    let app = &place.app;
    // The slice first: the full workbooks of the same editions stand in its stead.
    app.load_official_slice(&Actor::operator()).unwrap();
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|e| e.unwrap().path())
        .collect();
    files.sort();
    for file in &files {
        let bytes = std::fs::read(file).unwrap();
        let report = app
            .take_in(&Actor::operator(), InboxKind::Dtoc, "LA Type B", &bytes)
            .unwrap();
        assert_eq!(
            report.arrival.state,
            InboxState::Accepted,
            "{}",
            file.display()
        );
        assert_eq!(report.arrival.counts.accepted, 155);
    }
    assert_eq!(app.areas(&Actor::operator()).unwrap().len(), 155);
    let golden = std::fs::read_to_string(shared_data("dtoc/england_months.csv").unwrap()).unwrap();
    let england = totals(app, "England");
    for (line, (month, days)) in golden.lines().skip(1).zip(&england) {
        let cells: Vec<&str> = line.split(',').collect();
        assert_eq!(
            (cells[0], cells[18]),
            (month.as_str(), days.to_string().as_str())
        );
    }
    assert_eq!(england.len(), 96);
    assert_eq!(totals(app, "Derby UA").len(), 96);
    clean(app);
}

#[test]
fn a_look_at_statistics_is_journalled_and_needs_a_role() {
    let place = testkit::place();
    load(
        &place.app,
        &table(
            "2018-04",
            "2018-06-14",
            "",
            &[("901", "Barsetshire UA", 10)],
        ),
    );
    totals(&place.app, "901");
    let looks = place
        .app
        .store()
        .read(|tx| {
            tx.query(
                "SELECT subject, detail FROM journal WHERE kind = 'look'",
                &[],
            )
        })
        .unwrap();
    assert_eq!(looks.len(), 1);
    assert_eq!(
        (looks[0].text(0).unwrap(), looks[0].text(1).unwrap()),
        ("area 901", "by total")
    );
}
