//! Fuzzes [`careplan_laws::units`].

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| careplan_laws::units(bytes));
