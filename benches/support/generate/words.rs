//! Sentences about guests, put together from their parts.
use super::random::Random;

const WHO: &[&str] = &[
    "The guest",
    "A mother with two children",
    "The night porter",
    "Whoever is at the desk",
    "Somebody from housekeeping",
    "The second caller of the morning",
    "A colleague from finance",
    "The driver",
    "An early arrival",
    "Her travelling companion",
    "The team that mapped this",
    "A regular",
    "Nearly everybody we asked",
    "One in five",
    "The person who booked",
    "A visitor without a reservation",
];
const DOES: &[&str] = &[
    "waits for",
    "asks twice about",
    "looks up",
    "carries",
    "explains",
    "forgets",
    "writes down",
    "expects",
    "pays for",
    "hands over",
    "walks past",
    "compares",
    "is surprised by",
    "has already read about",
    "cannot find",
    "talks about",
];
const WHAT: &[&str] = &[
    "the confirmation with the room number",
    "a key that works the first time",
    "the sign above the second door",
    "the time of the last bus",
    "an invoice with the right name on it",
    "the message we sent on Tuesday",
    "three bags and a folded pram",
    "the price on the last screen",
    "a quiet corner to telephone in",
    "the form that nobody reads",
    "the promise on the home page",
    "a towel, a socket and a kettle",
    "the queue at a quarter past eight",
    "somebody who remembers the name",
    "the map behind the door",
    "what the neighbours said",
];
const WHEN: &[&str] = &[
    "on a wet Thursday in November",
    "before anybody has said good morning",
    "while the kettle boils",
    "between two trains",
    "although it was asked at booking",
    "and says so in the review",
    "without telling anyone",
    "for the third time this year",
    "after the desk has closed",
    "because the website says otherwise",
    "on the way to the lift",
    "as we saw in nine of twelve visits",
    "when the children are asleep",
    "with one hand free",
    "in less than two minutes",
    "until somebody stands up",
];
const HEADINGS: &[&str] = &[
    "What we saw",
    "Where it goes wrong",
    "What it costs",
    "How it is done today",
    "What people say",
    "Who does what",
    "Exceptions",
    "What we tried before",
    "How we count",
    "Next time",
    "In the words of the desk",
    "Open ends",
];

/// A few words in the middle of a sentence, some with emphasis.
fn object(random: &mut Random) -> String {
    let words = random.pick(WHAT);
    match random.below(12) {
        0 => format!("*{words}*"),
        1 => format!("**{words}**"),
        _ => words.to_owned(),
    }
}

/// A sentence without markup and its full stop.
pub fn plain(random: &mut Random) -> String {
    format!("{} {} {}", random.pick(WHO), random.pick(DOES), random.pick(WHAT))
}

/// A sentence of a paragraph.
pub fn sentence(random: &mut Random) -> String {
    format!("{} {} {} {}.", random.pick(WHO), random.pick(DOES), object(random), random.pick(WHEN))
}

/// Something in a table's cell.
pub fn cell(random: &mut Random) -> String {
    object(random)
}

/// A heading's text.
pub fn heading(random: &mut Random) -> &'static str {
    random.pick(HEADINGS)
}
