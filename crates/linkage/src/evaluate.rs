//! How good links are, measured against the truth.

use crate::Error;
use std::collections::{HashMap, HashSet};

/// Precision, recall and F1 from one threshold on.
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize)]
pub struct Measure {
    /// From this probability on a pair counts as linked.
    pub threshold: f64,
    /// Pairs linked.
    pub linked: u64,
    /// Of them, true ones.
    pub right: u64,
    /// Share of the linked pairs that are true.
    pub precision: f64,
    /// Share of the true pairs that are linked.
    pub recall: f64,
    /// Harmonic mean of the two.
    pub f1: f64,
}

/// The whole measurement.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct Evaluation {
    /// True pairs.
    pub true_pairs: u64,
    /// True pairs that are in the file of pairs, whatever their probability.
    pub found: u64,
    /// At thresholds from 0.01 to 0.999.
    pub thresholds: Vec<Measure>,
    /// Where F1 is best.
    pub best: Measure,
    /// The most recall at a precision of at least 0.999; `None` if no threshold reaches it.
    pub recall_at_precision_999: Option<Measure>,
}

/// Pairs of ids, the smaller first.
pub type Truth = HashSet<(String, String)>;

fn ordered(a: &str, b: &str) -> (String, String) {
    if a <= b {
        (a.to_owned(), b.to_owned())
    } else {
        (b.to_owned(), a.to_owned())
    }
}

/// Reads the truth: rows `left,right` of pairs that are one person, or rows `id,cluster`
/// where records of one cluster are one person. The heading tells which: a second column
/// named `cluster`, `cluster_id`, `person`, `person_id`, `entity` or `truth` is a cluster.
///
/// # Errors
/// No CSV, or fewer than two columns.
pub fn truth(bytes: &[u8]) -> Result<Truth, Error> {
    let mut reader = csv::ReaderBuilder::new()
        .trim(csv::Trim::All)
        .from_reader(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes));
    let wrong = |error: csv::Error| Error::File(format!("the truth is no CSV: {error}"));
    let headers = reader.headers().map_err(wrong)?.clone();
    if headers.len() < 2 {
        return Err(Error::File(
            "the truth needs two columns: left,right or id,cluster".to_owned(),
        ));
    }
    let second = headers.get(1).unwrap_or_default().to_lowercase();
    let clusters = [
        "cluster",
        "cluster_id",
        "person",
        "person_id",
        "entity",
        "entity_id",
        "truth",
    ]
    .contains(&second.as_str());
    let mut pairs = Truth::new();
    let mut groups: HashMap<String, Vec<String>> = HashMap::new();
    for row in reader.records() {
        let row = row.map_err(wrong)?;
        let (a, b) = (
            row.get(0).unwrap_or_default(),
            row.get(1).unwrap_or_default(),
        );
        if clusters {
            groups.entry(b.to_owned()).or_default().push(a.to_owned());
        } else if a != b {
            pairs.insert(ordered(a, b));
        }
    }
    for group in groups.into_values() {
        for (at, one) in group.iter().enumerate() {
            for other in &group[at + 1..] {
                pairs.insert(ordered(one, other));
            }
        }
    }
    Ok(pairs)
}

/// Reads a file of pairs as `almoner link` writes it: ids and probability.
///
/// # Errors
/// No CSV, columns missing, or a probability that is none.
pub fn pairs(bytes: &[u8]) -> Result<Vec<(String, String, f64)>, Error> {
    let mut reader = csv::Reader::from_reader(bytes);
    let wrong = |error: csv::Error| Error::File(format!("the pairs are no CSV: {error}"));
    let headers = reader.headers().map_err(wrong)?.clone();
    let place = |name: &str| {
        headers
            .iter()
            .position(|header| header == name)
            .ok_or_else(|| Error::File(format!("the pairs have no column `{name}`")))
    };
    let (left, right, chance) = (place("left")?, place("right")?, place("probability")?);
    let mut all = Vec::new();
    for (line, row) in (2..).zip(reader.records()) {
        let row = row.map_err(wrong)?;
        let value = |at: usize| row.get(at).unwrap_or_default();
        let probability = value(chance)
            .parse()
            .map_err(|_| Error::File(format!("line {line}: the probability is no number")))?;
        all.push((value(left).to_owned(), value(right).to_owned(), probability));
    }
    Ok(all)
}

