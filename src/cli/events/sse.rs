//! Reads server-sent events, <https://html.spec.whatwg.org/multipage/server-sent-events.html>.

/// Bytes of a line: many times those of the longest event.
const MAX_LINE_BYTES: usize = 1 << 20;

/// One event of a stream.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Message {
    /// What it is called; empty for those without a name.
    pub(super) name: String,
    /// What it holds.
    pub(super) data: String,
}

/// What a stream said by now.
#[derive(Debug, Default)]
pub(super) struct Reader {
    line: Vec<u8>,
    message: Message,
    has_data: bool,
    /// The last id that came, for a message that is not complete yet.
    id: Option<String>,
    /// Where to resume.
    pub(super) last_id: Option<String>,
}

/// A line is longer than any that this service sends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this is no stream of events: a line of it has no end")]
pub(super) struct TooLong;

impl Reader {
    /// Takes what came, and hands each message that is complete to `each`, with the id to resume after it.
    pub(super) fn take<E: From<TooLong>>(
        &mut self,
        bytes: &[u8],
        mut each: impl FnMut(&Message) -> Result<(), E>,
    ) -> Result<(), E> {
        for &byte in bytes {
            if byte != b'\n' {
                if self.line.len() == MAX_LINE_BYTES {
                    return Err(TooLong.into());
                }
                self.line.push(byte);
                continue;
            }
            let line = std::mem::take(&mut self.line);
            let line = String::from_utf8_lossy(&line);
            match line.trim_end_matches('\r') {
                "" => self.finish(&mut each)?,
                line => self.take_line(line),
            }
        }
        Ok(())
    }

    /// Begins anew: what was not complete when the stream broke off comes again.
    pub(super) fn begin(&mut self) {
        *self = Self { last_id: self.last_id.take(), ..Self::default() };
    }

    /// A message is complete, or there was none.
    fn finish<E>(&mut self, each: &mut impl FnMut(&Message) -> Result<(), E>) -> Result<(), E> {
        let message = std::mem::take(&mut self.message);
        if std::mem::take(&mut self.has_data) {
            each(&message)?;
        }
        // Only once it was handled: it would be missed otherwise.
        self.last_id = self.id.take().or(self.last_id.take());
        Ok(())
    }

    fn take_line(&mut self, line: &str) {
        let (field, value) = line.split_once(':').unwrap_or((line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match field {
            "data" => {
                if std::mem::replace(&mut self.has_data, true) {
                    self.message.data.push('\n');
                }
                self.message.data.push_str(value);
            }
            "event" => value.clone_into(&mut self.message.name),
            "id" => self.id = Some(value.to_owned()),
            // A comment, or something of a later version.
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(reader: &mut Reader, text: &str) -> Vec<Message> {
        let mut messages = Vec::new();
        // Byte by byte: a stream comes in pieces of any size.
        for byte in text.as_bytes() {
            let taken: Result<(), TooLong> = reader.take(&[*byte], |message| {
                messages.push(message.clone());
                Ok(())
            });
            taken.expect("no line is long");
        }
        messages
    }

    fn message(name: &str, data: &str) -> Message {
        Message { name: name.into(), data: data.into() }
    }

    #[test]
    fn messages_names_and_ids_are_read() {
        let mut reader = Reader::default();
        let messages = read(&mut reader, "retry: 1000\n\nid: a-1\ndata: {\"ü\":1}\n\n:\n");
        assert_eq!(messages, [message("", "{\"ü\":1}")]);
        assert_eq!(reader.last_id.as_deref(), Some("a-1"));
        let messages = read(&mut reader, "id: a-2\r\nevent: reset\r\ndata: x\r\ndata: y\r\n\r\n");
        assert_eq!(messages, [message("reset", "x\ny")]);
        assert_eq!(read(&mut reader, ":\nid: a-7\n\n"), [], "it only says how far the stream is");
        assert_eq!(reader.last_id.as_deref(), Some("a-7"));
    }

    #[test]
    fn half_a_message_counts_for_nothing() {
        let mut reader = Reader::default();
        read(&mut reader, "id: a-1\ndata: 1\n\nid: a-2\ndata: 2\n");
        assert_eq!(reader.last_id.as_deref(), Some("a-1"));
        reader.begin();
        assert_eq!(read(&mut reader, "data: 3\n\n"), [message("", "3")]);
        assert_eq!(reader.last_id.as_deref(), Some("a-1"));
    }

    #[test]
    fn a_message_that_could_not_be_handled_is_not_passed_over() {
        let mut reader = Reader::default();
        let failed: Result<(), TooLong> = reader.take(b"id: a-1\ndata: 1\n\n", |_| Err(TooLong));
        assert_eq!((failed, reader.last_id), (Err(TooLong), None));
    }
}
