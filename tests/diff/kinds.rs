//! One scenario for each kind of change: what was done to the ferry's handbook, and what is said of it.
use serde::Deserialize;

use crate::repository::Repository;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Cases {
    case: Vec<Case>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    edit: Vec<Edit>,
}

/// Exactly one of: `from` to `to`, the whole `text`, another `name`, or gone.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Edit {
    file: String,
    from: Option<String>,
    to: Option<String>,
    text: Option<String>,
    name: Option<String>,
    #[serde(default)]
    gone: bool,
}

fn apply(repository: &Repository, edit: &Edit) {
    match edit {
        Edit { from: Some(from), to: Some(to), .. } => repository.replace(&edit.file, from, to),
        Edit { text: Some(text), .. } => repository.write(&edit.file, text),
        Edit { name: Some(name), .. } => repository.rename(&edit.file, name),
        Edit { gone: true, .. } => repository.remove(&edit.file),
        _ => panic!("{}: nothing to do", edit.file),
    }
}

#[test]
fn each_kind_of_change_is_told() {
    let cases: Cases = toml::from_str(include_str!("kinds.toml")).unwrap();
    assert!(cases.case.len() > 30);
    for case in cases.case {
        let repository = Repository::ferry();
        case.edit.iter().for_each(|edit| apply(&repository, edit));
        let now = repository.told(&["before"]);
        repository.commit("after");
        let told = repository.told(&["before..after"]);
        insta::with_settings!({ description => &case.name, omit_expression => true, prepend_module_to_snapshot => false }, {
            insta::assert_snapshot!(case.name.replace(' ', "-"), told);
        });
        // A file that git does not know yet is told the same, but for how its former name was found.
        let certain = |text: &str| text.replace("probably was called", "was called");
        assert_eq!(certain(&now), certain(&told), "{}", case.name);
    }
}
