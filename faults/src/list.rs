//! What faults do to lists and other JSON. An answer of another form is left alone.

use serde_json::{Map, Value, json};

/// The members that are lists of things with ids. A delivery's list of files is its content.
const LISTS: [&str; 3] = ["deliveries", "submissions", "offices"];

/// Lists every entry twice.
pub(crate) fn duplicate(answer: &mut Value) {
    if let Some(list) = list_in(answer) {
        *list = list.iter().flat_map(|entry| [entry.clone(), entry.clone()]).collect();
    }
}

/// Turns the order around, and on by as many places as chance says.
pub(crate) fn reorder(answer: &mut Value, dice: u64) {
    if let Some(list) = list_in(answer)
        && !list.is_empty()
    {
        list.reverse();
        let places = dice % list.len() as u64;
        list.rotate_left(usize::try_from(places).unwrap_or(0));
    }
}

/// Leaves out the entry that came last; in a list without times the last one.
pub(crate) fn omit_newest(answer: &mut Value) {
    let Some(list) = list_in(answer) else { return };
    let time = |entry: &Value| entry["submitted_at"].as_str().unwrap_or_default().to_owned();
    let newest = (0..list.len()).max_by_key(|at| time(&list[*at]));
    if let Some(newest) = newest {
        list.remove(newest);
    }
}

/// Makes a page of the first entry alone, behind which the next one goes on.
pub(crate) fn cut_to_one(answer: &mut Value) {
    let Some(list) = list_in(answer).filter(|list| 1 < list.len()) else { return };
    list.truncate(1);
    let place = ["id", "office"].into_iter().find_map(|name| list[0].get(name).cloned());
    if let Some(place) = place {
        answer["next"] = place;
    }
}

/// Adds members that nobody knows, at every level.
pub(crate) fn add_unknown(answer: &mut Value) {
    match answer {
        Value::Object(members) => {
            members.values_mut().for_each(add_unknown);
            add_to(members);
        }
        Value::Array(entries) => entries.iter_mut().for_each(add_unknown),
        _ => {}
    }
}

/// The list in an answer, if it is one.
fn list_in(answer: &mut Value) -> Option<&mut Vec<Value>> {
    let members = answer.as_object_mut()?;
    let name = LISTS.into_iter().find(|name| members.contains_key(*name))?;
    members.get_mut(name)?.as_array_mut()
}

fn add_to(members: &mut Map<String, Value>) {
    members.insert("unknown".to_owned(), json!({ "added": [1, null, "知らない項目"] }));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer() -> Value {
        json!({ "deliveries": [
            { "id": "a", "submitted_at": "2025-04-01T00:00:00Z" },
            { "id": "b", "submitted_at": "2025-04-03T00:00:00Z" },
            { "id": "c", "submitted_at": "2025-04-02T00:00:00Z" },
        ] })
    }

    fn ids(answer: &Value) -> String {
        let list = answer["deliveries"].as_array().expect("a list");
        list.iter().filter_map(|entry| entry["id"].as_str()).collect()
    }

    #[test]
    fn lists_are_doubled_turned_and_shortened() {
        let after = |change: &dyn Fn(&mut Value)| {
            let mut answer = answer();
            change(&mut answer);
            ids(&answer)
        };
        assert_eq!(after(&duplicate), "aabbcc");
        assert_eq!(after(&|answer| reorder(answer, 4)), "bac");
        assert_eq!(after(&omit_newest), "ac");
    }

    #[test]
    fn a_tiny_page_says_where_the_next_one_begins() {
        let mut answer = answer();
        cut_to_one(&mut answer);
        assert_eq!((ids(&answer).as_str(), &answer["next"]), ("a", &json!("a")));
        let mut offices = json!({ "offices": [{ "office": "1" }, { "office": "2" }] });
        cut_to_one(&mut offices);
        assert_eq!(offices, json!({ "offices": [{ "office": "1" }], "next": "1" }));
        let whole = json!({ "deliveries": [{ "id": "a" }] });
        let mut one = whole.clone();
        cut_to_one(&mut one);
        assert_eq!(one, whole, "nothing follows");
    }

    #[test]
    fn what_is_no_list_stays_as_it_is() {
        for one in [json!({ "id": "a", "files": [1, 2] }), json!([1, 2]), json!({ "offices": [] })]
        {
            let mut changed = one.clone();
            duplicate(&mut changed);
            reorder(&mut changed, 1);
            omit_newest(&mut changed);
            cut_to_one(&mut changed);
            assert_eq!(changed, one);
        }
    }

    #[test]
    fn unknown_members_are_added_at_every_level() {
        let mut answer = answer();
        add_unknown(&mut answer);
        assert!(answer["unknown"].is_object() && answer["deliveries"][1]["unknown"].is_object());
        assert_eq!(ids(&answer), "abc");
    }
}
