//! 居宅サービス計画書 of March 2025: 第1表, 第2表, 第3表 and their 補足.

use super::{
    bank::{Bank, OFFICES, any, at},
    person::Person,
    records::Records,
    sheet::{Ending, PLANNER, VERSION},
    slip::about,
};
use crate::dice::{Dice, Topic};

const CREATED: &str = "20250320";

/// A text takes at most so many parts: sentences, and line ends between them.
const PARTS_MAX: usize = 12;

/// 第1表: one record a person.
pub(crate) fn first(person: &Person, bank: &Bank, ending: &mut Ending<'_>, out: &mut Records) {
    let mut dice = texts_of(person);
    out.code(VERSION).code(person.insurer).code(person.number).code(CREATED);
    out.code("599-9999").text(&[&bank.address[0]]).nothing(1);
    out.text(&[at(&bank.planners, person.names[2])]).text(&[&bank.address[1]]);
    out.code("599-9998").text(&[&bank.address[0]]).nothing(1).code(PLANNER);
    out.code(CREATED).code("20230401").code("21").code("2");
    out.code("20250110").code("20250201").code("20270131").code(person.level().0);
    long_text(&mut dice, bank, 4, out);
    out.text(&[&bank.sentences[0]]);
    long_text(&mut dice, bank, 5, out);
    out.code("1").nothing(1).code(PLANNER).nothing(1);
    ending.end(out);
}

/// 第2表: 課題, their 目標, their 援助内容, one record each of the last.
pub(crate) fn second(person: &Person, bank: &Bank, ending: &mut Ending<'_>, out: &mut Records) {
    let mut dice = texts_of(person);
    for need in 1..=1 + dice.below(3) {
        for goal in 1..=1 + dice.below(2) {
            for content in 1..=1 + dice.below(3) {
                head(person, out);
                let (is_new_goal, is_new_need) = (content == 1, content == 1 && goal == 1);
                out.number(number(need));
                if is_new_need {
                    out.text(&[any(&mut dice, &bank.needs)])
                } else {
                    out.nothing(1)
                };
                out.number(number(goal));
                if is_new_goal {
                    out.text(&[any(&mut dice, &bank.goals)]).text(&[any(&mut dice, &bank.goals)]);
                    out.text(&[&bank.periods[0]]).text(&[&bank.periods[1]]);
                } else {
                    out.nothing(4);
                }
                out.number(number(content));
                long_text(&mut dice, bank, PARTS_MAX / 2, out);
                service(&mut dice, bank, out);
                out.text(&[any(&mut dice, &bank.frequencies)])
                    .text(&[any(&mut dice, &bank.periods)]);
                out.code(PLANNER).nothing(1);
                ending.end(out);
            }
        }
    }
}

/// 第3表: services of the week, activities of the day, and what is not weekly.
pub(crate) fn third(person: &Person, bank: &Bank, ending: &mut Ending<'_>, out: &mut Records) {
    let mut dice = texts_of(person);
    head(person, out);
    out.text(&[&bank.kinds[0]]).code("2").code("0800").code("0830").nothing(4);
    ending.end(out);
    for hour in ["0700", "1200", "2100"] {
        head(person, out);
        out.nothing(4).text(&[any(&mut dice, &bank.activities)]).code(hour).code(hour).nothing(1);
        ending.end(out);
    }
    head(person, out);
    out.nothing(7);
    out.text(&[&bank.kinds[2]]);
    ending.end(out);
}

/// The person, as 補足 has it beside the plan.
pub(crate) fn supplement(person: &Person, bank: &Bank, ending: &mut Ending<'_>, out: &mut Records) {
    about(person, bank, CREATED, "000000", out);
    ending.end(out);
}

fn head(person: &Person, out: &mut Records) {
    out.code(VERSION).code(person.insurer).code(person.number).code(CREATED).code(CREATED);
}

/// 保険対象区分 to サービス事業所名. What the insurance does not cover has no office.
fn service(dice: &mut Dice, bank: &Bank, out: &mut Records) {
    let kind = dice.below(bank.kinds.len());
    match OFFICES.get(kind).filter(|_| kind < 4) {
        Some((office, _)) => {
            out.code("Y").text(&[&bank.kinds[kind]]).code(office).text(&[&bank.offices[kind]])
        }
        None => out.code("N").text(&[&bank.kinds[kind]]).nothing(2),
    };
}

/// One to `most` sentences, each on a line of its own or behind the one before.
fn long_text(dice: &mut Dice, bank: &Bank, most: usize, out: &mut Records) {
    let mut parts: [&[u8]; PARTS_MAX] = [b""; PARTS_MAX];
    for pair in parts[..2 * (1 + dice.below(most.min(PARTS_MAX / 2)))].chunks_mut(2) {
        pair[0] = any(dice, &bank.sentences);
        if dice.happens(60) {
            pair[1] = any(dice, &bank.line_ends);
        }
    }
    out.text(&parts);
}

/// The same for every sheet of a person: nothing there has to differ.
fn texts_of(person: &Person) -> Dice {
    let number = person.number.iter().fold(0, |sum, digit| sum * 10 + u64::from(digit & 0x0F));
    let [one, two, three] = person.names.map(|name| name as u64);
    Dice::new(one << 12 | two << 6 | three, Topic::Texts, number)
}

fn number(of: usize) -> u32 {
    u32::try_from(of).unwrap_or(u32::MAX)
}
