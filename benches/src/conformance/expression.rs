//! A small language for predicates on a case and for the steps of a schedule that a case writes as a formula.
//!
//! Numbers, `'texts'`, `true`, `false`, `null`, names; `or`, `and`, `not`; `< <= > >= == !=` and `has` (a text within a text); `??`
//! (the right side where the left is null); `+ - * / % ^`; `min(a, b)`, `max(a, b)`, `floor(a)`. An operator whose sides are not
//! what it takes gives null, and null is not true.

use std::iter::Peekable;
use std::vec::IntoIter;

use serde_json::Value as Json;

/// What an expression comes to.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Value {
    Null,
    Truth(bool),
    Number(f64),
    Text(String),
}

impl Value {
    pub(crate) fn number(&self) -> Option<f64> {
        if let Self::Number(number) = self { Some(*number) } else { None }
    }

    pub(crate) fn is_true(&self) -> bool {
        *self == Self::Truth(true)
    }

    fn order(&self, other: &Self) -> Option<std::cmp::Ordering> {
        self.number()?.partial_cmp(&other.number()?)
    }
}

impl From<Option<&Json>> for Value {
    fn from(json: Option<&Json>) -> Self {
        match json {
            Some(Json::Bool(truth)) => Self::Truth(*truth),
            Some(Json::Number(number)) => number.as_f64().map_or(Self::Null, Self::Number),
            Some(Json::String(text)) => Self::Text(text.clone()),
            _ => Self::Null,
        }
    }
}

/// A formula that was found to be one.
#[derive(Clone, Debug)]
pub(crate) struct Expression {
    tokens: Vec<Token>,
}

impl Expression {
    /// Reads `text`; the error says what stands in the way.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let expression = Self { tokens: tokens(text)? };
        expression.evaluate(&|_| Value::Null)?;
        Ok(expression)
    }

    /// The value where names have the values that `names` gives; null if it was no formula, which [`parse`](Self::parse) rules out.
    pub(crate) fn value(&self, names: &dyn Fn(&str) -> Value) -> Value {
        self.evaluate(names).unwrap_or(Value::Null)
    }

    /// What a formula comes to does not decide how it is read, so one reading finds all errors.
    fn evaluate(&self, names: &dyn Fn(&str) -> Value) -> Result<Value, String> {
        let mut reader = Reader { tokens: self.tokens.clone().into_iter().peekable(), names };
        let value = reader.binary(0)?;
        match reader.tokens.next() {
            None => Ok(value),
            Some(token) => Err(format!("`{}` is too much", token.shown())),
        }
    }
}

#[derive(Clone, Debug, PartialEq)]
enum Token {
    Number(f64),
    Text(String),
    Word(String),
    Sign(&'static str),
}

impl Token {
    fn shown(&self) -> String {
        match self {
            Self::Number(number) => number.to_string(),
            Self::Text(text) => format!("'{text}'"),
            Self::Word(word) => word.clone(),
            Self::Sign(sign) => (*sign).into(),
        }
    }
}

/// Longer ones first.
const SIGNS: [&str; 16] = ["<=", ">=", "==", "!=", "??", "<", ">", "+", "-", "*", "/", "%", "^", "(", ")", ","];

fn tokens(text: &str) -> Result<Vec<Token>, String> {
    let mut tokens = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let length = if first.is_ascii_digit() || first == '.' {
            let length = number_length(rest);
            let number = rest[..length].parse().map_err(|_| format!("`{}` is no number", &rest[..length]))?;
            tokens.push(Token::Number(number));
            length
        } else if first.is_alphabetic() || first == '_' {
            let length = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
            tokens.push(Token::Word(rest[..length].into()));
            length
        } else if first == '\'' {
            let end = rest[1..].find('\'').ok_or("a text does not end")?;
            tokens.push(Token::Text(rest[1..=end].into()));
            end + 2
        } else {
            let sign = SIGNS.into_iter().find(|sign| rest.starts_with(sign));
            let sign = sign.ok_or_else(|| format!("`{first}` has no meaning here"))?;
            tokens.push(Token::Sign(sign));
            sign.len()
        };
        rest = rest[length..].trim_start();
    }
    Ok(tokens)
}

