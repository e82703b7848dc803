//! What reading, decoding and linking promise: every error and warning of the content model at its exact place, and nothing else.
mod harness;

mod advice_again;
mod again;
mod cases;
mod disk;
mod limits;
mod markdown;
mod properties;
mod scope;
