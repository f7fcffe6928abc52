//! The hub from outside: over real TLS, with a small CA of the tests' own.

mod admin;
mod admin_offices;
mod audit;
mod bodies;
mod characters;
mod claims;
mod copies;
mod deadlines;
mod doors;
mod hostile;
mod login;
mod malformed;
mod numbers;
mod requests;
mod sendings;
mod storage;
mod support;
