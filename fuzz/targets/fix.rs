//! Fuzzes [`careplan_laws::fix`].

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| careplan_laws::fix(bytes));
