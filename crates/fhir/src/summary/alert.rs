//! An alert: a `Flag`.
//!
//! Source: HL7 FHIR R4, Flag: `status` is active, inactive or entered-in-error; `period` is the
//! time during which it holds.

use super::{Detail, Entry, Part, Standing, over, period, said, state};
use crate::tree::Object;
use jiff::civil::Date;

pub(super) fn entry(tree: &Object<'_>, today: Date) -> Option<Entry> {
    let standing = match state(tree, "status") {
        "entered-in-error" => return None,
        "inactive" => Standing::Past,
        _ if over(tree, "period", today) => Standing::Past,
        "active" => Standing::Now,
        _ => Standing::NotSaid,
    };
    let mut details: Vec<Detail> = said(tree, &["category"])
        .map(Detail::Words)
        .into_iter()
        .collect();
    details.extend(period(tree, "period", ("Since", "Until")));
    Some(Entry {
        part: Part::Alert,
        words: said(tree, &["code"]).unwrap_or_else(|| "Alert without words".to_owned()),
        details,
        standing,
        first: false,
    })
}

#[cfg(test)]
mod tests {
    use super::super::tests::table;

    #[test]
    fn alerts() {
        table(
            "Flag",
            &[
                (
                    r#"{"status":"active","code":{"text":"Falls risk"},"category":[{"text":"Safety"}],"period":{"start":"2018-03"}}"#,
                    &["Alert Now Falls risk | Safety; Since: 2018-03"],
                ),
                (
                    r#"{"status":"inactive","code":{"text":"Falls risk"}}"#,
                    &["Alert Past Falls risk"],
                ),
                (
                    r#"{"status":"active","code":{"text":"Falls risk"},"period":{"end":"2018-10-15"}}"#,
                    &["Alert Past Falls risk | Until: 2018-10-15"],
                ),
                (
                    r#"{"status":"active","code":{"text":"Falls risk"},"period":{"end":"2018-10-16"}}"#,
                    &["Alert Now Falls risk | Until: 2018-10-16"],
                ),
                (
                    r#"{"code":{"text":"Falls risk"}}"#,
                    &["Alert NotSaid Falls risk"],
                ),
                (r#"{"status":"active"}"#, &["Alert Now Alert without words"]),
                (
                    r#"{"status":"entered-in-error","code":{"text":"Falls risk"}}"#,
                    &[],
                ),
            ],
        );
    }
}
