//! The book as one static page of HTML: nothing is loaded from anywhere, everything can be found with
//! the browser's own search, and it prints on A4.

use std::fmt::Write;

use careplan_standard::{FileName, Finding, Lang};

use crate::{
    chapters::Chapter,
    file::AnswerFile,
    situation::{Edition, Situation, WrongEdition},
    view::{self, Telling},
};

/// How many records of a file are shown, before the rest is counted.
const ROWS_MAX: usize = 12;

/// The whole book.
pub fn page(chapters: &[Chapter]) -> String {
    let mut out = String::new();
    let count: usize = chapters.iter().map(|chapter| chapter.situations.len()).sum();
    out.push_str("<!DOCTYPE html>\n<html lang=\"ja\">\n<head>\n<meta charset=\"utf-8\">\n");
    out.push_str("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
    out.push_str("<title>ケアプランデータ連携 正解集</title>\n<style>\n");
    out.push_str(include_str!("page.css"));
    out.push_str("</style>\n</head>\n<body>\n");
    introduction(&mut out, count);
    contents(&mut out, chapters);
    for chapter in chapters {
        let (ja, en) = (escape(chapter.title.ja), escape(chapter.title.en));
        put(
            &mut out,
            format_args!("<h2 id=\"{}\">{ja} <span class=\"en\">{en}</span></h2>\n", chapter.id),
        );
        for situation in &chapter.situations {
            article(&mut out, situation);
        }
    }
    out.push_str("</body>\n</html>\n");
    out
}

fn introduction(out: &mut String, count: usize) {
    put(
        out,
        format_args!(
            "<header>\n<h1>ケアプランデータ連携 正解集</h1>\n<p class=\"en\">The answer book: {count} situations \
         of care practice, with correct and with wrong files</p>\n\
         <p>介護の現場で起きる{count}の場面について、標準仕様（4.1版と3.2版）の正しいファイルと、ソフトが\
         間違えやすい誤ったファイルを示します。各場面のファイルは、同じ名前のフォルダに入っています。\
         登場する人・事業所・番号はすべて架空です。</p>\n\
         <p class=\"note\">国の標準仕様の例示ではなく、公表された仕様から本プロジェクトが作ったものです。\
         サービスコードと単位数は令和6年度改定にならい、「例示」とある場面では仮のものです。\
         単位数単価は10.00円（その他の地域）です。</p>\n</header>\n"
        ),
    );
}

fn contents(out: &mut String, chapters: &[Chapter]) {
    out.push_str("<nav>\n<h2>目次 <span class=\"en\">Contents</span></h2>\n");
    for chapter in chapters {
        let (ja, en) = (escape(chapter.title.ja), escape(chapter.title.en));
        put(
            out,
            format_args!(
                "<h3><a href=\"#{}\">{ja}</a> <span class=\"en\">{en}</span></h3>\n<ol>\n",
                chapter.id
            ),
        );
        for situation in &chapter.situations {
            let (id, title) = (situation.id, escape(situation.title.ja));
            put(out, format_args!("<li><a href=\"#{id}\">{title}</a></li>\n"));
        }
        out.push_str("</ol>\n");
    }
    out.push_str("</nav>\n");
}

fn article(out: &mut String, situation: &Situation) {
    let Situation { id, title, happens, hard, says, .. } = situation;
    put(
        out,
        format_args!(
            "<article id=\"{id}\">\n<header><h3>{}</h3>\n<p class=\"en\">{}</p>\n\
         <p class=\"id\">{id}</p></header>\n<dl>\n<dt>業務</dt><dd>{}</dd>\n<dt>難しさ</dt><dd>{}</dd>\n\
         <dt>標準仕様</dt><dd>{}</dd>\n",
            escape(title.ja),
            escape(title.en),
            escape(happens),
            escape(hard),
            escape(says),
        ),
    );
    if let Some(only) = situation.only {
        put(out, format_args!("<dt>版</dt><dd>{}</dd>\n", escape(only)));
    }
    if situation.is_illustrative {
        out.push_str("<dt>例示</dt><dd>サービスコードと単位数は仮のものです。</dd>\n");
    }
    out.push_str("</dl>\n");
    for (at, edition) in situation.editions().iter().enumerate() {
        correct(out, situation, edition, at == 0);
    }
    out.push_str("<h4 class=\"bad\">誤ったファイルと、検査が示すもの</h4>\n");
    for wrong in situation.wrong_editions() {
        spoilt(out, situation, &wrong);
    }
    out.push_str("</article>\n");
}

/// The newest version with its telling items; of the others the names.
fn correct(out: &mut String, situation: &Situation, edition: &Edition, is_first: bool) {
    let label = &edition.version.label;
    put(
        out,
        format_args!(
            "<h4 class=\"good\">正しいファイル（{label}版） <a class=\"id\" href=\"{}/{}/\">{1}</a></h4>\n",
            situation.id,
            edition.folder(),
        ),
    );
    names(out, &edition.files);
    if is_first {
        for telling in view::telling(situation, &edition.files, edition.version) {
            table(out, &telling);
        }
    }
    for (finding, why) in &edition.accepted {
        put(
            out,
            format_args!(
                "<p class=\"note\">検査は <code>{}</code> を示しますが、正しいファイルです。{}</p>\n",
                finding.rule,
                escape(why),
            ),
        );
    }
}

fn names(out: &mut String, files: &[AnswerFile]) {
    out.push_str("<ul class=\"names\">\n");
    for file in files {
        let title =
            FileName::parse(&file.name).map_or("添付ファイル", |name| name.kind.title());
        put(out, format_args!("<li><code>{}</code> {title}</li>\n", escape(&file.name)));
    }
    out.push_str("</ul>\n");
}

fn table(out: &mut String, telling: &Telling) {
    put(
        out,
        format_args!(
            "<p class=\"file\">{} {}（{}件）</p>\n<div class=\"scroll\"><table>\n<tr><th>件</th>",
            telling.kind.prefix(),
            telling.kind.title(),
            telling.rows.len(),
        ),
    );
    for (no, name) in &telling.columns {
        put(out, format_args!("<th><small>No.{no}</small>{}</th>", escape(name)));
    }
    out.push_str("</tr>\n");
    for (number, values) in telling.rows.iter().take(ROWS_MAX) {
        put(out, format_args!("<tr><td class=\"no\">{number}</td>"));
        for value in values {
            put(out, format_args!("<td>{}</td>", escape(value)));
        }
        out.push_str("</tr>\n");
    }
    out.push_str("</table></div>\n");
    if ROWS_MAX < telling.rows.len() {
        let more = telling.rows.len() - ROWS_MAX;
        put(out, format_args!("<p class=\"note\">ほか{more}件</p>\n"));
    }
}

fn spoilt(out: &mut String, situation: &Situation, wrong: &WrongEdition) {
    put(
        out,
        format_args!(
            "<div class=\"wrong\">\n<p><strong>{}</strong> <span class=\"en\">{}</span>（{}版） \
         <a class=\"id\" href=\"{}/{}/\">{4}</a></p>\n",
            escape(wrong.title.ja),
            escape(wrong.title.en),
            wrong.version.label,
            situation.id,
            wrong.folder(),
        ),
    );
    out.push_str("<ul>\n");
    for change in &wrong.changes {
        put(out, format_args!("<li>{}</li>\n", escape(change)));
    }
    out.push_str("</ul>\n");
    let findings = view::findings(&wrong.files);
    if findings.is_empty() {
        out.push_str("<p>検査では見つかりません。計画と見比べてください。</p>\n");
    } else {
        out.push_str("<div class=\"scroll\"><table class=\"found\">\n<tr><th>規則</th><th>場所</th><th>検査の言葉</th></tr>\n");
        for finding in &findings {
            put(
                out,
                format_args!(
                    "<tr><td><code>{}</code></td><td>{}</td><td>{}</td></tr>\n",
                    finding.rule.id,
                    escape(&place(finding)),
                    escape(&finding.message(Lang::Ja)),
                ),
            );
        }
        out.push_str("</table></div>\n");
    }
    out.push_str("</div>\n");
}

/// Where a finding lies, in as few words as name the place.
fn place(finding: &Finding) -> String {
    let Some(file) = &finding.place.file else { return "送信全体".to_owned() };
    let kind = FileName::parse(file).map(|name| name.kind.prefix().to_owned());
    let mut place = kind.unwrap_or_else(|_| file.clone());
    if let Some(record) = finding.place.record {
        put(&mut place, format_args!(" {record}件目"));
    }
    if let Some(item) = finding.place.item {
        put(&mut place, format_args!(" No.{item}"));
    }
    place
}

fn escape(text: &str) -> String {
    let text = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    text.replace('"', "&quot;").replace('\'', "&#39;")
}

fn put(out: &mut String, words: std::fmt::Arguments<'_>) {
    out.write_fmt(words).expect("writing to a string does not fail");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_character_of_a_text_is_taken_for_markup() {
        assert_eq!(escape("<b a='1' c=\"2\">&"), "&lt;b a=&#39;1&#39; c=&quot;2&quot;&gt;&amp;");
    }
}
