//! An office's certificates through their lives, on a clock that is moved.

use std::thread;

use careplan_protocol::{
    Clock, UserId,
    ca::{AGENT_OFFICES_MAX, Login},
};

use super::*;
use crate::{Keep, NewAccount};

const PASSWORD: &str = "見本-password";

/// A CA with one account, and its token.
struct Stage {
    ca: FakeCa,
    clock: Clock,
    token: String,
}

impl Stage {
    fn new() -> Self {
        let clock = Clock::system();
        let ca = FakeCa::open(Keep::Memory, clock.clone()).expect("opens");
        ca.add_account(NewAccount {
            user_id: user_id(),
            office: "2770100012".parse().expect("an office number"),
            office_name: "見本居宅介護支援センター".to_owned(),
            password: PASSWORD.to_owned(),
            temporary: false,
        })
        .expect("opens an account");
        let mut stage = Self { ca, clock, token: String::new() };
        stage.log_in();
        stage
    }

    fn log_in(&mut self) {
        let login = Login { user_id: user_id(), password: PASSWORD.to_owned() };
        self.token = self.ca.log_in(&login).expect("logs in").token;
    }

    /// Moves the clock, renews the password's term and logs in again.
    fn wait(&mut self, by: Duration) {
        self.clock.step(by);
        let term = self.clock.now() + Duration::days(1);
        self.ca.set_password_end(&user_id(), term).expect("keeps it");
        self.log_in();
    }

    fn apply(&self, kind: CertificateKind) -> Result<Applied, Refusal> {
        self.ca.apply(&self.token, &Application { kind })
    }

    fn download(&self, applied: &Applied) -> Result<IssuedCertificate, Refusal> {
        self.ca.download(&self.token, &applied.id, &applied.issue_password)
    }

    fn issue(&self, kind: CertificateKind) -> CertificateInfo {
        let applied = self.apply(kind).expect("applies");
        self.download(&applied).expect("downloads").info
    }

    fn states(&self) -> Vec<CertificateState> {
        let certificates = self.ca.certificates().expect("lists");
        certificates.iter().map(|info| info.state).collect()
    }
}

fn user_id() -> UserId {
    UserId::parse("KJ277010001201").expect("a user ID")
}

#[track_caller]
fn refused<T>(outcome: Result<T, Refusal>, wanted: ProblemKind) {
    match outcome {
        Err(Refusal::Problem(kind)) => assert_eq!(kind, wanted),
        Err(Refusal::Fault(fault)) => panic!("{fault}"),
        Ok(_) => panic!("granted, not {}", wanted.id()),
    }
}

#[test]
fn the_oldest_application_gives_way() {
    let stage = Stage::new();
    let apply = || stage.apply(CertificateKind::Agent).expect("applies");
    let (first, second) = (apply(), apply());
    for _ in 2..=APPLICATIONS_MAX {
        apply();
    }
    refused(stage.download(&first), ProblemKind::NotFound);
    assert!(stage.download(&second).is_ok());
}

#[test]
fn downloads_at_once_get_one_certificate() {
    let stage = Stage::new();
    let applied = stage.apply(CertificateKind::Agent).expect("applies");
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| stage.download(&applied).expect("downloads"));
        }
    });
    assert_eq!(stage.states().len(), 1);
}

#[test]
fn an_application_names_its_fee() {
    let stage = Stage::new();
    for (kind, fee) in [
        (CertificateKind::CareInsurance, Some(13_200)),
        (CertificateKind::CareAndDisability, Some(13_900)),
        (CertificateKind::DelegatedBillingOffice, Some(0)),
        (CertificateKind::Agent, None),
    ] {
        assert_eq!(stage.apply(kind).expect("applies").fee_yen, fee);
    }
}

#[test]
fn an_office_number_has_one_certificate_in_force() {
    let stage = Stage::new();
    let before = stage.apply(CertificateKind::CareAndDisability).expect("applies");
    let info = stage.issue(CertificateKind::CareInsurance);
    for kind in [CertificateKind::CareInsurance, CertificateKind::DelegatedBillingOffice] {
        refused(stage.apply(kind), ProblemKind::CertificateInForce);
    }
    refused(stage.download(&before), ProblemKind::CertificateInForce);
    stage.issue(CertificateKind::DisabilitySupport);
    stage.ca.revoke_own(&stage.token, &info.serial).expect("revokes");
    assert!(stage.download(&before).is_ok());
}

