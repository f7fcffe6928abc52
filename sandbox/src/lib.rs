//! The sandbox: certificate authority, hub and offices, started together on free loopback ports.
//!
//! It promises that every part is the real one and that the parts meet over the wire only: an
//! office gets its certificate from the CA's service, and reaches the hub by mutual TLS. One clock
//! and one seed rule them all. What was started is taken down again, with its ports, processes and
//! folders; dropping a sandbox does as much of that as a drop can.

mod cast;
mod config;
mod description;
mod faults;
mod hub;
mod office;
mod place;
mod sandbox;

pub use care_software;
pub use careplan_faults::Faults;
pub use fake_ca;
pub use reference_client;
pub use reference_hub;

pub use crate::{
    cast::OfficeSpec,
    config::{HubMode, SandboxConfig, SandboxError, Store},
    description::{Description, OfficeDescription},
    office::{CertificateFiles, Office, Seat, TerminalHome},
    sandbox::Sandbox,
};
