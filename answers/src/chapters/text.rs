//! Free text at its worst.

use careplan_standard::FileKind::{PlanTable1, PlanTable2};

use crate::{
    cast::{DAY, PLANNER, ichiro},
    edit::{Edit, Encoding, replace, set},
    expected::found,
    situation::{Situation, situation, wrong},
    unit::{Unit, sheets},
};

const WISHES: &str = "利用者及び家族の生活に対する意向を踏まえた課題分析の結果";

pub(super) fn situations() -> Vec<Situation> {
    vec![newlines(), quotes(), commas(), very_long(), symbols()]
}

fn plan() -> Unit {
    sheets(PLANNER, DAY, super::plan::short_plan(&ichiro()))
}

fn newlines() -> Situation {
    situation("text.newlines", "改行のある文章", "Text with line ends")
        .story(
            "第1表の意向を、本人・妻・長女の3人分に改行して書く。",
            "1行を1レコードとして読むソフトは、改行のところで項目が足りない行に分かれてしまう。",
            "文字列は \" で囲み、中の改行はそのまま残す。レコードの終わりの改行とは引用符で区別する。",
        )
        .look(PlanTable1, &[WISHES, "総合的な援助の方針"])
        .correct([plan().with(
            PlanTable1,
            1,
            WISHES,
            "本人：家で暮らし続けたい。\r\n妻：腰が痛く、入浴の介助が難しい。\r\n長女：月に一度は様子を見に行ける。",
        )])
        .wrong(
            wrong("never-closed", "閉じる引用符がない", "A quote that is never closed")
                .edit(replace(PlanTable1, "様子を見に行ける。\",", "様子を見に行ける。,"))
                .edit(replace(PlanTable1, "\"特になし\",\"①転倒を防ぐ、②人と会う機会をつくる\"", "特になし,"))
                .finds([
                    found("csv.unclosed-quote").at(PlanTable1, 1, WISHES),
                    found("record.item-count").record(PlanTable1, 1),
                ]),
        )
}

fn quotes() -> Situation {
    situation("text.quotes", "引用符のある文章", "Text with quotes")
        .story(
            "長女の言葉を \"無理のない範囲で\" と引用して書く。",
            "中の引用符を重ねないと、そこで文字列が終わったと読まれ、後の項目がずれる。",
            "文字列の中の \" は2つ重ねて \"\" と書く。全角の引用符“ ”はそのままでよい。",
        )
        .look(PlanTable1, &[WISHES])
        .correct([plan().with(
            PlanTable1,
            1,
            WISHES,
            "長女：\"無理のない\"範囲で、“できるとき”に手伝いたい。",
        )])
        .wrong(
            wrong("not-doubled", "中の引用符を重ねない", "Inner quotes are not doubled")
                .edit(replace(
                    PlanTable1,
                    "長女：\"\"無理のない\"\"範囲",
                    "長女：\"無理のない\"範囲",
                ))
                .finds([
                    found("csv.stray-quote").at(PlanTable1, 1, WISHES),
                    found("csv.text-unquoted").at(PlanTable1, 1, WISHES),
                ]),
        )
        .wrong(
            wrong("backslash", "引用符の前に\\を置く", "A backslash before the quote")
                .edit(replace(
                    PlanTable1,
                    "長女：\"\"無理のない\"\"範囲",
                    "長女：\\\"無理のない\\\"範囲",
                ))
                .finds([
                    found("csv.stray-quote").at(PlanTable1, 1, WISHES),
                    found("csv.text-unquoted").at(PlanTable1, 1, WISHES),
                ]),
        )
}

fn commas() -> Situation {
    situation("text.commas", "カンマのある文章", "Text with commas")
        .story(
            "サービス内容に「掃除,洗濯,買い物」と半角カンマで並べて書く。",
            "引用符で囲まずに出力すると項目が増える。読む側で単純にカンマで切っても同じことが起きる。",
            "文字列は \" で囲み、中のカンマはそのまま書く。",
        )
        .look(PlanTable2, &["課題ＮＯ", "サービス内容"])
        .correct([plan().with(PlanTable2, 1, "サービス内容", "掃除,洗濯,買い物")])
        .wrong(
            wrong("unquoted", "囲まずに出力する", "Written without quotes")
                .edit(replace(PlanTable2, "\"掃除,洗濯,買い物\"", "掃除,洗濯,買い物"))
                .finds([
                    found("record.item-count").record(PlanTable2, 1),
                ]),
        )
}

fn very_long() -> Situation {
    situation("text.very-long", "とても長い文章", "A very long text")
        .story(
            "アセスメントの結果をそのまま貼り付け、意向の欄が千字を超える。",
            "256文字や255バイトで切るソフトがあり、全角の途中で切れると文字化けする。",
            "桁数が「-」の文字列には長さの決まりがない。切らずに全部を出力し、全部を取り込む。",
        )
        .look(PlanTable1, &["居宅サービス計画作成者氏名", "総合的な援助の方針"])
        .correct([plan().with(PlanTable1, 1, WISHES, &LONG.repeat(40))])
        .wrong(
            wrong("cut-within-a-character", "全角の途中で切れる", "Cut within a character")
                .edit(Edit::Bytes {
                    file: PlanTable1.into(),
                    from: b"\x81\x42\",\"\x93\xC1\x82\xC9".to_vec(),
                    to: b"\x81\",\"\x93\xC1\x82\xC9".to_vec(),
                })
                .finds([found("encoding.broken").at(PlanTable1, 1, WISHES)]),
        )
}

const LONG: &str = "朝は六時に起き、新聞を読み、庭に出て草花に水をやるのを日課としている。";

fn symbols() -> Situation {
    situation("text.symbols", "記号・丸数字・単位の文字", "Symbols, circled numbers and units")
        .story(
            "「①歩行器で5㍍歩く　②℡で安否確認　Ⅲ．週1回～」のような記号を書く。",
            "～（波ダッシュ）や－（マイナス）は、UTF-8から変換するときに別の符号になり、「?」になることがある。",
            "MS932にある記号はそのまま使える。〜（U+301C）は～（U+FF5E）に、−（U+2212）は－（U+FF0D）にしてMS932で書く。",
        )
        .look(PlanTable1, &["総合的な援助の方針"])
        .correct([plan().with(
            PlanTable1,
            1,
            "総合的な援助の方針",
            "①歩行器で５㍍歩く　②℡で安否確認　Ⅲ．週１回～２回　㈱みほん　±0　－3kg　∥　￢",
        )])
        .wrong(
            wrong("utf-8-with-a-mark", "BOM付きUTF-8で書く", "UTF-8 with a byte order mark")
                .edit(Edit::Encode(PlanTable1.into(), Encoding::Utf8WithMark))
                .finds([
                    found("encoding.byte-order-mark").file(PlanTable1),
                    found("encoding.utf-8").file(PlanTable1),
                ]),
        )
        .wrong(
            wrong("number-of-full-width", "番号を全角数字で書く", "A number of full width")
                .edit(set(PlanTable2, 1, "課題ＮＯ", "１"))
                .finds([found("item.form").at(PlanTable2, 1, "課題ＮＯ")]),
        )
}
