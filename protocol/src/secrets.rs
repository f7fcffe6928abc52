//! Which members of the wire's JSON nobody may read who only watches: one list for every place that
//! shows or keeps an exchange.

/// Members whose value opens something, or may speak of a person: what one writes to another, and
/// what a finding quotes from a file.
const SECRET_MEMBERS: [&str; 7] = [
    "password",
    "old_password",
    "new_password",
    "issue_password",
    "token",
    "private_key",
    "message",
];

/// Whether the value of a JSON member of this name is to be hidden, whatever it is: a text, a list
/// or an object.
pub fn is_secret_member(name: &str) -> bool {
    SECRET_MEMBERS.contains(&name)
}

#[cfg(test)]
mod tests {
    use serde::Serialize;

    use super::*;
    use crate::{TerminalId, UserId, ca, hub};

    /// The names of the members that are hidden.
    fn hidden(value: &impl Serialize) -> Vec<String> {
        let value = serde_json::to_value(value).expect("serializes");
        let members = value.as_object().expect("an object");
        members.keys().filter(|name| is_secret_member(name)).cloned().collect()
    }

    #[test]
    fn what_opens_something_and_what_people_write_is_secret() {
        let user_id = UserId::parse("KJ000000000001").expect("a user ID");
        let terminal = TerminalId::parse("pc-1").expect("a terminal's name");
        let password = "sesame".to_owned();
        let login = hub::Login { user_id: user_id.clone(), password: password.clone(), terminal };
        assert_eq!(hidden(&login), ["password"]);
        let change =
            ca::PasswordChange { user_id, old_password: password.clone(), new_password: password };
        assert_eq!(hidden(&change), ["new_password", "old_password"]);
        assert_eq!(hidden(&hub::SubmissionMeta::default()), ["message"]);
    }
}
