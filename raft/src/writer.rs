//! The one writer of a file: on a thread of its own, or on the threads of those who ask it.

use std::io;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Mutex, PoisonError};

use crate::options::Threading;

/// Does the jobs of one file, strictly in the order in which they were asked for.
pub(crate) trait Writer: Send + 'static {
    /// What it can be asked to do.
    type Job: Send + 'static;
    /// What its thread is called.
    const NAME: &'static str;

    /// Does one job.
    fn work(&mut self, job: Self::Job);
    /// Works until nobody can send jobs any more.
    fn run(self, jobs: &Receiver<Self::Job>);
}

/// The way to a writer.
pub(crate) enum WriterHandle<W: Writer> {
    Thread(Sender<W::Job>),
    Inline(Mutex<W>),
}

impl<W: Writer> WriterHandle<W> {
    /// Starts the writer.
    pub(crate) fn start(writer: W, threading: Threading) -> io::Result<Self> {
        match threading {
            Threading::Inline => Ok(Self::Inline(Mutex::new(writer))),
            Threading::Threads => {
                let (sender, receiver) = channel();
                std::thread::Builder::new().name(W::NAME.into()).spawn(move || writer.run(&receiver))?;
                Ok(Self::Thread(sender))
            }
        }
    }

    /// Hands over a job; an error says that the writer is gone.
    pub(crate) fn submit(&self, job: W::Job) -> io::Result<()> {
        match self {
            Self::Thread(sender) => sender.send(job).map_err(|_| gone::<W>()),
            Self::Inline(writer) => {
                writer.lock().unwrap_or_else(PoisonError::into_inner).work(job);
                Ok(())
            }
        }
    }
}

/// The writer has stopped, and with it whoever was to answer.
pub(crate) fn gone<W: Writer>() -> io::Error {
    io::Error::other(format!("the {} writer has stopped", W::NAME))
}
