//! Fuzzes [`careplan_laws::records`].

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| careplan_laws::records(bytes));
