//! Forms that are submitted: any bytes are read, never a panic; what was read comes back the same
//! when it is sent again; and no day or time is taken that there is not.
#![no_main]

use web::form::{Fields, Reading, escape};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let fields = Fields::parse(bytes);
    let pairs = fields.pairs();
    let again: Vec<String> = pairs
        .map(|(name, value)| format!("{}={}", escape(name), escape(value)))
        .collect();
    let second = Fields::parse(again.join("&").as_bytes());
    assert!(fields.pairs().eq(second.pairs()));
    let mut reading = Reading::default();
    if let Some(day) = reading.date(&fields, "day", "The day") {
        assert!((1900..=2200).contains(&day.year()));
    }
    if let Some((hour, minute)) = reading.time(&fields, "time") {
        assert!((0..24).contains(&hour) && (0..60).contains(&minute));
    }
    let _ = (reading.text(&fields, "name", "Enter a name", 100), fields.page());
});
