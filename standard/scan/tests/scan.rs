//! What a scan finds, compared with a reader that looks at every byte in turn.

mod oracle;

use careplan_scan::{Index, Scanner};
use encoding_rs::SHIFT_JIS;
use oracle::Reading;
use proptest::prelude::*;

/// Every way to scan that this machine has. For Miri the one with `unsafe` is enough, and much
/// faster than the twin's loops.
fn scanners() -> Vec<Scanner> {
    if cfg!(miri) { vec![Scanner::new()] } else { vec![Scanner::new(), Scanner::portable()] }
}

/// What must hold for any bytes at all, however they are scanned.
#[track_caller]
fn check(bytes: &[u8]) {
    for mut scanner in scanners() {
        holds(bytes, &scanner.scan(bytes));
    }
    if let [best, twin] = &mut scanners()[..] {
        let (best, twin) = (best.scan(bytes), twin.scan(bytes));
        assert_eq!(best.rest(), twin.rest());
        assert_eq!(best.is_stopped(), twin.is_stopped());
        assert!(best.rows().eq(twin.rows()), "vector code and twin differ: {bytes:02X?}");
    }
}

#[track_caller]
fn holds(bytes: &[u8], index: &Index<'_>) {
    let reading = Reading::of(bytes);
    let mut rest = 0;
    for (row, wanted) in index.rows().zip(&reading.rows) {
        assert_eq!((row.from, row.ends), (wanted.from, wanted.ends.as_slice()), "{bytes:02X?}");
        assert_eq!(row.is_ms932, wanted.is_sound(bytes), "{:02X?}", wanted.of(bytes));
        rest = wanted.to;
    }
    assert_eq!(index.rest(), rest, "{bytes:02X?}");
    let count = index.rows().count();
    match reading.stray {
        Some(at) => {
            assert!(index.is_stopped(), "a stray quote at {at} was not seen: {bytes:02X?}");
            // Nothing but the block of the stray quote is left out, and the one before it.
            let wanted = reading.rows.iter().filter(|row| row.to <= at & !63).count();
            assert!(wanted <= count && count <= reading.rows.len(), "{bytes:02X?}");
        }
        None => {
            assert!(!index.is_stopped(), "stopped for nothing: {bytes:02X?}");
            assert_eq!(count, reading.rows.len(), "{bytes:02X?}");
        }
    }
}

/// Shows rows as `[a][b] | [c]`, with `?` where one is not MS932, and the rest behind `…`.
fn shown(bytes: &[u8]) -> String {
    let mut scanner = Scanner::new();
    let index = scanner.scan(bytes);
    let mut out = String::new();
    for row in index.rows() {
        let mut from = row.from;
        for &end in row.ends {
            let item = &bytes[from..end as usize];
            out.push_str(&format!("[{}]", String::from_utf8_lossy(item)));
            from = end as usize + 1;
        }
        out.push_str(if row.is_ms932 { " | " } else { " ? " });
    }
    out + "…" + &String::from_utf8_lossy(&bytes[index.rest()..])
}

#[test]
fn rows_end_with_any_line_end_and_the_rest_is_left() {
    assert_eq!(shown(b"a,b\r\nc\nd\re"), "[a][b] | [c] | [d] | …e");
    assert_eq!(shown(b"a\n\r\nb\n"), "[a] | [] | [b] | …");
    assert_eq!(shown(b""), "…");
    assert_eq!(shown(b"a,b"), "…a,b");
}

#[test]
fn a_cr_at_the_very_end_waits_for_its_lf() {
    assert_eq!(shown(b"a\nb\r"), "[a] | …b\r");
    assert_eq!(shown(b"a\nb\r\n"), "[a] | [b] | …");
}

#[test]
fn separators_in_quotes_are_text() {
    assert_eq!(shown(b"\"a,\r\n\",b\n"), "[\"a,\r\n\"][b] | …");
    assert_eq!(shown(b"\"say \"\"hi\"\"\",x\n\"\"\n"), "[\"say \"\"hi\"\"\"][x] | [\"\"] | …");
    assert_eq!(shown(b"a\n\"b,\n"), "[a] | …\"b,\n");
}

/// Miri is some thousand times slower: there, one length in so many is tried.
const STEP: usize = if cfg!(miri) { 67 } else { 1 };

#[test]
fn a_stray_quote_stops_the_scan() {
    for stray in [&b"a\"b\n"[..], b"\"a\"b\n", b"\"a\" \n", b"a,b\"\n", b"\"\"a\"\n"] {
        for before in (0..150).step_by(STEP) {
            let bytes = [&b"x\n".repeat(before)[..], stray, b"y\n"].concat();
            check(&bytes);
            assert!(Scanner::new().scan(&bytes).is_stopped());
        }
    }
}

#[test]
fn an_item_in_quotes_may_end_with_the_window() {
    for length in (0..200).step_by(STEP) {
        check(&[b"a\n\"", &b"b".repeat(length)[..], b"\""].concat());
    }
}

/// Bytes of which any two may meet: every kind of first and second byte, and what is structure.
const TELLING: &[u8] =
    b",\"\r\n a0@~\x7F\x80\x81\x82\x85\x88\x8A\x98\x9F\xA0\xA1\xDF\xE0\xEA\xEE\xF0\xFA\xFC\xFD";

