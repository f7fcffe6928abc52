//! The words that files are made of, in MS932 and with their quotes doubled, made once.

use careplan_standard::ms932;

use crate::dice::Dice;

/// Words by what they are for.
pub(crate) struct Bank {
    pub(crate) surnames: Words,
    pub(crate) given_names: Words,
    pub(crate) surname_readings: Words,
    pub(crate) given_name_readings: Words,
    pub(crate) planners: Words,
    pub(crate) address: Words,
    pub(crate) offices: Words,
    pub(crate) equipment: Words,
    pub(crate) sentences: Words,
    pub(crate) needs: Words,
    pub(crate) goals: Words,
    pub(crate) kinds: Words,
    pub(crate) frequencies: Words,
    pub(crate) periods: Words,
    pub(crate) activities: Words,
    pub(crate) line_ends: Words,
}

/// Each in MS932, ready to stand between quotes.
pub(crate) type Words = Vec<Vec<u8>>;

/// Offices that people get their services from: 事業所番号 and name. The first is the destination.
pub(crate) const OFFICES: [(&str, &str); 8] = [
    ("2770200036", "みどりヘルパーステーション"),
    ("2770300042", "デイサービス陽だまり"),
    ("2770400059", "㈱福祉用具サポート髙島"),
    ("2760500065", "訪問看護ステーション見本"),
    ("2770600071", "見本訪問入浴サービス"),
    ("2750700088", "見本リハビリテーション通所センター"),
    ("2770800094", "ショートステイ　練習の里"),
    ("2790900105", "定期巡回ステーション見本２４"),
];

/// Things that are lent: service code, units, TAISコード or else 福祉用具届出コード, model.
pub(crate) const EQUIPMENT: [(&str, u32, &str, bool, &str); 5] = [
    ("171010", 300, "00001-000010", true, "手すり　AB-1"),
    ("171003", 1050, "01234-000567", true, "特殊寝台　眠り－２００"),
    ("171004", 320, "01234-000568", true, "特殊寝台付属品　①サイドレール"),
    ("171001", 600, "00123-000045", true, "車いす　KR-15（自走）"),
    ("171011", 250, "90001-000001", false, "歩行器　見本Ⅱ型"),
];

/// What stands where the plan speaks at length; commas, quotes and extension characters included.
const SENTENCES: [&str; 16] = [
    "起床時と就寝前に体調を確かめ、血圧・体温・睡眠の様子を連絡ノートに記入する。",
    "本人の希望は\"自分の足で近くの商店街まで歩くこと\"であり、無理のない範囲で続ける。",
    "浴室の出入りは手すりを使い,段差では必ず声をかけ,滑り止めマットを毎回確認する。",
    "食事は一口大にし、むせ込みがあれば中止して訪問看護ステーションへ連絡する。",
    "①水分は一日1,200ml以上、②塩分は6g未満、③間食は午後3時に一回とする。",
    "ご家族（長女・髙橋様）の来訪は週末のみのため、平日の買物と調理を支援する。",
    "服薬は一包化されたものをカレンダーから取り出し、飲み込むまで見守る。",
    "転倒の不安が強く外出の機会が減っているため、歩行器の使い方を一緒に練習する。",
    "主治医の意見: \"心不全の増悪に注意\"。体重が3日で2kg以上増えたら受診する。",
    "デイサービスでは友人との会話を楽しみ,囲碁や園芸など得意なことに取り組む。",
    "寝具の交換と居室の掃除を行い、床に物を置かないよう声をかける。",
    "夜間のトイレは足元灯をつけ、ポータブルトイレまでの動線を確保する。",
    "介護者の負担を和らげるため、月に一度の短期入所を計画的に利用する。",
    "㈱福祉用具サポート髙島による点検を半年ごとに行い、記録を事業所で保管する。",
    "口腔ケアは毎食後、義歯を外して洗浄し、痛みや腫れがないか確かめる。",
    "災害時は隣家の﨑山様が避難を手伝い、緊急連絡先一覧を玄関に掲示しておく。",
];

const NEEDS: [&str; 6] = [
    "一人での入浴に不安があるが、家で安心して湯船につかりたい",
    "足腰が弱り外出の機会が減った。もう一度、友人と\"喫茶店\"に行きたい",
    "薬の飲み忘れが続き,体調が安定しない",
    "買物や調理が難しくなったが、住み慣れた家で暮らし続けたい",
    "夜間の転倒を繰り返しており、家族が眠れていない",
    "飲み込みが悪く、食事の量が減って体重が落ちている",
];

const GOALS: [&str; 6] = [
    "安全に入浴でき、清潔を保てる",
    "商店街まで（片道300m）自分で歩いて行ける",
    "体調が安定し、入院せずに過ごせる",
    "見守りのもとで浴槽をまたぐことができる",
    "週に2回、決まった時間に外へ出る",
    "一日三食を\"むせずに\"食べられる",
];

impl Bank {
    /// All words, encoded.
    pub(crate) fn new() -> Self {
        Self {
            surnames: words(&["試験", "見本", "練習", "仮名", "髙山", "山﨑", "例田", "検証"]),
            given_names: words(&["花代", "一郎", "みどり", "太郎", "ふみ", "正吉", "たま", "弘"]),
            surname_readings: words(&[
                "シケン",
                "ミホン",
                "レンシュウ",
                "カメイ",
                "ﾀｶﾔﾏ",
                "ﾔﾏｻｷ",
                "レイダ",
                "ケンショウ",
            ]),
            given_name_readings: words(&[
                "ハナヨ",
                "イチロウ",
                "ミドリ",
                "タロウ",
                "ﾌﾐ",
                "ｼｮｳｷﾁ",
                "タマ",
                "ヒロシ",
            ]),
            planners: words(&["介護　専門", "支援　員子", "計画　立夫"]),
            address: words(&["大阪府見本市練習町", "見本居宅介護支援センター"]),
            offices: words(&OFFICES.map(|(_, name)| name)),
            equipment: words(&EQUIPMENT.map(|(.., model)| model)),
            sentences: words(&SENTENCES),
            needs: words(&NEEDS),
            goals: words(&GOALS),
            kinds: words(&["訪問介護", "通所介護", "福祉用具貸与", "訪問看護", "家族", "本人"]),
            frequencies: words(&["週1回", "週2回", "週3回", "毎日", "随時", "月1回"]),
            periods: words(&["2025/04/01～2026/03/31", "2025/04/01～2025/09/30"]),
            activities: words(&["起床", "朝食", "散歩、買物", "入浴", "就寝", "通院（月1回）"]),
            line_ends: words(&["\n", "\r\n"]),
        }
    }
}

/// One of the words at a place, whatever the place.
pub(crate) fn at(words: &Words, place: usize) -> &[u8] {
    &words[place % words.len()]
}

/// Any of the words.
pub(crate) fn any<'a>(dice: &mut Dice, words: &'a Words) -> &'a [u8] {
    &words[dice.below(words.len())]
}

fn words(words: &[&str]) -> Words {
    let encoded = |word: &&str| {
        ms932::encode(&word.replace('"', "\"\"")).expect("the bank's words are MS932")
    };
    words.iter().map(encoded).collect()
}
