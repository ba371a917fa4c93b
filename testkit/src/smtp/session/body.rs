/// Takes in a message body, either up to the final dot or of a given length.
#[derive(Debug)]
pub(in crate::smtp) struct Body {
    /// What was taken in, without the final dot and with doubled dots undone.
    pub(in crate::smtp) message: Vec<u8>,
    /// Bytes as they came in.
    pub(in crate::smtp) received: usize,
    /// Then `message` is the beginning, the rest is skipped.
    pub(in crate::smtp) is_too_large: bool,
    limit: usize,
    progress: Progress,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Progress {
    LineStart,
    /// After a dot at the start of a line, which is left out.
    Dot,
    DotCr,
    Middle,
    Cr,
    /// So many octets are still to come.
    Octets(u64),
    Complete,
}

impl Body {
    /// Creates a body that ends with CRLF, dot, CRLF (RFC 5321, section 4.5.2). A bare LF ends no line.
    pub(in crate::smtp) const fn dotted(limit: usize) -> Self {
        Self::new(limit, Progress::LineStart)
    }

    /// Creates a body of `length` octets (RFC 3030).
    pub(in crate::smtp) const fn sized(limit: usize, length: u64) -> Self {
        Self::new(limit, if length == 0 { Progress::Complete } else { Progress::Octets(length) })
    }

    const fn new(limit: usize, progress: Progress) -> Self {
        Self { message: Vec::new(), received: 0, is_too_large: false, limit, progress }
    }

    /// Takes in some input, and returns how many bytes of it were the body's.
    pub(in crate::smtp) fn feed(&mut self, input: &[u8]) -> usize {
        let before = self.received;
        for byte in input {
            if self.is_complete() {
                break;
            }
            self.received += 1;
            self.progress = self.step(*byte);
        }
        self.received - before
    }

    pub(in crate::smtp) fn is_complete(&self) -> bool {
        self.progress == Progress::Complete
    }

    fn step(&mut self, byte: u8) -> Progress {
        match (self.progress, byte) {
            (Progress::Octets(left), _) => {
                self.push(byte);
                if left > 1 { Progress::Octets(left - 1) } else { Progress::Complete }
            }
            (Progress::LineStart, b'.') => Progress::Dot,
            (Progress::Dot, b'\r') => Progress::DotCr,
            (Progress::DotCr, b'\n') | (Progress::Complete, _) => Progress::Complete,
            (Progress::DotCr, _) => {
                self.push(b'\r');
                self.text(byte)
            }
            (Progress::Cr, b'\n') => {
                self.push(byte);
                Progress::LineStart
            }
            (Progress::LineStart | Progress::Dot | Progress::Middle | Progress::Cr, _) => self.text(byte),
        }
    }

    fn text(&mut self, byte: u8) -> Progress {
        self.push(byte);
        if byte == b'\r' { Progress::Cr } else { Progress::Middle }
    }

    fn push(&mut self, byte: u8) {
        if self.message.len() < self.limit {
            self.message.push(byte);
        } else {
            self.is_too_large = true;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_ends_at_the_first_lone_dot() {
        for (wire, message) in [
            (".\r\n", ""),
            ("a\r\n.\r\n", "a\r\n"),
            ("..\r\n.\r\n", ".\r\n"),
            (".a\r\n...b\r\n.\r\n", "a\r\n..b\r\n"),
            ("a\n.\n\r\n.\r\n", "a\n.\n\r\n"),
            ("a\r.\r\r\n.\r\n", "a\r.\r\r\n"),
            (".\r\r\n.\r\n", "\r\r\n"),
            (".\rx\r\n.\r\n", "\rx\r\n"),
            ("a.\r\n.b.\r\n.\r\n", "a.\r\nb.\r\n"),
        ] {
            let mut body = Body::dotted(100);
            let input = [wire.as_bytes(), b"QUIT\r\n"].concat();
            // One byte at a time and all at once come to the same.
            let one_by_one: usize = input.iter().map(|byte| body.feed(&[*byte])).sum();
            let mut at_once = Body::dotted(100);
            assert_eq!([one_by_one, at_once.feed(&input)], [wire.len(); 2], "{wire:?}");
            assert!(body.is_complete() && !body.is_too_large, "{wire:?}");
            assert_eq!([&body.message, &at_once.message], [message.as_bytes(); 2], "{wire:?}");
        }
    }

    #[test]
    fn a_sized_body_ends_after_its_octets() {
        let mut body = Body::sized(100, 4);
        assert_eq!(body.feed(b".\r\n.\r\n"), 4);
        assert_eq!(body.message, b".\r\n.");
        assert!(Body::sized(100, 0).is_complete());
    }

    #[test]
    fn a_body_over_the_limit_is_read_to_its_end() {
        let mut body = Body::dotted(3);
        assert_eq!(body.feed(b"abcd\r\n.\r\n"), 9);
        assert!(body.is_complete() && body.is_too_large);
        assert_eq!(body.message, b"abc");
        let mut exact = Body::dotted(3);
        exact.feed(b"a\r\n.\r\n");
        assert!(exact.is_complete() && !exact.is_too_large);
    }
}
