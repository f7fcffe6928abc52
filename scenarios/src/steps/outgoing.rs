//! Steps that send what should not go out as it is: files that somebody has been at, attachments of
//! every kind, long messages, letters to the wrong place.

use careplan_protocol::Party;
use careplan_sandbox::reference_client::{Sending, SendingFile};

use super::{Arguments, Step, StepResult, samples, transport};
use crate::{
    Failure,
    world::{NamedBytes, World},
};

pub(super) const STEPS: &[Step] = &[
    Step {
        keyword: "もし",
        pattern: "{事業所}が、{手}見本{見本}を送信しようとする",
        example: "「見本居宅介護支援センター」が、「Excelで保存し直した」見本「v4-slip」を送信しようとする",
        help: "見本のファイルに手を加えて、端末から送ってみる。手は Excelで保存し直した・氏名を外字で書いた・第7表を入れ忘れた。結果は次の手順で確かめる",
        run: |world, arguments| Box::pin(send_altered(world, arguments, false)),
    },
    Step {
        keyword: "もし",
        pattern: "{事業所}が、{手}見本{見本}を端末の検査を通さずに基盤へ送る",
        example: "「見本居宅介護支援センター」が、「Excelで保存し直した」見本「v4-slip」を端末の検査を通さずに基盤へ送る",
        help: "同じものを、端末では検査せず、基盤の検査を試す。結果は次の手順で確かめる",
        run: |world, arguments| Box::pin(send_altered(world, arguments, true)),
    },
    Step {
        keyword: "もし",
        pattern: "{事業所}が見本{見本}に{添付}を添えて送信しようとする",
        example: "「見本居宅介護支援センター」が見本「v4-slip」に「Wordの文書」を添えて送信しようとする",
        help: "見本に添付を加えて、端末から送ってみる。添付は Wordの文書・名前だけPDFのWordの文書・名前だけPDFのプログラム・PDF。結果は次の手順で確かめる",
        run: |world, arguments| Box::pin(send_with(world, arguments, false)),
    },
    Step {
        keyword: "もし",
        pattern: "{事業所}が見本{見本}に{添付}を添え、端末の検査を通さずに基盤へ送る",
        example: "「見本居宅介護支援センター」が見本「v4-slip」に「Wordの文書」を添え、端末の検査を通さずに基盤へ送る",
        help: "同じものを、端末では検査せず、基盤の検査を試す。結果は次の手順で確かめる",
        run: |world, arguments| Box::pin(send_with(world, arguments, true)),
    },
    Step {
        keyword: "もし",
        pattern: "{事業所}が見本{見本}に{数}KBの写真を添え、端末の検査を通さずに基盤へ送る",
        example: "「見本居宅介護支援センター」が見本「v4-slip」に21000KBの写真を添え、端末の検査を通さずに基盤へ送る",
        help: "写真（JPEG）の大きさを端末では調べず、基盤の検査を試す。結果は次の手順で確かめる",
        run: |world, arguments| Box::pin(send_photo(world, arguments)),
    },
    Step {
        keyword: "もし",
        pattern: "{事業所}が見本{見本}に{数}文字のメッセージを添えて送信しようとする",
        example: "「見本居宅介護支援センター」が見本「v4-slip」に1001文字のメッセージを添えて送信しようとする",
        help: "この長さのメッセージとともに、端末から送ってみる。結果は次の手順で確かめる",
        run: |world, arguments| Box::pin(send_wordy(world, arguments, false)),
    },
    Step {
        keyword: "もし",
        pattern: "{事業所}が見本{見本}に{数}文字のメッセージを添え、端末の検査を通さずに基盤へ送る",
        example: "「見本居宅介護支援センター」が見本「v4-slip」に1001文字のメッセージを添え、端末の検査を通さずに基盤へ送る",
        help: "メッセージの長さを端末では調べず、基盤の検査を試す。結果は次の手順で確かめる",
        run: |world, arguments| Box::pin(send_wordy(world, arguments, true)),
    },
    Step {
        keyword: "もし",
        pattern: "{事業所}が{送信先}を選び、{添付}だけを送信しようとする",
        example: "「見本居宅介護支援センター」が「みどりヘルパーステーション」を選び、「PDF」だけを送信しようとする",
        help: "CSVのない送信を、送信先を手で選んで送ってみる。送信先は事業所の名称か番号、選ばないときは「なし」。結果は次の手順で確かめる",
        run: |world, arguments| Box::pin(send_letter(world, arguments)),
    },
];

async fn send_altered(world: &mut World, arguments: Arguments, unchecked: bool) -> StepResult {
    let mut files = samples::files(arguments.text(2))?;
    match arguments.text(1) {
        "Excelで保存し直した" => {
            for (_, bytes) in &mut files {
                *bytes = saved_by_spreadsheet(bytes);
            }
        }
        "氏名を外字で書いた" => {
            if !files.iter_mut().any(|(_, bytes)| with_user_defined(bytes)) {
                return Err(Failure::setup("氏名に「一郎」のある見本", arguments.text(2)));
            }
        }
        "第7表を入れ忘れた" => files.retain(|(name, _)| !name.starts_with("UPSIKYU")),
        other => return Err(Failure::setup("手順の説明にある手の加え方", other)),
    }
    transport::try_to_send(world, arguments.text(0), files, unchecked).await
}