#[test]
fn every_pair_is_judged_as_the_decoder_of_browsers_does_but_user_defined_ones_are_refused() {
    // At the beginning of a block, across its halves, and across two blocks.
    for before in [0, 30, 62] {
        let bytes = || (0..=u8::MAX).step_by(STEP).filter(|byte| *byte != b'"');
        for lead in bytes() {
            let pairs: Vec<_> = bytes().map(|trail| [lead, trail]).collect();
            let line = |pair| whole_blocks(before, pair);
            let bytes: Vec<u8> = pairs.iter().flat_map(line).collect();
            let wanted: Vec<_> = pairs.iter().map(|pair| oracle::is_sound(pair)).collect();
            for mut scanner in scanners() {
                let index = scanner.scan(&bytes);
                let found: Vec<_> = index.rows().map(|row| row.is_ms932).collect();
                assert_eq!(found, wanted, "{lead:02X} and every second byte, behind {before}");
            }
        }
    }
}

/// A line that fills whole blocks.
fn whole_blocks(before: usize, pair: &[u8; 2]) -> Vec<u8> {
    let mut line = [&b"\""[..], &b"a".repeat(before), pair, b"\""].concat();
    line.resize((line.len() + 1).next_multiple_of(64) - 1, b',');
    line.push(b'\n');
    line
}

#[test]
fn what_stands_across_two_blocks_is_seen() {
    let texts: [&[u8]; 8] = [
        b"\x88\x9F\xE0\x40",
        b"\x88\x40",
        b"\x88",
        b"\xB1\x80",
        b"\xF0\x40",
        b"\"\x81\x81\x81\x81,\r\n\"\"\x82\xA0\"",
        b"\"a\",\"\"",
        b"a\r\n\r\r\nb",
    ];
    for text in texts {
        for before in (0..140).step_by(STEP) {
            check(
                &[&b"a,\n".repeat(50)[..before], b"\n", text, b"\n", &b"b".repeat(70), b"\n"]
                    .concat(),
            );
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: if cfg!(miri) { 2 } else { 512 },
        // Miri keeps a test from the file system.
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn any_bytes_are_read_as_the_slow_reader_reads_them(bytes in vec_of(any::<u8>(), 600)) {
        check(&bytes);
    }

    #[test]
    fn telling_bytes_are_read_as_the_slow_reader_reads_them(
        bytes in vec_of(proptest::sample::select(TELLING), 600),
    ) {
        check(&bytes);
    }

    #[test]
    fn sound_files_are_read_whole_whatever_their_lengths(
        rows in proptest::collection::vec(
            proptest::collection::vec("[a-z,\"\r\n介護①髙﨑ｶﾅ　。ー５ＡあんミヴΩ※熙]{0,25}", 1..6), 0..7),
    ) {
        let bytes = written(&rows);
        check(&bytes);
        for mut scanner in scanners() {
            let index = scanner.scan(&bytes);
            prop_assert_eq!((index.rows().count(), index.rest()), (rows.len(), bytes.len()));
            prop_assert!(index.rows().all(|row| row.is_ms932));
        }
    }

    #[test]
    fn windows_of_any_length_give_the_same_rows(
        bytes in vec_of(proptest::sample::select(TELLING), 900), length in 1_usize..200,
    ) {
        let bytes: Vec<u8> = bytes.into_iter().filter(|byte| *byte != b'"').collect();
        for mut scanner in scanners() {
            let mut whole = Scanner::new();
            let whole = whole.scan(&bytes);
            let wanted: Vec<_> = whole.rows().map(|row| (row.from, row.ends.len())).collect();
            prop_assert_eq!(in_windows(&mut scanner, &bytes, length), (wanted, whole.rest()));
        }
    }
}

/// The rows of all windows, and where they end.
fn in_windows(scanner: &mut Scanner, bytes: &[u8], length: usize) -> (Vec<(usize, usize)>, usize) {
    let mut rows = Vec::new();
    let mut from = 0;
    let mut to = length;
    loop {
        let index = scanner.scan(&bytes[from..bytes.len().min(to)]);
        rows.extend(index.rows().map(|row| (from + row.from, row.ends.len())));
        from += index.rest();
        if bytes.len() <= to {
            return (rows, from);
        }
        to += length;
    }
}

/// As software writes: every item in quotes, CR LF.
fn written(rows: &[Vec<String>]) -> Vec<u8> {
    let quoted = |item: &String| format!("\"{}\"", item.replace('"', "\"\""));
    let line = |row: &Vec<String>| row.iter().map(quoted).collect::<Vec<_>>().join(",") + "\r\n";
    let text: String = rows.iter().map(line).collect();
    let (bytes, _, replaced) = SHIFT_JIS.encode(&text);
    assert!(!replaced, "MS932 has all of it");
    bytes.into_owned()
}

fn vec_of<T: std::fmt::Debug>(
    of: impl Strategy<Value = T>,
    length_max: usize,
) -> impl Strategy<Value = Vec<T>> {
    proptest::collection::vec(of, 0..length_max)
}