/// Digits and a point, and an exponent where digits follow it.
fn number_length(text: &str) -> usize {
    let digits = |from: usize| text[from..].find(|c: char| !c.is_ascii_digit()).map_or(text.len(), |at| from + at);
    let mut end = digits(0);
    if text[end..].starts_with('.') {
        end = digits(end + 1);
    }
    if text[end..].starts_with(['e', 'E']) {
        let signed = end + 1 + usize::from(text[end + 1..].starts_with(['+', '-']));
        if digits(signed) > signed {
            end = digits(signed);
        }
    }
    end
}

struct Reader<'a> {
    tokens: Peekable<IntoIter<Token>>,
    names: &'a dyn Fn(&str) -> Value,
}

/// How tightly each operator binds.
fn strength(operator: &str) -> Option<u8> {
    Some(match operator {
        "or" => 1,
        "and" => 2,
        "<" | "<=" | ">" | ">=" | "==" | "!=" | "has" => 4,
        "??" => 5,
        "+" | "-" => 6,
        "*" | "/" | "%" => 7,
        "^" => 9,
        _ => return None,
    })
}

/// `not` is between `and` and the comparisons, a sign between products and powers.
const NOT: u8 = 3;
const NEGATIVE: u8 = 8;

impl Reader<'_> {
    /// Operators that bind at least as tightly as `least`.
    fn binary(&mut self, least: u8) -> Result<Value, String> {
        let mut left = self.unary()?;
        while let Some(operator) = self.operator() {
            let Some(strength) = strength(&operator).filter(|strength| *strength >= least) else { break };
            self.tokens.next();
            // A power is read from the right.
            let right = self.binary(if operator == "^" { strength } else { strength + 1 })?;
            left = apply(&operator, left, right);
        }
        Ok(left)
    }

    fn operator(&mut self) -> Option<String> {
        match self.tokens.peek()? {
            Token::Sign(sign) => Some((*sign).into()),
            Token::Word(word) => Some(word.clone()),
            _ => None,
        }
    }

    fn unary(&mut self) -> Result<Value, String> {
        match self.tokens.next() {
            Some(Token::Number(number)) => Ok(Value::Number(number)),
            Some(Token::Text(text)) => Ok(Value::Text(text)),
            Some(Token::Sign("-")) => {
                Ok(self.binary(NEGATIVE)?.number().map_or(Value::Null, |number| Value::Number(-number)))
            }
            Some(Token::Sign("(")) => {
                let value = self.binary(0)?;
                self.sign(")")?;
                Ok(value)
            }
            Some(Token::Word(word)) => self.word(&word),
            Some(token) => Err(format!("a value was expected before `{}`", token.shown())),
            None => Err("a value is missing at the end".into()),
        }
    }

    fn word(&mut self, word: &str) -> Result<Value, String> {
        match word {
            "true" | "false" => Ok(Value::Truth(word == "true")),
            "null" => Ok(Value::Null),
            "not" => Ok(match self.binary(NOT)? {
                Value::Truth(truth) => Value::Truth(!truth),
                _ => Value::Null,
            }),
            _ if strength(word).is_some() => Err(format!("a value was expected before `{word}`")),
            _ if self.tokens.peek() != Some(&Token::Sign("(")) => Ok((self.names)(word)),
            "floor" => {
                let value = self.arguments(1)?.remove(0);
                Ok(value.number().map_or(Value::Null, |number| Value::Number(number.floor())))
            }
            "min" | "max" => {
                let arguments = self.arguments(2)?;
                let choose = if word == "min" { f64::min } else { f64::max };
                Ok(match (arguments[0].number(), arguments[1].number()) {
                    (Some(a), Some(b)) => Value::Number(choose(a, b)),
                    _ => Value::Null,
                })
            }
            _ => Err(format!("there is no function `{word}`")),
        }
    }

    fn arguments(&mut self, count: usize) -> Result<Vec<Value>, String> {
        let mut arguments = Vec::new();
        for at in 0..count {
            self.sign(if at == 0 { "(" } else { "," })?;
            arguments.push(self.binary(0)?);
        }
        self.sign(")")?;
        Ok(arguments)
    }

    fn sign(&mut self, sign: &'static str) -> Result<(), String> {
        match self.tokens.next() {
            Some(Token::Sign(found)) if found == sign => Ok(()),
            Some(token) => Err(format!("`{sign}` was expected before `{}`", token.shown())),
            None => Err(format!("`{sign}` is missing at the end")),
        }
    }
}