fn measure(threshold: f64, linked: u64, right: u64, true_pairs: u64) -> Measure {
    let share = |part: u64, whole: u64| {
        if whole == 0 {
            0.0
        } else {
            part as f64 / whole as f64
        }
    };
    let (precision, recall) = (share(right, linked), share(right, true_pairs));
    let f1 = if precision + recall == 0.0 {
        0.0
    } else {
        2.0 * precision * recall / (precision + recall)
    };
    Measure {
        threshold,
        linked,
        right,
        precision,
        recall,
        f1,
    }
}

/// Measures pairs with their probabilities against the truth.
pub fn evaluate(pairs: &[(String, String, f64)], truth: &Truth) -> Evaluation {
    let mut scored: Vec<(f64, bool)> = pairs
        .iter()
        .map(|(a, b, chance)| (*chance, truth.contains(&ordered(a, b))))
        .collect();
    scored.sort_by(|a, b| b.0.total_cmp(&a.0));
    let true_pairs = truth.len() as u64;
    let mut curve = vec![measure(1.0, 0, 0, true_pairs)];
    let (mut linked, mut right) = (0, 0);
    for step in scored.chunk_by(|a, b| a.0.total_cmp(&b.0).is_eq()) {
        linked += step.len() as u64;
        right += step.iter().filter(|(_, fits)| *fits).count() as u64;
        curve.push(measure(step[0].0, linked, right, true_pairs));
    }
    let at = |threshold: f64| {
        let last = curve
            .iter()
            .rev()
            .find(|one| one.threshold >= threshold)
            .copied()
            .unwrap_or(curve[0]);
        Measure { threshold, ..last }
    };
    let best = curve.iter().copied().fold(
        curve[0],
        |best, one| if one.f1 > best.f1 { one } else { best },
    );
    let sure = curve
        .iter()
        .filter(|one| one.linked > 0 && one.precision >= 0.999)
        .copied()
        .reduce(|best, one| if one.recall > best.recall { one } else { best });
    Evaluation {
        true_pairs,
        found: right,
        thresholds: [
            0.01, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99, 0.999,
        ]
        .into_iter()
        .map(at)
        .collect(),
        best,
        recall_at_precision_999: sure,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]
    use super::*;

    #[test]
    fn counted_by_hand() {
        let truth_text = b"id,cluster\na,1\nb,1\nc,2\nd,2\ne,3\n";
        let truth = truth(truth_text).unwrap();
        assert_eq!(truth.len(), 2);
        assert_eq!(truth, super::truth(b"left,right\nb,a\nc,d\n").unwrap());
        let pairs = pairs(b"left,right,weight,probability,decision\nb,a,5,0.97,link\na,e,1,0.66,review\nd,c,0,0.5,review\n").unwrap();
        let found = evaluate(&pairs, &truth);
        let at = |threshold: f64| {
            *found
                .thresholds
                .iter()
                .find(|one| (one.threshold - threshold).abs() < 1e-9)
                .unwrap()
        };
        assert_eq!((at(0.9).linked, at(0.9).right), (1, 1));
        assert_eq!((at(0.6).linked, at(0.6).right), (2, 1));
        assert_eq!((at(0.5).linked, at(0.5).right), (3, 2));
        assert!((found.best.f1 - 0.8).abs() < 1e-9 && (found.best.threshold - 0.5).abs() < 1e-9);
        assert!((found.recall_at_precision_999.unwrap().recall - 0.5).abs() < 1e-9);
    }
}
