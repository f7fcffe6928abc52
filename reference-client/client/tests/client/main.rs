//! The client against a stub of the wire over real TLS: what it asks, what it keeps, what it
//! refuses. The stub knows nothing but TLS and HTTP; each test scripts its answers.

mod door;
mod enrolment;
mod partner;
mod receiving;
mod restoring;
mod sending;
mod stub;
mod watching;
