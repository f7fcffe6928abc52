//! Fuzzes [`careplan_laws::ms932`].

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| careplan_laws::ms932(bytes));
