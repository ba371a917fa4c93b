//! `retry classify smtp`: what SMTP replies mean.

use std::fs;
use std::io::{self, BufWriter, IsTerminal, LineWriter};
use std::path::{Path, PathBuf};

use retry_email::{Answer, Classification, Classifier, EnhancedCode, Event, Rules, RulesError, Stage};
use serde_json::{Map, Value, json};

use super::lines::{self, Done};
use crate::exit::{Exit, Failure, printable};

const EXAMPLES: &str = "\
Examples:
  echo '450 4.2.0 Greylisted, try again in 5 minutes' | retry classify smtp
  grep -oP 'said: \\K.*' /var/log/mail.log | retry classify smtp
  echo '{\"reply\":\"550 5.1.1 no such user\",\"stage\":\"rcpt\"}' | retry classify smtp --jsonl
  echo '{\"event\":\"timeout\",\"stage\":\"dot\"}' | retry classify smtp --jsonl

Stages: connect, greeting, ehlo, tls, auth, mail, rcpt, data, data_body, dot, rset, quit, idle. \
Events, where there is no reply: refused, connection_closed, timeout, bad_certificate, dns_temporary, dns_nxdomain.

Exit codes: 0 done, 65 some lines could not be read.";

/// Say what SMTP replies mean
///
/// Reads a reply a line, as a server sends it or as a delivery report quotes it, and says for each: the class, what to do,
/// why, for whom else it holds, how long the server asks to wait, and the rule that decided. For people on a terminal; else,
/// and with --jsonl, as one JSON object a line.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Options {
    /// Read and write JSON lines: {"reply", "stage"?, "event"?, "code"?, "enhanced"?, ..}; other fields are kept
    #[arg(long)]
    jsonl: bool,

    /// Rules of yours (TOML), asked before those built in; may be given several times
    #[arg(long, value_name = "FILE")]
    rules: Vec<PathBuf>,
}

/// Classifies what comes on stdin.
pub(crate) fn run(options: &Options) -> Result<(), Failure> {
    let mut builder = Classifier::builder();
    for path in &options.rules {
        builder = builder.rules(rules(path)?);
    }
    let classifier = builder.build().map_err(|error| Failure::new(Exit::BadData, error.to_string()))?;

    let (input, output) = (io::stdin().lock(), io::stdout().lock());
    let for_people = !options.jsonl && output.is_terminal();
    let answer = |line: Option<&[u8]>| {
        let Some(line) = line else {
            return Done::Bad(error(Map::new(), &format!("the line is longer than {} bytes; shorten it", lines::MOST)));
        };
        if line.trim_ascii().is_empty() {
            Done::Blank
        } else if options.jsonl {
            of_json(&classifier, line)
        } else {
            of_reply(&classifier, &String::from_utf8_lossy(line), for_people)
        }
    };
    // Whoever types sees the answer to each line at once; a pipe is served by the block.
    if for_people || io::stdin().is_terminal() {
        lines::each(input, LineWriter::new(output), answer)
    } else {
        lines::each(input, BufWriter::with_capacity(64 * 1024, output), answer)
    }
}

fn rules(path: &Path) -> Result<Rules, Failure> {
    let text = fs::read_to_string(path).map_err(|error| {
        Failure::new(Exit::NoInput, format!("cannot read {}: {error}; give a file of rules", path.display()))
    })?;
    let wrong = |error: RulesError| Failure::new(Exit::BadData, format!("{}: {error}", path.display()));
    Rules::from_toml(&text).map_err(wrong)
}

/// A line that is a reply.
fn of_reply(classifier: &Classifier, text: &str, for_people: bool) -> Done {
    let classification = classifier.classify(&Answer::from_text(text));
    Done::Good(if for_people {
        sentence(&classification)
    } else {
        Value::Object(with(Map::from_iter([(String::from("reply"), json!(text))]), &classification)).to_string()
    })
}

