//! The hub from outside: over real TLS, with a small CA of the tests' own.

mod admin;
mod claims;
mod doors;
mod login;
mod requests;
mod sendings;
mod storage;
mod support;
