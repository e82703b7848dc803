//! Styles, scripts and pictures, under names that change with what is in them, so that browsers may keep them for ever.
use std::collections::BTreeMap;

use crate::view::AssetPaths;

/// A file of the theme.
#[derive(Debug, Clone)]
pub struct Asset {
    /// Where it lies in the site.
    pub path: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// All files of the theme.
#[derive(Debug, Default)]
pub struct Assets {
    /// By name below the theme's `assets/`.
    pub files: BTreeMap<String, Asset>,
    /// Where they lie.
    pub paths: AssetPaths,
}

impl Assets {
    pub(super) fn add(&mut self, name: &str, bytes: Vec<u8>) {
        let hash = &blake3::hash(&bytes).to_hex()[..10];
        let path = match name.rsplit_once('.') {
            Some((stem, extension)) => format!("assets/{stem}.{hash}.{extension}"),
            None => format!("assets/{name}.{hash}"),
        };
        self.files.insert(name.to_owned(), Asset { path, bytes });
    }

    /// Looks up where they lie.
    pub(super) fn finish(&mut self) {
        let path = |name: &str| self.files.get(name).map(|asset| asset.path.clone()).unwrap_or_default();
        let all = self.files.iter().map(|(name, asset)| (name.clone(), asset.path.clone())).collect();
        self.paths = AssetPaths { css: path("journeybook.css"), js: path("journeybook.js"), icon: path("icon.svg"), all };
    }
}

/// The symbols of an icon file, by name.
pub(super) fn symbols(svg: &str) -> BTreeMap<String, String> {
    let symbol = |rest: &str| {
        let name = rest.split('"').next()?;
        let end = rest.find("</symbol>")?;
        Some((name.to_owned(), format!("<symbol id=\"i-{}</symbol>", &rest[..end])))
    };
    svg.split("<symbol id=\"i-").skip(1).filter_map(symbol).collect()
}
