//! What many pages list.
use std::collections::BTreeSet;

use crate::base::slug;
use crate::handbook::Handbook;

/// The tags of a handbook as they stand in addresses, sorted.
pub fn tags(handbook: &Handbook) -> BTreeSet<String> {
    let tags = handbook.entities.iter().flat_map(|node| node.entity.common.tags.iter());
    tags.map(|tag| slug(&tag.text)).filter(|tag| !tag.is_empty()).collect()
}
