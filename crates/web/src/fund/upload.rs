//! A form with one file, and every fault of a file told by line.

use crate::components::{Fault, Field};
use crate::form::Reading;
use crate::sheet::{FileBox, SheetForm, SheetPart};
use crate::words;

/// Most faults in the summary on top; all of them are in the list under it.
const ON_TOP: usize = 5;

/// What is wrong with what was sent, as `app` tells it.
pub(super) fn faults(reading: &mut Reading, errors: Vec<app::FieldError>) {
    for error in errors {
        reading.fault(error.field, words::sentence(&error.text));
    }
}

fn of_file(reading: &Reading) -> impl Iterator<Item = &Fault> {
    reading.faults.iter().filter(|one| one.field == "file")
}

/// Every fault of the file, where there is more than one.
pub(super) fn told(reading: &Reading) -> Option<SheetPart> {
    let points: Vec<String> = of_file(reading).map(|one| one.text.clone()).collect();
    (points.len() > 1).then(|| SheetPart {
        title: match points.len() {
            2 => "2 faults".to_owned(),
            many => format!("All {many} faults of the file"),
        },
        lines: vec![
            "Nothing was changed. Put these right in your file and send it again.".to_owned(),
        ],
        points,
        ..SheetPart::default()
    })
}

/// What stands on top of the page: the first faults, and how many more there are.
pub(super) fn summary(reading: Reading) -> Vec<Fault> {
    let more = reading.faults.len().saturating_sub(ON_TOP);
    let mut faults: Vec<Fault> = reading.faults.into_iter().take(ON_TOP).collect();
    if more > 0 {
        faults.push(Fault {
            field: "file".to_owned(),
            text: format!("And {more} more, all listed on this page"),
        });
    }
    faults
}

/// A form with one file.
pub(super) fn part(
    action: String,
    fields: Vec<Field>,
    (label, hint, accept): (&'static str, &'static str, &'static str),
    button: &'static str,
    reading: &Reading,
) -> SheetPart {
    let mut wrong = of_file(reading);
    let error = match (wrong.next(), wrong.count()) {
        (None, _) => None,
        (Some(only), 0) => Some(only.text.clone()),
        (Some(_), more) => Some(format!("The file has {} faults, listed above", more + 1)),
    };
    SheetPart {
        form: Some(SheetForm {
            action,
            hidden: Vec::new(),
            fields,
            button,
            file: Some(FileBox {
                name: "file",
                label,
                hint,
                accept,
                error,
            }),
        }),
        ..SheetPart::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wrong(count: usize) -> Reading {
        let mut reading = Reading::default();
        for line in 1..=count {
            reading.fault("file", format!("Line {line}: not an amount"));
        }
        reading
    }

    #[test]
    fn every_fault_is_told_and_the_summary_stays_short() {
        for (count, listed, on_top) in [(0, 0, 0), (1, 0, 1), (2, 2, 2), (5, 5, 5), (40, 40, 6)] {
            let told = told(&wrong(count)).map_or(0, |part| part.points.len());
            assert_eq!(told, listed, "{count} listed");
            assert_eq!(summary(wrong(count)).len(), on_top, "{count} on top");
        }
    }
}
