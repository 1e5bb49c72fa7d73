//! Why two records are, or are not, thought to be one person: the weight of each field.

use crate::config::Config;
use crate::levels;
use crate::link::{log_odds, probability};
use crate::model::Model;
use crate::score::{Order, Scorer};
use crate::table::Table;
use std::fmt::Write;

/// What one field says.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct FieldWeight {
    /// The field.
    pub field: String,
    /// How alike the values are, in words.
    pub level: String,
    /// Its weight in bits: above nought for one person, below for two.
    pub weight: f64,
}

/// The whole comparison of two records.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct Comparison {
    /// Weight before anything is compared: how rare it is that two records are one person.
    pub prior: f64,
    /// What each field says.
    pub fields: Vec<FieldWeight>,
    /// The sum: log2 of the odds.
    pub weight: f64,
    /// The chance that they are one person.
    pub probability: f64,
}

impl Model {
    /// Compares two records field by field.
    pub fn compare(&self, table: &Table, config: &Config, a: u32, b: u32) -> Comparison {
        let order = Order::of(table, self);
        self.compare_by(&mut Scorer::new(table, self, &order), config, a, b)
    }

    /// The same by a scorer of this model, for one who compares many.
    pub(crate) fn compare_by(
        &self,
        scorer: &mut Scorer<'_>,
        config: &Config,
        a: u32,
        b: u32,
    ) -> Comparison {
        let weight = scorer
            .score(a.min(b), a.max(b), f64::NEG_INFINITY)
            .unwrap_or_default();
        let (found, weights, takes) = scorer.parts();
        let mut fields = Vec::new();
        for (at, field) in config.fields.iter().enumerate() {
            let words = match found[at] {
                levels::MISSING
                    if self.partners.iter().enumerate().any(|(other, partner)| {
                        *partner == Some(at) && found[other] == levels::exchanged(self.kinds[other])
                    }) =>
                {
                    continue;
                }
                levels::MISSING => "missing".to_owned(),
                level => match levels::names(field.kind).get(usize::from(level) - 1) {
                    Some(words) => (*words).to_owned(),
                    None => format!(
                        "exchanged with {}",
                        field.swapped_with.as_deref().unwrap_or("another field")
                    ),
                },
            };
            fields.push(FieldWeight {
                field: field.name.clone(),
                level: words,
                weight: weights[at],
            });
        }
        if takes >= 0.05 {
            fields.push(FieldWeight {
                field: "one household".to_owned(),
                level: "shared by people who live together".to_owned(),
                weight: -takes,
            });
        }
        let prior = log_odds(self.prior);
        Comparison {
            prior,
            fields,
            weight: weight + prior,
            probability: probability(weight + prior),
        }
    }
}

impl Comparison {
    /// The weights as lines of text.
    pub fn text(&self) -> String {
        let mut text = format!("{:>8.1}  before comparing\n", self.prior);
        for one in &self.fields {
            let _ = writeln!(text, "{:>+8.1}  {}: {}", one.weight, one.field, one.level);
        }
        let _ = writeln!(
            text,
            "{:>+8.1}  match weight, probability {:.4}",
            self.weight, self.probability
        );
        text
    }

    /// The weights as a waterfall: a picture with a title and a description, without script
    /// or styles of its own.
    pub fn waterfall_svg(&self) -> String {
        const ROW: f64 = 28.0;
        const LABELS: f64 = 340.0;
        const WIDE: f64 = 360.0;
        let mut rows: Vec<(String, f64, f64)> =
            vec![("before comparing".to_owned(), 0.0, self.prior)];
        let mut at = self.prior;
        for one in self.fields.iter().filter(|one| one.level != "missing") {
            rows.push((format!("{}: {}", one.field, one.level), at, at + one.weight));
            at += one.weight;
        }
        rows.push(("match weight".to_owned(), 0.0, self.weight));
        let least = rows
            .iter()
            .map(|(_, from, to)| from.min(*to))
            .fold(0.0, f64::min);
        let most = rows
            .iter()
            .map(|(_, from, to)| from.max(*to))
            .fold(1.0, f64::max);
        let place = |weight: f64| LABELS + (weight - least) / (most - least) * WIDE;
        let height = ROW * rows.len() as f64 + 10.0;
        let mut svg = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" viewBox=\"0 0 {:.0} {height:.0}\" font-family=\"sans-serif\" font-size=\"13\"><title>Match weight {:+.1}</title><desc>{}</desc>",
            LABELS + WIDE + 70.0,
            self.weight,
            escape(&self.text().replace('\n', "; "))
        );
        let zero = place(0.0);
        let _ = write!(
            svg,
            "<line x1=\"{zero:.1}\" y1=\"0\" x2=\"{zero:.1}\" y2=\"{height:.0}\" stroke=\"#4c6272\"/>"
        );
        for (number, (words, from, to)) in rows.iter().enumerate() {
            let y = 5.0 + ROW * number as f64;
            let (start, end) = (place(from.min(*to)), place(from.max(*to)));
            let ends = number == 0 || number + 1 == rows.len();
            let colour = if ends {
                "#4c6272"
            } else if to >= from {
                "#005eb8"
            } else {
                "#d5281b"
            };
            let _ = write!(
                svg,
                "<text x=\"{:.0}\" y=\"{:.1}\" text-anchor=\"end\">{}</text><rect x=\"{start:.1}\" y=\"{:.1}\" width=\"{:.1}\" height=\"18\" fill=\"{colour}\"/><text x=\"{:.1}\" y=\"{:.1}\">{:+.1}</text>",
                LABELS - 8.0,
                y + 14.0,
                escape(words),
                y,
                (end - start).max(1.0),
                end + 5.0,
                y + 14.0,
                to - from
            );
        }
        svg.push_str("</svg>");
        svg
    }
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}
