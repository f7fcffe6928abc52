//! The book as a folder: every situation with its files, and the page to read.

use crate::{
    chapters::book,
    file::AnswerFile,
    page::page,
    situation::{Edition, Situation, WrongEdition},
    summary::Summary,
};

/// A file of the exported book.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExportFile {
    /// Where it goes, below the folder that was asked for: folders, then the name.
    pub path: Vec<String>,
    /// Its content.
    pub bytes: Vec<u8>,
}

/// The whole book as files: `index.html`, and one folder a situation with `correct-4.1`,
/// `correct-3.2`, `wrong-…`, `README.md` and `answer.json`.
pub fn export() -> Vec<ExportFile> {
    let chapters = book();
    let mut files = vec![file(&["index.html"], page(&chapters).into_bytes())];
    for situation in chapters.iter().flat_map(|chapter| &chapter.situations) {
        files.extend(folder(situation));
    }
    files
}

fn folder(situation: &Situation) -> Vec<ExportFile> {
    let (editions, wrongs) = (situation.editions(), situation.wrong_editions());
    let json = serde_json::to_string_pretty(&Summary::of(situation));
    let json = json.expect("a summary is plain words and numbers") + "\n";
    let mut files = vec![
        file(&[situation.id, "README.md"], readme(situation, &editions, &wrongs).into_bytes()),
        file(&[situation.id, "answer.json"], json.into_bytes()),
    ];
    let correct = editions.iter().map(|edition| (edition.folder(), &edition.files));
    let wrong = wrongs.iter().map(|wrong| (wrong.folder(), &wrong.files));
    for (folder, of_sending) in correct.chain(wrong) {
        let in_folder = |one: &AnswerFile| file(&[situation.id, &folder, &one.name], one.bytes());
        files.extend(of_sending.iter().map(in_folder));
    }
    files
}

fn file(path: &[&str], bytes: Vec<u8>) -> ExportFile {
    ExportFile { path: path.iter().map(|part| (*part).to_owned()).collect(), bytes }
}

fn readme(situation: &Situation, editions: &[Edition], wrongs: &[WrongEdition]) -> String {
    let mut text = format!(
        "# {}\n\n{} (`{}`)\n\n- 業務: {}\n- 難しさ: {}\n- 標準仕様: {}\n",
        situation.title.ja,
        situation.title.en,
        situation.id,
        situation.happens,
        situation.hard,
        situation.says,
    );
    if situation.is_illustrative {
        text.push_str("- サービスコードと単位数は例示です。\n");
    }
    if let Some(only) = situation.only {
        text.push_str(&format!("- 版: {only}\n"));
    }
    text.push_str("\n## 正しいファイル\n\n");
    for edition in editions {
        text.push_str(&format!("- `{}`（{}版）\n", edition.folder(), edition.version.label));
        for (finding, why) in &edition.accepted {
            text.push_str(&format!("  - 検査は `{}` を示しますが、正しい: {why}\n", finding.rule));
        }
    }
    text.push_str("\n## 誤ったファイルと、検査が示すもの\n\n");
    for wrong in wrongs {
        text.push_str(&format!("- `{}`: {}\n", wrong.folder(), wrong.title.ja));
        for change in &wrong.changes {
            text.push_str(&format!("  - {change}\n"));
        }
        for finding in &wrong.expected {
            text.push_str(&format!("  - → {finding}\n"));
        }
    }
    text
}
