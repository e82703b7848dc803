//! From what was read to what is said of it; after an edit, with what the scene before knew, all of which has to be of that one scene.
use std::sync::Arc;

use crate::base::Today;
use crate::handbook::{Corpus, Handbook, History, Scope};
use crate::rules::Advice;

/// What a scene is made of.
pub struct Shown {
    /// What was read.
    pub corpus: Corpus,
    /// The same, linked.
    pub handbook: Arc<Handbook>,
    /// What the rules say of it.
    pub advice: Advice,
}

impl Shown {
    /// What is made of what was read first.
    pub fn first(corpus: Corpus, scope: Scope, history: Arc<History>, day: Today) -> Shown {
        let handbook = Arc::new(Handbook::link(&corpus, scope, history));
        let advice = Advice::of(&handbook, day);
        Shown { corpus, handbook, advice }
    }

    /// What is made of what was read after an edit.
    pub fn after(&self, corpus: Corpus, scope: Scope, history: Arc<History>, day: Today) -> Shown {
        let handbook = Arc::new(self.handbook.link_again(&corpus, scope, history));
        let advice = self.advice.again(&self.handbook, &handbook, day);
        Shown { corpus, handbook, advice }
    }
}
