//! FHIR R4 in XML: any bytes are read or refused, never a panic; and what we write is
//! well-formed.
#![no_main]

use fhir::Item;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let Ok(text) = fhir::xml::decode(bytes) else { return };
    fhir::read(&text, &mut |item| {
        if let Item::Record(record) = item {
            let again = fhir::convert::to_xml(&record.tree);
            assert!(fhir::xml::parse_xml(&again).is_ok());
        }
    });
});
