//! 利用者基本情報, with its two 別表 and the picture of the family.

use careplan_standard::FileKind;

use super::{
    blocks::{Block, Column, Field, Form, Table, TableRow, Value, field, t},
    desk::{Desk, Group, sources},
    plan::filled,
    rows::Row,
};

/// The record of the group's person and day. Where only its 別表 are there, it is blank.
pub(super) fn form(desk: &Desk, group: &Group<'_>) -> Form {
    let blank = Row::blank(FileKind::PersonRecord);
    let records = group.found(FileKind::PersonRecord);
    let row = records.first().map_or(&blank, |(_, row)| row);
    let mut blocks = vec![
        Block::Fields(consultation(row)),
        Block::Fields(person(row)),
        Block::Fields(circumstances(row)),
    ];
    blocks.push(contacts(row));
    blocks.push(Block::Fields(vec![vec![row.field(12, t("家族関係等の状況", "the family"))]]));
    blocks.extend(picture(desk, group, row));
    blocks.push(Block::Fields(vec![
        vec![row.field(12, t("今までの生活", "life so far"))],
        vec![row.field(12, t("１日の生活・すごし方(生活全般)", "a day"))],
    ]));
    blocks.push(day(group));
    blocks.push(Block::Fields(vec![vec![
        row.field(6, t("趣味・楽しみ・特技", "likes")),
        row.field(6, t("友人・地域との関係", "friends and neighbours")),
    ]]));
    blocks.push(illnesses(group));
    blocks.push(Block::Fields(vec![
        vec![
            row.field(6, t("現在利用している公的サービス", "public services")),
            row.field(6, t("現在利用している非公的サービス", "other services")),
        ],
        vec![
            field(4, t("同意日", "agreed on"), row.show("同意日")),
            field(8, t("同意者氏名", "agreed by"), row.text("同意者氏名")),
        ],
    ]));
    let kinds = [FileKind::PersonRecordDay, FileKind::PersonRecordIllness];
    let annexes = kinds.into_iter().flat_map(|kind| group.found(kind)).copied();
    Form {
        slug: "record",
        mark: "",
        title: t("利用者基本情報", "Person's record"),
        aside: Some(field(1, t("作成担当者", "made by"), row.text("作成担当者"))),
        person: Some(desk.whose(group)),
        month: String::new(),
        blocks,
        sources: sources(records.iter().copied().chain(annexes)),
    }
}

fn consultation(row: &Row) -> Vec<Vec<Field>> {
    vec![
        vec![
            field(3, t("相談日", "consulted on"), row.show("相談日")),
            field(4, t("相談方法", "how"), with_more(row, "相談方法", "相談方法(その他の内容)")),
            field(2, t("相談回数", "which time"), row.choice("相談回数")),
            field(3, t("前回相談日", "last time on"), row.show("前回相談日")),
        ],
        vec![
            field(
                5,
                t("本人の現況", "where the person is"),
                with_more(row, "利用者の現況", "利用者の現況(状況補足)"),
            ),
            field(4, t("計画種類", "kind of plan"), row.choice("計画種類")),
            field(3, t("委託の有無", "entrusted"), row.choice("委託の有無")),
        ],
    ]
}

fn person(row: &Row) -> Vec<Vec<Field>> {
    vec![
        vec![
            field(
                5,
                t("本人氏名（フリガナ）", "name (kana)"),
                filled(&[row.text("利用者氏名ﾌﾘｶﾞﾅ").to_owned(), row.text("利用者氏名").to_owned()]),
            ),
            field(2, t("性別", "sex"), row.choice("利用者性別")),
            field(3, t("生年月日", "born"), row.show("利用者生年月日")),
            field(2, t("被保険者番号", "insured No"), row.text("被保険者番号")),
        ],
        vec![
            field(6, t("住所", "address"), row.text("利用者住所")),
            field(3, t("Tel", "phone"), row.text("利用者電話番号")),
            field(3, t("Fax", "fax"), row.text("利用者Fax番号")),
        ],
        vec![field(
            12,
            t("障害高齢者の日常生活自立度", "independence (body)"),
            row.choice("障害高齢者の日常生活自立度"),
        )],
        vec![field(
            12,
            t("認知症高齢者の日常生活自立度", "independence (mind)"),
            row.choice("認知症高齢者の日常生活自立度"),
        )],
        vec![
            field(9, t("認定情報", "care level"), row.choice("要介護状態区分")),
            field(3, t("前回の介護度", "level before"), row.show("前回の介護度")),
        ],
        vec![
            field(
                6,
                t("認定の有効期間", "valid"),
                row.period("認定有効期限開始日", "認定有効期間終了日"),
            ),
            field(
                6,
                t("基本チェックリスト記入結果・記入日", "check list"),
                filled(&[
                    row.show("基本チェックリスト記入結果"),
                    row.show("基本チェックリスト記入日"),
                ]),
            ),
        ],
    ]
}

