//! How small the letters of a printed map have to be, so that it fits on its sheet.
use memchr::{memchr, memmem};

/// Stands for the class until all is drawn.
pub(super) const PLACE: &str = "fit-?";

/// How a map is set on paper; `map.css` has a class for each.
struct Setting {
    class: &'static str,
    /// The size of the page's letters, in CSS pixels.
    size: f64,
    /// How wide a letter is on average, in its own size.
    letter: f64,
    /// Whether every lane is printed in full; in the densest setting only the names of touchpoints stand in the lane of expected
    /// behaviour, which a department's own sheet has in full, and what is covered of a framework is left out.
    whole: bool,
}

const fn setting(class: &'static str, size: f64, letter: f64, whole: bool) -> Setting {
    Setting { class, size, letter, whole }
}

/// From the roomiest to the densest. The last two are set in a narrow face, where the reader has one.
const SETTINGS: [Setting; 9] = [
    setting("fit-1", 13.0, 0.5, true),
    setting("fit-2", 12.0, 0.5, true),
    setting("fit-3", 11.0, 0.5, true),
    setting("fit-4", 10.2, 0.5, true),
    setting("fit-5", 9.5, 0.5, true),
    setting("fit-6", 8.9, 0.5, true),
    setting("fit-7", 8.4, 0.5, true),
    setting("fit-8", 8.9, 0.5, false),
    setting("fit-9", 8.4, 0.42, false),
];

/// The inner size of a sheet of A3 with margins of 7 mm, in CSS pixels, less a little for what is estimated too low.
const SHEET: (f64, f64) = (1534.0, 1015.0);

/// What surrounds the lanes, in letters' sizes: the page's head, the map's heads, the curve, the legend.
const AROUND: f64 = 27.0;

/// The text of a cell: how many columns it has, how many letters, how many paragraphs.
#[derive(Clone, Copy)]
struct Text {
    columns: usize,
    letters: usize,
    paragraphs: usize,
}

/// A lane's texts, and whether it is left out where room is short.
#[derive(Default)]
struct Row {
    texts: Vec<Text>,
    spared: bool,
}

/// The texts of the lanes, sheet by sheet.
#[derive(Default)]
pub(super) struct Fit {
    sheets: Vec<Vec<Row>>,
}

impl Fit {
    pub(super) fn sheet(&mut self) {
        self.sheets.push(Vec::new());
    }

    pub(super) fn row(&mut self, spared: bool) {
        self.sheets.last_mut().into_iter().for_each(|rows| rows.push(Row { texts: Vec::new(), spared }));
    }

    pub(super) fn cell(&mut self, columns: usize, html: &str) {
        let text = Text { columns, letters: letters(html), paragraphs: memmem::find_iter(html.as_bytes(), b"<p").count() };
        if let Some(row) = self.sheets.last_mut().and_then(|rows| rows.last_mut()).filter(|_| text.letters > 0) {
            row.texts.push(text);
        }
    }

    /// The class of the roomiest setting in which every sheet holds its lanes, else of the densest.
    pub(super) fn class(&self, columns: usize) -> &'static str {
        let fits = |setting: &&Setting| self.sheets.iter().all(|rows| height(rows, columns, setting) <= SHEET.1);
        SETTINGS.iter().find(fits).unwrap_or(&SETTINGS[SETTINGS.len() - 1]).class
    }
}

/// How high a sheet's lanes become, in pixels.
fn height(rows: &[Row], columns: usize, setting: &Setting) -> f64 {
    let size = setting.size;
    let column = (SHEET.0 - 8.0 * size) / columns as f64;
    let letter = 0.8125 * size * setting.letter;
    let lines = |text: &Text| {
        let wide = (column * text.columns as f64 - 0.8 * size).max(4.0 * letter) / letter;
        (text.letters as f64 / wide).ceil() + text.paragraphs.saturating_sub(1) as f64 * 0.5
    };
    let row = |row: &Row| {
        let most = if row.spared && !setting.whole { 1.0 } else { row.texts.iter().map(lines).fold(1.0, f64::max) };
        most * 0.8125 * 1.2 * size + 0.4 * size
    };
    AROUND * size + rows.iter().map(row).sum::<f64>()
}

/// The letters of a piece of HTML outside its tags.
fn letters(html: &str) -> usize {
    let (mut rest, mut count) = (html.as_bytes(), 0);
    while let Some(open) = memchr(b'<', rest) {
        count += open;
        rest = &rest[open..];
        rest = memchr(b'>', rest).map_or(&rest[rest.len()..], |close| &rest[close + 1..]);
    }
    count + rest.len()
}
