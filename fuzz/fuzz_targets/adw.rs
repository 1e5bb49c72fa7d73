//! Care Act notices: any bytes are read or refused, never a panic; and what was
//! read and written is the same kind of message again.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    if let Ok(found) = fhir::adw::read(bytes) {
        // What is over a limit only once it is joined is refused the second time.
        if let Ok(again) = fhir::adw::read(fhir::adw::write(&found.message).as_bytes()) {
            assert_eq!(again.message.kind, found.message.kind);
        }
    }
});
