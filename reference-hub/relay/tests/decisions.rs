//! The relay's decisions: what goes in, what comes out, and nothing else happens.

use hub_relay::{
    Caller, Change, DeliveryId, DeliveryState, Draft, DraftFile, Earlier, Examined, FileRole,
    IdempotencyKey, Licence, Limits, Office, OfficeNumber, Party, Profile, Refusal, Sending,
    SubmissionId, Submit, SubmitFacts, TerminalId, examine, find_sent, sent_scope, submit,
};
use time::{Duration, OffsetDateTime, macros::datetime};

const NOW: OffsetDateTime = datetime!(2025-04-28 17:15:02 UTC);
const OWN: &str = "2770100012";
const OTHER: &str = "2770200036";
const LIMITS: Limits = Limits {
    files_max: 3,
    file_bytes_max: 100,
    total_bytes_max: 150,
    message_chars_max: 5,
    name_bytes_max: 60,
};

fn number(text: &str) -> OfficeNumber {
    text.parse().expect("an office number")
}

fn party(office: &str, kind: Option<&str>) -> Party {
    let kind = kind.map(|kind| kind.parse().expect("a kind"));
    Party { office: number(office), kind }
}

fn caller(office: &str, terminal: &str) -> Caller {
    Caller { office: number(office), terminal: TerminalId::new(terminal) }
}

fn draft(files: &[&str], destination: Option<Party>) -> Draft {
    let file = |name: &&str| DraftFile {
        name: (*name).to_owned(),
        bytes: b"%PDF-1.7".as_slice().into(),
        sha256: [0; 32],
    };
    Draft {
        caller: caller(OWN, "pc-1"),
        message: String::new(),
        destination,
        files: files.iter().map(file).collect(),
    }
}

fn examined(destination: Party) -> Examined {
    examine(draft(&["a.pdf"], Some(destination)), &LIMITS).expect("sound")
}

fn office(text: &str, kind: &str, licence_until: Option<OffsetDateTime>) -> Office {
    Office {
        number: number(text),
        name: format!("見本事業所{text}"),
        kinds: vec![kind.parse().expect("a kind")],
        prefecture: None,
        versions: Vec::new(),
        licence: licence_until.map(Licence::until),
    }
}

const TOMORROW: Option<OffsetDateTime> = Some(datetime!(2025-04-29 00:00 UTC));

fn request(destination: Party) -> Submit {
    Submit {
        examined: examined(destination),
        key: IdempotencyKey::new("key"),
        content_digest: [1; 32],
        submission: SubmissionId::new("s"),
        delivery: DeliveryId::new("d"),
    }
}

fn facts(sender: Option<Office>, recipient: Option<Office>) -> SubmitFacts {
    SubmitFacts { earlier: None, sender, recipient }
}

fn good_facts() -> SubmitFacts {
    facts(Some(office(OWN, "43", TOMORROW)), Some(office(OTHER, "11", TOMORROW)))
}

fn waiting() -> Sending {
    submit(request(party(OTHER, None)), good_facts(), NOW).expect("taken").answer
}

#[test]
fn the_outside_is_checked_before_anything_is_read() {
    let to = Some(party(OTHER, None));
    for (files, want) in [
        (&[][..], Refusal::SendingEmpty),
        (&["a.pdf", "b.pdf", "c.pdf", "d.pdf"], Refusal::TooManyFiles { max: 3 }),
        (&["a.pdf", "A.pdf"], Refusal::FileName { file: "A.pdf".to_owned() }),
        (&["../a.pdf"], Refusal::FileName { file: "../a.pdf".to_owned() }),
        (&["a.docx"], Refusal::FileType { file: "a.docx".to_owned() }),
        (&["a.png"], Refusal::FileContent { file: "a.png".to_owned() }),
    ] {
        assert_eq!(examine(draft(files, to), &LIMITS).err(), Some(want), "{files:?}");
    }
    let long = Draft { message: "六文字超過だ".to_owned(), ..draft(&["a.pdf"], to) };
    assert_eq!(examine(long, &LIMITS).err(), Some(Refusal::MessageTooLong { max: 5 }));
    let fits = Draft { message: "五文字だよ".to_owned(), ..draft(&["a.pdf"], to) };
    assert!(examine(fits, &LIMITS).is_ok());
}

#[test]
fn a_message_alone_goes_where_its_sender_chose() {
    let message =
        |text: &str, destination| Draft { message: text.to_owned(), ..draft(&[], destination) };
    let to = Some(party(OTHER, None));
    let examined = examine(message("了解です", to), &LIMITS).expect("sound");
    assert_eq!(examined.recipient(), number(OTHER));
    let taken = submit(Submit { examined, ..request(party(OTHER, None)) }, good_facts(), NOW);
    let sending = taken.expect("taken").answer;
    assert_eq!((&*sending.message, sending.files.len()), ("了解です", 0));
    assert_eq!(sending.from.party, party(OWN, None));

    let refused = |draft| examine(draft, &LIMITS).err();
    assert_eq!(refused(message("了解です", None)), Some(Refusal::RecipientMissing));
    assert_eq!(refused(message(" 　\n", to)), Some(Refusal::SendingEmpty), "blank");
}

#[test]
fn sizes_are_limited_one_by_one_and_together() {
    let file = |name: &str, bytes: usize| DraftFile {
        name: name.to_owned(),
        bytes: vec![b' '; bytes].into(),
        sha256: [0; 32],
    };
    let sized = |sizes: &[usize]| {
        let files = (0..).zip(sizes).map(|(at, bytes): (u8, _)| file(&format!("{at}.txt"), *bytes));
        Draft { files: files.collect(), ..draft(&[], Some(party(OTHER, None))) }
    };
    assert!(examine(sized(&[100, 50]), &LIMITS).is_ok());
    for (sizes, file, max) in [(&[101][..], "0.txt", 100), (&[100, 51], "1.txt", 150)] {
        let want = Refusal::TooLarge { file: file.to_owned(), max };
        assert_eq!(examine(sized(sizes), &LIMITS).err(), Some(want), "{sizes:?}");
    }
}

