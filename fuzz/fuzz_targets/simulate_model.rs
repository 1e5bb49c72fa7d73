//! Models of simulation: any text is read, never a panic; what is refused says where; and a model that is
//! taken runs to its end or to its limits.
#![no_main]

use simulate::{Limits, Model, Plan, Settings};
use std::sync::atomic::{AtomicU32, Ordering};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    let plan = match Model::parse(text).and_then(|model| Plan::new(&model)) {
        Ok(plan) => plan,
        Err(error) => {
            assert!(!error.to_string().is_empty());
            return;
        }
    };
    let asked = AtomicU32::new(0);
    let go_on = || asked.fetch_add(1, Ordering::Relaxed) < 20;
    let limits = Limits {
        people: 1_000,
        bytes: 16 << 20,
        go_on: &go_on,
    };
    let settings = Settings {
        scenario: "baseline".to_owned(),
        seed: 1,
        replications: 1,
        precision: None,
    };
    let _ = simulate::run(&plan, &settings, &limits);
});
