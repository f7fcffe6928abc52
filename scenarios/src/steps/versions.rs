//! Steps of files in hand, of whatever version: lay them ready, spoil their version, send them,
//! and look at what became of it at either end.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use careplan_protocol::{
    Lang, Severity,
    hub::{Delivery, DeliveryState},
};
use careplan_sandbox::reference_client::ClientError;
use careplan_standard::{self as standard, RecordWriter, read_records};

use super::{Arguments, Step, StepResult, refusals::with_rules, samples, transport};
use crate::{
    Failure,
    world::{Attempt, NamedBytes, World},
};

pub(super) const STEPS: &[Step] = &[
    Step {
        keyword: "もし",
        pattern: "{事業所}が見本{見本}を手元に置く",
        example: "「見本居宅介護支援センター」が見本「v4-slip」を手元に置く",
        help: "見本のファイル一式を、これから送るファイルにする。それまで手元にあったものは片付ける",
        run: |world, arguments| Box::pin(async move { lay(world, &arguments) }),
    },
    Step {
        keyword: "もし",
        pattern: "{事業所}が手元のファイルに見本{見本}を加える",
        example: "「見本居宅介護支援センター」が手元のファイルに見本「v4-slip」を加える",
        help: "介護ソフトが出力したファイルなど、手元にあるものと一緒に送るファイルを増やす",
        run: |world, arguments| Box::pin(async move { add(world, &arguments) }),
    },
    Step {
        keyword: "もし",
        pattern: "{事業所}が手元の{ファイル}のCSVバージョンを{値}に書き換える",
        example: "「見本居宅介護支援センター」が手元の「UPHOSOKU」のCSVバージョンを「202208」に書き換える",
        help: "名前がこれで始まるファイルの全レコードの項目1を書き換える（「すべて」なら全ファイル）。名前は変えない",
        run: |world, arguments| {
            Box::pin(async move { rewrite(world, &arguments, arguments.text(2), |_| true) })
        },
    },
    Step {
        keyword: "もし",
        pattern: "{事業所}が手元の{ファイル}の{数}件目だけ、CSVバージョンを{値}に書き換える",
        example: "「見本居宅介護支援センター」が手元の「UPPLAN」の2件目だけ、CSVバージョンを「202208」に書き換える",
        help: "名前がこれで始まるファイルの、この1件のレコードの項目1だけを書き換える",
        run: |world, arguments| {
            Box::pin(async move {
                let wanted = arguments.number(2)?;
                rewrite(world, &arguments, arguments.text(3), |at| u64::from(at) == wanted)
            })
        },
    },
    Step {
        keyword: "もし",
        pattern: "{事業所}が手元のファイルを送信しようとする",
        example: "「見本居宅介護支援センター」が手元のファイルを送信しようとする",
        help: "手元に置いたファイル、または介護ソフトが直前に出力したファイルを送ってみる。結果は次の手順で確かめる",
        run: |world, arguments| Box::pin(send(world, arguments, false)),
    },
    Step {
        keyword: "もし",
        pattern: "{事業所}が手元のファイルを、相手の版も検査も気にせずに送る",
        example: "「見本居宅介護支援センター」が手元のファイルを、相手の版も検査も気にせずに送る",
        help: "端末では検査せず、利用事業所一覧も見ずに基盤へ送る（careplan client send --unchecked）。結果は次の手順で確かめる",
        run: |world, arguments| Box::pin(send(world, arguments, true)),
    },
    Step {
        keyword: "ならば",
        pattern: "{事業所}の手元のファイルのCSVバージョンは、どのレコードも{値}である",
        example: "「見本居宅介護支援センター」の手元のファイルのCSVバージョンは、どのレコードも「202208」である",
        help: "これから送るファイルを開き、全レコードの項目1を確かめる",
        run: |world, arguments| Box::pin(async move { is_written_in(world, &arguments) }),
    },
    Step {
        keyword: "ならば",
        pattern: "端末に{文}と示される",
        example: "端末に「careplan convert」と示される",
        help: "直前の送信で端末が示した断りの文か、ファイルへの指摘のどれかに、この文があることを確かめる",
        run: |world, arguments| Box::pin(async move { is_told(world, arguments.text(0)) }),
    },
    Step {
        keyword: "ならば",
        pattern: "送信は受け付けられ、規則{規則}は警告として示される",
        example: "送信は受け付けられ、規則「version.as-printed」は警告として示される",
        help: "直前の送信が断られず、基盤の検査の指摘に、この規則（careplan rules）の警告があることを確かめる",
        run: |world, arguments| Box::pin(async move { is_warned(world, arguments.text(0)) }),
    },
    Step {
        keyword: "ならば",
        pattern: "{事業所}の受信一覧に、CSVバージョン{値}の{数}ファイルが見える",
        example: "「みどりヘルパーステーション」の受信一覧に、CSVバージョン「202208」の3ファイルが見える",
        help: "受信一覧を開き、まだ取得していないもののうち、この値（「—」なら標準仕様のCSVでないもの）で示されるファイルの数を確かめる",
        run: |world, arguments| Box::pin(async move { lists(world, &arguments).await }),
    },
    Step {
        keyword: "ならば",
        pattern: "{事業所}に、{あて先}あてのものが{数}件届いている",
        example: "「みどりヘルパーステーション」に、「2770200036_11」あてのものが1件届いている",
        help: "受信一覧を開き、まだ取得していないもののあて先が、事業所番号とサービス種類（4.1）か事業所番号だけ（3.2）かを確かめる",
        run: |world, arguments| Box::pin(async move { is_addressed(world, &arguments).await }),
    },
];

