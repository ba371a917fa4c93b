//! The stored form of policies: read as text or as a map, written as a map.

use std::fmt;

use serde::de::{Error, MapAccess, Visitor, value::MapAccessDeserializer};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::parser::{Parser, Role};
use crate::{LimitedPolicy, Policy};

mod map;
mod value;
mod written;

use map::Map;
use written::Written;

impl Serialize for Policy {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Written::of(self, None, None).serialize(serializer)
    }
}

impl Serialize for LimitedPolicy {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Written::of(self.policy(), self.timeout_limit(), self.budget_share()).serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Policy {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TextOrMap(Role::Policy)).map(LimitedPolicy::into_policy)
    }
}

impl<'de> Deserialize<'de> for LimitedPolicy {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TextOrMap(Role::Limited))
    }
}

/// The policy of a class.
struct OfClass(Policy);

impl<'de> Deserialize<'de> for OfClass {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TextOrMap(Role::Class)).map(|limited| Self(limited.into_policy()))
    }
}

struct TextOrMap(Role);

impl<'de> Visitor<'de> for TextOrMap {
    type Value = LimitedPolicy;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a policy as text such as \"exp 1s..1h full, 8 attempts\", or as a map")
    }
    fn visit_str<E: Error>(self, text: &str) -> Result<LimitedPolicy, E> {
        Parser::run(&(), text, |parser| parser.limited(self.0)).map_err(E::custom)
    }
    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<LimitedPolicy, A::Error> {
        Map::deserialize(MapAccessDeserializer::new(map))?.build(self.0).map_err(A::Error::custom)
    }
}
