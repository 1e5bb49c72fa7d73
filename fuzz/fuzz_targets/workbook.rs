//! Workbooks and tables: any bytes are read or refused, never a panic.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let _ = workbook::open(bytes);
    let _ = workbook::dtoc::read_any(bytes);
    let _ = workbook::population::read(bytes);
});
