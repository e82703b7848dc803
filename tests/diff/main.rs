//! Two revisions compared, asked of real repositories.
mod agreement;
mod kinds;
mod properties;
mod repository;
mod review;
mod revisions;
mod safety;
mod site;
