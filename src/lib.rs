//! journeybook: customer-journey handbooks as Markdown files in, a checked and cross-linked site out.
//!
//! The rooms and the direction of their dependencies are drawn in `ARCHITECTURE.md`.
pub mod base;
pub mod cli;
pub mod document;
pub mod exchange;
pub mod handbook;
pub mod insight;
pub mod markup;
pub mod model;
pub mod output;
pub mod review;
pub mod rules;
pub mod search;
pub mod serve;
pub mod site;
pub mod theme;
pub mod tree;
pub mod view;
pub mod words;
