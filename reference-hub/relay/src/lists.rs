//! Who may see what in 受信一覧 and 送信一覧.

use crate::{Caller, OfficeNumber, Profile, Refusal, Sending, TerminalId};

/// Which deliveries to an office a caller may see in 受信一覧.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InboxScope {
    /// The office that they are for.
    pub office: OfficeNumber,
    /// Only what this terminal holds; the whole office's otherwise, what waits included.
    pub terminal: Option<TerminalId>,
    /// Only what is not fetched.
    pub only_open: bool,
}

/// Which sendings of an office a caller may see in 送信一覧.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SentScope {
    /// The office that sent.
    pub office: OfficeNumber,
    /// Only this terminal's, where the profile says so.
    pub terminal: Option<TerminalId>,
}

impl SentScope {
    /// Whether a sending is within it, kept or not.
    pub fn has(&self, sending: &Sending) -> bool {
        let is_seen = |own: &TerminalId| *own == sending.terminal;
        sending.from.party.office == self.office && self.terminal.as_ref().is_none_or(is_seen)
    }
}

/// A part of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<Id> {
    /// Begins behind this one, which must be within the scope; with the first otherwise.
    pub after: Option<Id>,
    /// At most so many.
    pub limit: usize,
}

impl InboxScope {
    /// What this terminal holds.
    pub fn held(caller: &Caller) -> Self {
        let terminal = Some(caller.terminal.clone());
        Self { office: caller.office, terminal, only_open: false }
    }

    /// The whole office's: who holds what.
    ///
    /// # Errors
    /// In `actual` a terminal sees its own alone.
    pub fn of_office(profile: Profile, caller: &Caller) -> Result<Self, Refusal> {
        match profile {
            Profile::Actual => Err(Refusal::ProfileLacks),
            Profile::Plus => Ok(Self { office: caller.office, terminal: None, only_open: false }),
        }
    }
}

/// What a caller sees of 送信一覧: in `actual` it lives on the sending terminal.
pub fn sent_scope(profile: Profile, caller: &Caller) -> SentScope {
    let terminal = match profile {
        Profile::Actual => Some(caller.terminal.clone()),
        Profile::Plus => None,
    };
    SentScope { office: caller.office, terminal }
}

/// Opens a sending of 送信一覧.
///
/// # Errors
/// There is none of this name within the scope, or it is kept no longer.
pub fn find_sent(scope: &SentScope, submission: Option<Sending>) -> Result<Sending, Refusal> {
    let sending = submission.filter(|sending| scope.has(sending)).ok_or(Refusal::NotFound)?;
    if sending.is_removed() { Err(Refusal::RetentionOver) } else { Ok(sending) }
}
