//! Fuzzes [`careplan_laws::chunks`].

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| careplan_laws::chunks(bytes));