/// A line that is a JSON object.
fn of_json(classifier: &Classifier, line: &[u8]) -> Done {
    let fields = match serde_json::from_slice(line) {
        Ok(Value::Object(fields)) => fields,
        Ok(_) => {
            return Done::Bad(error(Map::new(), "the line is no JSON object; write {\"reply\": \"550 no such user\"}"));
        }
        Err(wrong) => {
            return Done::Bad(error(Map::new(), &format!("the line is no JSON: {wrong}; write one object a line")));
        }
    };
    match answer(&fields).map(|answer| classifier.classify(&answer)) {
        Ok(classification) => Done::Good(Value::Object(with(fields, &classification)).to_string()),
        Err(wrong) => Done::Bad(error(fields, &wrong)),
    }
}

fn answer(fields: &Map<String, Value>) -> Result<Answer<'_>, String> {
    let reply = text(fields, "reply")?;
    let event = text(fields, "event")?.filter(|event| !event.is_empty());
    let event: Option<Event> = event.map(|word| word.parse().map_err(|wrong| format!("event: {wrong}"))).transpose()?;
    let code = match fields.get("code") {
        None | Some(Value::Null) => None,
        Some(code) => Some(
            code.as_u64()
                .or_else(|| code.as_str()?.parse().ok())
                .and_then(|code| u16::try_from(code).ok())
                .filter(|code| (100..=999).contains(code))
                .ok_or_else(|| format!("code: {code} is no reply code; write a number of three digits"))?,
        ),
    };
    let mut answer = match (reply, event, code) {
        (Some(reply), ..) if !reply.trim().is_empty() => Answer::from_text(reply),
        (_, Some(event), _) => Answer::event(event),
        // Empty, or a code alone.
        (Some(_), None, _) | (None, None, Some(_)) => Answer::from_text(""),
        (None, None, None) => return Err(String::from("there is neither a reply nor an event; give one of them")),
    };
    if let Some(code) = code {
        answer = answer.or_code(code);
    }
    if let Some(enhanced) = text(fields, "enhanced")?.filter(|text| !text.is_empty()) {
        let enhanced: EnhancedCode = enhanced.parse().map_err(|wrong| format!("enhanced: {wrong}"))?;
        answer = answer.or_enhanced(enhanced);
    }
    if let Some(stage) = text(fields, "stage")?.filter(|stage| !stage.is_empty()) {
        let stage: Stage = stage.parse().map_err(|wrong| format!("stage: {wrong}"))?;
        answer = answer.at(stage);
    }
    Ok(answer)
}

/// The field as text; `None` where it is absent or null.
fn text<'a>(fields: &'a Map<String, Value>, name: &str) -> Result<Option<&'a str>, String> {
    match fields.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(_) => Err(format!("{name}: this is no text; put it in quotes")),
    }
}

fn with(mut fields: Map<String, Value>, classification: &Classification<'_>) -> Map<String, Value> {
    let Classification { class, action, reason, scope, effect, hint, confidence, alert, rule, .. } = classification;
    fields.extend([
        (String::from("class"), json!(class.map(|class| class.as_str()))),
        (String::from("action"), json!(action.as_str())),
        (String::from("reason"), json!(reason.as_str())),
        (String::from("scope"), json!(scope.as_str())),
        (String::from("effect"), json!(effect.as_str())),
        (String::from("retry_after_s"), json!(hint.map(|hint| hint.as_secs()))),
        (String::from("confidence"), json!(confidence.as_str())),
        (String::from("alert"), json!(alert)),
        (String::from("rule"), json!(rule)),
    ]);
    fields
}

fn error(mut fields: Map<String, Value>, wrong: &str) -> String {
    fields.insert(String::from("error"), json!(wrong));
    Value::Object(fields).to_string()
}

fn sentence(classification: &Classification<'_>) -> String {
    let Classification { class, action, reason, scope, hint, confidence, alert, rule, .. } = classification;
    let class = class.map_or("success", |class| class.as_str());
    let hint = hint.map_or_else(String::new, |hint| format!(", wait {} s", hint.as_secs()));
    let alert = if *alert { ", alert" } else { "" };
    printable(&format!("{class}: {action} ({reason}, {scope}{hint}{alert}; {confidence} confidence, rule {rule})"))
}