/// The files that an office is about to send, with their bytes.
pub(super) fn at_hand(world: &World, office: &str) -> Result<Vec<NamedBytes>, Failure> {
    let written = world.written.get(office);
    let nothing = || Failure::setup("先に手元に置くか、介護ソフトで出力する手順", office);
    transport::read(written.ok_or_else(nothing)?)
}

/// Makes these the files that an office is about to send, in a folder of their own.
pub(super) fn put_at_hand(world: &mut World, office: &str, files: &[NamedBytes]) -> StepResult {
    let folder = free_folder(&world.office(office)?.outgoing)?;
    let mut written = Vec::new();
    for (name, bytes) in files {
        let path = folder.join(name);
        fs::write(&path, bytes).map_err(ours)?;
        written.push(path);
    }
    world.written.insert(office.to_owned(), written);
    Ok(())
}

fn free_folder(outgoing: &Path) -> Result<PathBuf, Failure> {
    let count = fs::read_dir(outgoing).map_err(ours)?.count();
    let folder = outgoing.join(format!("手元-{}", count + 1));
    fs::create_dir_all(&folder).map_err(ours)?;
    Ok(folder)
}

fn lay(world: &mut World, arguments: &Arguments) -> StepResult {
    put_at_hand(world, arguments.text(0), &samples::files(arguments.text(1))?)
}

fn add(world: &mut World, arguments: &Arguments) -> StepResult {
    let mut files = at_hand(world, arguments.text(0))?;
    files.extend(samples::files(arguments.text(1))?);
    put_at_hand(world, arguments.text(0), &files)
}

/// Whether a file is meant by what its name begins with, or by 「すべて」.
pub(super) fn is_meant(name: &str, wanted: &str) -> bool {
    wanted == "すべて" || name.strip_prefix(wanted).is_some_and(|rest| rest.starts_with('_'))
}

fn rewrite(
    world: &mut World,
    arguments: &Arguments,
    value: &str,
    is_meant_record: impl Fn(u32) -> bool,
) -> StepResult {
    let (office, wanted) = (arguments.text(0), arguments.text(1));
    let mut files = at_hand(world, office)?;
    let mut count = 0;
    for (_, bytes) in files.iter_mut().filter(|(name, _)| is_meant(name, wanted)) {
        let (rewritten, times) = with_version(bytes, value, &is_meant_record);
        (*bytes, count) = (rewritten, count + times);
    }
    if count == 0 {
        return Err(Failure::setup("手元にあるファイルとレコード", wanted));
    }
    put_at_hand(world, office, &files)
}

/// The records with another value in item 1, and how many were changed.
fn with_version(bytes: &[u8], value: &str, is_meant: impl Fn(u32) -> bool) -> (Vec<u8>, usize) {
    let (mut writer, mut count) = (RecordWriter::new(), 0);
    for record in read_records(bytes).records() {
        let mut fields = record.fields();
        if is_meant(record.number()) && fields.next().is_some() {
            writer.code(value);
            count += 1;
        }
        fields.for_each(|field| writer.copied(&field));
        writer.end();
    }
    (writer.finish(), count)
}

async fn send(world: &mut World, arguments: Arguments, unchecked: bool) -> StepResult {
    let files = at_hand(world, arguments.text(0))?;
    transport::try_to_send(world, arguments.text(0), files, unchecked).await
}

