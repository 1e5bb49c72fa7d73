//! FHIR R4 in JSON: any bytes are read or refused, never a panic; and what is read comes
//! back the same from what we write.
#![no_main]

use fhir::Item;
use fhir::tree::Node;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let Ok(plain) = fhir::unpack(bytes) else { return };
    let Ok(text) = fhir::xml::decode(&plain) else { return };
    fhir::read(&text, &mut |item| {
        if let Item::Record(record) = item {
            let node = Node::Object(record.tree);
            let again = fhir::json::write(&node);
            assert_eq!(fhir::json::parse(&again).as_ref(), Ok(&node));
        }
    });
});
