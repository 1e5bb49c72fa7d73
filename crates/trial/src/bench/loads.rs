//! Loads, each into a fresh store.

use super::report::Line;
use super::{Bed, bare, bytes_in, load_report, shared, synthea};
use crate::sample::{Spread, shown};
use anyhow::{Result, ensure};
use calamine::Reader;
use std::io::Cursor;
use std::time::Instant;

/// Patients of the FHIR load.
const PATIENTS: usize = 200;

/// `load fhir`: resources a second, and the share of the rate of bare rows.
pub fn fhir(bed: &Bed) -> Result<(String, Vec<Line>)> {
    let input = bed.path("synthea")?;
    let bundles = synthea::multiply(&shared("fhir/synthea")?, &input, PATIENTS)?;
    let (mut ours, mut bare_rows, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
    for repeat in 0..bed.repeats {
        let bare_rate =
            bare::rows_a_second(&bed.path(&format!("bare-{repeat}"))?, &bundles.resources)?;
        let almoner = bed.fresh("load-fhir")?;
        let started = Instant::now();
        let mut arguments = vec![
            "load".into(),
            "fhir".into(),
            "--format".into(),
            "json".into(),
        ];
        arguments.extend(
            bundles
                .files
                .iter()
                .map(|file| file.clone().into_os_string()),
        );
        let output = almoner.run(arguments)?;
        let seconds = started.elapsed().as_secs_f64();
        let report = load_report(&output)?;
        let taken =
            report["accepted"].as_u64().unwrap_or(0) + report["partly"].as_u64().unwrap_or(0);
        ensure!(
            usize::try_from(taken)? >= bundles.resources.len(),
            "only {taken} of {} resources were taken in",
            bundles.resources.len()
        );
        almoner.doctor()?;
        let rate = bundles.resources.len() as f64 / seconds;
        ours.push(rate);
        bare_rows.push(bare_rate);
        ratios.push(rate / bare_rate);
    }
    let (ours, bare_rows, ratio) = (Spread::of(ours), Spread::of(bare_rows), Spread::of(ratios));
    let bytes: usize = bundles.resources.iter().map(Vec::len).sum();
    let method = format!(
        "`almoner load fhir` of {} resources of {PATIENTS} patients ({} MB; the four Synthea bundles, each copy with ids of \
         its own) into a fresh SQLite store, from the start of the process to its end, durable commits; then `almoner \
         doctor`. Beside it, in turn, bare rows of the same bytes: one table, {} writers that each wait for their row to \
         be on disk, whatever waits committed together. {} repeats.",
        bundles.resources.len(),
        bytes / 1_000_000,
        bare::WRITERS,
        bed.repeats,
    );
    let flush = bare::flush(bed.folder.path())?.as_secs_f64() * 1_000.0;
    Ok((
        method,
        vec![
            Line::against(
                "resources a second",
                ours.shown(0),
                "5,000",
                ours.middle >= 5_000.0,
            ),
            Line::against(
                "share of the bare rows' rate",
                ratio.shown(2),
                "0.25",
                ratio.middle >= 0.25,
            ),
            Line::fact("bare rows a second", bare_rows.shown(0)),
            Line::fact("4 KiB appended and on disk, ms", shown(flush, 2)),
        ],
    ))
}

/// `load dtoc`: seconds for all the workbooks, and the ratio to only reading their cells.
pub fn dtoc(bed: &Bed) -> Result<(String, Vec<Line>)> {
    let folder = shared("dtoc/raw")?;
    let files = bytes_in(&folder)?;
    let (mut ours, mut cells_alone, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..bed.repeats {
        let started = Instant::now();
        let cells: usize = files
            .iter()
            .map(|bytes| cells(bytes))
            .sum::<Result<usize>>()?;
        let reading = started.elapsed().as_secs_f64();
        ensure!(cells > 0, "the workbooks have cells");
        let almoner = bed.fresh("load-dtoc")?;
        let started = Instant::now();
        let output = almoner.run([
            "load".as_ref(),
            "dtoc".as_ref(),
            folder.as_os_str(),
            "--format".as_ref(),
            "json".as_ref(),
        ])?;
        let seconds = started.elapsed().as_secs_f64();
        let report = load_report(&output)?;
        ensure!(
            report["files"].as_u64() == Some(files.len() as u64),
            "not every file was read: {report}"
        );
        ours.push(seconds);
        cells_alone.push(reading);
        ratios.push(seconds / reading);
    }
    let (ours, reading, ratio) = (
        Spread::of(ours),
        Spread::of(cells_alone),
        Spread::of(ratios),
    );
    let method = format!(
        "`almoner load dtoc` of {} workbooks ({} MB) into a fresh SQLite store, from the start of the process to its end, \
         durable commits. Beside it, in turn, only reading every cell of every sheet with the same library (calamine) on \
         one thread. {} repeats.",
        files.len(),
        files.iter().map(Vec::len).sum::<usize>() / 1_000_000,
        bed.repeats,
    );
    Ok((
        method,
        vec![
            Line::against(
                "seconds for all of them",
                ours.shown(2),
                "3",
                ours.middle <= 3.0,
            ),
            Line::fact("times as long as only reading the cells", ratio.shown(2)),
            Line::fact("seconds to only read the cells", reading.shown(2)),
        ],
    ))
}

fn cells(bytes: &[u8]) -> Result<usize> {
    let mut book = calamine::open_workbook_auto_from_rs(Cursor::new(bytes))?;
    Ok(book
        .worksheets()
        .iter()
        .map(|(_, range)| range.used_cells().count())
        .sum())
}
