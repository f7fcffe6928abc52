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

/// Lets the holder of a session in, if it comes with the certificate that opened the session.
///
/// # Errors
/// There is no session, it belongs to another certificate, or its time is over.
pub fn admit(
    session: Option<Session>,
    certificate_serial: &str,
    now: OffsetDateTime,
) -> Result<Caller, Refusal> {
    let session = session.ok_or(Refusal::SessionMissing)?;
    if session.certificate_serial != certificate_serial {
        return Err(Refusal::SessionElsewhere);
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
        assert_eq!(admit(Some(session()), "0a", NOW), Ok(session().caller));
        assert_eq!(admit(Some(session()), "0b", NOW), Err(Refusal::SessionElsewhere));
        assert_eq!(admit(None, "0a", NOW), Err(Refusal::SessionMissing));
    }

    #[test]
    fn a_session_ends_with_its_hour() {
        let last = NOW + Duration::minutes(60) - Duration::milliseconds(1);
        assert!(admit(Some(session()), "0a", last).is_ok());
        let over = NOW + Duration::minutes(60);
        assert_eq!(admit(Some(session()), "0a", over), Err(Refusal::SessionExpired));
    }
}
