//! Files: names, encodings, headers, spreadsheets, attachments.

use careplan_standard::FileKind::{Slip, SlipAnnex, Supplement};

use crate::{
    cast::{DAY_A6, HELPER, PLANNER, ichiro},
    edit::{Edit, Encoding, rename, rename_all, replace, set, set_all},
    expected::{Which, found},
    plan::{Help, care_plan, help, weekly},
    service::{month_of, monthly, visit},
    situation::{Situation, situation, wrong},
    unit::{Unit, sheets, slip},
};

pub(super) fn situations() -> Vec<Situation> {
    vec![
        lower_case(),
        office_with_an_a(),
        kind_in_the_name(),
        plan_and_month(),
        spreadsheet(),
        encoding(),
        header(),
        attachment(),
    ]
}

fn month() -> Unit {
    slip(
        PLANNER,
        HELPER,
        [month_of(ichiro(), [visit(HELPER, "111111", 244, "1000-1030").every("火")])],
    )
}

fn lower_case() -> Situation {
    situation("file.lower-case-extension", "拡張子が小文字（.csv）", "A lower-case extension")
        .story(
            "介護ソフトが .csv で出力する。標準仕様の例は .CSV である。",
            "大文字だけを受け付けるソフトでは取り込めない。Windowsでは大文字と小文字を区別しないので、2つ並ぶと片方が消える。",
            "ファイル名の形: 種別_年月_送信元_種類_送信先_種類_連番.CSV。実際のソフトは .csv も書くので、両方を受け付ける。",
        )
        .look(Slip, &["サービス利用日", "サービスコード"])
        .correct([month().with_small_extension()])
        .wrong(
            wrong("text-extension", "拡張子が .txt になる", "An extension of .txt")
                .edit(rename(Slip, ".csv", ".txt"))
                .finds([found("name.extension").file(Slip), found("unit.member-missing")]),
        )
        .wrong(
            wrong("prefix-in-small-letters", "種別を小文字で書く", "The prefix in small letters")
                .edit(rename(Slip, "UPPLAN_", "upplan_"))
                .finds([
                    found("name.prefix").file(Which::Named("upplan")),
                    found("unit.member-missing"),
                ]),
        )
}

fn office_with_an_a() -> Situation {
    situation("file.office-with-an-a", "3文字目がAの事業所番号", "An office number with an A")
        .story(
            "総合事業だけの指定を受けた事業所の番号は、3文字目がAである（27A0300042）。",
            "番号を数字として扱うソフトでは、読めないか0になる。",
            "事業所番号は10文字。標準仕様はAに触れていないが、実際に使われているので、数字10桁と3文字目のAの両方を受け付ける。",
        )
        .look(Slip, &["サービスコード", "サービス事業者コード"])
        .correct([slip(PLANNER, DAY_A6, [month_of(
            ichiro().at_level("12"),
            [monthly(DAY_A6, "A61111", 1798)],
        )])])
        .wrong(
            wrong("a-becomes-zero", "ファイル名のAを0に置き換える", "A zero for the A in the name")
                .edit(rename_all("27A0300042", "2700300042"))
                .finds([found("slip.not-for-destination").record(Slip, 1)]),
        )
        .wrong(
            wrong("nine-digits", "先頭の0や文字が落ちて9桁になる", "Nine digits in the name")
                .edit(rename(Slip, "27A0300042", "270300042"))
                .finds([found("name.office").file(Slip), found("unit.member-missing")]),
        )
}

fn kind_in_the_name() -> Situation {
    situation("file.kind-in-the-name", "ファイル名のサービス種類コード", "The service kind in the name")
        .story(
            "4.1のファイル名には、送信元と送信先のサービス種類コードが入る。3.2には入らない。",
            "種類コードの設定を誤ると送信できず、事業所がファイル名を手で直した例がある。",
            "4.1: 送信元_種類(2)_送信先_種類(2)。居宅介護支援は43、介護予防支援は46、介護予防ケアマネジメントはAF。3.2は種類のない名前。",
        )
        .look(Slip, &["サービスコード", "サービス事業者コード"])
        .correct([month()])
        .wrong(
            wrong("kind-out-of-scope", "送信元の種類を32にする", "A kind that is not carried")
                .edit(rename_all("_2770100012_43_", "_2770100012_32_"))
                .finds([
                    found("name.service-kind-not-carried").file(Slip),
                    found("name.service-kind-not-carried").file(SlipAnnex),
                    found("name.service-kind-not-carried").file(Supplement),
                ]),
        )
        .wrong(
            wrong("name-of-version-3", "4.1の中身に3.2の名前を付ける", "The name of 3.2 on 4.1")
                .edit(rename_all("_43_2770200036_11_", "_2770200036_"))
                .finds([
                    found("name.form-differs").file(Slip),
                    found("name.form-differs").file(SlipAnnex),
                    found("name.form-differs").file(Supplement),
                ]),
        )
        .wrong(
            wrong("one-kind-alone", "送信先の種類だけを入れる", "One of the two kinds alone")
                .edit(rename(Slip, "_2770100012_43_", "_2770100012_"))
                .finds([found("name.parts").file(Slip), found("unit.member-missing")]),
        )
        .wrong(
 wrong("kind-of-one-character", "種類を1文字で書く", "A kind of one character").edit(rename(Slip, "_11_", "_1_")).finds([found("name.service-kind").file(Slip), found("unit.member-missing")]),
)
}

