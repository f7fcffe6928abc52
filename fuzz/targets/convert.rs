//! Fuzzes [`careplan_laws::convert`].

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| careplan_laws::convert(bytes));
