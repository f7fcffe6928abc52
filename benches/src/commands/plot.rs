//! A plot as SVG: lines over two axes, in text that a person can read and edit.

use std::fmt::Write;

/// A plot.
pub(crate) struct Plot {
    /// What it shows, in Japanese and in English.
    pub(crate) title: [&'static str; 2],
    pub(crate) x: Axis,
    pub(crate) y: Axis,
    pub(crate) lines: Vec<Line>,
}

/// An axis: what it counts, and where its marks stand.
pub(crate) struct Axis {
    pub(crate) label: &'static str,
    pub(crate) is_log: bool,
    /// Values and what is written there; the first and the last are the ends of the axis.
    pub(crate) marks: Vec<(f64, String)>,
}

/// A line, by its points.
pub(crate) struct Line {
    pub(crate) name: String,
    pub(crate) points: Vec<(f64, f64)>,
}

const WIDTH: f64 = 760.0;
const HEIGHT: f64 = 460.0;
const LEFT: f64 = 80.0;
const RIGHT: f64 = 130.0;
const TOP: f64 = 64.0;
const BOTTOM: f64 = 64.0;
/// Of Okabe and Ito: told apart by everybody.
const COLOURS: [&str; 4] = ["#0072B2", "#D55E00", "#009E73", "#CC79A7"];

impl Plot {
    /// The SVG.
    pub(crate) fn svg(&self) -> String {
        let mut out = String::new();
        let [ja, en] = self.title;
        let _ = write!(
            out,
            r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" font-family="sans-serif" font-size="12">
<title>{ja} / {en}</title>
<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>
<text x="{LEFT}" y="24" font-size="16" font-weight="bold">{ja}</text>
<text x="{LEFT}" y="44" fill="#555">{en}</text>
"##
        );
        self.grid(&mut out);
        for (line, colour) in self.lines.iter().zip(COLOURS.iter().cycle()) {
            self.line(line, colour, &mut out);
        }
        out.push_str("</svg>\n");
        out
    }

    fn grid(&self, out: &mut String) {
        let (right, bottom) = (WIDTH - RIGHT, HEIGHT - BOTTOM);
        for (value, text) in &self.x.marks {
            let x = self.x_of(*value);
            let _ = writeln!(
                out,
                r##"<path d="M{x:.1} {TOP}V{bottom}" stroke="#ddd"/><text x="{x:.1}" y="{:.1}" text-anchor="middle">{text}</text>"##,
                bottom + 18.0,
            );
        }
        for (value, text) in &self.y.marks {
            let y = self.y_of(*value);
            let _ = writeln!(
                out,
                r##"<path d="M{LEFT} {y:.1}H{right}" stroke="#ddd"/><text x="{:.1}" y="{:.1}" text-anchor="end">{text}</text>"##,
                LEFT - 8.0,
                y + 4.0,
            );
        }
        let middle = (TOP + bottom) / 2.0;
        let _ = writeln!(
            out,
            r##"<text x="{:.1}" y="{:.1}" text-anchor="middle">{}</text>
<text transform="translate(18 {middle:.1}) rotate(-90)" text-anchor="middle">{}</text>"##,
            (LEFT + right) / 2.0,
            HEIGHT - 18.0,
            self.x.label,
            self.y.label,
        );
    }

    fn line(&self, line: &Line, colour: &str, out: &mut String) {
        let place = |(x, y): &(f64, f64)| format!("{:.1},{:.1}", self.x_of(*x), self.y_of(*y));
        let places: Vec<String> = line.points.iter().map(place).collect();
        let _ = writeln!(
            out,
            r#"<polyline points="{}" fill="none" stroke="{colour}" stroke-width="2"/>"#,
            places.join(" ")
        );
        for (x, y) in &line.points {
            let (x, y) = (self.x_of(*x), self.y_of(*y));
            let _ = writeln!(out, r#"<circle cx="{x:.1}" cy="{y:.1}" r="3" fill="{colour}"/>"#);
        }
        if let Some((x, y)) = line.points.last() {
            let (x, y) = (self.x_of(*x) + 8.0, self.y_of(*y) + 4.0);
            let name = &line.name;
            let _ = writeln!(out, r#"<text x="{x:.1}" y="{y:.1}" fill="{colour}">{name}</text>"#);
        }
    }

    fn x_of(&self, value: f64) -> f64 {
        LEFT + self.x.share(value) * (WIDTH - LEFT - RIGHT)
    }

    fn y_of(&self, value: f64) -> f64 {
        HEIGHT - BOTTOM - self.y.share(value) * (HEIGHT - TOP - BOTTOM)
    }
}

impl Axis {
    /// An axis from 0 to a round number above `most`.
    pub(crate) fn up_to(label: &'static str, most: f64) -> Self {
        let power = 10_f64.powf(most.max(1e-9).log10().floor());
        let step = [0.1, 0.2, 0.5, 1.0, 2.0].map(|part| part * power);
        let step = step.into_iter().find(|step| most / step <= 6.0).unwrap_or(power * 2.0);
        let count = (most / step).ceil();
        let mark = |at: u32| (f64::from(at) * step, trimmed(f64::from(at) * step));
        let marks = (0..).map(mark).take_while(|(value, _)| *value <= count * step * 1.001);
        Self { label, is_log: false, marks: marks.collect() }
    }

    /// Where the value stands between the ends, 0 to 1.
    fn share(&self, value: f64) -> f64 {
        let scale = |value: f64| if self.is_log { value.ln() } else { value };
        match (self.marks.first(), self.marks.last()) {
            (Some((first, _)), Some((last, _))) => {
                (scale(value) - scale(*first)) / (scale(*last) - scale(*first))
            }
            _ => 0.0,
        }
    }
}

fn trimmed(value: f64) -> String {
    let text = format!("{value:.3}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plot() -> Plot {
        let marks = [(1.0, "1"), (10.0, "10"), (100.0, "100")];
        let marks = marks.map(|(value, text)| (value, text.to_owned())).to_vec();
        Plot {
            title: ["題", "title"],
            x: Axis { label: "x", is_log: true, marks },
            y: Axis::up_to("y", 47.0),
            lines: vec![Line { name: "線".to_owned(), points: vec![(1.0, 0.0), (10.0, 25.0)] }],
        }
    }

    #[test]
    fn points_stand_where_their_marks_stand() {
        let plot = plot();
        assert_eq!(plot.x_of(10.0), LEFT + (WIDTH - LEFT - RIGHT) / 2.0);
        assert_eq!(plot.y_of(0.0), HEIGHT - BOTTOM);
        assert_eq!(plot.y_of(50.0), TOP);
        let svg = plot.svg();
        assert!(svg.starts_with("<svg ") && svg.ends_with("</svg>\n"));
        assert_eq!(svg.matches("<circle").count(), 2);
        assert!(svg.contains(">線</text>"));
    }

    #[test]
    fn an_axis_ends_at_a_round_number() {
        let marks = |most| -> Vec<String> {
            Axis::up_to("", most).marks.into_iter().map(|(_, text)| text).collect()
        };
        assert_eq!(marks(47.0), ["0", "10", "20", "30", "40", "50"]);
        assert_eq!(marks(1.0), ["0", "0.2", "0.4", "0.6", "0.8", "1"]);
        assert_eq!(marks(1_185.0), ["0", "200", "400", "600", "800", "1000", "1200"]);
    }
}
