//! Who is asking.

use careplan_standard::OfficeNumber;
use time::OffsetDateTime;

use crate::{Refusal, Session, TerminalId};

/// An office at one of its terminals, logged in.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Caller {
    /// The office.
    pub office: OfficeNumber,
    /// The terminal.
    pub terminal: TerminalId,
}

/// Lets the holder of a session in, if it comes with the certificate that opened the session, and
/// from the terminal that did, if it says from which it comes.
///
/// # Errors
/// There is no session, it belongs to another certificate or terminal, or its time is over.
pub fn admit(
    session: Option<Session>,
    certificate_serial: &str,
    terminal: Option<&str>,
    now: OffsetDateTime,
) -> Result<Caller, Refusal> {
    let session = session.ok_or(Refusal::SessionMissing)?;
    if session.certificate_serial != certificate_serial {
        return Err(Refusal::SessionElsewhere);
    }
    if terminal.is_some_and(|terminal| terminal != session.caller.terminal.as_str()) {
        return Err(Refusal::SessionOtherTerminal);
    }
    if session.expires_at <= now {
        return Err(Refusal::SessionExpired);
    }
    Ok(session.caller)
}

#[cfg(test)]
mod tests {
    use time::{Duration, macros::datetime};

    use super::*;

    const NOW: OffsetDateTime = datetime!(2025-04-01 09:00 UTC);

    fn session() -> Session {
        let office = "2770100012".parse().expect("an office number");
        Session {
            token_digest: [0; 32],
            caller: Caller { office, terminal: TerminalId::new("pc-1") },
            certificate_serial: "0a".to_owned(),
            expires_at: NOW + Duration::minutes(60),
        }
    }

    #[test]
    fn a_session_lets_in_with_its_own_certificate_only() {
        assert_eq!(admit(Some(session()), "0a", None, NOW), Ok(session().caller));
        assert_eq!(admit(Some(session()), "0b", None, NOW), Err(Refusal::SessionElsewhere));
        assert_eq!(admit(None, "0a", None, NOW), Err(Refusal::SessionMissing));
    }

    #[test]
    fn a_terminal_that_names_itself_needs_a_session_of_its_own() {
        assert!(admit(Some(session()), "0a", Some("pc-1"), NOW).is_ok());
        let other = admit(Some(session()), "0a", Some("pc-2"), NOW);
        assert_eq!(other, Err(Refusal::SessionOtherTerminal));
    }

    #[test]
    fn a_session_ends_with_its_hour() {
        let last = NOW + Duration::minutes(60) - Duration::milliseconds(1);
        assert!(admit(Some(session()), "0a", None, last).is_ok());
        let over = NOW + Duration::minutes(60);
        assert_eq!(admit(Some(session()), "0a", None, over), Err(Refusal::SessionExpired));
    }
}
