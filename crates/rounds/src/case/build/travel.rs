//! Travel of a file: its matrices, or the roads between coordinates; and places that nobody
//! can reach.

use super::super::TICKS;
use super::Builder;
use crate::problem::{Carer, Ticks, Travel, Visit};
use crate::roads;
use std::collections::HashMap;

/// A way that nobody takes: longer than any plan.
const NO_WAY: i32 = 90 * 86_400;
/// A place further than this from every other, in metres, is a mistyped one.
const ISLAND: f64 = 250_000.0;

impl Builder<'_> {
    pub(super) fn read_travel(&mut self) -> Vec<Travel> {
        let file = self.file;
        let points: Option<Vec<roads::Point>> = file
            .places
            .iter()
            .map(|place| Some(((place.latitude?, place.longitude?), place.rural)))
            .collect();
        let mut travel = Vec::new();
        for mode in self.modes.clone() {
            let made = if let Some(at) = file.matrices.iter().position(|matrix| matrix.mode == mode)
            {
                self.read_matrix(at)
            } else if let Some(points) = &points {
                roads::travel(&mode, points, self.settings).unwrap_or_else(|| {
                    Err(format!(
                        "travel by `{mode}` needs a matrix: only car, foot and bus are worked out"
                    ))
                })
            } else {
                let without = file
                    .places
                    .iter()
                    .position(|place| place.latitude.is_none())
                    .unwrap_or(0);
                Err(format!(
                    "travel by {mode} has no matrix, and places[{without}] has no coordinates"
                ))
            };
            match made {
                Ok(table) => travel.push(table),
                Err(text) => self.wrong("matrices", text),
            }
        }
        travel
    }

    fn read_matrix(&mut self, at: usize) -> Result<Travel, String> {
        let matrix = &self.file.matrices[at];
        let size = self.file.places.len();
        let rows = |count: usize| {
            format!(
                "matrices[{at}] ({}) needs {size} rows of {size}, and has {count} in one",
                matrix.mode
            )
        };
        if matrix.minutes.len() != size {
            return Err(rows(matrix.minutes.len()));
        }
        let mut ticks = Vec::with_capacity(size * size);
        for (from, row) in matrix.minutes.iter().enumerate() {
            if row.len() != size {
                return Err(rows(row.len()));
            }
            for (to, minutes) in row.iter().enumerate() {
                match minutes {
                    Some(minutes) if (0..=1_440).contains(minutes) => {
                        ticks.push(i32::try_from(minutes * TICKS).unwrap_or(NO_WAY));
                    }
                    Some(minutes) => {
                        return Err(format!(
                            "matrices[{at}] ({}) row {from} column {to}: {minutes} minutes; from 0 to 1,440 can be, null where there is no way",
                            matrix.mode
                        ));
                    }
                    None => ticks.push(NO_WAY),
                }
            }
        }
        let mut metres = Vec::new();
        for row in matrix.kilometres.iter().flatten() {
            for kilometres in row {
                if !(0.0..=10_000.0).contains(kilometres) {
                    return Err(format!(
                        "matrices[{at}] ({}): {kilometres} kilometres cannot be",
                        matrix.mode
                    ));
                }
                metres.push((kilometres * 1_000.0).round() as u32);
            }
        }
        Travel::new(&matrix.mode, size, ticks, metres)
    }

    /// Places that no carer who could come can reach, and places that are far from all.
    pub(super) fn islands(&mut self, travel: &[Travel], carers: &[Carer], visits: &[Visit]) {
        let file = self.file;
        for (at, place) in file.places.iter().enumerate() {
            let Some(point) = place.latitude.zip(place.longitude) else {
                continue;
            };
            let nearest = file
                .places
                .iter()
                .enumerate()
                .filter(|(other, _)| *other != at)
                .filter_map(|(_, other)| {
                    Some(roads::great_circle(
                        point,
                        other.latitude.zip(other.longitude)?,
                    ))
                })
                .fold(f64::INFINITY, f64::min);
            if nearest.is_finite() && nearest > ISLAND {
                let text = format!(
                    "is {:.0} km from every other place: look at its coordinates",
                    nearest / 1_000.0
                );
                self.wrong(format!("places[{at}] ({})", place.id), text);
            }
        }
        if travel.len() != self.modes.len() || visits.len() != file.visits.len() {
            return;
        }
        let mut known: HashMap<usize, bool> = HashMap::new();
        for (at, visit) in visits.iter().enumerate() {
            let reached = *known.entry(visit.place).or_insert_with(|| {
                let mut others = visits
                    .iter()
                    .map(|other| other.place)
                    .filter(|other| *other != visit.place)
                    .peekable();
                others.peek().is_none()
                    || others.any(|other| {
                        carers.iter().any(|carer| {
                            travel[carer.mode].ticks(other, visit.place) < Ticks::from(NO_WAY)
                        })
                    })
            });
            if !reached {
                let text = format!(
                    "place `{}` is an island: no carer can reach it from any other visit",
                    file.places[visit.place].id
                );
                self.wrong(format!("visits[{at}] ({})", visit.id), text);
            }
        }
    }
}
