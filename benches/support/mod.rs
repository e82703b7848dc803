//! What the bench program, the micro-benchmarks and the tests share.
pub mod generate;
