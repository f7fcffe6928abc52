//! Steps that send the samples: sendings that nobody here has written.

use std::collections::BTreeMap;

use super::{Arguments, Step, StepResult, transport};
use crate::{
    Failure, redact,
    samples::sample,
    world::{NamedBytes, World},
};

pub(super) const STEPS: &[Step] = &[
    Step {
        keyword: "もし",
        pattern: "{事業所}が見本{見本}を送信する",
        example: "「見本居宅介護支援センター」が見本「v4-slip」を送信する",
        help: "見本のファイル一式を端末から送り、基盤が受け付けたことを確かめる",
        run: |world, arguments| {
            Box::pin(async move {
                let files = files(arguments.text(1))?;
                transport::send(world, arguments.text(0), files).await
            })
        },
    },
    Step {
        keyword: "もし",
        pattern: "{事業所}が見本{見本}を送信しようとする",
        example: "「見本居宅介護支援センター」が見本「broken-utf8」を送信しようとする",
        help: "見本を端末から送ってみる。断られても途切れてもよく、結果は次の手順で確かめる",
        run: |world, arguments| {
            Box::pin(async move {
                let files = files(arguments.text(1))?;
                transport::try_to_send(world, arguments.text(0), files, false).await
            })
        },
    },
    Step {
        keyword: "もし",
        pattern: "{事業所}が見本{見本}に{数}KBの写真を添えて送信しようとする",
        example: "「見本居宅介護支援センター」が見本「v4-slip」に300KBの写真を添えて送信しようとする",
        help: "見本に写真（JPEG）を添えて送ってみる。途切れてもよく、結果は次の手順で確かめる",
        run: |world, arguments| {
            Box::pin(async move {
                let mut files = files(arguments.text(1))?;
                files.push(("写真.jpg".to_owned(), photo(arguments.number(2)?)));
                transport::try_to_send(world, arguments.text(0), files, false).await
            })
        },
    },
    Step {
        keyword: "もし",
        pattern: "{事業所}が見本{見本}を端末の検査を通さずに基盤へ送る",
        example: "「見本居宅介護支援センター」が見本「broken-utf8」を端末の検査を通さずに基盤へ送る",
        help: "端末では検査せず、基盤の検査を試す。結果は次の手順で確かめる",
        run: |world, arguments| {
            Box::pin(async move {
                let files = files(arguments.text(1))?;
                transport::try_to_send(world, arguments.text(0), files, true).await
            })
        },
    },
    Step {
        keyword: "ならば",
        pattern: "{事業所}に見本{見本}が1バイトも違わずに届いている",
        example: "「みどりヘルパーステーション」に見本「v4-slip」が1バイトも違わずに届いている",
        help: "取得したファイルが見本と同じ名前・同じバイト列で、余分も不足もないことを確かめる",
        run: |world, arguments| Box::pin(async move { arrived(world, &arguments) }),
    },
];

fn arrived(world: &World, arguments: &Arguments) -> StepResult {
    let expected = files(arguments.text(1))?;
    same_files(&expected, &transport::fetched(world, arguments.text(0))?)
}

/// Whether two sets of files are the same, whatever their order.
pub(super) fn same_files(expected: &[NamedBytes], found: &[NamedBytes]) -> StepResult {
    let digests = |files: &[NamedBytes]| -> BTreeMap<String, String> {
        files.iter().map(|(name, bytes)| (name.clone(), redact::sha256(bytes))).collect()
    };
    let (wanted, got) = (digests(expected), digests(found));
    if wanted == got && expected.len() == found.len() {
        return Ok(());
    }
    let list = |files: &BTreeMap<String, String>| -> String {
        let lines: Vec<_> = files.iter().map(|(name, digest)| format!("{name} {digest}")).collect();
        if lines.is_empty() { "ファイルなし".to_owned() } else { lines.join("\n") }
    };
    Err(Failure::unlike(list(&wanted), list(&got)))
}

/// The files of a sample.
pub(super) fn files(folder: &str) -> Result<Vec<NamedBytes>, Failure> {
    let files =
        sample(folder).ok_or_else(|| Failure::setup("見本のフォルダー名（samples/）", folder))?;
    Ok(files.iter().map(|(name, bytes)| ((*name).to_owned(), bytes.to_vec())).collect())
}

/// Bytes that are a JPEG to anybody who looks at both ends.
pub(super) fn photo(kilobytes: u64) -> Vec<u8> {
    let size = usize::try_from(kilobytes).unwrap_or(0) * 1024;
    let mut bytes = vec![0xff, 0xd8, 0xff, 0xe0];
    bytes.resize(size.max(6) - 2, 0x20);
    bytes.extend([0xff, 0xd9]);
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_compared_by_name_and_content() {
        let file = |name: &str, bytes: &[u8]| (name.to_owned(), bytes.to_vec());
        let two = [file("a", b"1"), file("b", b"2")];
        let turned = [file("b", b"2"), file("a", b"1")];
        assert!(same_files(&two, &turned).is_ok());
        assert!(same_files(&two, &two[..1]).is_err());
        assert!(same_files(&two, &[file("a", b"1"), file("b", b"3")]).is_err());
        assert!(same_files(&two[..1], &[file("a", b"1"), file("a", b"1")]).is_err(), "twice");
    }

    #[test]
    fn a_photo_has_its_size_and_looks_like_one() {
        let photo = photo(300);
        assert_eq!(photo.len(), 300 * 1024);
        assert!(photo.starts_with(&[0xff, 0xd8, 0xff]) && photo.ends_with(&[0xff, 0xd9]));
    }
}