fn circumstances(row: &Row) -> Vec<Vec<Field>> {
    let disabilities = row.flags(&[
        ("身障", "障害等認定(身障)"),
        ("療育", "障害等認定(療育)"),
        ("精神", "障害等認定(精神)"),
        ("難病", "障害等認定(難病)"),
    ]);
    let incomes = row.flags(&[
        ("国民年金", "経済状況(国民年金)"),
        ("厚生年金", "経済状況(厚生年金)"),
        ("障害年金", "経済状況(障害年金)"),
        ("生活保護", "経済状況(生活保護)"),
    ]);
    vec![
        vec![
            field(6, t("障害等認定", "disabilities"), disabilities),
            field(6, t("特記事項", "remarks"), row.text("障害等認定特記事項")),
        ],
        vec![
            field(6, t("本人の住居環境", "home"), row.choice("居住形態")),
            field(3, t("自室の階数", "floor"), row.show("自室の階数")),
            field(3, t("住宅改修の有無", "home altered"), row.choice("住宅改修の有無")),
        ],
        vec![
            field(6, t("経済状況", "income"), incomes),
            field(6, t("経済状況詳細", "income, details"), row.text("経済状況詳細")),
        ],
        vec![
            field(4, t("来所者（相談者）", "who came"), row.text("来所者(相談者)氏名")),
            field(2, t("続柄", "is the person's"), row.text("来所者(相談者)続柄")),
            field(4, t("住所・連絡先", "address"), row.text("来所者(相談者)住所")),
            field(2, t("電話番号", "phone"), row.text("来所者(相談者)電話番号")),
        ],
    ]
}

/// 緊急連絡先: those that are filled in.
fn contacts(row: &Row) -> Block {
    let items = ["氏名", "続柄", "住所", "電話番号"];
    let of_slot = |slot: u8| items.map(|item| row.text(&format!("{slot} 緊急連絡先({item})")));
    let filled = (1..=4).map(of_slot).filter(|cells| cells.iter().any(|cell| !cell.is_empty()));
    Block::Table(Table {
        title: Some(t("緊急連絡先", "whom to call")),
        columns: vec![
            Column::words(18, t("氏名", "name")),
            Column::words(10, t("続柄", "relation")),
            Column::words(32, t("住所・連絡先", "address")),
            Column::words(16, t("電話番号", "phone")),
        ],
        rows: filled.map(TableRow::of).collect(),
    })
}

fn picture(desk: &Desk, group: &Group<'_>, row: &Row) -> Option<Block> {
    let name = row.text("家族構成 画像ファイル名");
    if name.is_empty() {
        return None;
    }
    let label = t("家族構成", "family");
    let jpeg = desk.picture(group.unit, name).filter(|bytes| shows_something(bytes));
    Some(match jpeg {
        Some(bytes) => Block::Picture(label, name.to_owned(), bytes.to_vec()),
        None => Block::Note(
            label,
            vec![format!(
                "画像 {name} を表示できません（同じ送信の中にないか、画像として読めません）。"
            )],
        ),
    })
}

/// Whether a JPEG has a picture in it: a frame with a width and a height, before any data.
fn shows_something(jpeg: &[u8]) -> bool {
    let Some(mut rest) = jpeg.strip_prefix(b"\xFF\xD8") else { return false };
    while let [0xFF, marker, high, low, body @ ..] = rest {
        let is_frame = matches!(marker, 0xC0..=0xCF) && !matches!(marker, 0xC4 | 0xC8 | 0xCC);
        if is_frame {
            // Bits a sample, then height and width.
            return matches!(body, [_, a, b, c, d, ..] if [*a, *b] != [0, 0] && [*c, *d] != [0, 0]);
        }
        let length = usize::from(u16::from_be_bytes([*high, *low]));
        let Some(next) = body.get(length.saturating_sub(2)..) else { return false };
        if *marker == 0xDA {
            return false;
        }
        rest = next;
    }
    false
}

fn day(group: &Group<'_>) -> Block {
    let items = ["時間", "本人の生活状況", "介護者・家族の生活状況"];
    let rows = group.rows(FileKind::PersonRecordDay);
    Block::Table(Table {
        title: Some(t("１日の生活・すごし方（別表１）", "a day, by the hour")),
        columns: vec![
            Column::words(12, t("時間", "time")),
            Column::words(32, t("本人", "the person")),
            Column::words(32, t("介護者・家族", "carers and family")),
        ],
        rows: rows.iter().map(|row| TableRow::of(items.map(|item| row.text(item)))).collect(),
    })
}

fn illnesses(group: &Group<'_>) -> Block {
    let line = |row: &&Row| {
        let doctor = row.text("医療機関・医師名");
        let mark = if row.text("主治医・意見作成者フラグ") == "1" { "☆" } else { "" };
        TableRow::of([
            row.text("年月日").to_owned(),
            row.text("病名").to_owned(),
            format!("{mark}{doctor}"),
            row.text("医療機関・医師電話番号").to_owned(),
            row.show("経過"),
            row.text("治療中の内容").to_owned(),
        ])
    };
    Block::Table(Table {
        title: Some(t("現病歴・既往歴と経過（別表２）", "illnesses")),
        columns: vec![
            Column::words(12, t("年月日", "when")),
            Column::words(16, t("病名", "illness")),
            Column::words(20, t("医療機関・医師名（主治医・意見作成者に☆）", "doctor")),
            Column::words(14, t("TEL", "phone")),
            Column::words(10, t("経過", "course")),
            Column::words(16, t("治療中の場合は内容", "treatment")),
        ],
        rows: group.rows(FileKind::PersonRecordIllness).iter().map(line).collect(),
    })
}

fn with_more(row: &Row, choice: &str, more: &str) -> Value {
    let mut alternatives = row.choice(choice);
    if let (Some(last), false) = (alternatives.last_mut(), row.text(more).is_empty()) {
        last.words = format!("{}（{}）", last.words, row.text(more));
    }
    Value::Choice(alternatives)
}