#[test]
fn names_say_where_a_sending_goes() {
    let slip = |from: &str, to: &str| format!("UPPLAN_202504_{from}_{to}_20250428171502.CSV");
    let own = slip("2770100012_43", "2770200036_11");
    let own_elsewhere = slip("2770100012_43", "2770300042_15");
    let own_other_kind = slip("2770100012_43", "2770200036_13");
    let to_self = slip("2770100012_43", "2770100012_43");
    let strangers = slip("2770300042_15", "2770200036_11");
    for (names, chosen, want) in [
        (vec![&*own, &own_elsewhere], None, Refusal::RecipientsDiffer),
        (vec![&*own, &own_other_kind], None, Refusal::RecipientsDiffer),
        (vec![&*own], Some(party("2770300042", None)), Refusal::RecipientsDiffer),
        (vec![&*own], Some(party(OTHER, Some("13"))), Refusal::RecipientsDiffer),
        (vec![&*to_self], None, Refusal::RecipientIsSender),
        (vec![&*strangers], None, Refusal::SenderMismatch { named: number("2770300042") }),
        (vec!["a.pdf"], None, Refusal::RecipientMissing),
        (vec!["a.pdf"], Some(party(OWN, None)), Refusal::RecipientIsSender),
    ] {
        let limits = Limits { name_bytes_max: 255, ..LIMITS };
        assert_eq!(examine(draft(&names, chosen), &limits).err(), Some(want), "{names:?}");
    }
}

#[test]
fn a_sending_that_is_taken_is_the_only_change() {
    let decision = submit(request(party(OTHER, Some("11"))), good_facts(), NOW).expect("taken");
    let [Change::Accept(new)] = &decision.changes[..] else { panic!("{:?}", decision.changes) };
    assert_eq!(new.sending, decision.answer);
    assert_eq!(&*new.contents[0], b"%PDF-1.7");
    let sending = decision.answer;
    assert_eq!(sending.from.party, party(OWN, None));
    assert_eq!(sending.to.party, party(OTHER, Some("11")));
    assert_eq!(sending.to.name, "見本事業所2770200036");
    assert_eq!(sending.files[0].role, FileRole::Attachment);
    assert_eq!((sending.state, sending.submitted_at), (DeliveryState::Waiting, NOW));
}

#[test]
fn both_sides_need_a_licence_and_the_recipient_its_kind() {
    let own = Some(office(OWN, "43", TOMORROW));
    let other = Some(office(OTHER, "11", TOMORROW));
    for (kind, facts, want) in [
        (None, facts(None, other.clone()), Refusal::LicenceMissing),
        (None, facts(Some(office(OWN, "43", None)), other.clone()), Refusal::LicenceMissing),
        (None, facts(Some(office(OWN, "43", Some(NOW))), other.clone()), Refusal::LicenceExpired),
        (None, facts(own.clone(), None), Refusal::RecipientUnknown(number(OTHER))),
        (
            Some("13"),
            facts(own.clone(), other),
            Refusal::RecipientKindUnknown(party(OTHER, Some("13"))),
        ),
        (
            None,
            facts(own.clone(), Some(office(OTHER, "11", None))),
            Refusal::RecipientLicence(number(OTHER)),
        ),
        (
            None,
            facts(own, Some(office(OTHER, "11", Some(NOW)))),
            Refusal::RecipientLicence(number(OTHER)),
        ),
    ] {
        let decided = submit(request(party(OTHER, kind)), facts, NOW);
        assert_eq!(decided.err(), Some(want));
    }
}

#[test]
fn an_office_without_registered_kinds_is_sent_whatever_it_is_called() {
    let unjudged = Office { kinds: Vec::new(), ..office(OTHER, "11", TOMORROW) };
    let facts = facts(Some(office(OWN, "43", TOMORROW)), Some(unjudged));
    let taken = submit(request(party(OTHER, Some("13"))), facts, NOW).expect("taken");
    assert_eq!(taken.answer.to.party, party(OTHER, Some("13")));
}

#[test]
fn a_repetition_hears_the_first_answer_even_without_a_licence() {
    let first = waiting();
    let earlier = Earlier { content_digest: [1; 32], sending: first.clone() };
    let facts = SubmitFacts { earlier: Some(earlier.clone()), ..facts(None, None) };
    let again = Submit { submission: SubmissionId::new("s2"), ..request(party(OTHER, None)) };
    let decision = submit(again.clone(), facts.clone(), NOW + Duration::days(400)).expect("heard");
    assert_eq!((decision.changes, decision.answer), (Vec::new(), first));
    let other = Submit { content_digest: [2; 32], ..again };
    assert_eq!(submit(other, facts, NOW).err(), Some(Refusal::IdempotencyKeyReused));
}

#[test]
fn the_sent_list_lives_on_the_terminal_in_actual_and_in_the_office_in_plus() {
    let (own, beside) = (caller(OWN, "pc-1"), caller(OWN, "pc-2"));
    for (profile, who, seen) in [
        (Profile::Actual, &own, true),
        (Profile::Actual, &beside, false),
        (Profile::Plus, &beside, true),
        (Profile::Plus, &caller(OTHER, "pc-1"), false),
    ] {
        let found = find_sent(&sent_scope(profile, who), Some(waiting()));
        assert_eq!(found.is_ok(), seen, "{profile:?} {who:?}");
    }
}
