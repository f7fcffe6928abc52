//! Fuzzes [`careplan_laws::names`].

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| careplan_laws::names(bytes));
