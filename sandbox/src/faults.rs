//! Misbehaviour in a sandbox: armed for its hub and its CA alike.

use careplan_protocol::faults::{Arming, FaultFired, FaultsArmed, FaultsFired, FaultsWanted};
use reference_hub::{AdminError, Method};

use crate::{Sandbox, SandboxError, hub::HubState};

/// Where the hub's faults are.
const FAULTS: &str = "/admin/faults";

impl Sandbox {
    /// Arms this in the place of all that is armed.
    ///
    /// # Errors
    /// One of the faults could never act, or the hub's process does not answer.
    pub async fn arm_faults(&self, wanted: &FaultsWanted) -> Result<(), SandboxError> {
        self.faults().replace(wanted).map_err(|error| unusable(&error.lines().0))?;
        if self.has_hub_apart() {
            let armed = self.admin()?.ask(Method::PUT, FAULTS, wanted).await;
            armed.map(|_: FaultsArmed| ()).map_err(away)?;
        }
        Ok(())
    }

    /// Does the same at the end of the start: a reset of a hub in this process comes back to it.
    ///
    /// # Errors
    /// As [`Sandbox::arm_faults`].
    pub async fn start_faults(&self, wanted: &FaultsWanted) -> Result<(), SandboxError> {
        self.arm_faults(wanted).await?;
        self.faults().start_with(wanted).map_err(|error| unusable(&error.lines().0))
    }

    /// Arms one more fault.
    ///
    /// # Errors
    /// As [`Sandbox::arm_faults`].
    pub async fn arm_fault(&self, arming: Arming) -> Result<(), SandboxError> {
        self.faults().arm(arming.clone()).map_err(|error| unusable(&error.lines().0))?;
        if self.has_hub_apart() {
            let armed = self.admin()?.ask(Method::POST, FAULTS, &arming).await;
            armed.map(|_: FaultsArmed| ()).map_err(away)?;
        }
        Ok(())
    }

    /// What fired, in hub and CA, as far as it is kept.
    ///
    /// # Errors
    /// The hub's process does not answer.
    pub async fn fired_faults(&self) -> Result<Vec<FaultFired>, SandboxError> {
        let mut fired = self.faults().fired(0).fired;
        if self.has_hub_apart() {
            let apart = self.admin()?.get("/admin/faults/fired").await;
            fired.extend(apart.map(|apart: FaultsFired| apart.fired).map_err(away)?);
        }
        Ok(fired)
    }

    /// Whether the hub's faults are in another process.
    fn has_hub_apart(&self) -> bool {
        matches!(self.hub, HubState::Process(_))
    }
}

fn unusable(why: &str) -> SandboxError {
    SandboxError::Fault(why.to_owned())
}

fn away(error: AdminError) -> SandboxError {
    SandboxError::Process(error.to_string())
}
