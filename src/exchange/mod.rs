//! Import and export.
/// x
pub fn handbook_json(_h: &crate::handbook::Handbook) -> serde_json::Value {
    serde_json::Value::Null
}