fn apply(operator: &str, left: Value, right: Value) -> Value {
    let arithmetic = |f: fn(f64, f64) -> f64| match (left.number(), right.number()) {
        (Some(a), Some(b)) => Value::Number(f(a, b)),
        _ => Value::Null,
    };
    let compared = |f: fn(std::cmp::Ordering) -> bool| left.order(&right).map_or(Value::Null, |o| Value::Truth(f(o)));
    match operator {
        "or" => Value::Truth(left.is_true() || right.is_true()),
        "and" => Value::Truth(left.is_true() && right.is_true()),
        "==" => Value::Truth(left == right),
        "!=" => Value::Truth(left != right),
        "<" => compared(std::cmp::Ordering::is_lt),
        "<=" => compared(std::cmp::Ordering::is_le),
        ">" => compared(std::cmp::Ordering::is_gt),
        ">=" => compared(std::cmp::Ordering::is_ge),
        "has" => match (&left, &right) {
            (Value::Text(all), Value::Text(part)) => Value::Truth(all.contains(part.as_str())),
            _ => Value::Null,
        },
        "??" => {
            if left == Value::Null {
                right
            } else {
                left
            }
        }
        "+" => arithmetic(|a, b| a + b),
        "-" => arithmetic(|a, b| a - b),
        "*" => arithmetic(|a, b| a * b),
        "/" => arithmetic(|a, b| a / b),
        "%" => arithmetic(|a, b| a % b),
        "^" => arithmetic(f64::powf),
        _ => Value::Null,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(text: &str) -> Value {
        let names = |name: &str| match name {
            "x" => Value::Number(3.0),
            "type" => Value::Text("linear".into()),
            "jitter" => Value::Truth(true),
            _ => Value::Null,
        };
        Expression::parse(text).unwrap().value(&names)
    }

    #[test]
    fn formulas_bind_as_people_read_them() {
        for (text, expected) in [
            ("x+1", 4.0),
            ("x^2", 9.0),
            ("2*x^2", 18.0),
            ("2^3^0", 2.0),
            ("-x^2", -9.0),
            ("10 - 4 - 3", 3.0),
            ("(absent ?? 2) * 2^(x-1)", 8.0),
            ("min(x, 2) + max(x, 5) + floor(2.9)", 9.0),
            ("1e3 / 10 % 7", 2.0),
        ] {
            assert_eq!(value(text), Value::Number(expected), "{text}");
        }
        for text in
            ["jitter and x < 4", "not x > 4 and type == 'linear'", "type has 'near'", "x != null", "absent == null"]
        {
            assert!(value(text).is_true(), "{text}");
        }
        for text in ["x < absent", "absent > 1", "jitter and x", "type < 4", "not x"] {
            assert!(!value(text).is_true(), "{text}");
        }
    }

    #[test]
    fn what_is_no_formula_is_refused() {
        for text in ["", "x +", "x 1", "(x", "x)", "'open", "x & 1", "min(x)", "sin(x)", "and x", "1.2.3"] {
            assert!(Expression::parse(text).is_err(), "{text}");
        }
    }
}
