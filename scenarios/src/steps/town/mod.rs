//! Steps of a town's month: every office of the town does its part, and what it came to is told in
//! numbers.

mod desks;
mod judge;
mod month;
mod outgoing;

use std::sync::Arc;

use careplan_sandbox::care_software::Town;

use self::desks::Parcel;
use super::Step;
use crate::{Failure, world::World};

/// What a town's month has come to so far.
pub(crate) struct TownDays {
    town: Arc<Town>,
    sent: Vec<Parcel>,
    arrived: Vec<Parcel>,
}

pub(super) const STEPS: &[Step] = &[
    Step {
        keyword: "前提",
        pattern: "{月}の前の月の末に、小さな町の事業所がすべて参加している",
        example: "「2025年6月」の前の月の末に、小さな町の事業所がすべて参加している",
        help: "種（--seed）と規模（--scale）から決まる町で起動する。規模1は、地域包括支援センター1、居宅4、サービス事業所30（10は3.2版だけ、5は端末2台）、利用者300人（うち委託40人）。人数も割合もこの試験のもので、統計ではない",
        run: |world, arguments| Box::pin(month::begin(world, arguments)),
    },
    Step {
        keyword: "もし",
        pattern: "町の居宅がそれぞれ、相手の介護ソフトが読める版で予定を出力し、一括送信する",
        example: "町の居宅がそれぞれ、相手の介護ソフトが読める版で予定を出力し、一括送信する",
        help: "付き合いのあるサービス事業所すべてあてに、第6表・第7表・利用者補足情報を 4.1 か 3.2 で書き、1台の端末からまとめて送る",
        run: |world, _| Box::pin(month::send_slips(world)),
    },
    Step {
        keyword: "もし",
        pattern: "町のサービス事業所がそれぞれ、すべての端末で受信し、介護ソフトに取り込む",
        example: "町のサービス事業所がそれぞれ、すべての端末で受信し、介護ソフトに取り込む",
        help: "端末が2台なら、actual では2台が同時に受信一覧を開き、plus では1台目が1件おきに引き取って、残りを2台目が受信する。取得したものは、1件ずつ介護ソフトに渡す",
        run: |world, _| Box::pin(month::services_receive(world)),
    },
    Step {
        keyword: "もし",
        pattern: "町のサービス事業所がそれぞれ、ひと月の実績を記録する",
        example: "町のサービス事業所がそれぞれ、ひと月の実績を記録する",
        help: "訪問・通所1回ごとに、6％が中止、3％が時間の変更、1.5％が追加になる。割合はこの試験が決めたもので、統計ではない",
        run: |world, _| Box::pin(month::record(world)),
    },
    Step {
        keyword: "もし",
        pattern: "翌月のはじめに、町のサービス事業所がそれぞれ、居宅に実績を送信する",
        example: "翌月のはじめに、町のサービス事業所がそれぞれ、居宅に実績を送信する",
        help: "時計を翌月2日に進め、予定と同じ版で出力して送る。1件も実績のない居宅には、メッセージだけを送る",
        run: |world, _| Box::pin(month::send_results(world)),
    },
    Step {
        keyword: "もし",
        pattern: "町の居宅がそれぞれ受信し、介護ソフトに取り込む",
        example: "町の居宅がそれぞれ受信し、介護ソフトに取り込む",
        help: "実績とメッセージを受信し、1件ずつ介護ソフトに渡す",
        run: |world, _| Box::pin(month::practices_receive(world)),
    },
    Step {
        keyword: "もし",
        pattern: "町の居宅がそれぞれ、委託された利用者の実績に予定を添えて、地域包括支援センターに送信する",
        example: "町の居宅がそれぞれ、委託された利用者の実績に予定を添えて、地域包括支援センターに送信する",
        help: "予定と実績の2つの送信単位を、それぞれの連番で、1回の送信にする",
        run: |world, _| Box::pin(month::send_on(world)),
    },
    Step {
        keyword: "もし",
        pattern: "町の地域包括支援センターが受信し、介護ソフトに取り込む",
        example: "町の地域包括支援センターが受信し、介護ソフトに取り込む",
        help: "委託した利用者の予定と実績を受信し、1件ずつ介護ソフトに渡す",
        run: |world, _| Box::pin(month::centres_receive(world)),
    },
    Step {
        keyword: "ならば",
        pattern: "町で送られたものはすべて、あて先の事業所に1回だけ、1バイトも違わずに届いている",
        example: "町で送られたものはすべて、あて先の事業所に1回だけ、1バイトも違わずに届いている",
        help: "これまでに送ったもの（送信元・あて先・メッセージ・ファイル名・SHA-256）と、取得したものが過不足なく一致することを確かめる",
        run: |world, _| Box::pin(month::is_all_through(world)),
    },
    Step {
        keyword: "ならば",
        pattern: "町の居宅の予実突合に、サービス事業所が記録した中止・変更・追加だけがすべて現れる",
        example: "町の居宅の予実突合に、サービス事業所が記録した中止・変更・追加だけがすべて現れる",
        help: "居宅ごとに予定と実績を比べ、違いが記録されたものと過不足なく一致することを確かめる",
        run: |world, _| Box::pin(month::deviations_agree(world)),
    },
    Step {
        keyword: "ならば",
        pattern: "利用者一人ひとりの実績は居宅でもサービス事業所の記録のとおりで、ほかの実績は1件もない",
        example: "利用者一人ひとりの実績は居宅でもサービス事業所の記録のとおりで、ほかの実績は1件もない",
        help: "サービス事業所の記録と居宅の介護ソフトにある実績を、利用者ごと・行ごと・項目ごとに突き合わせる。余分な行（町の人でない人、二重、よその事業所のもの）もないことを確かめる",
        run: |world, _| Box::pin(month::results_agree(world)),
    },
    Step {
        keyword: "ならば",
        pattern: "町の地域包括支援センターにあるのは、委託した利用者の予定と実績だけで、居宅のものと同じである",
        example: "町の地域包括支援センターにあるのは、委託した利用者の予定と実績だけで、居宅のものと同じである",
        help: "センターの介護ソフトにある予定と実績を、居宅の予定・サービス事業所の記録と項目ごとに突き合わせる",
        run: |world, _| Box::pin(month::centres_agree(world)),
    },
];

impl World {
    /// The town of this scenario.
    fn days(&mut self) -> Result<&mut TownDays, Failure> {
        let missing = || Failure::setup("先に「小さな町の事業所がすべて参加している」", "町がない");
        self.town.as_mut().ok_or_else(missing)
    }
}
