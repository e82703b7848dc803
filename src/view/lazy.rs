//! Data that a template may walk through, made into template values only if it does. Most pages hand these on to the theme's parts,
//! which read them as they are.
use std::fmt;
use std::sync::{Arc, OnceLock};

use minijinja::Value;
use minijinja::value::{Enumerator, Object, ObjectRepr, Serde, ValueKind};
use serde::{Serialize, Serializer};

/// Data for a template.
#[derive(Debug, Clone)]
pub struct Lazy<T: LazyData>(Arc<Held<T>>);

/// What can be held back.
pub trait LazyData: Serialize + fmt::Debug + Send + Sync + 'static {
    /// Whether there is nothing in it.
    fn is_empty(&self) -> bool;

    /// The data as template values.
    fn apart(&self) -> Value
    where
        Self: Sized,
    {
        Value::from(Serde(self))
    }
}

impl<I: Serialize + fmt::Debug + Send + Sync + 'static> LazyData for Vec<I> {
    fn is_empty(&self) -> bool {
        self.as_slice().is_empty()
    }
}

/// The data, and its template value once a template asked for it.
#[derive(Debug)]
pub struct Held<T: LazyData> {
    data: T,
    value: OnceLock<Value>,
}

impl<T: LazyData> Lazy<T> {
    /// Holds data back.
    pub fn new(data: T) -> Lazy<T> {
        Lazy(Arc::new(Held { data, value: OnceLock::new() }))
    }

    /// The data, where nobody else holds it.
    pub fn into_data(self) -> Option<T> {
        Arc::into_inner(self.0).map(|held| held.data)
    }

    /// Does something with the data behind a template value.
    pub fn read<R>(value: &Value, read: impl FnOnce(&T) -> R) -> Option<R> {
        value.downcast_object_ref::<Held<T>>().map(|held| read(&held.data))
    }
}

impl<T: LazyData + Default> Default for Lazy<T> {
    fn default() -> Self {
        Lazy::new(T::default())
    }
}

impl<T: LazyData> Serialize for Lazy<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Value::from_dyn_object(self.0.clone()).serialize(serializer)
    }
}

impl<T: LazyData> Held<T> {
    fn full(&self) -> &Value {
        self.value.get_or_init(|| self.data.apart())
    }
}

impl<T: LazyData> Object for Held<T> {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        if self.full().kind() == ValueKind::Map { ObjectRepr::Map } else { ObjectRepr::Seq }
    }

    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        self.full().get_item(key).ok().filter(|value| !value.is_undefined())
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        self.full().try_iter().map_or(Enumerator::Empty, |items| Enumerator::Values(items.collect()))
    }

    fn is_true(self: &Arc<Self>) -> bool {
        !self.data.is_empty()
    }
}
