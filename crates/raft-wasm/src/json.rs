//! Objects for JavaScript, as JSON text: across the border that is faster than object by object, and takes far less code.

use serde::Serialize;
use serde::ser::{
    Error, SerializeMap, SerializeSeq, SerializeStruct, SerializeStructVariant, SerializeTuple,
    SerializeTupleStruct, SerializeTupleVariant, Serializer,
};
use std::fmt::Display;

/// The JSON text of a value.
pub(crate) fn text(value: &impl Serialize) -> String {
    let mut text = String::new();
    match value.serialize(&mut Json(&mut text)) {
        Ok(()) => text,
        Err(never) => match never {},
    }
}

/// Writing text cannot fail.
#[derive(Debug)]
enum Never {}

impl Display for Never {
    fn fmt(&self, _: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match *self {}
    }
}

impl std::error::Error for Never {}

impl Error for Never {
    fn custom<T: Display>(message: T) -> Never {
        panic!("what the engine tells can be told: {message}")
    }
}

/// Appends values to a text.
struct Json<'a>(&'a mut String);

/// A list or an object under way.
struct Parts<'a> {
    text: &'a mut String,
    /// Whether it has no part yet.
    empty: bool,
    /// What ends it.
    end: &'static str,
}

impl Json<'_> {
    /// `{"variant":` and what it holds.
    fn variant(&mut self, variant: &str, begin: char, end: &'static str) -> Parts<'_> {
        self.parts('{', "").name(variant);
        self.parts(begin, end)
    }

    fn parts(&mut self, begin: char, end: &'static str) -> Parts<'_> {
        self.0.push(begin);
        Parts {
            text: self.0,
            empty: true,
            end,
        }
    }

    fn number(&mut self, mut n: u64) {
        let mut digits = [0; 20];
        let mut first = digits.len();
        loop {
            first -= 1;
            digits[first] = b'0' + (n % 10) as u8;
            n /= 10;
            if n == 0 {
                break;
            }
        }
        self.0
            .extend(digits[first..].iter().map(|digit| char::from(*digit)));
    }

    fn string(&mut self, value: &str) {
        self.0.push('"');
        for c in value.chars() {
            match c {
                '"' => self.0.push_str("\\\""),
                '\\' => self.0.push_str("\\\\"),
                '\0'..' ' => {
                    let hex = |n: u32| char::from(b"0123456789abcdef"[n as usize & 15]);
                    self.0.push_str("\\u00");
                    self.0.extend([hex(c as u32 >> 4), hex(c as u32)]);
                }
                _ => self.0.push(c),
            }
        }
        self.0.push('"');
    }
}

impl Parts<'_> {
    fn element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Never> {
        self.next();
        value.serialize(&mut Json(self.text))
    }

    fn name(&mut self, name: &str) {
        self.next();
        Json(self.text).string(name);
        self.text.push(':');
    }

    fn next(&mut self) {
        if !self.empty {
            self.text.push(',');
        }
        self.empty = false;
    }

    fn done(self) -> Result<(), Never> {
        self.text.push_str(self.end);
        Ok(())
    }
}

macro_rules! unsigned {
    ($($method:ident: $type:ty),*) => {
        $(fn $method(self, value: $type) -> Result<(), Never> {
            self.number(value.into());
            Ok(())
        })*
    };
}

macro_rules! signed {
    ($($method:ident: $type:ty),*) => {
        $(fn $method(self, value: $type) -> Result<(), Never> {
            if value < 0 {
                self.0.push('-');
            }
            self.number(value.unsigned_abs().into());
            Ok(())
        })*
    };
}

