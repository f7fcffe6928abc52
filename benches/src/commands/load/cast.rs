//! Who sends what to whom: pairs of offices, each with a sending of its own from the generator.

use std::{io, ops::Range, sync::Arc};

use careplan_benches::generate::{Order, Sheet, Size};
use careplan_protocol::{Clock, UserId, ca::CertificateKind};
use fake_ca::{FakeCa, IssuedCertificate, Keep, NewAccount};
use serde_json::{Value, json};

/// What generated files say of their two sides.
const GENERATED: [&str; 2] = ["2770100012", "2770200036"];
/// How large the three files are together, at most.
const SENDING_BYTES: usize = 30_000;
pub(super) const BOUNDARY: &str = "careplan-load";
pub(super) const PASSWORD: &str = "load-Test-1";

/// The CA, and the offices that take part in the measurement.
pub(super) struct Cast {
    pub(super) ca: FakeCa,
    pub(super) pairs: Vec<Pair>,
}

/// An office that sends, one that receives, and what is sent.
pub(super) struct Pair {
    pub(super) sides: [Side; 2],
    /// The body of the request, multipart.
    pub(super) body: Arc<[u8]>,
    /// The bytes of the files alone.
    pub(super) file_bytes: usize,
}

/// An office with its account and certificate.
pub(super) struct Side {
    pub(super) office: String,
    pub(super) user: UserId,
    pub(super) certificate: IssuedCertificate,
}

impl Cast {
    /// A CA of its own, with two pairs for each connection: see [`Cast::places`].
    pub(super) fn new(connections: usize) -> io::Result<Self> {
        let ca = FakeCa::open(Keep::Memory, Clock::system()).map_err(io::Error::other)?;
        let pairs =
            (0..connections * 2).map(|place| Pair::new(&ca, place)).collect::<io::Result<_>>()?;
        Ok(Self { ca, pairs })
    }

    /// Which pairs work. Those who fetch are others than those for whom only more and more arrives:
    /// a claim answers all that waits.
    pub(super) fn places(&self, do_fetch: bool) -> Range<usize> {
        let connections = self.pairs.len() / 2;
        if do_fetch { connections..connections * 2 } else { 0..connections }
    }

    /// The hub's list of offices: ours, and as many others as make up `count`.
    pub(super) fn offices(&self, count: usize) -> Value {
        let ours = self.pairs.iter().flat_map(|pair| &pair.sides).map(|side| side.office.clone());
        let others = (0..).map(|place| format!("13{place:08}"));
        let offices = ours.chain(others).take(count.max(self.pairs.len() * 2)).map(|office| {
            json!({
                "office": office,
                "name": "見本事業所",
                "kinds": ["43", "11"],
                "licence_until": "2099-03-31T00:00:00+09:00",
            })
        });
        offices.collect()
    }
}

impl Pair {
    fn new(ca: &FakeCa, place: usize) -> io::Result<Self> {
        let numbers = [format!("2771{place:06}"), format!("2772{place:06}")];
        let files = files(place, &numbers);
        let [sender, recipient] = &numbers;
        Ok(Self {
            sides: [Side::new(ca, sender)?, Side::new(ca, recipient)?],
            body: multipart(&files).into(),
            file_bytes: files.iter().map(|(_, bytes)| bytes.len()).sum(),
        })
    }
}

impl Side {
    fn new(ca: &FakeCa, office: &str) -> io::Result<Self> {
        let number = office.parse().map_err(io::Error::other)?;
        let user = UserId::parse(&format!("KJ00{office}")).map_err(io::Error::other)?;
        let account = NewAccount {
            user_id: user.clone(),
            office: number,
            office_name: "見本事業所".to_owned(),
            password: PASSWORD.to_owned(),
            temporary: false,
        };
        ca.add_account(account).map_err(io::Error::other)?;
        let certificate = ca.issue_client(number, CertificateKind::CareInsurance);
        let certificate = certificate.map_err(io::Error::other)?;
        Ok(Self { office: office.to_owned(), user, certificate })
    }
}

/// 第6表, 第7表 and 補足 of as many people as fit, between these two offices.
fn files(place: usize, numbers: &[String; 2]) -> Vec<(String, Vec<u8>)> {
    let of = |people| -> Vec<(String, Vec<u8>)> {
        let order = Order { seed: place as u64, size: Size::People(people), faulty_percent: 0 };
        let file = |sheet: Sheet| {
            let name = between(sheet.file_name(0).as_bytes(), numbers);
            let name = String::from_utf8(name).expect("digits for digits");
            (name, between(&order.bytes(sheet), numbers))
        };
        Sheet::SLIP_UNIT.map(file).into()
    };
    let fits = |files: &Vec<(String, Vec<u8>)>| {
        files.iter().map(|(_, bytes)| bytes.len()).sum::<usize>() <= SENDING_BYTES
    };
    (1..).map(of).take_while(fits).last().unwrap_or_else(|| of(1))
}

/// Puts these offices in the place of the generated ones.
fn between(bytes: &[u8], numbers: &[String; 2]) -> Vec<u8> {
    let mut out = bytes.to_vec();
    for (generated, number) in GENERATED.iter().zip(numbers) {
        let length = generated.len();
        // No digit is the second byte of a character, so that these are numbers wherever they stand.
        for at in 0..out.len().saturating_sub(length - 1) {
            if out[at..at + length] == *generated.as_bytes() {
                out[at..at + length].copy_from_slice(number.as_bytes());
            }
        }
    }
    out
}

fn multipart(files: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut out =
        format!("--{BOUNDARY}\r\ncontent-disposition: form-data; name=\"meta\"\r\n\r\n{{}}\r\n")
            .into_bytes();
    for (name, bytes) in files {
        let head = format!(
            "--{BOUNDARY}\r\ncontent-disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\
             content-type: text/csv\r\n\r\n"
        );
        out.extend_from_slice(head.as_bytes());
        out.extend_from_slice(bytes);
        out.extend_from_slice(b"\r\n");
    }
    out.extend_from_slice(format!("--{BOUNDARY}--\r\n").as_bytes());
    out
}

#[cfg(test)]
mod tests {
    use careplan_standard::{SendingFile, Standard, check_sending};

    use super::*;

    #[test]
    fn what_is_sent_is_30_kilobytes_without_any_finding() {
        let numbers = ["2771000003".to_owned(), "2772000003".to_owned()];
        let files = files(3, &numbers);
        let total: usize = files.iter().map(|(_, bytes)| bytes.len()).sum();
        assert!((20_000..=SENDING_BYTES).contains(&total), "{total}");
        let files: Vec<SendingFile<'_>> =
            files.iter().map(|(name, bytes)| SendingFile { name, bytes }).collect();
        let check = check_sending(Standard::bundled(), &files);
        assert_eq!(check.findings, []);
        assert!(files.iter().all(|file| file.name.contains("2771000003_43_2772000003_11")));
    }
}