#[test]
fn a_certificate_is_renewed_near_its_end_and_holds_until_then() {
    let mut stage = Stage::new();
    let info = stage.issue(CertificateKind::CareInsurance);
    let renew = |stage: &Stage| stage.ca.renew(&stage.token, &info.serial);
    stage.wait(Duration::days(365 * 3 - 91));
    refused(renew(&stage), ProblemKind::RenewalTooEarly);
    refused(stage.apply(CertificateKind::CareInsurance), ProblemKind::CertificateInForce);
    stage.wait(Duration::days(3));
    let applied = renew(&stage).expect("applies");
    let successor = stage.download(&applied).expect("downloads").info;
    assert_eq!(stage.states(), [CertificateState::Issued, CertificateState::Issued]);
    refused(renew(&stage), ProblemKind::CertificateInForce);
    stage.wait(Duration::days(95));
    assert_eq!(stage.states(), [CertificateState::Expired, CertificateState::Issued]);
    assert!(successor.not_after > info.not_after);
}

#[test]
fn a_certificate_that_ran_out_may_be_renewed_or_applied_for() {
    let mut stage = Stage::new();
    let info = stage.issue(CertificateKind::CareInsurance);
    stage.wait(Duration::days(365 * 3 + 2));
    assert!(stage.ca.renew(&stage.token, &info.serial).is_ok());
    assert!(stage.apply(CertificateKind::CareInsurance).is_ok());
    let lost = stage.ca.reissue(&stage.token, &info.serial);
    refused(lost, ProblemKind::CertificateExpired);
}

#[test]
fn a_lost_certificate_is_revoked_at_once_and_issued_again() {
    let stage = Stage::new();
    let lost = stage.issue(CertificateKind::CareAndDisability);
    let applied = stage.ca.reissue(&stage.token, &lost.serial).expect("applies");
    assert_eq!(stage.states(), [CertificateState::Revoked]);
    let found = stage.download(&applied).expect("downloads").info;
    assert_eq!(found.kind, CertificateKind::CareAndDisability);
    assert_ne!(found.serial, lost.serial);
    let again = stage.ca.reissue(&stage.token, &lost.serial);
    refused(again, ProblemKind::CertificateRevoked);
    refused(stage.ca.renew(&stage.token, &lost.serial), ProblemKind::CertificateRevoked);
    refused(stage.ca.reissue(&stage.token, "00"), ProblemKind::NotFound);
}

#[test]
fn an_issue_password_is_locked_after_five_failures_and_issued_again() {
    let stage = Stage::new();
    let applied = stage.apply(CertificateKind::CareInsurance).expect("applies");
    let wrong = || stage.ca.download(&stage.token, &applied.id, "AAAA-BBBB-CCCC-DDDD");
    for _ in 0..5 {
        refused(wrong(), ProblemKind::IssuePasswordWrong);
    }
    refused(wrong(), ProblemKind::IssuePasswordLocked);
    refused(stage.download(&applied), ProblemKind::IssuePasswordLocked);
    let again = stage.ca.reissue_issue_password(&stage.token, &applied.id).expect("issues it");
    refused(stage.download(&applied), ProblemKind::IssuePasswordWrong);
    assert!(stage.download(&again).is_ok());
    let unknown = stage.ca.reissue_issue_password(&stage.token, "no such id");
    refused(unknown, ProblemKind::NotFound);
}

#[test]
fn an_issue_password_expires_after_thirty_days() {
    let mut stage = Stage::new();
    let applied = stage.apply(CertificateKind::CareInsurance).expect("applies");
    stage.wait(Duration::days(30));
    refused(stage.download(&applied), ProblemKind::IssuePasswordExpired);
    let again = stage.ca.reissue_issue_password(&stage.token, &applied.id).expect("issues it");
    assert!(stage.download(&again).is_ok());
}

#[test]
fn an_agent_bills_for_a_hundred_offices_and_no_more() {
    let stage = Stage::new();
    let office = |number: usize| format!("27709{number:05}").parse().expect("an office number");
    let add = |number| stage.ca.add_agent_office(&stage.token, office(number));
    for number in 0..AGENT_OFFICES_MAX {
        add(number).expect("takes it on");
    }
    refused(add(AGENT_OFFICES_MAX), ProblemKind::AgentOfficesFull);
    add(0).expect("it is on the list already");
    stage.ca.remove_agent_office(&stage.token, office(0)).expect("takes it off");
    let again = stage.ca.remove_agent_office(&stage.token, office(0));
    refused(again, ProblemKind::NotFound);
    add(AGENT_OFFICES_MAX).expect("there is a place");
    let listed = stage.ca.agent_offices(&stage.token).expect("lists").offices;
    assert_eq!((listed.len(), listed[0]), (AGENT_OFFICES_MAX, office(1)));
}