impl<'a> Serializer for &'a mut Json<'_> {
    type Ok = ();
    type Error = Never;
    type SerializeSeq = Parts<'a>;
    type SerializeTuple = Parts<'a>;
    type SerializeTupleStruct = Parts<'a>;
    type SerializeTupleVariant = Parts<'a>;
    type SerializeMap = Parts<'a>;
    type SerializeStruct = Parts<'a>;
    type SerializeStructVariant = Parts<'a>;

    unsigned!(serialize_u8: u8, serialize_u16: u16, serialize_u32: u32, serialize_u64: u64);
    signed!(serialize_i8: i8, serialize_i16: i16, serialize_i32: i32, serialize_i64: i64);

    fn serialize_bool(self, value: bool) -> Result<(), Never> {
        self.0.push_str(if value { "true" } else { "false" });
        Ok(())
    }

    fn serialize_f32(self, value: f32) -> Result<(), Never> {
        self.serialize_f64(value.into())
    }

    /// To six places, which is finer than anything told.
    fn serialize_f64(self, value: f64) -> Result<(), Never> {
        if value < 0.0 {
            self.0.push('-');
        }
        let millionths = (value.abs() * 1e6) as u64 + 1_000_000; // the one more keeps the zeros in front
        self.number(millionths / 1_000_000 - 1);
        self.0.push('.');
        let places = self.0.len();
        self.number(millionths % 1_000_000 + 1_000_000);
        self.0.remove(places);
        Ok(())
    }

    fn serialize_char(self, value: char) -> Result<(), Never> {
        self.serialize_str(value.encode_utf8(&mut [0; 4]))
    }

    fn serialize_str(self, value: &str) -> Result<(), Never> {
        self.string(value);
        Ok(())
    }

    fn serialize_bytes(self, value: &[u8]) -> Result<(), Never> {
        value.serialize(self)
    }

    fn serialize_none(self) -> Result<(), Never> {
        self.serialize_unit()
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), Never> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<(), Never> {
        self.0.push_str("null");
        Ok(())
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<(), Never> {
        self.serialize_unit()
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Result<(), Never> {
        self.serialize_str(variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &T,
    ) -> Result<(), Never> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<(), Never> {
        let mut parts = self.parts('{', "}");
        parts.name(variant);
        value.serialize(&mut Json(parts.text))?;
        parts.done()
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Parts<'a>, Never> {
        Ok(self.parts('[', "]"))
    }

    fn serialize_tuple(self, _: usize) -> Result<Parts<'a>, Never> {
        Ok(self.parts('[', "]"))
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Parts<'a>, Never> {
        Ok(self.parts('[', "]"))
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Parts<'a>, Never> {
        Ok(self.variant(variant, '[', "]}"))
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Parts<'a>, Never> {
        Ok(self.parts('{', "}"))
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Parts<'a>, Never> {
        Ok(self.parts('{', "}"))
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Parts<'a>, Never> {
        Ok(self.variant(variant, '{', "}}"))
    }
}

/// Lists and objects differ in nothing but what their parts are called.
macro_rules! parts {
    ($($trait:ident::$method:ident($($name:ident: $of:ty)?)),* $(,)?) => {
        $(impl $trait for Parts<'_> {
            type Ok = ();
            type Error = Never;

            fn $method<T: Serialize + ?Sized>(&mut self, $($name: $of,)? value: &T) -> Result<(), Never> {
                $(self.name($name);)?
                parts!(@value self value $($name)?)
            }

            fn end(self) -> Result<(), Never> {
                self.done()
            }
        })*
    };
    (@value $self:ident $value:ident) => { $self.element($value) };
    (@value $self:ident $value:ident $name:ident) => { $value.serialize(&mut Json($self.text)) };
}

parts!(
    SerializeSeq::serialize_element(),
    SerializeTuple::serialize_element(),
    SerializeTupleStruct::serialize_field(),
    SerializeTupleVariant::serialize_field(),
    SerializeStruct::serialize_field(name: &'static str),
    SerializeStructVariant::serialize_field(name: &'static str),
);

impl SerializeMap for Parts<'_> {
    type Ok = ();
    type Error = Never;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Never> {
        self.element(key)
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Never> {
        self.text.push(':');
        value.serialize(&mut Json(self.text))
    }

    fn end(self) -> Result<(), Never> {
        self.done()
    }
}

#[cfg(test)]
mod tests {
    use super::text;
    use raft_lab::{Index, Seq, Session, WorldTime};
    use serde::Serialize;
    use std::collections::BTreeMap;

    fn same(value: &impl Serialize) {
        let mine: serde_json::Value = serde_json::from_str(&text(value)).expect("JSON");
        assert_eq!(mine, serde_json::to_value(value).expect("JSON"));
    }

    #[test]
    fn says_what_serde_json_says_of_everything_the_page_asks_for() {
        let story = include_str!("../../../scenarios/split-vote.raft");
        let mut session = Session::parse(story).expect("a scenario");
        for second in 0..5 {
            session.play_to(WorldTime(second * 1_000_000));
            same(&session.frame(Index(1), 100));
        }
        same(&session.events(Seq(0), 10_000));
        same(&session.lanes(WorldTime(0), WorldTime(5_000_000)));
        same(&session.branches());
    }

    #[test]
    fn says_what_serde_json_says_of_whatever_there_is() {
        #[derive(Serialize)]
        enum Kind {
            Unit,
            New(i32),
            Fields { a: Option<u8>, b: (bool, char) },
        }
        let text = "quote \" backslash \\ line\nbell \u{7} nul \0 ünïcödé 🦀";
        same(&[Kind::Unit, Kind::New(-7)]);
        same(&Kind::Fields {
            a: None,
            b: (true, '"'),
        });
        same(&(u64::MAX, i64::MIN, i8::MIN, 0u16, (), Some(text), [0u8; 0]));
        same(&BTreeMap::from([("x", vec![text]), ("y", vec![])]));
    }

    #[test]
    fn tells_fractions_to_six_places() {
        for (value, expected) in [
            (0.0, "0.000000"),
            (2.5, "2.500000"),
            (-0.25, "-0.250000"),
            (12.000001, "12.000001"),
        ] {
            assert_eq!(text(&value), expected);
        }
    }
}