async fn send_with(world: &mut World, arguments: Arguments, unchecked: bool) -> StepResult {
    let mut files = samples::files(arguments.text(1))?;
    files.push(attachment(arguments.text(2))?);
    transport::try_to_send(world, arguments.text(0), files, unchecked).await
}

async fn send_photo(world: &mut World, arguments: Arguments) -> StepResult {
    let mut files = samples::files(arguments.text(1))?;
    files.push(("写真.jpg".to_owned(), samples::photo(arguments.number(2)?)));
    transport::try_to_send(world, arguments.text(0), files, true).await
}

async fn send_wordy(world: &mut World, arguments: Arguments, unchecked: bool) -> StepResult {
    let files = samples::files(arguments.text(1))?;
    let characters = usize::try_from(arguments.number(2)?).unwrap_or(usize::MAX).min(1_000_000);
    let message = "連".repeat(characters);
    let sending = Sending { message, unchecked, ..Sending::new(sending_files(files)) };
    transport::try_sending(world, arguments.text(0), sending).await
}

async fn send_letter(world: &mut World, arguments: Arguments) -> StepResult {
    let destination = match arguments.text(1) {
        "なし" => None,
        name => {
            let known = world.office(name).map(|office| office.number);
            let office = known.or_else(|unknown| name.parse().map_err(|_| unknown))?;
            Some(Party { office, kind: None })
        }
    };
    let files = sending_files(vec![attachment(arguments.text(2))?]);
    let sending = Sending { destination, ..Sending::new(files) };
    transport::try_sending(world, arguments.text(0), sending).await
}

fn sending_files(files: Vec<NamedBytes>) -> Vec<SendingFile> {
    files.into_iter().map(|(name, bytes)| SendingFile { name, bytes }).collect()
}

fn attachment(what: &str) -> Result<NamedBytes, Failure> {
    let (name, bytes): (&str, &[u8]) = match what {
        // A document of Word is a ZIP archive, a program of Windows begins with MZ.
        "Wordの文書" => ("会議録.docx", b"PK\x03\x04\x14\0\x06\0word/document.xml"),
        "名前だけPDFのWordの文書" => {
            ("会議録.pdf", b"PK\x03\x04\x14\0\x06\0word/document.xml")
        }
        "名前だけPDFのプログラム" => ("会議録.pdf", b"MZ\x90\0\x03\0\0\0%PDF-1.7\n"),
        "PDF" => ("会議録.pdf", b"%PDF-1.7\n%%EOF\n"),
        other => return Err(Failure::setup("手順の説明にある添付", other)),
    };
    Ok((name.to_owned(), bytes.to_vec()))
}

/// The file as Excel saves a CSV that it was made to open: what looks like a number is one, and has
/// neither zeros in front nor behind the point; quotes stand only where they must. In MS932 no byte
/// of a character is a comma or a quote.
fn saved_by_spreadsheet(bytes: &[u8]) -> Vec<u8> {
    let (mut saved, mut cell, mut quoted) = (Vec::new(), Vec::new(), false);
    for byte in bytes {
        match byte {
            b',' | b'\r' | b'\n' if !quoted => {
                saved.extend(as_seen(&cell));
                saved.push(*byte);
                cell.clear();
            }
            _ => {
                quoted ^= *byte == b'"';
                cell.push(*byte);
            }
        }
    }
    saved.extend(as_seen(&cell));
    saved
}

fn as_seen(cell: &[u8]) -> Vec<u8> {
    let inner = cell.strip_prefix(b"\"").and_then(|cell| cell.strip_suffix(b"\""));
    let inner = inner.filter(|inner| !inner.iter().any(|byte| b",\"\r\n".contains(byte)));
    let cell = inner.unwrap_or(cell);
    let is_number = cell.iter().all(|byte| byte.is_ascii_digit() || *byte == b'.');
    let text = str::from_utf8(cell).ok().filter(|_| is_number);
    match text.and_then(|text| text.parse::<f64>().ok()) {
        Some(number) => number.to_string().into_bytes(),
        None => cell.to_vec(),
    }
}

/// Writes the 一 of 一郎 as a character of the office's own; whether there was one.
fn with_user_defined(bytes: &mut [u8]) -> bool {
    const ICHIRO: &[u8] = b"\x88\xea\x98\x59";
    let Some(at) = bytes.windows(4).position(|four| four == ICHIRO) else { return false };
    bytes[at..at + 2].copy_from_slice(b"\xf0\x40");
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_spreadsheet_takes_codes_for_numbers_and_quotes_for_its_own() {
        let before =
            b"202407,0000201001,00000000,\"\x8e\x8e,x\",\"abc\",0930,10.00,,H000209001\r\n";
        let after = b"202407,201001,0,\"\x8e\x8e,x\",abc,930,10,,H000209001\r\n";
        assert_eq!(saved_by_spreadsheet(before), after);
    }

    #[test]
    fn a_name_is_written_with_a_character_of_the_office_s_own() {
        let mut bytes = b"\"\x88\xea\x98\x59\"".to_vec();
        assert!(with_user_defined(&mut bytes));
        assert_eq!(bytes, b"\"\xf0\x40\x98\x59\"");
        assert!(!with_user_defined(&mut bytes));
    }
}
