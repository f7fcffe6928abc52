//! `Retry-After`: how long the other side asks to be left alone, in seconds or as a date (RFC 9110,
//! 10.2.3).

use std::time::Duration;

use reqwest::header::{DATE, HeaderMap, HeaderName, RETRY_AFTER};
use time::{OffsetDateTime, PrimitiveDateTime, macros::format_description};

/// What the answer asks for, if it does. A date is read against the answer's own `Date`, since the
/// other side's clock need not be ours; without one against `now`.
pub(crate) fn retry_after(headers: &HeaderMap, now: OffsetDateTime) -> Option<Duration> {
    let text = |name: HeaderName| headers.get(name)?.to_str().ok().map(str::trim);
    let asked = text(RETRY_AFTER)?;
    if let Ok(seconds) = asked.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let then = http_date(asked)?;
    let now = text(DATE).and_then(http_date).unwrap_or(now);
    Some(Duration::try_from(then - now).unwrap_or_default())
}

/// The form in which dates are written today.
fn http_date(text: &str) -> Option<OffsetDateTime> {
    let form = format_description!(
        "[weekday repr:short], [day] [month repr:short] [year] [hour]:[minute]:[second] GMT"
    );
    PrimitiveDateTime::parse(text, form).ok().map(PrimitiveDateTime::assume_utc)
}

#[cfg(test)]
mod tests {
    use reqwest::header::HeaderValue;
    use time::macros::datetime;

    use super::*;

    #[track_caller]
    fn check(headers: &[(HeaderName, &'static str)], want: Option<u64>) {
        let value = |(name, text): &(HeaderName, &'static str)| {
            (name.clone(), HeaderValue::from_static(text))
        };
        let headers = headers.iter().map(value).collect();
        let asked = retry_after(&headers, datetime!(2025-04-28 08:15 UTC));
        assert_eq!(asked, want.map(Duration::from_secs));
    }

    #[test]
    fn seconds_and_dates_are_read() {
        check(&[], None);
        check(&[(RETRY_AFTER, "120")], Some(120));
        check(&[(RETRY_AFTER, "soon")], None);
        check(&[(RETRY_AFTER, "Mon, 28 Apr 2025 08:15:30 GMT")], Some(30));
    }

    #[test]
    fn a_date_is_read_against_the_clock_that_wrote_it() {
        let (date, later) = ("Sun, 06 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 08:49:47 GMT");
        check(&[(RETRY_AFTER, later), (DATE, date)], Some(10));
        check(&[(RETRY_AFTER, date), (DATE, later)], Some(0));
    }
}
