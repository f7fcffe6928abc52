//! The reference hub (基盤) as a service: mutual TLS, HTTP, sessions.
//!
//! It promises that nobody is heard without a client certificate that holds at this moment, that an
//! answer follows only a durable commit, and that files leave as they came. It decides nothing: the
//! relay does. Outermost first: `listener` and `tls`, `http`, one module per operation, then relay
//! and store. Detail for the operator goes to `tracing` and never to the peer.

mod admin;
pub mod audit;
mod authority;
mod config;
mod faults;
mod gate;
mod http;
mod hub;
mod keeping;
mod listener;
mod metrics;
mod notices;
mod offline;
mod openapi;
mod operations;
mod peer;
mod problems;
mod records;
mod room;
mod secrets;
mod table;
mod tls;
mod verifier;
mod wire;

pub use admin::{AdminClient, AdminConfig, AdminError, AdminToken};
pub use authority::{LogIn, LogIns};
pub use careplan_faults::Faults;
pub use config::{CRL_REFRESH, HubConfig, HubFault, OfficeRegistration, StoreChoice};
pub use hub::Hub;
pub use hub_relay::{CheckLevel, Licence, LicencePlan, NoPrefecture, Prefecture};
pub use hub_store::{
    BadPlace, Damage, Fault as StoreFault, Kept, PostgresPlace, Step, Verified, backup, restore,
    verify,
};
pub use keeping::Keeping;
pub use offline::{Offline, Parts};
pub use openapi::document as openapi_document;
pub use reqwest::Method;
pub use secrets::Randomness;
