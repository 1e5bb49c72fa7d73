//! What a heading means, however it is worded.

use place::DelayKey;

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    Region,
    Ons,
    Code,
    Name,
    Days(DelayKey),
}

/// Lower case, with anything but letters and digits as single spaces.
pub(super) fn plain(text: &str) -> String {
    let spaced: String = text
        .chars()
        .map(|c| {
            if c.is_alphanumeric() {
                c.to_ascii_lowercase()
            } else {
                ' '
            }
        })
        .collect();
    spaced.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The meaning of a heading: `Ok(None)` if it means nothing to us, an error if its
/// letter and its words speak of different reasons.
pub(super) fn meaning(heading: &str) -> Result<Option<Meaning>, (DelayKey, DelayKey)> {
    let text = plain(heading);
    let has = |words: &str| format!(" {text} ").contains(&format!(" {words} "));
    if let Some(identity) = identity(&text, &has) {
        return Ok(Some(identity));
    }
    if let Some(key) = reason(heading, &text, &has)? {
        return Ok(Some(Meaning::Days(key)));
    }
    let key = if has("total") || text == "all" || text.starts_with("all delayed") {
        DelayKey::Total
    } else if has("non acute") || has("nonacute") {
        DelayKey::NonAcute
    } else if has("acute") {
        DelayKey::Acute
    } else if has("both") || has("joint") || (has("nhs") && has("social care")) {
        DelayKey::Both
    } else if has("social care") {
        DelayKey::SocialCare
    } else if has("nhs") {
        DelayKey::Nhs
    } else {
        return Ok(None);
    };
    Ok(Some(Meaning::Days(key)))
}

/// Columns that say which area a row is about.
fn identity(text: &str, has: &dyn Fn(&str) -> bool) -> Option<Meaning> {
    if has("ons") || has("gss") || has("geography") {
        return Some(Meaning::Ons);
    }
    if has("code") {
        return Some(Meaning::Code);
    }
    if has("region") || text == "sha" || has("strategic health authority") {
        return Some(Meaning::Region);
    }
    if has("name")
        || has("council")
        || text.starts_with("local authority")
        || matches!(text, "area" | "la")
    {
        return Some(Meaning::Name);
    }
    None
}

/// A reason, by its letter, its words, or both. Letters alone count; where there
/// are both, they must agree.
fn reason(
    heading: &str,
    text: &str,
    has: &dyn Fn(&str) -> bool,
) -> Result<Option<DelayKey>, (DelayKey, DelayKey)> {
    use DelayKey::{A, B, C, Di, Dii, E, F, G, H, I, O};
    let words = if has("residential") {
        Some(Di)
    } else if has("nursing") {
        Some(Dii)
    } else if has("non acute") && (has("further") || has("waiting") || has("awaiting")) {
        Some(C)
    } else if has("assessment") || has("assessments") {
        Some(A)
    } else if has("funding") {
        Some(B)
    } else if has("package") || has("own home") {
        Some(E)
    } else if has("equipment") || has("adaptations") || has("adaptions") {
        Some(F)
    } else if has("choice") {
        Some(G)
    } else if has("dispute") || has("disputes") {
        Some(H)
    } else if has("housing") {
        Some(I)
    } else if text == "other" || text.ends_with(" other") {
        Some(O)
    } else {
        None
    };
    match (letter(heading), words) {
        (Some(letter), Some(words)) if letter != words => Err((letter, words)),
        (Some(letter), _) => Ok(Some(letter)),
        (None, words) => Ok(words),
    }
}

/// The letter a heading opens with: `A)`, `D (ii)`, `Dii.`, `Reason E`, or the letter
/// alone.
fn letter(heading: &str) -> Option<DelayKey> {
    let text = heading.trim().to_ascii_lowercase();
    let text = text.strip_prefix("reason").unwrap_or(&text).trim_start();
    let first = text.chars().next()?;
    let rest = text[first.len_utf8()..].trim_start_matches([' ', '(']);
    let (key, rest) = match first {
        'd' => {
            let rest_plain = rest.strip_prefix("ii").map(|rest| (DelayKey::Dii, rest));
            rest_plain.or_else(|| rest.strip_prefix('i').map(|rest| (DelayKey::Di, rest)))?
        }
        'a' => (DelayKey::A, rest),
        'b' => (DelayKey::B, rest),
        'c' => (DelayKey::C, rest),
        'e' => (DelayKey::E, rest),
        'f' => (DelayKey::F, rest),
        'g' => (DelayKey::G, rest),
        'h' => (DelayKey::H, rest),
        'i' => (DelayKey::I, rest),
        'o' => (DelayKey::O, rest),
        _ => return None,
    };
    match rest.chars().next() {
        None | Some(')' | '.' | ':' | '-' | '–') => Some(key),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used)]

    use super::*;

    #[test]
    fn headings_by_meaning() {
        use DelayKey as K;
        for (heading, meant) in [
            ("SHA", Some(Meaning::Region)),
            ("Region", Some(Meaning::Region)),
            ("ONS Geography", Some(Meaning::Ons)),
            ("ONS code", Some(Meaning::Ons)),
            ("Local Authority Code", Some(Meaning::Code)),
            ("Local authority", Some(Meaning::Name)),
            ("Name", Some(Meaning::Name)),
            ("Acute", Some(Meaning::Days(K::Acute))),
            ("Non-Acute", Some(Meaning::Days(K::NonAcute))),
            ("Non Acute delayed days", Some(Meaning::Days(K::NonAcute))),
            ("Attributable to NHS", Some(Meaning::Days(K::Nhs))),
            ("Social Care", Some(Meaning::Days(K::SocialCare))),
            ("NHS and social care", Some(Meaning::Days(K::Both))),
            ("TOTAL", Some(Meaning::Days(K::Total))),
            ("A) COMPLETION OF ASSESSMENT", Some(Meaning::Days(K::A))),
            (
                "A) Awaiting completion of assessment",
                Some(Meaning::Days(K::A)),
            ),
            (
                "C) WAITING FURTHER NHS NON-ACUTE CARE",
                Some(Meaning::Days(K::C)),
            ),
            (
                "DI) AWAITING RESIDENTIAL HOME PLACEMENT OR AVAILABILITY",
                Some(Meaning::Days(K::Di)),
            ),
            ("D (ii) Nursing home", Some(Meaning::Days(K::Dii))),
            (
                "Waiting for a nursing home place",
                Some(Meaning::Days(K::Dii)),
            ),
            (
                "F) AWAITING COMMUNITY EQUIPMENT AND ADAPTIONS",
                Some(Meaning::Days(K::F)),
            ),
            (
                "I) HOUSING - PATIENTS NOT COVERED BY NHS AND COMMUNITY CARE ACT",
                Some(Meaning::Days(K::I)),
            ),
            ("O) Other", Some(Meaning::Days(K::O))),
            ("Reason H", Some(Meaning::Days(K::H))),
            ("E", Some(Meaning::Days(K::E))),
            ("Period:", None),
            ("Delayed Days", None),
            ("P) Awaiting something new", None),
        ] {
            assert_eq!(meaning(heading).unwrap(), meant, "{heading}");
        }
        assert_eq!(meaning("B) Housing"), Err((K::B, K::I)));
    }
}
