//! How many there are of each sort, what they are called, and what they refer to.
use super::random::Random;

/// The sorts of entities that grow with the handbook.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sort {
    Persona,
    Journey,
    Touchpoint,
    Improvement,
}

impl Sort {
    pub fn folder(self) -> &'static str {
        match self {
            Sort::Persona => "personas",
            Sort::Journey => "journeys",
            Sort::Touchpoint => "touchpoints",
            Sort::Improvement => "improvements",
        }
    }

    fn words(self) -> [&'static [&'static str]; 2] {
        match self {
            Sort::Persona => {
                [&["nora", "ruben", "lies", "grace", "wim", "fatou", "joost", "tineke"], &["brandsma", "falk", "oduya", "postma"]]
            }
            Sort::Journey => [&["weekend", "business", "family", "winter", "first", "late"], &["stay", "visit", "trip", "move", "order"]],
            Sort::Touchpoint => {
                [&["front", "side", "night", "lobby", "station", "online"], &["desk", "door", "sign", "form", "screen", "call"]]
            }
            Sort::Improvement => {
                [&["faster", "clearer", "warmer", "simpler", "earlier"], &["invoice", "welcome", "answer", "handover", "map"]]
            }
        }
    }
}

/// The fourteen things that any customer does, in order: a journey's steps are eight or more of them.
pub const STEPS: [(&str, &str); 14] = [
    ("notice", "Notices that something is needed"),
    ("ask-around", "Asks around"),
    ("compare", "Compares two or three"),
    ("choose", "Chooses"),
    ("book", "Books"),
    ("pack", "Packs"),
    ("travel", "Is on the way"),
    ("arrive", "Arrives"),
    ("settle", "Settles in"),
    ("use", "Does what it was for"),
    ("ask-for-help", "Asks for help"),
    ("pay", "Pays"),
    ("go-home", "Goes home"),
    ("tell-others", "Tells others"),
];

pub const CHANNELS: [&str; 6] = ["website", "email", "messaging", "in-person", "telephone", "on-paper"];
pub const DEPARTMENTS: [&str; 7] = ["front-office", "housekeeping", "reservations", "marketing", "finance", "maintenance", "kitchen"];
pub const SEGMENTS: [&str; 3] = ["business-guests", "leisure-guests", "crews"];
pub const PRINCIPLES: [&str; 4] = ["say-what-we-know", "one-conversation", "fix-it-first", "warm-not-slick"];
pub const EVIDENCE: [&str; 8] = [
    "interviews-spring",
    "interviews-autumn",
    "survey-post-stay",
    "desk-log",
    "complaints-count",
    "website-figures",
    "kitchen-diary",
    "visits-summary",
];
pub const ROADMAP_PHASES: [&str; 4] = ["exploration", "improving", "perfection", "personal"];

/// The numbers of a handbook.
#[derive(Debug, Clone, Copy)]
pub struct Plan {
    seed: u64,
    entities: usize,
}

impl Plan {
    /// A handbook with so many personas, journeys, touchpoints and improvements together. A score of fixed pages comes with it.
    pub fn new(entities: usize, seed: u64) -> Plan {
        Plan { seed, entities: entities.max(20) }
    }

    /// 5 % personas, 15 % journeys, 30 % touchpoints, and improvements for the rest.
    pub fn count(&self, sort: Sort) -> usize {
        match sort {
            Sort::Persona => self.entities / 20,
            Sort::Journey => self.entities * 3 / 20,
            Sort::Touchpoint => self.entities * 3 / 10,
            Sort::Improvement => self.entities - self.count(Sort::Persona) - self.count(Sort::Journey) - self.count(Sort::Touchpoint),
        }
    }

    pub fn random(&self, sort: Sort, number: usize) -> Random {
        Random::of(self.seed, sort as u64 + 1, number)
    }

    /// The numbers of the pages that do not grow.
    pub fn fixed(&self) -> Random {
        Random::of(self.seed, 0, 0)
    }

    pub fn id(&self, sort: Sort, number: usize) -> String {
        let [first, second] = sort.words();
        format!("{}-{}-{number}", first[number % first.len()], second[number / first.len() % second.len()])
    }

    pub fn title(&self, sort: Sort, number: usize) -> String {
        let id = self.id(sort, number).replace('-', " ");
        let (first, rest) = id.split_at(1);
        first.to_uppercase() + rest
    }

    pub fn any(&self, sort: Sort, random: &mut Random) -> String {
        self.id(sort, random.below(self.count(sort)))
    }

    /// The steps of a journey, as places in [`STEPS`]. They follow from its number alone, so that others can refer to them.
    pub fn steps(&self, journey: usize) -> Vec<usize> {
        let count = Random::of(self.seed, 99, journey).between(8, 14);
        (0..count).map(|at| at * STEPS.len() / count).collect()
    }

    /// A step of any journey, as `journey/step`.
    pub fn any_step(&self, random: &mut Random) -> String {
        let journey = random.below(self.count(Sort::Journey));
        let step = random.pick(&self.steps(journey));
        format!("{}/{}", self.id(Sort::Journey, journey), STEPS[step].0)
    }
}