fn plan_and_month() -> Situation {
    situation("file.plan-and-month", "計画書と予定を1回で送る", "A plan and a month in one sending")
        .story(
            "計画書を作り直したので、計画書一式と翌月の予定を1回の送信で送る。",
            "補足が2つ（000000と年月）になるので、同じ連番にまとめたり、片方を省いたりする。",
            "送信単位(1)と(2)を、それぞれの連番で1回の送信に入れる。補足はそれぞれに要る。",
        )
        .look(Slip, &["対象年月", "サービス利用日"])
        .look(Supplement, &["居宅サービス計画作成（変更）日", "対象年月"])
        .correct([
            sheets(
                PLANNER,
                HELPER,
                care_plan(
                    &ichiro(),
                    vec![
                        help(1, 1, 1)
                            .need("家事の一部ができない", "家事を続けられる", "一緒に行う")
                            .by(HELPER, "調理を一緒に行う", "訪問介護", "週1回"),
                    ],
                    vec![weekly(2, "1000-1030", "訪問介護")],
                ),
            ),
            month(),
        ])
        .wrong(
            wrong("one-supplement", "予定の補足を省く", "No 補足 for the month")
                .edit(Edit::DropFile(Which::Nth(Supplement, 2)))
                .finds([found("unit.member-missing")]),
        )
        .wrong(
            wrong("one-sequence", "全部を同じ連番にする", "One sequence for all")
                .edit(rename(Slip, "20250428171503", "20250428171502"))
                .edit(rename(SlipAnnex, "20250428171503", "20250428171502"))
                .edit(rename(Which::Nth(Supplement, 2), "20250428171503", "20250428171502"))
                .finds([found("unit.unknown")]),
        )
}

fn spreadsheet() -> Situation {
    situation("file.spreadsheet", "表計算ソフトで開いて保存したファイル", "Opened and saved with a spreadsheet")
        .story(
            "種類コードを直そうと、CSVを表計算ソフトで開いて上書き保存した。",
            "先頭の0が消え（被保険者番号・時刻）、引用符がなくなる。見た目では気づかない。",
            "被保険者番号は10桁、時刻は4桁、文字列は引用符で囲む。直すときは介護ソフトで直して出力し直す。",
        )
        .look(Slip, &["被保険者番号", "サービス開始時刻", "サービスコード"])
        .correct([month()])
        .wrong(
            wrong("saved", "開いて保存しただけ", "Opened and saved")
                .edit(Edit::Spreadsheet(Supplement.into()))
                .finds([
                    found("item.leading-zeros-lost").at(Supplement, 1, "被保険者番号"),
                    found("item.length").at(Supplement, 1, "居宅サービス計画作成（変更）日"),
                    found("record.supplement-day").at(Supplement, 1, "居宅サービス計画作成（変更）日"),
                    found("csv.text-unquoted").at(Supplement, 1, "利用者氏名フリガナ"),
                ]),
        )
}

