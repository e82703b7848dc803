//! Two revisions compared, asked of real repositories.
mod kinds;
mod properties;
mod repository;
mod revisions;
mod safety;
