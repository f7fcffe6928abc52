//! 受任: which offices an agent (代理人) bills for, at most a hundred.

use careplan_protocol::{
    OfficeNumber, ProblemKind,
    ca::{AGENT_OFFICES_MAX, AgentOffices},
};

use crate::{CaFault, FakeCa, Refusal};

impl FakeCa {
    /// The offices that the account's office bills for.
    ///
    /// # Errors
    /// `session-missing`, `session-expired`; or a fault of the CA's own.
    pub fn agent_offices(&self, token: &str) -> Result<AgentOffices, Refusal> {
        Ok(self.agent_offices_of(self.office_of(token)?)?)
    }

    /// Takes an office on. One that is on the list already stays there.
    ///
    /// # Errors
    /// `session-missing`, `session-expired`, `agent-offices-full`; or a fault of the CA's own.
    pub fn add_agent_office(&self, token: &str, office: OfficeNumber) -> Result<(), Refusal> {
        let agent = self.office_of(token)?;
        Ok(self.inner.vault.change(|state| {
            let offices = state.agents.entry(agent.to_string()).or_default();
            let office = office.to_string();
            if offices.len() == AGENT_OFFICES_MAX && !offices.contains(&office) {
                return Err(ProblemKind::AgentOfficesFull);
            }
            offices.insert(office);
            Ok(())
        })??)
    }

    /// Takes an office off the list.
    ///
    /// # Errors
    /// `session-missing`, `session-expired`, `not-found`; or a fault of the CA's own.
    pub fn remove_agent_office(&self, token: &str, office: OfficeNumber) -> Result<(), Refusal> {
        let agent = self.office_of(token)?;
        let removed = self.inner.vault.change(|state| {
            let offices = state.agents.get_mut(agent.as_str());
            offices.is_some_and(|offices| offices.remove(office.as_str()))
        })?;
        if removed { Ok(()) } else { Err(ProblemKind::NotFound.into()) }
    }

    /// The offices that this agent bills for.
    ///
    /// # Errors
    /// What is kept cannot be read.
    pub fn agent_offices_of(&self, agent: OfficeNumber) -> Result<AgentOffices, CaFault> {
        let texts = self.inner.vault.read(|state| state.agents.get(agent.as_str()).cloned())?;
        let offices = texts.unwrap_or_default().iter().map(|text| text.parse()).collect();
        let offices: Result<_, _> = offices;
        let offices = offices.map_err(|_| CaFault::Inner("a kept office number is none".into()))?;
        Ok(AgentOffices { offices })
    }
}