fn encoding() -> Situation {
    situation("file.encoding", "文字コードはMS932だけ", "MS932 and nothing else")
        .story(
            "クラウド型の介護ソフトが、内部の文字コード（UTF-8）のまま出力する。",
            "同じUTF-8のソフトどうしでは読めてしまうので、別のソフトに送るまで気づかない。",
            "文字コードはShift-JIS（MS932）。BOMは付けない。",
        )
        .look(Supplement, &["利用者氏名フリガナ", "利用者氏名"])
        .correct([month()])
        .wrong(
            wrong("utf-8", "3つともUTF-8で書く", "All three in UTF-8")
                .edit(Edit::Encode(Slip.into(), Encoding::Utf8))
                .edit(Edit::Encode(SlipAnnex.into(), Encoding::Utf8))
                .edit(Edit::Encode(Supplement.into(), Encoding::Utf8))
                .finds([
                    found("encoding.utf-8").file(Slip),
                    found("encoding.utf-8").file(SlipAnnex),
                    found("encoding.utf-8").file(Supplement),
                ]),
        )
        .wrong(
            wrong(
                "utf-8-with-a-mark",
                "表計算ソフトの「CSV UTF-8」で保存する",
                "UTF-8 with a byte order mark",
            )
            .edit(Edit::Encode(Supplement.into(), Encoding::Utf8WithMark))
            .finds([
                found("encoding.byte-order-mark").file(Supplement),
                found("encoding.utf-8").file(Supplement),
            ]),
        )
        .wrong(
            wrong("utf-16", "UTF-16で書く", "UTF-16")
                .edit(Edit::Encode(Supplement.into(), Encoding::Utf16))
                .finds([found("encoding.utf-16").file(Supplement)]),
        )
        .wrong(
            wrong("euc-jp", "EUC-JPで書く", "EUC-JP")
                .edit(Edit::Encode(Supplement.into(), Encoding::EucJp))
                .finds([found("encoding.euc-jp").file(Supplement)]),
        )
        .wrong(
            wrong("jis", "JIS（ISO-2022-JP）で書く", "ISO-2022-JP")
                .edit(Edit::Encode(Supplement.into(), Encoding::Iso2022Jp))
                .finds([found("encoding.iso-2022-jp").file(Supplement)]),
        )
}

fn header() -> Situation {
    situation("file.header", "見出し行は付けない", "No header line")
        .story(
            "CSVに項目名の見出しを付けて出力する設定がある。",
            "見出しを1件目のレコードとして読むと、版も番号もない利用者ができる。",
            "CSVに見出し行はない。1行目からレコードで、1項目目はCSVバージョン。",
        )
        .look(Slip, &["CSVバージョン", "被保険者番号", "サービス利用日"])
        .correct([month()])
        .wrong(
            wrong("header", "見出しを付ける", "With a header")
                .edit(Edit::Header(Slip.into()))
                .finds([found("csv.header-line").record(Slip, 1)]),
        )
        .wrong(
            wrong("blank-first-item", "1項目目のバージョンが空", "No version")
                .edit(set(Slip, 1, "CSVバージョン", ""))
                .finds([found("item.missing").at(Slip, 1, "CSVバージョン")]),
        )
        .wrong(
            wrong("tabs", "タブで区切る", "Separated by tabs")
                .edit(set_all(Supplement, "識別子", "\t"))
                .finds([found("item.unused-filled").at(Supplement, 1, "識別子")]),
        )
        .wrong(
            wrong("semicolons", "セミコロンで区切る", "Separated by semicolons")
                .edit(Edit::Separator(Supplement.into(), ";"))
                .finds([found("csv.separator").file(Supplement)]),
        )
        .wrong(
            wrong("blank-line", "レコードの間に空の行がある", "A blank line")
                .edit(replace(Slip, "\r\n", "\r\n\r\n"))
                .finds([found("csv.blank-line").record(Slip, 2)]),
        )
}

fn attachment() -> Situation {
    situation("file.attachment", "PDFを添える", "A PDF comes along")
        .story(
            "予定に、アセスメントの記録をPDFで添える。もとはWordの文書である。",
            "Word・Excel・PowerPointは送れない。拡張子だけを .pdf に変えたファイルが届くこともある。",
            "標準仕様はCSVと画像だけを定める。システムの案内では、添付はPDF・CSV・JPEG・JPG・PNG・GIF・TXT。名前に決まりはない。",
        )
        .look(Slip, &["サービス利用日", "サービスコード"])
        .correct([month()])
        .attach("アセスメント記録.pdf", b"%PDF-1.7\n%\xE2\xE3\xCF\xD3\n1 0 obj\n<<>>\nendobj\n%%EOF\n")
        .wrong(
            wrong("word-document", "Wordの文書を添える", "A Word document")
                .edit(Edit::AddFile("会議録.docx", b"PK\x03\x04\x14\x00".to_vec()))
                .finds([found("attachment.type").file(Which::Named("会議録"))]),
        )
        .wrong(
            wrong("word-named-pdf", "拡張子だけを .pdf に変える", "A Word document named PDF")
                .edit(Edit::AddFile("会議録.pdf", b"PK\x03\x04\x14\x00".to_vec()))
                .finds([found("attachment.content").file(Which::Named("会議録"))]),
        )
        .wrong(
 wrong("csv-of-another-form", "標準仕様でないCSVを添える", "Another CSV").edit(Edit::AddFile("利用者一覧.csv", b"no,name\r\n1,x\r\n".to_vec())).finds([found("attachment.csv").file(Which::Named("利用者一覧"))]),
)
}
