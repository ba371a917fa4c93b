//! Lines in, an answer a line out, one at a time.

use std::io::{self, BufRead, ErrorKind, Write};

use crate::exit::{Exit, Failure};

/// The longest line that is read, in bytes.
pub(super) const MOST: usize = 1024 * 1024;

/// What became of a line.
pub(super) enum Done {
    /// There was nothing on it.
    Blank,
    Good(String),
    /// It could not be read; what is said instead.
    Bad(String),
}

/// Hands each line (without its end) to `answer` and writes what that gives. A line that is too long is `None`.
///
/// Ends well where the reader of the output goes away.
pub(super) fn each(
    mut input: impl BufRead,
    mut output: impl Write,
    mut answer: impl FnMut(Option<&[u8]>) -> Done,
) -> Result<(), Failure> {
    let (mut line, mut read, mut bad) = (Vec::new(), 0_u64, 0_u64);
    loop {
        line.clear();
        let is_whole = match next(&mut input, &mut line) {
            Ok(None) => break,
            Ok(Some(is_whole)) => is_whole,
            Err(error) => return Err(Failure::new(Exit::System, format!("cannot read the input: {error}; try again"))),
        };
        let text = match answer(is_whole.then_some(&*line)) {
            Done::Blank => continue,
            Done::Good(text) => text,
            Done::Bad(text) => {
                bad += 1;
                text
            }
        };
        read += 1;
        match writeln!(output, "{text}") {
            Err(error) if error.kind() == ErrorKind::BrokenPipe => return Ok(()),
            written => written.map_err(|error| not_written(&error))?,
        }
    }
    match output.flush() {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => return Err(not_written(&error)),
        _ => {}
    }
    if bad > 0 {
        let line = format!("{bad} of {read} lines could not be read; see what they say under \"error\"");
        return Err(Failure::new(Exit::BadData, line));
    }
    Ok(())
}

fn not_written(error: &io::Error) -> Failure {
    Failure::new(Exit::System, format!("cannot write the output: {error}; make room or choose another place"))
}

/// Reads a line; whether it is there as a whole, and `None` at the end.
fn next(input: &mut impl BufRead, line: &mut Vec<u8>) -> io::Result<Option<bool>> {
    let (mut is_whole, mut is_any) = (true, false);
    loop {
        let part = match input.fill_buf() {
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            part => part?,
        };
        if part.is_empty() {
            return Ok(is_any.then_some(is_whole));
        }
        is_any = true;
        let end = part.iter().position(|byte| *byte == b'\n');
        let text = part.get(..end.unwrap_or(part.len())).unwrap_or_default();
        if line.len() + text.len() > MOST {
            is_whole = false;
        }
        if is_whole {
            line.extend_from_slice(text);
        }
        let used = end.map_or(part.len(), |end| end + 1);
        input.consume(used);
        if end.is_some() {
            if line.last() == Some(&b'\r') {
                line.pop();
            }
            return Ok(Some(is_whole));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answered(input: &[u8]) -> String {
        let mut output = Vec::new();
        let result = each(io::BufReader::with_capacity(3, input), &mut output, |line| match line {
            None => Done::Bad(String::from("too long")),
            Some(b"") => Done::Blank,
            Some(line) => Done::Good(line.len().to_string()),
        });
        assert_eq!(result.is_err(), output.ends_with(b"too long\n"));
        String::from_utf8(output).unwrap()
    }

    #[test]
    fn each_line_has_its_answer() {
        assert_eq!(answered(b""), "");
        assert_eq!(answered(b"one\r\n\nthree\nlast"), "3\n5\n4\n");
    }

    #[test]
    fn a_line_that_is_too_long_is_no_end() {
        let mut input = vec![b'x'; MOST];
        input.extend_from_slice(b"\n");
        assert_eq!(answered(&input), format!("{MOST}\n"));
        let mut input = vec![b'x'; MOST + 1];
        input.extend_from_slice(b"\n");
        assert_eq!(answered(&input), "too long\n");
    }
}
