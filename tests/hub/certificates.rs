//! An office's certificate through its three years, from the office's own command line.

use std::{fs, path::Path, thread, time::Duration};

use serde_json::Value;

use super::operator::{Said, Up, careplan, said};

/// How long the hub may take to hear of a revocation.
const HEARD_WITHIN: Duration = Duration::from_secs(20);

/// The first office of a sandbox, with folders of its own beside it.
struct Office<'a> {
    up: &'a Up,
    folder: &'a Path,
}

impl Office<'_> {
    fn client(&self, arguments: &[&str]) -> Said {
        let mut command = careplan();
        command.current_dir(self.folder).args(["--format", "json", "client"]).args(arguments);
        said(command)
    }

    #[track_caller]
    fn json(&self, arguments: &[&str]) -> Value {
        let answer = self.client(arguments);
        assert_eq!(answer.code, Some(0), "{arguments:?}: {answer:?}");
        serde_json::from_str(&answer.out).unwrap_or_else(|_| panic!("{arguments:?}: {answer:?}"))
    }

    #[track_caller]
    fn is_refused(&self, arguments: &[&str], problem: &str) -> Said {
        let answer = self.client(arguments);
        assert!(answer.code == Some(1) && answer.out.contains(problem), "{problem}: {answer:?}");
        answer
    }

    fn enrol(&self, home: &str, more: &[&str]) -> Vec<String> {
        let up = self.up;
        let own = ["enrol", "--home", home, "--hub", up.text("/hub_url")];
        let root = ["--root", up.text("/root_certificate_file")];
        let user = ["--user-id", up.text("/offices/0/user_id")];
        [&own[..], &root, &user, more].concat().into_iter().map(str::to_owned).collect()
    }
}

fn lent(arguments: &[String]) -> Vec<&str> {
    arguments.iter().map(String::as_str).collect()
}

#[test]
fn a_certificate_is_renewed_near_its_end_and_issued_again_after_a_loss() {
    let up = Up::start(&[]);
    let folder = tempfile::tempdir().expect("a folder");
    let office = Office { up: &up, folder: folder.path() };
    fs::write(folder.path().join("chosen"), "Chosen-at-the-renewal-1\n").expect("writes");
    let chain = ["--certificate", up.text("/offices/0/certificate_chain_file")];
    let key = ["--key", up.text("/offices/0/key_file")];
    office.json(&lent(&office.enrol("second", &[chain, key].concat())));
    renewed_near_its_end(&office);
    issued_again_after_a_loss(&office);
    an_agents_offices(&office);
}

fn renewed_near_its_end(office: &Office<'_>) {
    let (up, home) = (office.up, office.up.text("/offices/0/terminal_home"));
    let renew = ["renew", "--home", home, "--password-file", up.text("/offices/0/password_file")];
    office.is_refused(&renew, "renewal-too-early");
    assert_eq!(up.hub(&["clock", "step", "1020d"]).code, Some(0));
    let told = office.is_refused(&renew, "password-expired");
    assert!(told.err.contains("--new-password-file"), "{told:?}");
    let renewed = office.json(&[&renew[..], &["--new-password-file", "chosen"]].concat());
    assert_eq!(renewed["state"], "issued", "{renewed}");

    let listed = office.json(&["certificates", "--home", home, "--password-file", "chosen"]);
    let certificates = listed["certificates"].as_array().expect("a list");
    let states: Vec<_> = certificates.iter().map(|one| &one["state"]).collect();
    assert_eq!(states, ["issued", "issued"], "one holds beside its successor: {listed}");
    assert_eq!(certificates[1]["serial"], renewed["serial"]);

    let log_in = |home| ["login", "--home", home, "--password-file", "chosen"];
    office.json(&log_in(home));
    office.json(&log_in("second"));
    assert_eq!(up.hub(&["clock", "step", "80d"]).code, Some(0));
    office.json(&log_in(home));
    office.is_refused(&log_in("second"), "certificate-expired");
}

fn issued_again_after_a_loss(office: &Office<'_>) {
    let (up, home) = (office.up, office.up.text("/offices/0/terminal_home"));
    let from_ca = ["--ca", up.text("/ca_url"), "--password-file", "chosen"];
    let enrol = office.enrol("third", &from_ca);
    office.is_refused(&lent(&enrol), "certificate-in-force");
    office.json(&[&lent(&enrol)[..], &["--reissue"]].concat());
    office.json(&["login", "--home", "third", "--password-file", "chosen"]);

    let log_in = ["login", "--home", home, "--password-file", "chosen"];
    let begun = std::time::Instant::now();
    while office.client(&log_in).code == Some(0) && begun.elapsed() < HEARD_WITHIN {
        thread::sleep(Duration::from_millis(100));
    }
    office.is_refused(&log_in, "certificate-revoked");
}

fn an_agents_offices(office: &Office<'_>) {
    let agent = |verb: &[&str]| {
        let log_in = ["--home", "third", "--password-file", "chosen"];
        office.client(&[&["agent"], verb, &log_in].concat())
    };
    let added = agent(&["add", "2770200036"]);
    assert!(added.code == Some(0) && added.out.contains("2770200036"), "{added:?}");
    assert!(agent(&["list"]).out.contains("2770200036"));
    let removed = agent(&["remove", "2770200036"]);
    assert!(removed.code == Some(0) && !removed.out.contains("2770200036"), "{removed:?}");
    assert_eq!(agent(&["remove", "2770200036"]).code, Some(1), "it is not on the list");
}
