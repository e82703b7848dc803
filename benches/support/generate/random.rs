//! Numbers that look random and are the same every time.

/// SplitMix64: small, and good enough for sizes and words.
#[derive(Debug, Clone)]
pub struct Random(u64);

impl Random {
    /// The numbers that belong to one thing of one sort.
    pub fn of(seed: u64, sort: u64, number: usize) -> Random {
        let mut random = Random(seed ^ sort.wrapping_mul(0xa076_1d64_78bd_642f) ^ (number as u64).wrapping_mul(0xe703_7ed1_a0b4_28db));
        random.next();
        random
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below another one; zero if that is zero.
    pub fn below(&mut self, end: usize) -> usize {
        (self.next() % end.max(1) as u64) as usize
    }

    /// A number of a range, both ends included.
    pub fn between(&mut self, low: usize, high: usize) -> usize {
        low + self.below(high + 1 - low)
    }

    /// True once in so many times.
    pub fn one_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }

    /// One of these.
    pub fn pick<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())]
    }

    /// A few different ones of these, in their order.
    pub fn some<T: Copy>(&mut self, count: usize, of: &[T]) -> Vec<T> {
        let first = self.below(of.len());
        let mut chosen: Vec<usize> = (0..count.min(of.len())).map(|n| (first + n * 3) % of.len()).collect();
        chosen.sort_unstable();
        chosen.dedup();
        chosen.into_iter().map(|at| of[at]).collect()
    }
}
