//! `Content-Disposition` of a part: what the file is called.
//!
//! Clients write names outside ASCII either raw, as UTF-8 in `filename="…"`, or as
//! `filename*=UTF-8''%E7%AC%AC…` (RFC 5987). The second form wins where both stand (RFC 6266).

/// The file's name; none if there is none, or if it is not UTF-8.
pub(crate) fn file_name(disposition: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(disposition).ok()?;
    let (_, mut rest) = text.split_once(';')?;
    let mut plain = None;
    loop {
        let (name, value, after) = parameter(rest)?;
        if name.eq_ignore_ascii_case("filename*") {
            return extended(&value);
        }
        if name.eq_ignore_ascii_case("filename") {
            plain = Some(value);
        }
        match after {
            Some(after) => rest = after,
            None => return plain,
        }
    }
}

/// One `name=value`, and what follows its semicolon.
fn parameter(text: &str) -> Option<(&str, String, Option<&str>)> {
    let (name, rest) = text.split_once('=')?;
    let rest = rest.trim_start();
    let (value, rest) = match rest.strip_prefix('"') {
        Some(quoted) => unquote(quoted)?,
        None => {
            let end = rest.find(';').unwrap_or(rest.len());
            (rest[..end].trim().to_owned(), &rest[end..])
        }
    };
    let after = rest.trim_start().strip_prefix(';').filter(|after| !after.trim().is_empty());
    Some((name.trim(), value, after))
}

/// A quoted text up to its closing quote, and what follows that.
fn unquote(text: &str) -> Option<(String, &str)> {
    let mut value = String::new();
    let mut chars = text.char_indices();
    while let Some((at, char)) = chars.next() {
        match char {
            '"' => return Some((value, &text[at + 1..])),
            // Browsers leave a backslash as it is; only before these two is it an escape.
            '\\' if text[at + 1..].starts_with(['"', '\\']) => value.push(chars.next()?.1),
            char => value.push(char),
        }
    }
    None
}

/// `UTF-8'language'percent-encoded`.
fn extended(value: &str) -> Option<String> {
    let (charset, rest) = value.split_once('\'')?;
    let (_, encoded) = rest.split_once('\'')?;
    if !charset.eq_ignore_ascii_case("utf-8") {
        return None;
    }
    let mut bytes = Vec::with_capacity(encoded.len());
    let mut rest = encoded.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        rest = after;
        if *first != b'%' {
            bytes.push(*first);
            continue;
        }
        let (digits, after) = rest.split_at_checked(2)?;
        bytes.push(u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()?);
        rest = after;
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(disposition: &str, want: Option<&str>) {
        assert_eq!(file_name(disposition.as_bytes()).as_deref(), want, "{disposition}");
    }

    #[test]
    fn both_ways_of_writing_a_name_are_read() {
        check(r#"form-data; name="file"; filename="a b.pdf""#, Some("a b.pdf"));
        check("form-data; name=file; filename=a.pdf", Some("a.pdf"));
        check(r#"form-data; name="file"; filename="第7表.pdf""#, Some("第7表.pdf"));
        check("form-data; name=file; filename*=utf-8''%E7%AC%AC7%E8%A1%A8.pdf", Some("第7表.pdf"));
        check("form-data; filename*=UTF-8'ja'a%20b.pdf; name=file", Some("a b.pdf"));
        check(r#"form-data; filename="x.pdf"; filename*=UTF-8''y.pdf"#, Some("y.pdf"));
    }

    #[test]
    fn quotes_and_semicolons_inside_a_name_stay_inside() {
        check(r#"form-data; filename="a;name=b.pdf"; name="file""#, Some("a;name=b.pdf"));
        check(r#"form-data; filename="a\"b.pdf""#, Some("a\"b.pdf"));
        check(r#"form-data; filename="C:\dir\a.pdf""#, Some(r"C:\dir\a.pdf"));
    }

    #[test]
    fn what_cannot_be_read_is_no_name() {
        check("form-data", None);
        check(r#"form-data; name="file""#, None);
        check(r#"form-data; filename="a.pdf"#, None);
        check("form-data; filename*=utf-8''%E7%A.pdf", None);
        check("form-data; filename*=utf-8''%FF.pdf", None);
        check("form-data; filename*=shift_jis''a.pdf", None);
        assert_eq!(file_name(b"form-data; filename=\"\x82\xa0.pdf\""), None);
    }
}