fn is_written_in(world: &World, arguments: &Arguments) -> StepResult {
    let files = at_hand(world, arguments.text(0))?;
    let is_csv = |name: &str| name.to_lowercase().ends_with(".csv");
    let mut found = BTreeSet::new();
    for (_, bytes) in files.iter().filter(|(name, _)| is_csv(name)) {
        let values = read_records(bytes);
        found.extend(values.records().filter_map(|record| Some(record.field(1)?.text())));
    }
    let (wanted, found) = (arguments.text(1), Vec::from_iter(found).join("、"));
    if found == wanted { Ok(()) } else { Err(Failure::unlike(wanted, found)) }
}

fn is_told(world: &World, wanted: &str) -> StepResult {
    let heard = world.told.last().filter(|_| world.attempt != Some(Attempt::Accepted));
    let heard = heard.ok_or_else(|| Failure::unlike(wanted, "何も断られていません"))?;
    let findings = match &heard {
        ClientError::Check(report) => &report.findings[..],
        ClientError::Problem(problem) => &problem.findings[..],
        _ => &[],
    };
    let line = heard.line(Lang::Ja);
    let is_there = line.contains(wanted) || findings.iter().any(|it| it.message.contains(wanted));
    if is_there { Ok(()) } else { Err(Failure::unlike(wanted, with_rules(&line, findings))) }
}

fn is_warned(world: &World, rule: &str) -> StepResult {
    transport::is_accepted(world)?;
    let findings = &world.findings;
    if findings.iter().any(|found| found.rule == rule && found.severity == Severity::Warning) {
        return Ok(());
    }
    let told = findings.iter().map(|found| format!("{:?} {}", found.severity, found.rule));
    Err(Failure::unlike(format!("警告 {rule}"), told.collect::<Vec<_>>().join("\n")))
}

/// What an office's first terminal holds and has not fetched, after it has opened 受信一覧.
async fn new_ones(world: &World, office: &str) -> Result<Vec<Delivery>, Failure> {
    let listed = world.terminal(office, None).await?.inbox().await.map_err(transport::refusal)?;
    let deliveries = listed.into_iter().map(|entry| entry.delivery);
    Ok(deliveries.filter(|delivery| delivery.state != DeliveryState::Fetched).collect())
}

async fn lists(world: &World, arguments: &Arguments) -> StepResult {
    let (wanted, count) = (arguments.text(1), arguments.number(2)?);
    let new = new_ones(world, arguments.text(0)).await?;
    let shown: Vec<&str> = new
        .iter()
        .flat_map(|delivery| &delivery.files)
        .map(|file| file.csv_version.as_deref().unwrap_or("—"))
        .collect();
    match shown.iter().filter(|version| **version == wanted).count() as u64 == count {
        true => Ok(()),
        false => Err(Failure::unlike(format!("{wanted} が{count}ファイル"), shown.join("、"))),
    }
}

async fn is_addressed(world: &World, arguments: &Arguments) -> StepResult {
    let (wanted, count) = (arguments.text(1), arguments.number(2)?);
    let new = new_ones(world, arguments.text(0)).await?;
    let told = |delivery: &Delivery| standard::Party::from(delivery.to.clone()).to_string();
    let found: Vec<String> = new.iter().map(told).collect();
    match found.iter().filter(|to| *to == wanted).count() as u64 == count {
        true => Ok(()),
        false => Err(Failure::unlike(format!("{wanted} あてが{count}件"), found.join("、"))),
    }
}

fn ours(error: impl std::fmt::Display) -> Failure {
    Failure::ours(error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn item_1_alone_is_rewritten_in_the_records_that_are_meant() {
        let bytes = b"202407,1,\"a\r\nb\"\r\n202407,2,\"\"\r\n";
        let (all, count) = with_version(bytes, "202208", |_| true);
        assert_eq!((all.as_slice(), count), (&b"202208,1,\"a\r\nb\"\r\n202208,2,\"\"\r\n"[..], 2));
        let (one, count) = with_version(bytes, "2024", |at| at == 2);
        assert_eq!((one.as_slice(), count), (&b"202407,1,\"a\r\nb\"\r\n2024,2,\"\"\r\n"[..], 1));
    }

    #[test]
    fn a_file_is_meant_by_its_whole_prefix() {
        assert!(is_meant("UPYOBO_2700100021.CSV", "UPYOBO"));
        assert!(!is_meant("UPPLAN_2700100021.CSV", "UPYOBO"));
        assert!(is_meant("anything.pdf", "すべて"));
    }
}
