//! Fuzzes [`careplan_laws::scan`].

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| careplan_laws::scan(bytes));
