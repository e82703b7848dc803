//! The command line, as people and CI jobs meet it: real processes over real folders.
mod begin;
mod build;
mod check;
mod export;
mod folder;
mod manners;
mod schema;
mod support;
