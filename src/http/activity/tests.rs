//! What ends a connection, and when.

use super::*;

const TIMEOUTS: Timeouts =
    Timeouts { head: Duration::from_secs(10), idle: Duration::from_secs(75), write: Duration::from_secs(30) };

const HEAD: &[u8] = b"GET / HTTP/1.1\r\n\r\n";

#[test]
fn the_first_head_has_to_come_soon() {
    let activity = Activity::new();
    let began = activity.lock().idle_since;
    activity.bytes_read(b"GET");
    assert_eq!(activity.deadline(TIMEOUTS), Deadline::Cut(began + TIMEOUTS.head));
}

#[test]
fn nothing_ends_a_request_but_a_stalled_write() {
    let activity = Activity::new();
    activity.bytes_read(HEAD);
    let request = activity.request_began(Version::HTTP_11, false);
    assert_eq!(activity.deadline(TIMEOUTS), Deadline::None);
    activity.write_polled(&Poll::<()>::Pending);
    assert!(matches!(activity.deadline(TIMEOUTS), Deadline::Cut(_)));
    activity.write_polled(&Poll::Ready(()));
    assert_eq!(activity.deadline(TIMEOUTS), Deadline::None);
    drop(request);
    assert!(matches!(activity.deadline(TIMEOUTS), Deadline::Close(_)));
}

#[test]
fn an_answer_has_to_be_taken_at_some_rate_whatever_becomes_of_others() {
    let activity = Activity::new();
    let (slow, quick) =
        (activity.request_began(Version::HTTP_2, false), activity.request_began(Version::HTTP_2, false));
    assert_eq!(activity.deadline(TIMEOUTS), Deadline::None, "they are being handled");
    slow.answer_began(Answer::Whole);
    let since = activity.lock().in_flight[0].answer_since.expect("it began");
    quick.answer_began(Answer::Whole);
    quick.taken(1 << 20);
    drop(quick);
    assert_eq!(activity.deadline(TIMEOUTS), Deadline::Cut(since + TIMEOUTS.write));
    slow.taken(1);
    let gained = Duration::from_millis(1);
    assert!(matches!(activity.deadline(TIMEOUTS), Deadline::Cut(at) if at < since + TIMEOUTS.write + gained));
    slow.taken(2 * MIN_BYTES_PER_SECOND as usize);
    assert!(
        matches!(activity.deadline(TIMEOUTS), Deadline::Cut(at) if at >= since + TIMEOUTS.write + 2000 * gained)
    );
    drop(slow);
    assert!(matches!(activity.deadline(TIMEOUTS), Deadline::Close(_)));
}

#[test]
fn a_later_head_has_to_come_soon_once_it_began() {
    let activity = Activity::new();
    activity.bytes_read(HEAD);
    drop(activity.request_began(Version::HTTP_11, false));
    assert!(matches!(activity.deadline(TIMEOUTS), Deadline::Close(_)));
    activity.bytes_read(b"GET");
    let since = activity.lock().head_since.expect("the head began");
    activity.bytes_read(b"GET");
    assert_eq!(activity.deadline(TIMEOUTS), Deadline::Cut(since + TIMEOUTS.head));
}

#[test]
fn half_a_head_that_came_with_the_request_before_has_to_be_finished_soon() {
    for (came, has_body, expects_more) in [
        (&[HEAD][..], false, false),
        (&[b"GET / HTTP/1.1\r\n\r", b"\n"], false, false),
        (&[b"GET / HTTP/1.1\n\n"], false, false),
        (&[HEAD, b"G"], false, true),
        (&[HEAD, b"GET / HTTP/1.1\r\n"], false, true),
        (&[HEAD, b"the body"], true, false),
    ] {
        let activity = Activity::new();
        came.iter().for_each(|bytes| activity.bytes_read(bytes));
        drop(activity.request_began(Version::HTTP_11, has_body));
        let is_cut = matches!(activity.deadline(TIMEOUTS), Deadline::Cut(_));
        assert_eq!(is_cut, expects_more, "{came:?}");
    }
}

#[test]
fn pings_do_not_keep_an_idle_http2_connection() {
    let activity = Activity::new();
    let (one, two) =
        (activity.request_began(Version::HTTP_2, false), activity.request_began(Version::HTTP_2, false));
    drop(one);
    assert_eq!(activity.deadline(TIMEOUTS), Deadline::None);
    drop(two);
    let idle_since = activity.lock().idle_since;
    activity.bytes_read(b"GET");
    assert_eq!(activity.deadline(TIMEOUTS), Deadline::Close(idle_since + TIMEOUTS.idle));
}

#[test]
fn of_an_answer_without_an_end_only_what_is_there_has_to_be_taken() {
    let activity = Activity::new();
    let endless = activity.request_began(Version::HTTP_2, false);
    endless.answer_began(Answer::Endless);
    assert_eq!(activity.deadline(TIMEOUTS), Deadline::None, "nothing is there yet");
    endless.handed_out(100);
    let since = activity.lock().in_flight[0].answer_since.expect("something waits");
    endless.handed_out(100);
    assert_eq!(activity.deadline(TIMEOUTS), Deadline::Cut(since + TIMEOUTS.write), "the oldest counts");
    endless.taken(150);
    assert!(matches!(activity.deadline(TIMEOUTS), Deadline::Cut(at) if at >= since + TIMEOUTS.write));
    // What was taken in a burst does not let it stall for longer.
    endless.handed_out(1 << 30);
    endless.taken(1 << 30);
    let now = Instant::now();
    assert!(matches!(activity.deadline(TIMEOUTS), Deadline::Cut(at) if at <= now + TIMEOUTS.write));
    endless.taken(50);
    assert_eq!(activity.deadline(TIMEOUTS), Deadline::None, "all is taken");
    endless.handed_out(1);
    assert!(matches!(activity.deadline(TIMEOUTS), Deadline::Cut(at) if at >= since + TIMEOUTS.write));
    assert_eq!(activity.lock().in_flight[0].taken_bytes, 0, "what was taken before earns nothing now");
}
